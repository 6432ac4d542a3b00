"""What rules-format.md says a rulebook decides, written down a second time: slowly, from the page, without our engine.

Of ours it uses only the folding of words (chalicelib.words) and the form of a checked rule. Its own are the search for
words, each test, the three answers, topics, which rules match and which of them wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import re2

from chalicelib.model import Facts, Outcome, Priority
from chalicelib.rulebook.rule import Book, Line, Rule, Status, Test
from chalicelib.words import fold, phrase

YES, NO, UNKNOWN = "yes", "no", "unknown"
OUTCOMES = (Outcome.ESCALATE, Outcome.RECOMMEND, Outcome.IGNORE)
PRIORITIES = (Priority.URGENT, Priority.HIGH, Priority.NORMAL, Priority.LOW)
SECONDS = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800}


@dataclass(frozen=True, slots=True)
class Expected:
    """What must be decided: the rule that wins, all live rules that match, all that only watch."""

    rule: str | None
    outcome: Outcome
    matched: tuple[str, ...]
    shadow: tuple[str, ...]


def decides(book: Book, facts: Facts) -> Expected:
    """The decision by the page. A test is asked once a post: their answers do not depend on the rule that asks."""
    told: dict[Test, str] = {}
    topics = {topic.id: _holds(_answers(topic.lines, facts, {}, told), ignores=False) for topic in book.topics}
    found = [rule for rule in book.rules if rule.status in (Status.LIVE, Status.SHADOW)]
    found = [rule for rule in found if _matches(rule, facts, topics, told)]
    live = [rule for rule in found if rule.status is Status.LIVE]
    beaten = {name for rule in live for name in rule.overrides}
    first = min((rule for rule in live if rule.id not in beaten), key=_rank, default=None)
    return Expected(
        first.id if first else None,
        first.then.outcome if first else Outcome.IGNORE,
        tuple(sorted(rule.id for rule in live)),
        tuple(sorted(rule.id for rule in found if rule.status is Status.SHADOW)),
    )


def _matches(rule: Rule, facts: Facts, topics: Mapping[str, str], told: dict[Test, str]) -> bool:
    ignores = rule.then.outcome is Outcome.IGNORE
    return _holds(_answers(rule.lines, facts, topics, told), ignores) == YES


def _answers(
    lines: Sequence[Line], facts: Facts, topics: Mapping[str, str], told: dict[Test, str]
) -> dict[str, list[str]]:
    by: dict[str, list[str]] = {"all": [], "any": [], "none": []}
    for line in lines:
        if line.asks.field == "topic":
            by[line.block].append(_either([topics[name] for name in line.asks.values]))
            continue
        if line.asks not in told:
            told[line.asks] = _answer(line.asks, facts)
        by[line.block].append(told[line.asks])
    return by


def _holds(by: Mapping[str, list[str]], ignores: bool) -> str:
    """Kleene's logic (rules 9 to 11). An unknown in `none` stops an ignore and nothing else."""
    stop = UNKNOWN if ignores else NO
    parts = [*by["all"], *({YES: NO, NO: YES, UNKNOWN: stop if ignores else YES}[each] for each in by["none"])]
    if by["any"]:
        parts.append(_either(by["any"]))
    return NO if NO in parts else UNKNOWN if UNKNOWN in parts else YES


def _either(answers: Sequence[str]) -> str:
    return YES if YES in answers else UNKNOWN if UNKNOWN in answers else NO


def _rank(rule: Rule) -> tuple[int, int, float, str]:
    """Rule 13. Business hours count three times: they stretch over nights."""
    then = rule.then
    pressing = float("inf")
    if then.first_reply:
        amount, *business, unit = then.first_reply.split()
        pressing = int(amount) * SECONDS[unit.rstrip("s")] * (3 if business else 1)
    return OUTCOMES.index(then.outcome), PRIORITIES.index(then.priority or Priority.LOW), pressing, rule.id


def _answer(test: Test, facts: Facts) -> str:
    if test.test == "is known":
        return YES if test.field in facts.values else NO
    if test.test == "matches pattern":
        text = getattr(facts.post, test.field.replace(" ", "_"))
        if text is None:
            return UNKNOWN
        found = re2.search("(?i)" + test.values[0], text.encode("utf-8", "replace").decode())
        return YES if found else NO
    if test.field not in facts.values:
        return UNKNOWN
    return YES if _SAYS[test.test](test, facts.values[test.field]) else NO


def _count(test: Test, stream: Any) -> int:
    return sum(_is_in(word, stream) for word in dict.fromkeys(test.values))


def _is_in(word: str, stream: str) -> bool:
    """A `*` stands for the rest of a word."""
    sought = phrase(word)
    if "*" not in sought:
        return sought in stream
    return re.search(re.escape(sought).replace(r"\*", "[^ ]*"), stream) is not None


def _is_one_of(test: Test, value: Any) -> bool:
    names = {fold(name).removeprefix("@") for name in test.values}
    return bool(names & set(value)) if isinstance(value, tuple) else fold(str(value)).removeprefix("@") in names


_SAYS: Mapping[str, Callable[[Test, Any], bool]] = {
    "has any": lambda test, value: _count(test, value) >= 1,
    "has all": lambda test, value: _count(test, value) == len(dict.fromkeys(test.values)),
    "has at least": lambda test, value: _count(test, value) >= (test.number or 0),
    "is any of": _is_one_of,
    "is": lambda test, value: bool(value) == (test.values[0] == "yes"),
    "at least": lambda test, value: bool(value >= test.number),
    "at most": lambda test, value: bool(value <= test.number),
}
