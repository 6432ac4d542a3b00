"""How the lines of one condition are asked of a post: which first, and which the index has answered already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chalicelib.model import Answer
from chalicelib.rulebook.answers import Answers
from chalicelib.rulebook.condition import Condition
from chalicelib.rulebook.index import settles
from chalicelib.rulebook.rule import Test

Asked = tuple[int, str, str]  # a test by its number, and the predicates of its yes and its unknown


@dataclass(frozen=True, slots=True)
class Plan:
    """The tests of a condition, by number; topics last, since each of them asks the engine."""

    all: tuple[int, ...]
    open: tuple[int, ...]  # of `all`, what the index cannot answer
    any: tuple[int, ...]
    settled: frozenset[str]  # the predicates of the rest of `all`, true of whatever the index leaves possible
    known: tuple[Asked, ...]  # their tests
    asked: tuple[Asked, ...]  # all others, those of `any` and `none` among them

    def could_hold(self, answers: Answers) -> bool:
        """Whether every line of `all` and one of `any` says yes."""
        return _are_wanted(self.all, self.any, answers)

    def is_left(self, answers: Answers) -> bool:
        """The same of what the index left possible."""
        return _are_wanted(self.open, self.any, answers)


def planned(condition: Condition, tests: Sequence[Test]) -> Plan:
    """The plan of a condition; `tests` are all there are, in the order of their numbers."""
    every, some = (
        tuple(sorted(tests_of(names), key=lambda number: tests[number].field == "topic"))
        for names in (condition.all, condition.any)
    )
    known = [number for number in every if settles(tests[number])]
    mentioned = dict.fromkeys(int(name[1:]) for name in condition.predicates if name[0] in "pu")
    return Plan(
        every,
        tuple(number for number in every if number not in known),
        some,
        frozenset(f"p{number}" for number in known),
        _named(known),
        _named(number for number in mentioned if number not in known),
    )


def tests_of(names: Iterable[str]) -> tuple[int, ...]:
    """The tests of a block; none for a window's predicate."""
    return tuple(int(name[1:]) for name in names if name[0] == "p")


def answer(asked: Iterable[Asked], answers: Answers, true: set[str]) -> None:
    """Add to the true predicates what each test says."""
    for number, yes, unknown in asked:
        said = answers[number]
        if said is not Answer.NO:
            true.add(yes if said is Answer.YES else unknown)


def _named(tests: Iterable[int]) -> tuple[Asked, ...]:
    return tuple((number, f"p{number}", f"u{number}") for number in tests)


def _are_wanted(every: Iterable[int], some: Sequence[int], answers: Answers) -> bool:
    for number in every:
        if answers[number] is not Answer.YES:
            return False
    return not some or any(answers[number] is Answer.YES for number in some)
