"""What people did in the CRM: heard from its signed webhook, or asked for once a minute, and heeded once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.errors import BadPayload, Conflict
from chalicelib.model import CrmEvent, Parked
from chalicelib.pipeline.circuit import Circuit
from chalicelib.ports import BackChannel, Clock, Crm, PostQueue, WebhookRequest

ATTEMPTS = 4  # against triage, which writes the same author's record
EVERY = timedelta(seconds=50)  # the clock's function runs each minute, a little sooner or later
OVERLAP = timedelta(minutes=2)  # clocks differ, and some CRMs find by an index that lags; an event counts once
FIRST = timedelta(days=1)  # how far back a CRM is asked that never was
MOST_PAGES = 20
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

    Raises Unavailable, Resting while it is left in peace: the next round asks from the same moment on. That moment is
    noted when all is heeded, so that who dies before loses nothing; once `is_late`, what is left is for the next round.
    """
    now = clock()
    was = channel.asked(crm.name)
    if was and now - was < EVERY:
        return None
    since = (was or now - FIRST) - OVERLAP
    told: set[str] = set()
    moved = 0
    for _ in range(MOST_PAGES):
        with circuit.call():
            page = crm.poll(since)
        moved += heed(crm.name, channel, page)
        told |= {event.id for event in page}
        reached = max((event.at for event in page), default=since)
        if reached <= since + timedelta(seconds=1):  # nothing newer: CRMs that count whole seconds tell the last again
            channel.ask(crm.name, was, now)
            break
        since = reached - timedelta(seconds=1)
        if is_late():
            channel.ask(crm.name, was, min(reached, now))
            break
    return Heeded(len(told), moved)


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
