"""What people did in the CRM: heard from its signed webhook, or asked for once a minute, and heeded once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.errors import BadPayload, Conflict
from chalicelib.model import Asked, Changes, CrmEvent, Parked
from chalicelib.pipeline.circuit import Circuit
from chalicelib.ports.clock import Clock
from chalicelib.ports.crm import BackChannel, Crm
from chalicelib.ports.deciding import PostQueue
from chalicelib.ports.platform import WebhookRequest

ATTEMPTS = 4  # against triage, which writes the same author's record
EVERY = timedelta(seconds=50)  # the clock's function runs each minute, a little sooner or later
# A change is stamped before others see it, and HubSpot finds by an index that lags; an event counts once.
OVERLAP = timedelta(minutes=5)
FIRST = timedelta(days=1)  # how far back a CRM is asked that never was
PARKED_AS = "crm/"


@dataclass(frozen=True, slots=True)
class Heeded:
    """How many events there were, how many moved a case, and why the body was kept for a person."""

    events: int
    moved: int
    parked: str | None = None


def hear(crm: Crm, channel: BackChannel, queue: PostQueue, request: WebhookRequest) -> Heeded:
    """Verify, read and heed one delivery. Raises BadSignature, NotFound; Unavailable, so that it is sent again.

    A body that is signed and cannot be read is parked and acknowledged: sent again, it would fail again.
    """
    try:
        events = crm.hear(request)
    except BadPayload as problem:
        queue.park(Parked(f"{PARKED_AS}{crm.name}", request.body, request.headers, str(problem), request.received_at))
        return Heeded(0, 0, str(problem))
    return Heeded(len(events), heed(crm.name, channel, events))


def poll(
    crm: Crm, channel: BackChannel, clock: Clock, circuit: Circuit, is_late: Callable[[], bool] = lambda: False
) -> Heeded | None:
    """Ask a CRM what people did there since it was last asked; None where that was less than a minute ago.

    Raises Unavailable, Resting while it is left in peace. How far it was asked is noted when all up to then is
    heeded, so that who dies before loses nothing; once `is_late`, or where it fails halfway, the next round goes on.
    """
    now = clock()
    was = channel.asked(crm.name)
    if was and was.at and now - was.at < EVERY:
        return None
    since = _since(was, now)
    pages, moved, until, is_whole = crm.poll(since), 0, since, False
    told: set[str] = set()
    try:
        while page := _next(pages, circuit):
            moved += heed(crm.name, channel, page.events)
            told |= {event.id for event in page.events}
            until = page.until
            if is_late():
                break
        else:
            is_whole = True
    finally:
        if is_whole or until > since:
            channel.ask(crm.name, was, _asked(was, min(until, now), now, is_whole))
    return Heeded(len(told), moved)


def _since(was: Asked | None, now: datetime) -> datetime:
    """From when on a CRM is asked, by its own clock, which may be slow: from the last change that it told of.

    A little before that, while one that was made earlier may still come to be seen; later the same is not read again.
    One whose clock is ahead tells of changes that are to come for us: of those it is asked as of now.
    """
    if was is None:
        return now - FIRST - OVERLAP
    is_settled = was.seen_at is None or now - was.seen_at > OVERLAP
    return was.until if is_settled else was.until - OVERLAP


def _asked(was: Asked | None, until: datetime, now: datetime, is_whole: bool) -> Asked:
    until = max(until, was.until) if was and is_whole else until
    if not is_whole:
        return Asked(until)
    is_known = was is not None and was.seen_at is not None and was.until == until
    return Asked(until, now, was.seen_at if was and is_known else now)


def _next(pages: Iterator[Changes], circuit: Circuit) -> Changes | None:
    with circuit.call():
        return next(pages, None)


def heed(name: str, channel: BackChannel, events: Sequence[CrmEvent]) -> int:
    """Heed each of them, in their order; how many moved a case. Raises Unavailable."""
    return sum(_heed(name, channel, event) for event in events)


def _heed(name: str, channel: BackChannel, event: CrmEvent) -> bool:
    for _ in range(ATTEMPTS - 1):
        try:
            return channel.heed(name, event)
        except Conflict:
            continue
    return channel.heed(name, event)
