"""Going through what changed in a CRM, page by page, so that nothing is skipped while people go on changing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from chalicelib.model import Changes, CrmEvent

Record = TypeVar("Record")


def changes(
    ask: Callable[[datetime, int], Sequence[Record]],
    page: int,
    since: datetime,
    stamp: Callable[[Record], datetime],
    events: Callable[[Record], Iterable[CrmEvent]],
) -> Iterator[Changes]:
    """Pages of what `ask(since, skip)` gives: at most `page` records changed at `since` or later, oldest first.

    Each page begins where the last one ended by its time, never by a count: a record that is changed again moves to
    the end of the list, and by a count the one after it would be missed. Only among records of one and the same
    moment, when these fill a page, is it counted. Raises what `ask` raises.
    """
    skip = 0
    while part := ask(since, skip):
        until = stamp(part[-1])
        yield told(part, until, events)
        if len(part) < page:
            return
        since, skip = (until, 0) if until > since else (since, skip + len(part))


def told(records: Iterable[Record], until: datetime, events: Callable[[Record], Iterable[CrmEvent]]) -> Changes:
    """These records as one page."""
    return Changes(tuple(event for record in records for event in events(record)), until)
