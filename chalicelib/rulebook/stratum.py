"""One layer of conditions (topics, then rules) and which of them hold: candidates first, then the matcher."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from chalicelib.model import Answer, Outcome
from chalicelib.rulebook.answers import WORD_TESTS, Answers, Questions
from chalicelib.rulebook.condition import Condition
from chalicelib.rulebook.index import Asks, Index, places, settles
from chalicelib.rulebook.rule import Line, Test

Numbers = Mapping[Test, int]
Asked = tuple[int, str, str]  # a test by its number, and the predicates of its yes and its unknown
NOTHING: frozenset[str] = frozenset()


class Matcher(Protocol):
    """Joins predicates into rules: durable_rules, or the plain evaluator."""

    def match(self, candidates: Iterable[str], true: Set[str]) -> set[str]:
        """Those of the candidates whose condition holds."""

    def prepare(self) -> None:
        """Make now what is otherwise made when a post first needs it."""

    def close(self) -> None:
        """Free what it holds."""


Engine = Callable[[Mapping[str, Condition]], Matcher]


def condition(lines: Sequence[Line], outcome: Outcome | None, numbers: Numbers, window: str | None = None) -> Condition:
    """A line's yes is predicate `p` and its number, its unknown `u`. What we don't know, we don't ignore.

    `window` is the predicate, like `w12`, of what the rule's `repeats` answers: given from outside, not asked here.
    """
    blocks = {
        block: tuple(dict.fromkeys(f"p{numbers[line.asks]}" for line in lines if line.block == block))
        for block in ("all", "any", "none")
    }
    unknown = [f"u{name[1:]}" for name in blocks["none"]] if outcome is Outcome.IGNORE else []
    return Condition((*blocks["all"], *([window] if window else ())), blocks["any"], (*blocks["none"], *unknown))


class Stratum:
    """Conditions by name: which of them a post leaves possible, and which of those hold."""

    def __init__(
        self,
        conditions: Mapping[str, Condition],
        questions: Questions,
        engine: Engine,
        topics: Mapping[str, Sequence[Test]] | None = None,
    ) -> None:
        """`topics` are the tests of which each topic needs one to say yes, where there are such."""
        tests = self._tests = questions.tests
        broad = [_broad(test) for test in tests]
        keys = {name: _key(each, broad) for name, each in conditions.items()}
        # Neighbours share words, so that a post wakes few rule sets.
        self._names = sorted(conditions, key=lambda name: (keys[name] or (), name))
        self._matcher = engine({name: conditions[name] for name in self._names})
        self._words = questions.search.numbers
        self._index = Index([_asks(conditions[name], tests, topics or {}) for name in self._names], self._words)
        self._wanted = {name: (_numbers(each.all), _numbers(each.any)) for name, each in conditions.items()}
        settled = frozenset(number for number, test in enumerate(tests) if settles(test))
        self._plans = {name: _planned(each, tests, settled) for name, each in conditions.items()}
        self._keys = keys

    def candidates(self, answers: Answers) -> list[str]:
        """Those that could hold: few, of any number of conditions. Only these reach the matcher."""
        names, plans = self._names, self._plans
        possible = [names[place] for place in places(self._index.possible(answers))]
        return [name for name in possible if _are_wanted(plans[name].open, plans[name].any, answers)]

    def could_hold(self, name: str, answers: Answers) -> bool:
        """Whether every line of `all` and one of `any` says yes; what `none` says is left to the matcher."""
        return _are_wanted(*self._wanted[name], answers)

    def keys(self) -> dict[str, list[Test]]:
        """For each condition the tests without a yes of one of which it cannot hold; not those that have none."""
        return {name: [self._tests[number] for number in key] for name, key in self._keys.items() if key}

    def near(self, answers: Answers) -> list[str]:
        """Those that came near: one of their key tests says yes, or they have none."""
        return [self._names[place] for place in places(self._by_key.possible(answers))]

    @cached_property
    def _by_key(self) -> Index:
        """Made when a trace is first asked for."""
        keys = ([self._tests[number] for number in self._keys[name]] for name in self._names)
        return Index([Asks(key, ()) if len(key) == 1 else Asks((), key) for key in keys], self._words)

    def matches(self, candidates: Collection[str], answers: Answers, given: Set[str] = NOTHING) -> set[str]:
        """Those of what `candidates` gave that hold; `given` are true predicates that no line of a post answers.

        What the index answered is not asked again.
        """
        if not candidates:
            return set()
        true = set(given)
        for name in candidates:
            plan = self._plans[name]
            true |= plan.settled
            _answer(plan.asked, answers, true)
        return self._matcher.match(candidates, true)

    def holds(self, name: str, answers: Answers, given: Set[str] = NOTHING) -> bool:
        """Whether this one holds, candidate or not: every line is asked."""
        plan = self._plans[name]
        true = set(given)
        _answer((*plan.known, *plan.asked), answers, true)
        return bool(self._matcher.match((name,), true))

    def prepare(self) -> None:
        """Make all that the matcher will need."""
        self._matcher.prepare()

    def close(self) -> None:
        """Free the matcher."""
        self._matcher.close()


@dataclass(frozen=True, slots=True)
class _Plan:
    """A condition as it is asked: tests by number, each with its predicates where it is one to answer."""

    open: tuple[int, ...]  # of `all`, what the index left to ask: topics last, each is a call of the engine
    any: tuple[int, ...]
    settled: frozenset[str]  # the predicates of `all` that are true of whatever the index leaves possible
    known: tuple[Asked, ...]  # their tests
    asked: tuple[Asked, ...]  # all others


def _planned(condition: Condition, tests: Sequence[Test], settled: Set[int]) -> _Plan:
    every, some = (
        tuple(sorted(_numbers(names), key=lambda number: tests[number].field == "topic"))
        for names in (condition.all, condition.any)
    )
    known = [number for number in every if number in settled]
    left = dict.fromkeys(int(name[1:]) for name in condition.predicates if name[0] in "pu")
    return _Plan(
        tuple(number for number in every if number not in settled),
        some,
        frozenset(f"p{number}" for number in known),
        _named(known),
        _named(number for number in left if number not in known),
    )


def _named(numbers: Iterable[int]) -> tuple[Asked, ...]:
    return tuple((number, f"p{number}", f"u{number}") for number in numbers)


def _answer(asked: Iterable[Asked], answers: Answers, true: set[str]) -> None:
    """Add what each test says."""
    for number, yes, unknown in asked:
        answer = answers[number]
        if answer is not Answer.NO:
            true.add(yes if answer is Answer.YES else unknown)


def _numbers(names: Iterable[str]) -> tuple[int, ...]:
    """The tests of a block; none for a window's predicate."""
    return tuple(int(name[1:]) for name in names if name[0] == "p")


def _are_wanted(every: Iterable[int], some: Sequence[int], answers: Answers) -> bool:
    for number in every:
        if answers[number] is not Answer.YES:
            return False
    return not some or any(answers[number] is Answer.YES for number in some)


def _asks(condition: Condition, tests: Sequence[Test], topics: Mapping[str, Sequence[Test]]) -> Asks:
    """What the index is told of a condition: of a topic in its `any`, the tests of which that needs one."""
    some = [tests[number] for number in _numbers(condition.any)]
    return Asks(
        [tests[number] for number in _numbers(condition.all)], [each for test in some for each in _told(test, topics)]
    )


def _told(test: Test, topics: Mapping[str, Sequence[Test]]) -> Iterable[Test]:
    if test.field != "topic" or not all(name in topics for name in test.values):
        return (test,)
    return [each for name in test.values for each in topics[name]]


def _key(condition: Condition, broad: Sequence[int]) -> tuple[int, ...]:
    """The most selective tests of which one must say yes: one line of `all`, or every line of `any`."""
    choices: list[tuple[int, ...]] = [(int(name[1:]),) for name in condition.all if name[0] != "w"]
    if condition.any:
        choices.append(tuple(sorted(int(name[1:]) for name in condition.any)))
    return min(choices, key=lambda key: (max(broad[n] for n in key), len(key), key), default=())


def _broad(test: Test) -> int:
    """How many posts a test wakes its rules for: words few, a language or platform nearly all."""
    if test.test in WORD_TESTS:
        return 10 + len(test.values).bit_length()
    return 30 if test.field in ("rating", "topic", "handle", "case is open") else 40
