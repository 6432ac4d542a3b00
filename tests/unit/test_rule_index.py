"""The index by which a post touches few rules: it may let too many through, and never drops one that holds."""

from __future__ import annotations

import pytest

from chalicelib.model import Context, Facts, Value
from chalicelib.reading import read
from chalicelib.rulebook.answers import Answers, Questions
from chalicelib.rulebook.index import Asks, Index, places
from chalicelib.rulebook.rule import Test
from tests.unit.rulebooks import post, words


def possible(conditions: list[Asks], text: str = "", **values: Value | None) -> list[int]:
    questions = Questions([test for asks in conditions for test in (*asks.all, *asks.any)])
    read_facts = read(post(text), Context())
    known = {**read_facts.values, **{name.replace("_", " "): value for name, value in values.items()}}
    facts = Facts(read_facts.post, {name: value for name, value in known.items() if value is not None})
    return list(places(Index(conditions, questions.search.numbers).possible(Answers(questions, facts))))


def every(*tests: Test) -> Asks:
    return Asks(tests, ())


def some(*tests: Test) -> Asks:
    return Asks((), tests)


def least(bound: float) -> Test:
    return Test("rating", "at least", number=bound)


def most(bound: float) -> Test:
    return Test("rating", "at most", number=bound)


def test_a_condition_that_asks_nothing_is_always_possible() -> None:
    assert possible([every(), every(words("late"))], "hello") == [0]


def test_words_wake_the_conditions_that_look_for_them() -> None:
    conditions = [every(words("late", "slow")), every(words("late"), words("bus")), every(words("early"))]

    assert possible(conditions, "late again") == [0]
    assert possible(conditions, "the late bus") == [0, 1]


@pytest.mark.parametrize(
    ("rating", "left"), [(0.0, [2]), (1.0, [0, 2]), (2.0, [0, 2]), (3.0, [0, 1]), (5.0, [0, 1]), (None, [])]
)
def test_a_bound_belongs_to_what_it_allows(rating: float | None, left: list[int]) -> None:
    assert possible([every(least(1)), every(least(3)), every(most(2))], rating=rating) == left


def test_two_lines_about_one_field_must_both_say_yes() -> None:
    between = every(least(2), most(4), most(3))

    assert [rating for rating in range(6) if possible([between], rating=rating)] == [2, 3]


def test_of_two_bounds_in_any_one_is_enough() -> None:
    conditions = [some(most(2), most(4)), some(least(4), least(2))]

    assert [possible(conditions, rating=rating) for rating in (1, 3, 5)] == [[0], [0, 1], [1]]


def test_a_language_is_also_its_part_and_names_are_folded() -> None:
    english, australian = (every(Test("language", "is any of", (name,))) for name in ("EN", "en-AU"))

    assert possible([english, australian, every(Test("handle", "is any of", ("@Ana",)))], handle="ana") == [2]
    assert possible([english, australian], language=("en-au", "en")) == [0, 1]
    assert possible([english, australian], language=("en",)) == [0]


def test_the_unknown_satisfies_no_line() -> None:
    asks = Test("case is open", "is", ("no",))

    assert possible([every(asks), some(asks), every(Test("case is open", "is known"))]) == []
    assert possible([every(asks), some(asks), every(Test("case is open", "is known"))], case_is_open=False) == [0, 1, 2]


def test_what_the_index_cannot_look_at_it_lets_through() -> None:
    conditions = [every(words("l.te", test="matches pattern")), some(words("late"), Test("topic", "is any of", ("t",)))]

    assert possible(conditions, "hello") == [0, 1]


def test_not_a_number_drops_nothing() -> None:
    assert possible([every(least(1)), every(most(2))], rating=float("nan")) == [0, 1]
