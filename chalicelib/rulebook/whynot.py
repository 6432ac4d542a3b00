"""Why two rulebooks decide one post differently: the words that were found, and what kept the other from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.model import Answer, Decision, Facts, LineAnswer, Outcome
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.compare import Change, Compared, Shift, ruled
from chalicelib.rulebook.notes import either
from chalicelib.rulebook.rule import Rule, Status
from chalicelib.rulebook.trace import failing, quoted


@dataclass(frozen=True, slots=True)
class Reasoned:
    """Two decisions with their reason in a sentence, and the words of the post it rests on."""

    compared: Compared
    why: str
    found: tuple[str, ...]


def reasoned(compared: Compared, change: Change, facts: Facts, before: Rulebook, after: Rulebook) -> Reasoned:
    """Explain one post; `facts` are those it was decided by."""
    is_missed = change.shift is Shift.MISSED
    here, there = (before, after) if is_missed else (after, before)
    decision, other = (compared.before, compared.after) if is_missed else (compared.after, compared.before)
    said = [decision.reason]
    if decision.rule and decision.rule != other.rule:
        side = "after" if is_missed else "before"
        said.append(f"{side}: {kept_from(there, decision.rule, facts, other)}")
    return Reasoned(compared, "; ".join(said), _found(here, decision, facts))


def kept_from(rulebook: Rulebook, rule_id: str, facts: Facts, decision: Decision) -> str:
    """Why this rule did not make the decision in this rulebook."""
    rule = next((rule for rule in rulebook.book.rules if rule.id == rule_id), None)
    if rule is None:
        return f"there is no rule {rule_id}"
    if rule.status is not Status.LIVE:
        return f"{rule_id} is {rule.status.value}"
    trace = rulebook.explain(facts, rule_id, repeats=Answer.YES)
    if trace is None or not trace.matched:
        return _stopped(rule, trace.lines if trace else ())
    if rule_id in decision.matched:
        return f"{rule_id} matched too, and {ruled(decision)} wins"
    if rule_id in decision.shadow:
        return f"{rule_id} is past its review"
    return f"{rule_id} {'had not repeated often enough' if rule.repeats else 'had recommended it as often as it may'}"


def _stopped(rule: Rule, lines: Sequence[LineAnswer]) -> str:
    stopping = failing(lines, rule.then.outcome is Outcome.IGNORE)
    some = [line.line for line in stopping if line.block == "any"]
    rest = [_answered(line) for line in stopping if line.block != "any"]
    if some:
        rest.append(f"{either(list(map(_short, some)))} says no" if len(some) < 4 else "no line of 'any' says yes")
    return f"in {rule.id}, {' and '.join(rest)}" if rest else f"{rule.id} does not match"


def _answered(line: LineAnswer) -> str:
    return f"{_short(line.line)} says {line.answer.value}" + (f" ({quoted(line.found)})" if line.found else "")


def _short(line: str) -> str:
    return f"'{line}'" if len(line) <= 60 else f"'{line[:57]}...'"


def _found(rulebook: Rulebook, decision: Decision, facts: Facts) -> tuple[str, ...]:
    trace = rulebook.explain(facts, decision.rule) if decision.rule else None
    lines = trace.lines if trace else ()
    yes = [line for line in lines if line.block != "none" and line.answer is Answer.YES]
    return tuple(dict.fromkeys(word for line in yes for word in line.found))
