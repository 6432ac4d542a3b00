"""One layer of conditions (topics, then rules) and which of them hold: candidates first, then the matcher."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Protocol

from chalicelib.model import Answer, Outcome
from chalicelib.rulebook.answers import WORD_TESTS, Answers
from chalicelib.rulebook.condition import Condition
from chalicelib.rulebook.rule import Line, Test

Numbers = Mapping[Test, int]


class Matcher(Protocol):
    """Joins predicates into rules: durable_rules, or the plain evaluator."""

    def match(self, candidates: Iterable[str], true: Set[str]) -> set[str]:
        """Those of the candidates whose condition holds."""

    def close(self) -> None:
        """Free what it holds."""


Engine = Callable[[Mapping[str, Condition]], Matcher]


def condition(lines: Sequence[Line], outcome: Outcome | None, numbers: Numbers) -> Condition:
    """A line's yes is predicate `p` and its number, its unknown `u`. What we don't know, we don't ignore."""
    blocks = {
        block: tuple(dict.fromkeys(f"p{numbers[line.asks]}" for line in lines if line.block == block))
        for block in ("all", "any", "none")
    }
    unknown = [f"u{name[1:]}" for name in blocks["none"]] if outcome is Outcome.IGNORE else []
    return Condition(blocks["all"], blocks["any"], (*blocks["none"], *unknown))


class Stratum:
    """Conditions by name, and for each the tests without whose yes it cannot hold."""

    def __init__(self, conditions: Mapping[str, Condition], tests: Sequence[Test], engine: Engine) -> None:
        keys = {name: _key(each, tests) for name, each in conditions.items()}
        ordered = sorted(conditions, key=lambda name: (keys[name] or (), name))
        # Neighbours share words, so that a post wakes few rule sets.
        self._matcher = engine({name: conditions[name] for name in ordered})
        self._needs = {name: _needs(each) for name, each in conditions.items()}
        self._always = frozenset(name for name, key in keys.items() if not key)
        self._woken_by: dict[int, list[str]] = {}
        for name, key in keys.items():
            for number in key:
                self._woken_by.setdefault(number, []).append(name)
        worded = {number for number in self._woken_by if tests[number].test in WORD_TESTS}
        self._worded, self._other = frozenset(worded), sorted(self._woken_by.keys() - worded)

    def candidates(self, answers: Answers) -> set[str]:
        """Those that could hold: one of their key tests says yes, or they have none."""
        awake = set(self._always)
        for number in answers.hits & self._worded:
            awake.update(self._woken_by[number])
        for number in self._other:
            if answers[number] is Answer.YES:
                awake.update(self._woken_by[number])
        return awake

    def matches(self, candidates: Set[str], answers: Answers) -> set[str]:
        """Those of the candidates that hold."""
        if not candidates:
            return set()
        true: set[str] = set()
        for number in set().union(*(self._needs[name] for name in candidates)):
            answer = answers[number]
            if answer is not Answer.NO:
                true.add(f"{'p' if answer is Answer.YES else 'u'}{number}")
        return self._matcher.match(candidates, true)

    def close(self) -> None:
        """Free the matcher."""
        self._matcher.close()


def _needs(condition: Condition) -> frozenset[int]:
    return frozenset(int(name[1:]) for name in condition.predicates)


def _key(condition: Condition, tests: Sequence[Test]) -> tuple[int, ...]:
    """The most selective tests of which one must say yes: one line of `all`, or every line of `any`."""
    choices: list[tuple[int, ...]] = [(int(name[1:]),) for name in condition.all]
    if condition.any:
        choices.append(tuple(sorted(int(name[1:]) for name in condition.any)))
    return min(choices, key=lambda key: (max(_broad(tests[n]) for n in key), len(key), key), default=())


def _broad(test: Test) -> int:
    """How many posts a test wakes its rules for: words few, a language or platform nearly all."""
    if test.test in WORD_TESTS:
        return 10 + len(test.values).bit_length()
    return 30 if test.field in ("rating", "topic", "handle", "case is open") else 40
