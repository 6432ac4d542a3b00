"""Two decisions about one post, compared: whether somebody would handle it differently, and how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.model import Context, Decision, Outcome, Post


class Shift(StrEnum):
    """How a post would be handled differently."""

    CAUGHT = "newly caught"
    MISSED = "newly missed"
    HANDS = "changed hands"


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """From which rule to which; `aspects` differ: outcome, team, priority, first reply, team told, offer."""

    shift: Shift
    before: str
    after: str
    aspects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """One post, what was known beside it, and its two decisions."""

    post: Post
    context: Context
    before: Decision
    after: Decision


def difference(before: Decision, after: Decision) -> Change | None:
    """How the handling differs; None where it does not."""
    acted = is_acted_on(before), is_acted_on(after)
    if acted == (False, False):
        return None
    if acted != (True, True):
        return Change(Shift.CAUGHT if acted[1] else Shift.MISSED, ruled(before), ruled(after))
    differing = tuple(name for name, one, other in _aspects(before, after) if one != other)
    if not differing and before.rule == after.rule:
        return None
    return Change(Shift.HANDS, ruled(before), ruled(after), differing)


def _aspects(before: Decision, after: Decision) -> Iterator[tuple[str, object, object]]:
    yield "outcome", before.outcome, after.outcome
    yield "team", before.team, after.team
    yield "priority", before.priority, after.priority
    yield "first reply", before.first_reply_due, after.first_reply_due
    yield "team told", set(before.tell), set(after.tell)
    yield "offer", _offer(before), _offer(after)


def _offer(decision: Decision) -> tuple[str, str | None] | None:
    made = decision.recommendation
    return (made.template, made.offer) if made else None


def is_acted_on(decision: Decision) -> bool:
    """Whether anybody gets work from it."""
    return decision.outcome is not Outcome.IGNORE


def ruled(decision: Decision) -> str:
    """The rule that decided, or that none did."""
    return decision.rule or decision.reason
