"""A change of heart: how an author sounds over a conversation; thanks let a case step down. No machine closes one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.model import (
    Action,
    Case,
    CaseStatus,
    Facts,
    Mood,
    Outcome,
    Post,
    Priority,
    Saved,
    Shift,
    Softening,
    Standing,
)
from chalicelib.reading.leaving import leaves

COUNTS_FOR = timedelta(days=30)  # older moods are stale
MOST_MOODS = 10  # of one case
LITTLE = 0.3  # of a complaint: "thanks for nothing" sounds like one
# Whoever says any of this beside the thanks has not been served: "Thanks, my lawyer will be in touch".
UNSETTLED = (
    "complains", "asks a question", "mentions the law", "reports danger", "asks for a person", "self-harm",
    "vulnerable person",
)  # fmt: skip


def relents(facts: Facts) -> bool:
    """Whether the author thanks and means it: no complaint, no question, nothing bad in how it sounds or is said.

    Nor when they announce leaving: "Thanks, I'll be cancelling then".
    """
    values = facts.values
    if not values.get("thanks") or any(values.get(name) for name in UNSETTLED):
        return False
    if _number(facts, "complaint") >= LITTLE or _number(facts, "sentiment") < 0:
        return False
    return not leaves(str(values.get("text", "")))


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
    shift = Shift(was_priority=case.priority, priority=lower)
    owed = tuple(replace(delivery, heading=heading, shift=shift) for delivery in saved.deliveries)
    return replace(saved, softens=Softening(case.priority, lower, now), deliveries=owed)


def moods(post: Post, standing: Standing, now: datetime) -> tuple[float, ...]:
    """How the author sounded in this conversation lately, before this post; nothing where they have no case in it."""
    if post.conversation_id is None:
        return ()
    same = (case for case in standing.open_cases if case.conversation_id == post.conversation_id)
    said = (mood for case in same for mood in case.moods)
    return tuple(mood.sentiment for mood in said if now - mood.at <= COUNTS_FOR)


def with_mood(saved: Saved, facts: Facts, now: datetime) -> Saved:
    """The same with how the post sounded remembered of the case that it opens or joins."""
    value, remembers = facts.values.get("sentiment"), saved.remembers
    if remembers is None or not isinstance(value, int | float) or saved.post.action not in (Action.CREATE, Action.EDIT):
        return saved
    mood = Mood(min(saved.post.at or now, now), round(float(value), 2))
    kept = (
        replace(case, moods=(*case.moods, mood)[-MOST_MOODS:]) if case.case_id == saved.case_id else case
        for case in remembers
    )
    return replace(saved, remembers=tuple(kept))


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
