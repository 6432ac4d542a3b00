"""What `repeats` counts: rules-format 18, and the count against one done the slow way."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.model import Answer, Counted, Sighting, Terms, Window
from chalicelib.model.usual import hour_of, needed, same_hours
from chalicelib.model.window import (
    MOST,
    REMEMBERED_QUIETS,
    caught_up,
    count,
    may_wait,
    moment,
    not_after,
    share_of,
)
from tests.unit.brute_window import BruteWindow
from tests.unit.histories import MINUTE, START, history

TERMS = Terms(at_least=3, within=30 * MINUTE, quiet=120 * MINUTE)


def seen(minute: float, who: str, post: str | None = None, terms: Terms = TERMS) -> Sighting:
    at = START + minute * MINUTE
    return Sighting("rule", "rule/router", post or f"x:{who}-{minute}", who, at, terms)


def answers(*sightings: Sighting, needed: int | None = None) -> list[str]:
    window, said = Window(), []
    for each in sightings:
        window, counted = count(window, each, needed or each.terms.at_least)
        said.append(counted.answer.value)
    return said


def test_three_authors_cross_and_one_loud_author_does_not() -> None:
    assert answers(seen(0, "ana"), seen(5, "ana"), seen(10, "bo"), seen(20, "cy"), seen(25, "di")) == [
        "no", "no", "no", "yes", "no",
    ]  # fmt: skip


def test_what_lies_a_whole_stretch_back_does_not_count() -> None:
    assert answers(seen(0, "ana"), seen(10, "bo"), seen(30, "cy")) == ["no", "no", "no"]
    assert answers(seen(0, "ana"), seen(10, "bo"), seen(29.99, "cy")) == ["no", "no", "yes"]


def test_an_author_counts_by_their_last_post_in_the_stretch() -> None:
    assert answers(seen(0, "ana"), seen(25, "ana"), seen(40, "bo"), seen(50, "cy")) == ["no", "no", "no", "yes"]


def test_after_a_crossing_it_is_quiet_and_then_counting_begins_anew() -> None:
    crossing = [seen(0, "ana"), seen(1, "bo"), seen(2, "cy")]
    later = [seen(121, "di"), seen(122, "ed"), seen(123, "di"), seen(124, "flo"), seen(125, "gus")]

    assert answers(*crossing, *later) == ["no", "no", "yes", "no", "no", "no", "no", "yes"]


def test_a_late_post_counts_at_its_own_time() -> None:
    assert answers(seen(0, "ana"), seen(33, "bo"), seen(29, "cy")) == ["no", "no", "no"]
    assert answers(seen(4, "ana"), seen(33, "bo"), seen(29, "cy")) == ["no", "no", "yes"]


def test_a_post_more_than_five_minutes_late_is_not_counted() -> None:
    assert answers(seen(4, "ana"), seen(33, "bo"), seen(27.9, "cy")) == ["no", "no", "no"]
    assert answers(seen(4, "ana"), seen(33, "bo"), seen(28, "cy")) == ["no", "no", "yes"]


def test_a_post_seen_again_gets_the_answer_it_got() -> None:
    posts = [seen(0, "ana"), seen(1, "bo"), seen(2, "cy")]

    assert answers(*posts, *posts, *posts) == ["no", "no", "yes"] * 3


def test_the_answer_says_how_many_of_how_many() -> None:
    window, first = count(Window(), seen(0, "ana"), 3)
    window, second = count(window, seen(1, "bo"), 3)
    window, third = count(window, seen(2, "cy"), 3)
    _, fourth = count(window, seen(3, "di"), 3)

    assert [first, second, replace(third, crossed=None)] == [
        Counted(Answer.NO, 1, 3),
        Counted(Answer.NO, 2, 3),
        Counted(Answer.YES, 3, 3),
    ]
    assert fourth.instead == "quiet until 2026-03-02 11:02 UTC"


def test_an_instance_that_knows_of_the_quiet_has_nothing_to_write() -> None:
    window = Window()
    for each in (seen(0, "ana"), seen(1, "bo"), seen(2, "cy")):
        window, _ = count(window, each, 3)

    assert all(count(window, seen(minute, "di"), 3)[0] is window for minute in range(3, 122))


def test_a_loud_author_changes_the_window_ten_times_and_then_once_in_a_twentieth_of_the_stretch() -> None:
    window, changes = Window(), 0
    for second in range(600):
        after, _ = count(window, seen(second / 60, "ana"), 3)
        window, changes = after, changes + (after != window)

    assert changes == 10 + 6


@pytest.mark.parametrize("before", [8, 10])
def test_only_of_who_was_counted_ten_times_in_a_row_a_post_right_after_is_left_out(before: int) -> None:
    terms = Terms(2, 30 * MINUTE, 30 * MINUTE)
    posts = [seen(-minute, "ana", terms=terms) for minute in range(before, 0, -1)]
    last, other = seen(0, "ana", terms=terms), seen(29.5, "bo", terms=terms)

    assert answers(*posts, last, other)[-1] == ("yes" if before < 10 else "no")
    assert answers(*posts, seen(1, "ana", terms=terms), other)[-1] == "yes"  # two minutes are more than a twentieth


@pytest.mark.parametrize("times", range(4))
def test_a_large_number_is_reached_by_counting_a_share(times: int) -> None:
    """Of 2,000 needed one in eight is counted: right to within a fifth, where chance alone would decide."""
    window, terms = Window(), Terms(2, 60 * MINUTE, 60 * MINUTE)
    assert share_of(2000) == 8
    for number in range(4000):
        window, counted = count(window, seen(number / 100, f"{times}-{number}", terms=terms), 2000)
        assert len(window.runs) <= MOST
        if counted.answer is Answer.YES:
            assert 1600 <= number <= 2400
            return
    raise AssertionError("it never crossed")


def test_a_post_of_the_future_is_of_now() -> None:
    assert not_after(seen(60, "ana"), START).at == START
    assert not_after(seen(0, "ana"), START + MINUTE).at == START


def test_any_time_and_any_name_can_be_counted() -> None:
    for at in (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)):
        odd = Sighting("rule", "rule", "\ud800", "\udc00\x00", at, Terms(1, MINUTE, timedelta(days=30)))
        window, first = count(Window(), odd, 1)
        assert first.answer is Answer.YES
        assert count(window, Sighting("rule", "rule", "x:2", "ana", at, odd.terms), 1)[1].instead is not None


def test_needed_is_the_floor_or_so_many_times_the_usual_whichever_is_more() -> None:
    terms, at = Terms(3, 30 * MINUTE, MINUTE, times_usual=3), START
    weeks = same_hours(at)
    long_ago = at - timedelta(weeks=8)

    assert needed(terms, at, long_ago, {}) == 3
    assert needed(terms, at, long_ago, dict.fromkeys(weeks, 1)) == 3  # half an hour's usual is 0.5, three times 1.5
    assert needed(terms, at, long_ago, dict.fromkeys(weeks, 10)) == 15
    assert needed(terms, at, long_ago, {weeks[0]: 40}) == 15
    assert needed(Terms(3, MINUTE, MINUTE), at, None, {}) == 3


def test_a_comparison_is_silent_until_there_are_two_weeks() -> None:
    terms, at = Terms(3, 30 * MINUTE, MINUTE, times_usual=3), START

    assert needed(terms, at, None, {}) is None
    assert needed(terms, at, at - timedelta(days=13, hours=23), {}) is None
    assert needed(terms, at, at - timedelta(days=14), {}) == 3


def test_only_weeks_that_were_counted_make_the_usual() -> None:
    terms, at = Terms(3, 60 * MINUTE, MINUTE, times_usual=2), START

    assert needed(terms, at, at - timedelta(days=14), dict.fromkeys(same_hours(at)[:2], 10)) == 20


def test_the_same_hour_is_that_of_the_same_day_of_the_week() -> None:
    assert [hour - hour_of(START) for hour in same_hours(START)] == [-168, -336, -504, -672]


@pytest.mark.parametrize("seed", range(100))
def test_a_history_gets_the_answers_of_a_brute_force_count(seed: int) -> None:
    assert_as_brute_force(seed, instances=1)


@pytest.mark.parametrize("seed", range(100))
def test_functions_with_outdated_knowledge_get_the_answers_of_a_brute_force_count(seed: int) -> None:
    assert_as_brute_force(seed, instances=4)


@pytest.mark.local
def test_a_thousand_histories_get_the_answers_of_a_brute_force_count() -> None:
    for seed in range(100, 1100):
        assert_as_brute_force(seed, instances=1 + seed % 4)


def assert_as_brute_force(seed: int, instances: int) -> None:
    """Each sighting is counted by one of the instances: from what it knows, where that changes nothing."""
    dice = random.Random(seed)  # noqa: S311
    brute, kept = BruteWindow(), Window()
    known = [kept] * instances
    for each in history(dice):
        instance = dice.randrange(instances)
        after, counted = count(known[instance], each, each.terms.at_least)
        if after != known[instance]:
            kept, counted = count(kept, each, each.terms.at_least)
            known[instance] = kept
        assert (counted.answer is Answer.YES) is brute.sight(each), (seed, each)


def test_a_rule_that_goes_on_matches_every_post_while_it_would_be_quiet() -> None:
    terms = replace(TERMS, goes_on=True)
    crossing = [seen(0, "ana", terms=terms), seen(1, "bo", terms=terms), seen(2, "cy", terms=terms)]
    later = [seen(minute, "di", terms=terms) for minute in (3, 121, 122.1)]

    assert answers(*crossing, *later) == ["no", "no", "yes", "yes", "yes", "no"]


def test_what_goes_on_matches_nothing_that_was_said_before_the_first_post_of_the_stretch_that_crossed() -> None:
    terms = replace(TERMS, goes_on=True)
    crossing = [seen(0, "ana", terms=terms), seen(1, "bo", terms=terms), seen(2, "cy", terms=terms)]
    late = [seen(minute, "di", terms=terms) for minute in (-62, -29, -0.1, 0, 1.5)]

    assert answers(*crossing, *late) == ["no", "no", "yes", "no", "no", "no", "yes", "yes"]


def test_what_began_before_the_stretch_goes_on_from_the_stretchs_beginning() -> None:
    terms = replace(TERMS, goes_on=True)
    long = [seen(minute, "ana", terms=terms) for minute in (-60, -40, -20, 0)]
    crossing = [seen(1, "bo", terms=terms), seen(2, "cy", terms=terms)]
    late = [seen(minute, "di", terms=terms) for minute in (-28, -27.9)]

    assert answers(*long, *crossing, *late)[-3:] == ["yes", "no", "yes"]


def test_a_late_post_goes_on_with_the_crossing_of_its_time_and_between_two_with_none() -> None:
    terms = replace(TERMS, goes_on=True, quiet=30 * MINUTE)
    posts = [seen(minute + number, f"{number}", terms=terms) for minute in (0, 60) for number in range(3)]

    assert answers(*posts, *(seen(minute, "di", terms=terms) for minute in (-1, 30, 40, 60))) == [
        "no", "no", "yes", "no", "no", "yes",
        "no", "yes", "no", "yes",
    ]  # fmt: skip


def test_what_the_version_before_remembers_of_a_crossing_goes_on_from_the_earliest_that_it_can_have_begun() -> None:
    terms = replace(TERMS, goes_on=True)
    window = Window()
    for number, who in enumerate(("ana", "bo", "cy")):
        window, _ = count(window, seen(number, who, terms=terms), 3)
    before = replace(window, begins=())

    said = [count(before, seen(minute, "di", terms=terms), 3)[1].answer.value for minute in (-33.1, -33)]
    assert said == ["no", "yes"]


def test_over_random_histories_whoever_knows_what_goes_on_says_of_its_posts_what_all_say_who_hear_more() -> None:
    compared = 0
    for seed in range(300):
        dice = random.Random(seed)  # noqa: S311
        windows = [Window()]
        for given in history(dice):
            each = replace(given, terms=replace(given.terms, goes_on=True))
            windows.append(count(windows[-1], each, each.terms.at_least)[0])
        for window in windows:
            if window.quiet_until is None or len(windows[-1].crossings) > REMEMBERED_QUIETS:
                continue
            late = replace(each, post_id="x:late", at=moment(window.quiet_until) - dice.randrange(60) * MINUTE / 2)
            first, last = (count(known, late, late.terms.at_least)[1] for known in (window, windows[-1]))
            assert first.answer == last.answer, (seed, late.at)
            compared += window.crossings != windows[-1].crossings
    assert compared > 500


def test_what_goes_on_changes_nothing_and_crosses_nothing() -> None:
    terms = replace(TERMS, goes_on=True)
    window = Window()
    for each in (seen(0, "ana", terms=terms), seen(1, "bo", terms=terms), seen(2, "cy", terms=terms)):
        window, _ = count(window, each, 3)

    after, said = count(window, seen(9, "di", terms=terms), 3)

    assert after == window
    assert said.crossed is None
    assert said.instead and said.instead.startswith("goes on until")


COMPARED = Terms(4, 5 * MINUTE, 60 * MINUTE, times_lately=2)


def test_what_is_needed_by_the_rule_itself_waits_for_nothing_and_a_small_estimate_does_not_either() -> None:
    exact = replace(TERMS, at_least=200)

    assert not may_wait([], seen(0, "ana", terms=exact), 200)
    assert not may_wait([], seen(0, "ana", terms=COMPARED), 19)


def test_of_a_large_estimate_less_than_a_twentieth_waits_and_no_longer_than_a_tenth_of_the_stretch() -> None:
    waiting = [seen(number / 10, f"{number}", terms=COMPARED) for number in range(5)]

    assert may_wait(waiting[:4], seen(0.4, "ana", terms=COMPARED), 100)
    assert not may_wait(waiting, seen(0.4, "ana", terms=COMPARED), 100)
    assert not may_wait(waiting[:1], seen(0.5, "ana", terms=COMPARED), 100)
    assert not may_wait(waiting[:1], seen(0.1, "ana", terms=COMPARED), 30)


def test_what_waited_is_in_the_window_that_is_read_anew_unless_that_has_crossed_since() -> None:
    waiting = [seen(1, "ana", terms=COMPARED), seen(2, "bo", terms=COMPARED)]
    others, _ = count(Window(), seen(1, "cy", terms=COMPARED), 100)
    quiet = Window(latest=0, quiet_until=10**15)

    caught = caught_up(others, waiting, 100)

    assert count(caught, seen(3, "di", terms=COMPARED), 100)[1].count == 4
    assert caught_up(caught, waiting, 100) == caught
    assert caught_up(quiet, waiting, 100) == quiet


def test_an_estimate_is_counted_by_a_share_sooner_than_a_number_of_the_rule() -> None:
    def runs(at_least: int) -> int:
        window, terms = Window(), replace(COMPARED, at_least=at_least)
        for number in range(200):
            window, _ = count(window, seen(number / 100, f"{number}", terms=terms), 240)
        return len(window.runs)

    assert runs(240) == 200
    assert 60 <= runs(4) <= 140
