"""A batch that comes again: who is tried first, what is noted, and who survives the company of posts that kill."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib import deciding
from chalicelib.errors import Unavailable
from chalicelib.log import Log
from chalicelib.model import Post
from chalicelib.pipeline.suspects import Suspects
from chalicelib.stores.underway import MemoryUnderway
from tests.unit.line import KILLS, Line
from tests.unit.people import post
from tests.unit.test_resources import SOURCE

TRIES = SOURCE["Parameters"]["PostsTries"]["Default"]
SEEDS = st.integers(0, 2**32)


class Throttled(MemoryUnderway):
    """Notes that the table does not take; how often it was asked."""

    asked = 0

    def begin(self, message: str, receive: int) -> None:
        self.asked += 1
        raise Unavailable("table: throttled")

    def ended(self, messages: Sequence[str]) -> dict[str, int]:
        self.asked += 1
        raise Unavailable("table: throttled")


def record(name: str, author: str, tries: int) -> dict[str, Any]:
    return {"messageId": name, "attributes": {"MessageGroupId": author, "ApproximateReceiveCount": str(tries)}}


def in_turn(records: Sequence[dict[str, Any]], **ends: int) -> str:
    return "".join(each["messageId"] for each in deciding.in_turn(records, ends))


def some(luck: Random, killers: int, innocents: int, authors: int) -> list[Post]:
    """Posts in any order, of so many authors."""
    kills = [True] * killers + [False] * innocents
    luck.shuffle(kills)
    innocent = ("refund please", "how do I", "nice weather")
    return [
        post(number, KILLS if kill else luck.choice(innocent), who=f"author {luck.randrange(authors)}")
        for number, kill in enumerate(kills)
    ]


def played(seed: int, killers: int, innocents: int, *, authors: int = 30, ends: int = 0, company: bool = True) -> Line:
    luck = Random(seed)  # noqa: S311
    line = Line(some(luck, killers, innocents, authors), luck, TRIES, ends, company)
    line.run()
    return line


def killers_of(line: Line) -> set[str]:
    return {each.id for each in line.posts if each.text == KILLS}


def test_what_was_tried_most_often_comes_first_and_an_authors_posts_in_their_order() -> None:
    batch = [record("a", "ana", 1), record("b", "bo", 2), record("c", "cy", 4), record("d", "bo", 1)]

    assert in_turn(batch) == "cbad"
    assert in_turn([]) == ""


def test_what_was_under_way_when_the_function_ended_comes_last_behind_its_authors_later_posts() -> None:
    batch = [record("a", "ana", 3), record("b", "bo", 3), record("c", "ana", 3), record("d", "cy", 2)]

    assert in_turn(batch, a=1) == "bcda"
    assert in_turn(batch, a=2, b=1) == "cdba"


@pytest.mark.thorough
@settings(max_examples=60, deadline=None)
@given(SEEDS, st.integers(1, TRIES - 2))
def test_of_ten_posts_that_come_together_those_survive_that_kill_nobody(seed: int, killers: int) -> None:
    line = played(seed, killers, 10 - killers, authors=4)

    assert line.undecided == killers_of(line) == set(line.dead)


@pytest.mark.thorough
@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_they_survive_an_end_by_chance_beside(seed: int) -> None:
    line = played(seed, 3, 7, authors=4, ends=1)

    assert line.undecided == killers_of(line) == set(line.dead)


@pytest.mark.thorough
@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_ends_by_chance_alone_send_nothing_to_the_dead_letters(seed: int) -> None:
    line = played(seed, 0, 10, authors=4, ends=TRIES - 2)

    assert (line.undecided, line.dead) == (set(), [])


@pytest.mark.thorough
@settings(max_examples=100, deadline=None)
@given(SEEDS, st.integers(1, 12), st.integers(0, 1))
def test_in_a_long_line_whoever_meets_whom_only_those_die_that_kill(seed: int, killers: int, ends: int) -> None:
    line = played(seed, killers, 60, ends=ends, company=False)

    assert line.undecided == killers_of(line) == set(line.dead)


def test_without_notes_good_posts_go_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """What all this is for; and that the line above can tell."""
    monkeypatch.setattr(Line, "ended", lambda line, names: {})

    lines = [played(seed, 3, 7) for seed in range(20)]

    assert any(line.undecided - killers_of(line) for line in lines)


def test_a_first_try_notes_nothing() -> None:
    line = played(1, 0, 10)

    assert (line.kept.ended([each.id for each in line.posts]), line.turn) == ({}, 1)


def test_a_table_that_takes_no_note_is_asked_once_a_batch(capsys: pytest.CaptureFixture[str]) -> None:
    table = Throttled()
    suspects = Suspects(table, Log("made-up"), ["a", "b"])
    suspects.begin("a", 2)
    suspects.answered("a", 2)
    suspects.begin("b", 2)

    assert (suspects.ends, table.asked) == ({}, 1)
    assert capsys.readouterr().out.count("suspects.unnoted") == 1


def test_without_the_table_of_notes_posts_are_decided_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Line, "underway", Throttled())

    line = played(1, 1, 9)

    assert line.undecided == {*killers_of(line), *line.dead}
    assert len(line.undecided) < 10
