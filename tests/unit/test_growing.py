"""Which alert a post belongs to: the same one for a function that has not heard yet of what crossed since."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import timedelta

from chalicelib.model import Sighting, Terms, Window
from chalicelib.model.growth import MOST_SAMPLES
from chalicelib.model.window import REMEMBERED_QUIETS, count, growing, mark, moment
from chalicelib.stores import window_items
from chalicelib.stores.packing import unpack
from tests.unit.brute_alert import BruteAlerts
from tests.unit.histories import MINUTE, START, history

TERMS = Terms(at_least=2, within=4 * MINUTE, quiet=5 * MINUTE)


def seen(minute: float, who: str) -> Sighting:
    return Sighting("rule", "rule/router", f"x:{who}", who, START + minute * MINUTE, TERMS, raises=True)


def after(*sightings: Sighting) -> Window:
    window = Window()
    for each in sightings:
        window, _ = count(window, each, each.terms.at_least)
    return window


def test_a_late_post_of_a_quiet_belongs_to_the_alert_that_made_it_quiet_though_another_was_raised_since() -> None:
    first, second = [seen(0, "ana"), seen(1, "bo")], [seen(7, "cy"), seen(8, "di")]

    assert growing(after(*first), seen(5, "ed")) == mark("x:bo")
    assert growing(after(*first, *second), seen(5, "ed")) == mark("x:bo")
    assert growing(after(*first, *second), seen(6.5, "ed")) == mark("x:di")
    assert growing(after(*first, *second), seen(9, "ed")) == mark("x:di")


def test_one_that_was_said_more_than_five_minutes_before_what_crossed_belongs_to_no_alert() -> None:
    assert growing(after(seen(10, "ana"), seen(11, "bo")), seen(5.9, "ed")) is None
    assert growing(after(seen(10, "ana"), seen(11, "bo")), seen(6, "ed")) == mark("x:bo")


def test_where_nothing_crossed_or_nobody_is_to_be_alerted_there_is_no_alert_to_belong_to() -> None:
    crossed = after(seen(0, "ana"), seen(1, "bo"))

    assert growing(Window(), seen(0, "ana")) is None
    assert growing(after(seen(0, "ana")), seen(1, "ana")) is None
    assert growing(crossed, replace(seen(2, "cy"), raises=False)) is None


def test_over_random_histories_whoever_knows_a_quiet_says_of_its_posts_what_all_say_who_hear_more() -> None:
    compared = 0
    for seed in range(300):
        dice = random.Random(seed)  # noqa: S311
        windows = [Window()]
        for each in history(dice):
            windows.append(count(windows[-1], each, each.terms.at_least)[0])
        for window in windows:
            if window.quiet_until is None or len(windows[-1].crossings) > REMEMBERED_QUIETS:
                continue
            at = moment(window.quiet_until) - timedelta(seconds=dice.randrange(1200))
            late = replace(each, post_id="x:late", at=at, raises=True)
            assert growing(window, late) == growing(windows[-1], late), (seed, at)
            compared += window.crossings != windows[-1].crossings
    assert compared > 500


def test_only_posts_of_the_stretch_that_crosses_are_its_evidence_the_latest_first() -> None:
    day = 24 * 60
    window = after(seen(0, "old"), seen(3 * day, "late"), seen(9 * day, "ana"), seen(9 * day + 1, "bo"))

    assert [post.id for post in window.posts] == ["x:bo", "x:ana"]
    assert [post.id for post in after(seen(0, "ana"), seen(1, "bo"), seen(7, "cy")).posts] == ["x:cy"]


def test_a_late_post_that_crosses_is_its_own_evidence_though_five_later_ones_were_counted() -> None:
    window = after(*(_said(number, "ana") for number in (0, 4, 4.2, 4.4, 4.6, 4.8)), _said(3.9, "bo"))

    assert [post.id for post in window.posts] == ["x:ana-4.8", "x:ana-4.6", "x:ana-4.4", "x:ana-4.2", "x:bo-3.9"]


def _said(minute: float, who: str) -> Sighting:
    return replace(seen(minute, who), post_id=f"x:{who}-{minute}")


def test_over_random_histories_evidence_is_of_the_stretch_and_small() -> None:
    crossings = 0
    for seed in range(300):
        window, brute = Window(), BruteAlerts()
        for given in history(random.Random(seed)):  # noqa: S311
            each = replace(given, raises=True)
            window, _ = count(window, each, each.terms.at_least)
            brute.arrive(each.at, each)
            assert len(window.posts) <= MOST_SAMPLES
            if window.on == mark(each.post_id) and not window.runs:
                assert tuple(post.id for post in window.posts) == brute.alerts[-1].posts, seed
                crossings += 1
    assert crossings > 100


def test_the_evidence_survives_the_table_and_what_the_version_before_wrote_names_no_posts_without_a_time() -> None:
    window = after(seen(0, "ana"), seen(4, "ana-too"), seen(8, "ana-three"))
    text = window_items.changed("rule/router", 3, window, START).values[":window"]
    before = json.loads(unpack(str(text)))
    del before["said"]

    assert window_items.kept({"counted": text, "revision": 4}) == (4, window)
    assert before["posts"] == ["x:ana-three", "x:ana-too", "x:ana"], "as functions of the version before read them"
    assert window_items.kept({"counted": json.dumps(before), "revision": 4}) == (4, replace(window, posts=()))


def test_the_end_of_each_quiet_survives_the_table() -> None:
    window = after(seen(0, "ana"), seen(1, "bo"), seen(7, "cy"), seen(8, "di"), seen(14, "ed"), seen(15, "flo"))
    change = window_items.changed("rule/router", 3, window, START)

    item = {"counted": change.values[":window"], "revision": 4}

    assert len(window.quiets) == 2
    assert window_items.kept(item) == (4, window)
