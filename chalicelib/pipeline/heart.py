"""A change of heart: thanks after a complaint let a case step down one level. No machine ever closes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.model import Action, Case, CaseStatus, Facts, Outcome, Priority, Saved, Softening

LITTLE = 0.3  # of a complaint: "thanks for nothing" sounds like one


def relents(facts: Facts) -> bool:
    """Whether the author thanks and means it: no complaint, no question, nothing bad in how it sounds."""
    values = facts.values
    if not values.get("thanks") or values.get("complains") or values.get("asks a question"):
        return False
    return _number(facts, "complaint") < LITTLE and _number(facts, "sentiment") >= 0


def may_soften(saved: Saved) -> bool:
    """Whether a case that the post joins may step down for it: words of the author that no rule wants people to see."""
    is_said = saved.post.action in (Action.CREATE, Action.EDIT)
    return is_said and saved.joins is not None and saved.decision.outcome is not Outcome.ESCALATE


def softened(saved: Saved, case: Case | None, now: datetime) -> Saved:
    """The same with the case one level lower, and told so; unchanged where it stays as it is.

    Once a case, and never below what another rule that escalated a post of it asks for.
    """
    lower = _lower(case) if case and case.author_key == saved.post.author_key else None
    if case is None or case.priority is None or lower is None:
        return saved
    heading = f"The author says thanks: this goes from {case.priority} to {lower} priority"
    owed = tuple(replace(delivery, heading=heading) for delivery in saved.deliveries)
    return replace(saved, softens=Softening(case.priority, lower, now), deliveries=owed)


def _lower(case: Case) -> Priority | None:
    if case.status is not CaseStatus.OPEN or case.record != "case" or case.stays or case.softened_at is not None:
        return None
    if case.priority in (None, Priority.LOW):
        return None
    lower = list(Priority)[case.priority.rank + 1]
    held = (Priority(reason.partition("=")[0]) for reason in case.reasons if reason.partition("=")[2] != case.rule)
    return None if any(priority.rank < lower.rank for priority in held) else lower


def _number(facts: Facts, name: str) -> float:
    value = facts.values.get(name)
    return float(value) if isinstance(value, int | float) else 0.0
