"""Decisions and traces as people read them."""

from __future__ import annotations

from chalicelib.model import Decision, RuleTrace
from chalicelib.rulebook.tryout import shown


def summed_up(made: Decision) -> str:
    """A decision in one line: `escalate, high, for billing-care: ... (rule refund-public)`."""
    who = f", {made.priority.value}, for {made.team}" if made.priority else ""
    return f"{made.outcome.value}{who}: {made.reason}" + (f" (rule {made.rule})" if made.rule else "")


def lines(trace: RuleTrace) -> list[str]:
    """A rule's trace: whether it matched, then each line with its answer and the words that were found."""
    head = f"{trace.rule} ({trace.status}): {'match' if trace.matched else 'no match'}"
    return [head, *map(shown, trace.lines)]
