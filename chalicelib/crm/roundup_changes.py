"""What people did with issues in Roundup, which sends no webhooks: read from their status, assignee and last actor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.model import CrmEvent, Happened

Issue = Mapping[str, Any]
STAMP = "%Y-%m-%d.%H:%M:%S"


def stamp(at: datetime) -> str:
    """An instant as Roundup reads it; without the zone it would be a time of our user's or the tracker's own zone."""
    return at.astimezone(UTC).strftime(f"{STAMP}+0000")


def touched(issue: Issue) -> datetime:
    """When somebody did something with it last."""
    return datetime.strptime(issue["activity"], STAMP).replace(tzinfo=UTC)


def events(issue: Issue, key: str, user: str, meanings: Mapping[str, Happened]) -> Iterator[CrmEvent]:
    """What became of one issue, where it is one of ours, as far as its present state tells.

    A status without a meaning tells nothing. What people moved out of `closed` or into discussion they have answered;
    our own entries move a status too (the classic tracker sets `chatting`), and answer nothing.
    """
    if not issue[key]:
        return
    happened = meanings.get(str((issue.get("status") or {}).get("name")))
    at = touched(issue)
    by_people = str((issue.get("actor") or {}).get("username")) != user
    assignee = (issue.get("assignedto") or {}).get("username")
    if happened is Happened.CLOSED:
        yield _event(issue, key, Happened.CLOSED, at)
    elif happened is not None:
        yield _event(issue, key, Happened.REOPENED, at)
        if happened is Happened.ANSWERED or by_people:
            yield _event(issue, key, Happened.ANSWERED, at)
    if assignee and by_people:
        yield _event(issue, key, Happened.REASSIGNED, at, str(assignee))


def _event(issue: Issue, key: str, happened: Happened, at: datetime, team: str | None = None) -> CrmEvent:
    seen = ":".join((str(issue["id"]), happened.value, *([team] if team else []), at.isoformat()))
    return CrmEvent(seen, happened, at, str(issue[key]), str(issue["id"]), team=team)
