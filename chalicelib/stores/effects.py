"""What saving a decision entails, as plain values: both stores write by these, so that they keep the same promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.model import (
    Action,
    Case,
    CaseStatus,
    CrmEvent,
    DeliveryState,
    Happened,
    OpenCase,
    Post,
    Recommended,
    Standing,
)
from chalicelib.model.decision import FORGOTTEN
from chalicelib.model.erasure import LATE
from chalicelib.stores.retention import KEPT_FOR

if TYPE_CHECKING:
    from chalicelib.model import Saved

REMEMBERED_CASES = 25
REMEMBERED_RECOMMENDATIONS = 100
SEEN_VERSIONS = 500
ENDS_CLOCK = frozenset({Happened.ANSWERED, Happened.CLOSED, Happened.MERGED})
OWED_AGAIN = frozenset({DeliveryState.REFUSED, DeliveryState.KEPT})


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of all versions of one post together."""

    deleted: bool = False
    edited: bool = False
    latest_at: datetime | None = None
    seen: frozenset[str] = frozenset()
    case_id: str | None = None
    quoted_in: frozenset[str] = frozenset()


def case_of(saved: Saved) -> str | None:
    """The case this version belongs to, if any."""
    if saved.opens:
        return saved.opens.id
    owing = saved.deliveries[0].case_id if saved.deliveries else None
    return saved.joins or owing or saved.standing.case_id


def needs_head(saved: Saved) -> bool:
    """True for edits, deletions and whatever touches a case: an ignored new post leaves one item and no more."""
    return saved.post.action in (Action.EDIT, Action.DELETE) or _touches_case(saved)


def is_single(saved: Saved) -> bool:
    """True where the decision itself is all there is to write."""
    more = saved.notices or saved.raised or saved.unquoted
    return not needs_head(saved) and saved.remembers is None and not more


def head_after(saved: Saved) -> Head:
    """The post's head once this version is written; a late version never turns `latest_at` back."""
    before, action = saved.standing, saved.post.action
    name = saved.decision.post_version
    return Head(
        deleted=before.deleted or action is Action.DELETE,
        edited=before.edited or action is Action.EDIT,
        latest_at=_latest(before.latest_at, saved.post.at),
        # Enough to answer from; beyond it (or for a name no version of ours has) the conditional write finds it.
        seen=before.seen | {name} if len(before.seen) < SEEN_VERSIONS and len(name) <= 64 else before.seen,
        case_id=case_of(saved),
        quoted_in=before.quoted_in | saved.quotes.get(saved.post.id, frozenset()),
    )


def kept_post(saved: Saved) -> Post:
    """The post as it is stored: of a deleted one, no text."""
    return saved.post.without_text() if drops_text(saved) else saved.post


def drops_text(saved: Saved) -> bool:
    """True for a deletion, for a version that arrives after it, and after its author's wish to be forgotten."""
    return saved.post.action is Action.DELETE or saved.standing.deleted or saved.decision.guard == FORGOTTEN


def may_be_forgotten(post: Post, now: datetime) -> bool:
    """Whether its author may have been forgotten meanwhile: what was said a moment ago is found by their erasure, so
    an ordinary post costs no look. Of edits and deletions the post may be gone already."""
    if post.author_key is None:
        return False
    times = [time for time in (post.created_at, post.delivered_at) if time]
    # A time ahead of ours is a wrong clock's.
    return post.action is not Action.CREATE or not times or now - min(times) >= LATE or max(times) > now + LATE


def joined_at(saved: Saved, now: datetime) -> datetime:
    """When the joined case heard its last post: the latest of what is known, else now."""
    remembered = (saved.remembers or ()) + saved.standing.open_cases
    times = [case.last_post_at for case in remembered if case.case_id == saved.joins]
    return min(max([*times, *([saved.post.at] if saved.post.at else [])], default=now), now)


def joined(case: Case, saved: Saved, now: datetime) -> Case:
    """The case once a post has joined it."""
    more = replace(case, posts=case.posts + posts_added(saved), last_post_at=joined_at(saved, now))
    if saved.goes_on:
        more = replace(more, status_at=now, heeded=case.heeded + 1)
    if saved.reason:
        more = replace(more, reasons=more.reasons | {saved.reason})
    if saved.softens:
        more = replace(more, priority=saved.softens.priority, softened_at=saved.softens.at)
    return replace(more, status=CaseStatus.OPEN, closed_at=None) if saved.reopens else more


def can_soften(case: Case | None, saved: Saved) -> bool:
    """Whether the case is still as it was read, where it is to step down."""
    softens = saved.softens
    if softens is None or case is None:
        return softens is None
    return (case.priority, case.softened_at, case.status) == (softens.was, None, CaseStatus.OPEN)


def heeded(case: Case, event: CrmEvent) -> Case:
    """The case after what people did with it in the CRM; the same case where that moves nothing any more.

    The first answer counts. A status is not moved by what is older than its last move: events come in any order.
    """
    match event.happened:
        case Happened.ANSWERED:
            after = replace(case, answered_at=min(case.answered_at or event.at, event.at))
        case Happened.REASSIGNED:
            # What our own rules gave it to, they have told the CRM: who it comes back from has not taken it up.
            is_own = not case.own_teams.isdisjoint(event.ours)
            after = replace(case, assigned_to=None if is_own else event.team)
        case Happened.MERGED:  # people have seen it, and go on elsewhere
            after = replace(_moved(case, CaseStatus.CLOSED, event.at), merged_into=event.into)
        case Happened.CLOSED:
            after = _moved(case, CaseStatus.CLOSED, event.at)
        case Happened.REOPENED:
            after = _moved(case, CaseStatus.OPEN, event.at)
    if after == case:
        return case
    ends = event.happened in ENDS_CLOCK and after.clock_stopped_at is None
    return replace(after, heeded=case.heeded + 1, clock_stopped_at=event.at if ends else after.clock_stopped_at)


def _moved(case: Case, status: CaseStatus, at: datetime) -> Case:
    if case.status in (CaseStatus.WITHDRAWN, status) or (case.status_at and at < case.status_at):
        return case
    return replace(case, status=status, status_at=at, closed_at=at if status is CaseStatus.CLOSED else None)


def remembered(cases: tuple[OpenCase, ...], case: Case) -> tuple[OpenCase, ...]:
    """What an author's record remembers once a case was moved in the CRM."""
    return tuple(replace(one, closed_at=case.closed_at) if one.case_id == case.id else one for one in cases)


def posts_added(saved: Saved) -> int:
    """0 for a new version of a post that the case has already."""
    return int(saved.joins is not None and saved.joins != saved.standing.case_id)


def most_recent(cases: Sequence[OpenCase]) -> tuple[OpenCase, ...]:
    """The cases an author's record has room for, in the order given: the oldest drop out."""
    kept = sorted(cases, key=lambda case: case.last_post_at)[-REMEMBERED_CASES:]
    return tuple(case for case in cases if case in kept)


def recommended_after(saved: Saved) -> tuple[Recommended, ...]:
    """What the author was recommended, with what this decision recommends; for one post each rule counts once."""
    before, new = saved.standing.recommended, saved.recommends
    if new is None:
        return before
    others = (each for each in before if (each.rule, each.post_id) != (new.rule, new.post_id))
    return (*others, new)[-REMEMBERED_RECOMMENDATIONS:]


def not_forgotten(cases: Sequence[OpenCase], now: datetime) -> tuple[OpenCase, ...]:
    """The remembered cases that can still be joined: an author's record may outlive the items of its older ones."""
    return tuple(case for case in cases if now - case.last_post_at <= KEPT_FOR)


def expires(saved: Saved, now: datetime) -> datetime:
    """When the decision may be forgotten: as long as the rule says, else 400 days."""
    return now + (saved.decision.keep_for or KEPT_FOR)


def same_head(head: Head, standing: Standing) -> bool:
    """True while nobody deleted the post, gave it a case or quoted it since it was read."""
    read = (standing.deleted, standing.case_id, standing.quoted_in)
    return (head.deleted, head.case_id, head.quoted_in) == read


def quotes_of_others(saved: Saved) -> dict[str, frozenset[str]]:
    """What its alerts show, but for what its own head says."""
    own = saved.post.id if needs_head(saved) else None
    return {post_id: names for post_id, names in saved.quotes.items() if post_id != own}


def _touches_case(saved: Saved) -> bool:
    return bool(saved.opens or saved.joins or saved.deliveries)


def _latest(before: datetime | None, now: datetime | None) -> datetime | None:
    return max(before, now) if before and now else before or now
