"""One layer of conditions (topics, then rules) and which of them hold: candidates first, then the matcher."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from functools import cached_property
from typing import Protocol

from chalicelib.model import Outcome
from chalicelib.rulebook.answers import WORD_TESTS, Answers, Questions
from chalicelib.rulebook.condition import Condition
from chalicelib.rulebook.index import Asks, Index, places
from chalicelib.rulebook.plan import Plan, answer, planned, tests_of
from chalicelib.rulebook.rule import Line, Test

Numbers = Mapping[Test, int]
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
        self._conditions = conditions
        self._plans: dict[str, Plan] = {}
        self._keys = keys

    def candidates(self, answers: Answers) -> list[str]:
        """Those that could hold: few, of any number of conditions. Only these reach the matcher."""
        possible = [self._names[place] for place in places(self._index.possible(answers))]
        return [name for name in possible if self._plan(name).is_left(answers)]

    def could_hold(self, name: str, answers: Answers) -> bool:
        """Whether every line of `all` and one of `any` says yes; what `none` says is left to the matcher."""
        return self._plan(name).could_hold(answers)

    def _plan(self, name: str) -> Plan:
        """Made when a post first asks for it: a cold start waits for none it does not need."""
        plan = self._plans.get(name)
        if plan is None:
            plan = self._plans[name] = planned(self._conditions[name], self._tests)
        return plan

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
            plan = self._plan(name)
            true |= plan.settled
            answer(plan.asked, answers, true)
        return self._matcher.match(candidates, true)

    def holds(self, name: str, answers: Answers, given: Set[str] = NOTHING) -> bool:
        """Whether this one holds, candidate or not: every line is asked."""
        plan = self._plan(name)
        true = set(given)
        answer((*plan.known, *plan.asked), answers, true)
        return bool(self._matcher.match((name,), true))

    def prepare(self) -> None:
        """Make all that the matcher will need."""
        self._matcher.prepare()

    def close(self) -> None:
        """Free the matcher."""
        self._matcher.close()


def _asks(condition: Condition, tests: Sequence[Test], topics: Mapping[str, Sequence[Test]]) -> Asks:
    """What the index is told of a condition: of a topic in its `any`, the tests of which that needs one."""
    some = [tests[number] for number in tests_of(condition.any)]
    return Asks(
        [tests[number] for number in tests_of(condition.all)], [each for test in some for each in _told(test, topics)]
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
