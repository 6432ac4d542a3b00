"""What a decision entails: which case a post opens or joins, and what is owed to the CRM for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid5

from chalicelib.model import (
    EXTERNAL_KEYS,
    Action,
    Case,
    Decision,
    Delivery,
    OpenCase,
    Outcome,
    Post,
    Recommended,
    Saved,
    Standing,
    Verb,
)
from chalicelib.pipeline.noticing import of_opening

SAME_CONVERSATION = timedelta(days=14)  # as `join open case` when a rule does not say otherwise
REOPENS = timedelta(days=14)  # as `reopen within` when the company's mapping does not say otherwise

LAST = 9_999_999_999  # of a case: what the author's saves do not count
_HEADINGS = {
    Action.CREATE: "This post came again in other words",
    Action.EDIT: "The author edited this post",
    Action.DELETE: "The author deleted this post",
    Action.HIDE: "This post was hidden on our page",
    Action.UNHIDE: "This post is shown again on our page",
}


def entail(
    post: Post, decision: Decision, standing: Standing, now: datetime, reopen_within: timedelta = REOPENS
) -> Saved:
    """Everything that is written for this decision, at once. Priority and clock of a joined case stay as they are.

    A case that people closed is joined within `reopen_within` of that; later a new one is opened.
    """
    bare = Saved(post, decision, standing)
    if decision.post_version in standing.seen:
        return bare  # decided before, and perhaps forgotten since: what it entailed is told already
    if standing.case_id and changes_a_case(post, decision):
        return _add(bare, standing.case_id, _HEADINGS[post.action], now)
    if decision.guard:
        return bare
    known = _joinable(post, decision, standing, now, reopen_within)
    if known:
        return _add(bare, known.case_id, _heading(decision), now)
    if decision.outcome is Outcome.IGNORE:
        return bare
    return _open(bare, now)


def changes_a_case(post: Post, decision: Decision) -> bool:
    """Whether a case that knows the post is told of this version of it."""
    # Also a creation: one that comes again in other words cannot open its case a second time.
    return decision.guard is None or post.action not in (Action.CREATE, Action.EDIT)


def _joinable(
    post: Post, decision: Decision, standing: Standing, now: datetime, reopen_within: timedelta
) -> OpenCase | None:
    """The latest case that goes on with this post; one that is open before any that was closed."""
    latest_first = list(reversed(standing.open_cases))
    still_open = [
        case
        for case in latest_first
        if not case.closed_at and (post.at is None or post.at - case.last_post_at <= _patience(decision))
    ]
    closed = [case for case in latest_first if case.closed_at and _heard(post, now) - case.closed_at <= reopen_within]
    return next((case for case in (*still_open, *closed) if _belongs(post, decision, case)), None)


def _patience(decision: Decision) -> timedelta:
    if decision.outcome is Outcome.ESCALATE:
        return decision.join_within or timedelta(0)
    return decision.join_within or SAME_CONVERSATION


def _belongs(post: Post, decision: Decision, case: OpenCase) -> bool:
    same_thread = post.conversation_id is not None and post.conversation_id == case.conversation_id
    if decision.outcome is Outcome.IGNORE:
        return same_thread and decision.rule is None  # what a rule ignores by name is noise in any thread
    if decision.outcome is Outcome.ESCALATE and decision.join_within is None:
        return False
    return same_thread or case.rule == decision.rule or bool(set(case.topics) & set(decision.topics))


def _heading(decision: Decision) -> str:
    if decision.outcome is Outcome.IGNORE:
        return "The author wrote again in this conversation"
    return "The author wrote again about this"


def _open(saved: Saved, now: datetime) -> Saved:
    post, decision = saved.post, saved.decision
    case = Case(
        id=post.external_key,
        post_id=post.id,
        record=decision.record if decision.outcome is Outcome.ESCALATE else "recommendation",
        subject=decision.subject or decision.reason,
        team=decision.team,
        priority=decision.priority,
        tell=decision.tell,
        platform=post.platform,
        author_key=post.author_key,
        conversation_id=post.conversation_id,
        topics=decision.topics,
        rule=decision.rule,
        reason=decision.reason,
        opened_at=now,
        last_post_at=_heard(post, now),
        first_reply_due=decision.first_reply_due,
        late=decision.late,
        stays=decision.stays,
    )
    opened = OpenCase(case.id, case.conversation_id, case.topics, case.rule, case.last_post_at)
    owed = _delivery(saved, case.id, Verb.OPEN_CASE, case.subject, now)
    remembers = _remember(saved.standing, opened)
    return replace(
        saved,
        opens=case,
        remembers=remembers,
        deliveries=(owed,),
        recommends=_recommended(saved, now),
        notices=() if _is_alert(decision) else of_opening(case, now),
    )


def _is_alert(decision: Decision) -> bool:
    """Whether the rule that decided raises an alert with this post, which tells people by itself."""
    return any(crossing.rule == decision.rule for crossing in decision.crossed)


def _add(saved: Saved, case_id: str, heading: str, now: datetime) -> Saved:
    at = _heard(saved.post, now)
    known = next((case for case in saved.standing.open_cases if case.case_id == case_id), None)
    saved = replace(saved, joins=case_id)
    remembers = saved.standing.open_cases
    if known:
        closed_at = None if saved.reopens else known.closed_at
        later = replace(known, last_post_at=max(at, known.last_post_at), closed_at=closed_at)
        remembers = _remember(saved.standing, later)
    owed = _delivery(saved, case_id, Verb.ADD_TO_CASE, heading, now)
    return replace(saved, remembers=remembers, deliveries=(owed,), recommends=_recommended(saved, now))


def _recommended(saved: Saved, now: datetime) -> Recommended | None:
    """What the author's record notes, so that no rule recommends the same more often than it may."""
    offer = saved.decision.recommendation
    return Recommended(offer.rule, saved.post.id, _heard(saved.post, now)) if offer else None


def _heard(post: Post, now: datetime) -> datetime:
    """When it was said: never after now, or a platform's wrong clock would hold a case open for ever."""
    return min(post.at or now, now)


def _remember(standing: Standing, case: OpenCase) -> tuple[OpenCase, ...]:
    others = tuple(known for known in standing.open_cases if known.case_id != case.case_id)
    return (*others, case)  # the store keeps the most recent ones


def _delivery(saved: Saved, case_id: str, verb: Verb, heading: str, now: datetime) -> Delivery:
    post = saved.post
    sequence = f"{_rank(saved, verb):010d}.{now:%Y%m%dT%H%M%S%f}.{post.version}"
    key = str(uuid5(EXTERNAL_KEYS, "\x1f".join((case_id, verb, post.id, post.version))))
    return Delivery(case_id, sequence, key, verb, post.id, post.version, heading)


def _rank(saved: Saved, verb: Verb) -> int:
    """Orders a case's deliveries whatever the functions' clocks say: the opening, then by the author's saves, counted.

    An event that names no author (some platforms' deletions) comes after what is known of them, by the clock.
    """
    if verb is Verb.OPEN_CASE:
        return 0
    return saved.standing.revision + 1 if saved.post.author_key else LAST
