"""`author's posts in N days`: counted only where a rule asks, and answered by every rule that does."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.model import Author, Context, Facts, PostsInDays
from chalicelib.model.posted import LONGEST, MOST, Heard, counts, heard
from chalicelib.reading import read
from chalicelib.rulebook.rule import Test
from chalicelib.stores.memory_windows import MemoryWindows
from tests.unit.rulebooks import AT, line, post, rule, rulebook, words

OFTEN = Test("author's posts in 7 days", "at least", number=3.0)


class Watched(MemoryWindows):
    """Windows that note of whom they were asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, list[int]]] = []

    def posted(self, author_key: str, post_id: str, at: datetime, days: Collection[int]) -> dict[int, int]:
        self.asked.append((author_key, sorted(days)))
        return super().posted(author_key, post_id, at, days)


def said(number: int, who: str | None = "ana", context: Context | None = None) -> Facts:
    written = post("hi", id=f"x:{number}", author=Author(id=who), created_at=AT + timedelta(hours=number))
    return read(written, context or Context())


def test_a_rule_matches_from_the_post_on_with_which_there_are_enough() -> None:
    book, windows = rulebook(rule("it", line("all", OFTEN))), MemoryWindows()

    assert [book.decide(said(number), windows=windows).rule for number in range(4)] == [None, None, "it", "it"]


def test_nobody_is_counted_where_no_rule_asks() -> None:
    book, windows = rulebook(rule("it", line("all", words("hi")))), Watched()
    book.decide(said(1), windows=windows)

    assert windows.asked == []


def test_all_days_that_rules_ask_for_are_counted_at_once() -> None:
    others = [Test(f"author's posts in {days} days", "at most", number=9.0) for days in (1, 30)]
    book, windows = rulebook(rule("it", line("all", OFTEN), *(line("any", each) for each in others))), Watched()
    book.decide(said(1), windows=windows)

    assert windows.asked == [("x:ana", [1, 7, 30])]


def test_without_an_author_or_without_anybody_who_counts_it_is_unknown() -> None:
    book = rulebook(rule("it", line("all", OFTEN)))
    nobody = book.decide(said(1, None), windows=MemoryWindows())

    assert nobody.rule is None
    trace = book.explain(said(1), "it")
    assert trace is not None
    assert trace.lines[0].answer == "unknown"


def test_what_an_example_says_stands() -> None:
    book = rulebook(rule("it", line("all", OFTEN)))

    assert (
        book.decide(said(1, context=Context(posts_in_days=(PostsInDays(7, 3),))), windows=MemoryWindows()).rule == "it"
    )


POSTS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 24 * 120)), max_size=60)


@pytest.mark.thorough
@settings(max_examples=100, deadline=None)
@given(POSTS)
def test_posts_in_any_order_and_again_are_counted_as_by_hand(posts: list[tuple[int, int]]) -> None:
    known: Heard = {}
    first: dict[int, datetime] = {}
    for number, hours in posts:
        at = first.setdefault(number, AT + timedelta(hours=hours))
        known = heard(known, f"x:{number}", at)
        latest = max(first.values())
        alive = [each for each in first.values() if each > latest - LONGEST]

        assert counts(known, at, (7,))[7] == sum(at - timedelta(days=7) < each <= at for each in alive)
        assert len(known) <= MOST
