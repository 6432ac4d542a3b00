"""In which order cases are taken up: harm, what rules say, waiting, contract; never reach; ties oldest first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model import Case, CaseStatus, Priority, Value
from chalicelib.rulebook.relevance import Ranked, ranked, waits_for_people
from tests.unit.people import NOON

CASE = Case(
    id="a", post_id="x:1", record="case", subject="Help", team="care", priority=Priority.NORMAL, tell=(), platform="x",
    author_key=None, conversation_id=None, topics=(), rule="r", reason="Because.", opened_at=NOON, last_post_at=NOON,
)  # fmt: skip


def points(heard: dict[str, Value] | None = None, case: Case = CASE, after: float = 0, customer: bool = False) -> float:
    return ranked(case, heard or {}, NOON + timedelta(hours=after), customer).score


def test_the_score_is_the_sum_of_parts_that_are_told() -> None:
    found = ranked(CASE, {"asks a question": True, "complaint": 0.8}, NOON + timedelta(hours=2), is_customer=True)

    assert {part.why: part.points for part in found.parts} == {
        "normal priority": 10, "asks a question": 2, "complaint 0.80": 4, "waiting 2.0 hours": 2, "a customer": 5
    }  # fmt: skip
    assert found.score == 23


def test_harm_comes_before_everything_that_is_not_urgent_however_long_it_waits() -> None:
    worst: dict[str, Value] = {
        "vulnerable person": False,
        "asks for a person": True,
        "asks a question": True,
        "wants to buy": True,
    }
    high = replace(CASE, priority=Priority.HIGH, first_reply_due=NOON)
    most = points(worst | {"complaint": 1.0}, high, after=10_000, customer=True)

    assert points({"self-harm": True}) > most
    assert points({"reports danger": True}) > most
    assert points(case=replace(CASE, priority=Priority.URGENT)) > most


def test_waiting_counts_and_a_broken_promise_counts_again() -> None:
    promised = replace(CASE, first_reply_due=NOON + timedelta(hours=4))

    assert points(after=5) - points(after=1) == 4
    assert points(case=promised, after=6) - points(case=promised, after=4) == 4


def test_what_is_unknown_brings_no_point() -> None:
    assert points({"self-harm": False}) == points({}) == 10


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 99), st.integers(0, 10**7)), min_size=2, max_size=9))
def test_reach_never_decides_and_ties_are_oldest_first(told: list[tuple[int, int, int]]) -> None:
    found = [_standing(number, *each) for number, each in enumerate(told)]
    quiet = [replace(each, followers=0) for each in found]

    ids = [each.case.id for each in sorted(found, key=lambda each: each.place)]
    assert ids == [each.case.id for each in sorted(quiet, key=lambda each: each.place)]
    for one, other in pairwise(sorted(found, key=lambda each: each.place)):
        assert one.score > other.score or (one.score == other.score and one.case.opened_at <= other.case.opened_at)


def _standing(number: int, priority: int, age: int, followers: int) -> Ranked:
    opened: datetime = NOON - timedelta(days=2, minutes=age)
    case = replace(CASE, id=str(number), priority=list(Priority)[priority], opened_at=opened)
    return ranked(case, {}, NOON, followers=followers)


def test_an_answered_or_closed_case_waits_for_nobody_nor_one_that_its_author_took_back() -> None:
    assert waits_for_people(CASE)
    assert not waits_for_people(replace(CASE, answered_at=NOON))
    assert not waits_for_people(replace(CASE, status=CaseStatus.CLOSED))
    assert not waits_for_people(replace(CASE, taken_back_at=NOON))
