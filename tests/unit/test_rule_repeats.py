"""Rules that count what repeats, and recommendations that have a cap: rules-format 18 and `at most`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.model import Answer, Author, Context, Counted, Decision, Facts, Outcome, Post, Recommended, Sighting
from chalicelib.reading import read
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.rule import Book, Repeats, Status, Topic
from chalicelib.stores.memory_windows import MemoryWindows
from tests.unit.rulebooks import AT, ESCALATE, RECOMMEND, line, post, rule, rulebook, words
from tests.unit.test_rule_engine import POSTS, books

SMOKE = line("all", words("smoke"))
THREE = Repeats("different authors", (), 3, "30 minutes", "2 hours")
CAPPED = replace(RECOMMEND, at_most="1 per author per 7 days")
MINUTE = timedelta(minutes=1)


class Watched(MemoryWindows):
    """Windows that note what they were asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Sighting] = []

    def sight(self, sightings: Sequence[Sighting]) -> list[Counted]:
        self.asked += sightings
        return super().sight(sightings)


def spike(repeats: Repeats = THREE, engine: str = "plain", **more: object) -> Rulebook:
    given: dict[str, object] = {"then": replace(ESCALATE, team="safety"), "repeats": repeats, **more}
    router = Topic("router", (line("any", words("router")),))
    phone = Topic("phone", (line("any", words("phone")),))
    return rulebook(rule("spike", SMOKE, **given), topics=(phone, router), engine=engine)  # type: ignore[arg-type]


def facts(minute: float, who: str | None, text: str = "smoke", **parts: object) -> Facts:
    author = Author(id=who) if who else Author()
    made = {"id": f"x:{who}{minute}", "created_at": AT + minute * MINUTE, "author": author, **parts}
    return read(post(text, **made), Context())


def heard(book: Rulebook, windows: MemoryWindows, *said: Facts) -> list[bool]:
    return [bool(book.decide(each, windows=windows).matched) for each in said]


@pytest.mark.parametrize("engine", ["plain", "durable"])
def test_a_rule_matches_on_the_post_whose_arrival_makes_its_window_cross_and_on_no_other(engine: str) -> None:
    said = [facts(0, "ana"), facts(5, "ana"), facts(10, "bo"), facts(20, "cy"), facts(25, "di")]

    assert heard(spike(engine=engine), MemoryWindows(), *said) == [False, False, False, True, False]


def test_posts_that_match_no_line_of_such_a_rule_ask_no_window() -> None:
    windows = Watched()
    heard(spike(), windows, facts(0, "ana", "fine"), facts(1, "bo", "all fine here"))

    assert windows.asked == []


def test_without_windows_what_repeats_is_unknown_and_the_rule_does_not_match() -> None:
    made = spike().decide(facts(0, "ana"))

    assert (made.matched, made.reason) == ((), "no rule")
    assert [(each.block, each.answer) for each in made.lines[0].lines] == [
        ("all", Answer.YES),
        ("repeats", Answer.UNKNOWN),
    ]


def test_the_trace_and_the_reason_tell_how_many() -> None:
    book, windows = spike(), MemoryWindows()
    first, second = (book.decide(facts(n, who), windows=windows) for n, who in enumerate(("ana", "bo")))
    third = book.decide(facts(2, "cy"), windows=windows)
    fourth = book.decide(facts(3, "di"), windows=windows)

    assert _told(first) == "1 of 3 different authors within 30 minutes"
    assert _told(second) == "2 of 3 different authors within 30 minutes"
    assert third.reason == 'Spike: found "smoke"; 3 of 3 different authors within 30 minutes'
    assert _told(fourth) == "quiet until 2026-11-20 07:32 UTC (at least 3 different authors within 30 minutes)"


def test_an_author_who_is_withheld_is_nobody_to_count() -> None:
    book, windows = spike(), MemoryWindows()
    said = [facts(number, None) for number in range(5)]

    assert not any(heard(book, windows, *said))
    assert _told(book.decide(said[0], windows=windows)).startswith("the author is not known")


def test_posts_are_counted_where_the_rule_says_so() -> None:
    posts = replace(THREE, count="posts")

    assert heard(spike(posts), MemoryWindows(), *(facts(n, None) for n in range(4))) == [False, False, True, False]
    assert heard(spike(posts), MemoryWindows(), *(facts(n, "ana") for n in range(3))) == [False, False, True]


def test_an_edit_is_the_post_it_edits() -> None:
    posts = replace(THREE, count="posts")
    edits = [facts(0, "ana", f"smoke {n}", id="x:1", edited_at=AT + n * MINUTE) for n in range(3)]

    assert heard(spike(posts), MemoryWindows(), *edits) == [False, False, False]


def test_what_is_counted_apart_has_its_own_window() -> None:
    book = spike(replace(THREE, per=("topic", "platform")))
    near = [facts(n, who, "smoke from the router") for n, who in enumerate("abc")]
    far = [facts(n, who, "smoke from my phone") for n, who in enumerate("abc")]
    elsewhere = [facts(n, who, "smoke, router", platform="y", id=f"y:{n}") for n, who in enumerate("ab")]

    assert heard(book, MemoryWindows(), *near[:2], *far[:2], *elsewhere, near[2]) == [False] * 6 + [True]


def test_a_post_of_several_topics_counts_in_the_window_of_each() -> None:
    book, windows = spike(replace(THREE, per=("topic",))), MemoryWindows()
    said = [facts(0, "ana", "smoke router"), facts(1, "bo", "smoke router"), facts(2, "cy", "smoke router phone")]

    assert heard(book, windows, *said) == [False, False, True]
    made = book.decide(said[2], windows=windows)
    assert made.lines[0].lines[-1].found == ("router",)


def test_posts_without_a_topic_are_counted_together() -> None:
    book = spike(replace(THREE, per=("topic",)))

    assert heard(book, MemoryWindows(), *(facts(n, who) for n, who in enumerate("abc"))) == [False, False, True]


def test_a_post_that_lacks_what_is_counted_apart_is_not_counted() -> None:
    book, windows = spike(replace(THREE, per=("rating",))), MemoryWindows()

    assert _told(book.decide(facts(0, "ana"), windows=windows)).startswith("rating is not known")
    rated = [facts(n, who, rating=1.0) for n, who in enumerate("abc")]
    assert heard(book, windows, *rated) == [False, False, True]


def test_who_wrote_does_not_stand_in_the_trace() -> None:
    book, windows = spike(replace(THREE, count="posts", per=("author", "platform"))), MemoryWindows()
    made = book.decide(facts(0, "ana"), windows=windows)

    assert made.lines[0].lines[-1].found == ("x",)


def test_a_rule_that_counts_otherwise_than_before_starts_anew() -> None:
    windows = Watched()
    for repeats in (THREE, replace(THREE, count="posts"), replace(THREE, at_least=2)):
        spike(repeats).decide(facts(0, "ana"), windows=windows)

    first, other, changed = (each.window for each in windows.asked)
    assert first != other
    assert first == changed


def test_a_shadow_rule_counts_too_and_does_nothing() -> None:
    book, windows = spike(status=Status.SHADOW), MemoryWindows()
    made = [book.decide(facts(n, who), windows=windows) for n, who in enumerate("abc")]

    assert [(each.outcome, each.shadow) for each in made][1:] == [(Outcome.IGNORE, ()), (Outcome.IGNORE, ("spike",))]


def test_a_post_dated_after_its_delivery_is_of_its_delivery() -> None:
    windows = Watched()
    spike().decide(facts(60, "ana", delivered_at=AT), windows=windows)

    assert windows.asked[0].at == AT


def test_a_post_without_any_time_is_not_counted() -> None:
    assert _told(spike().decide(facts(0, "ana", created_at=None), windows=Watched())).startswith(
        "the time is not known"
    )


def test_a_recommendation_is_not_made_beyond_its_cap_and_the_trace_says_so() -> None:
    book = rulebook(rule("help", line("all", words("how")), then=CAPPED))
    again = facts(0, "ana", "how does it work")
    made = book.decide(again, recommended=[Recommended("help", "x:0", AT - timedelta(days=6))])

    assert (made.outcome, made.rule, made.matched, made.recommendation) == (Outcome.IGNORE, None, (), None)
    assert made.reason == "Help: at most 1 per author per 7 days"
    assert made.lines[0].lines[-1].line == "1 per author per 7 days: 1 before"
    assert made.lines[0].matched is False


@pytest.mark.parametrize(
    "before",
    [
        Recommended("help", "x:0", AT - timedelta(days=7)),
        Recommended("other", "x:0", AT),
        Recommended("help", "x:ana0", AT),  # the post itself, in an earlier version
    ],
    ids=["long ago", "another rule", "the same post"],
)
def test_a_cap_counts_only_other_posts_of_its_time_and_rule(before: Recommended) -> None:
    book = rulebook(rule("help", line("all", words("how")), then=CAPPED))

    assert book.decide(facts(0, "ana", "how"), recommended=[before]).rule == "help"


def test_a_cap_of_two_allows_two() -> None:
    book = rulebook(rule("help", line("all", words("how")), then=replace(CAPPED, at_most="2 per author per 1 day")))
    before = [Recommended("help", f"x:{number}", AT) for number in range(2)]

    assert [book.decide(facts(0, "ana", "how"), recommended=before[:n]).rule for n in (1, 2)] == ["help", None]


def test_a_capped_recommendation_does_not_ride_along_on_an_escalation() -> None:
    book = rulebook(rule("help", line("all", words("how")), then=CAPPED), rule("bad", line("all", words("how"))))
    before = [Recommended("help", "x:0", AT)]
    made, capped = (book.decide(facts(0, "ana", "how"), recommended=given) for given in ([], before))

    assert (made.rule, made.recommendation and made.recommendation.rule) == ("bad", "help")
    assert (capped.rule, capped.recommendation, capped.matched) == ("bad", None, ("bad",))


def test_an_author_who_is_withheld_has_no_cap() -> None:
    book = rulebook(rule("help", line("all", words("how")), then=CAPPED))

    assert book.decide(facts(0, None, "how"), recommended=[Recommended("help", "x:0", AT)]).rule == "help"


@pytest.mark.thorough
@settings(max_examples=30, deadline=None)
@given(books(), st.lists(POSTS, min_size=1, max_size=6), st.integers(1, 3))
def test_both_engines_decide_alike_where_rules_count(book: Book, posts: list[Post], at_least: int) -> None:
    counts = Repeats("posts", ("topic",), at_least, "30 minutes", "30 minutes")
    rules = tuple(each if each.then.outcome is Outcome.IGNORE else replace(each, repeats=counts) for each in book.rules)
    durable, plain = (Rulebook(replace(book, rules=rules), "v", engine) for engine in ("durable", "plain"))
    one, other = MemoryWindows(), MemoryWindows()
    try:
        for number, each in enumerate(posts):
            seen = read(replace(each, id=f"x:{number}", created_at=AT + number * MINUTE), Context())
            assert durable.decide(seen, windows=one) == plain.decide(seen, windows=other)
    finally:
        durable.close()


def _told(made: Decision) -> str:
    return made.lines[0].lines[-1].line


COPIES = Repeats("different authors", ("wording",), 3, "1 hour", "1 day", goes_on=True)


def test_copies_are_counted_by_their_words_whatever_else_differs() -> None:
    book, windows = spike(COPIES), MemoryWindows()
    same = [
        facts(0, "ana", "@one smoke turns every coin into gold https://a.example/1"),
        facts(1, "bo", "Smoke turns EVERY coin into gold! 77 https://b.example/2"),
        facts(2, "cy", "smoke turns every coin into gold"),
        facts(50, "di", "smoke: turns every coin into gold"),
    ]
    other = facts(51, "ed", "smoke turns every house into gold")

    assert heard(book, windows, *same, other) == [False, False, True, True, False]


def test_few_words_are_everybodys_and_no_copy() -> None:
    said = [facts(minute, who, "smoke here is so bad") for minute, who in enumerate(("ana", "bo", "cy", "di"))]

    assert heard(spike(COPIES), MemoryWindows(), *said) == [False] * 4


def test_the_trace_shows_no_mark_of_the_words() -> None:
    windows = MemoryWindows()
    said = [facts(minute, who, "smoke turns every coin into gold") for minute, who in enumerate(("ana", "bo", "cy"))]
    decisions = [spike(COPIES).decide(each, windows=windows, trace=True) for each in said]

    assert decisions[-1].lines[0].lines[-1].found == ()
