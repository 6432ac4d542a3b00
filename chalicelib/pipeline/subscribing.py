"""Keeps subscriptions alive that end by themselves: asked for again long before, and told of when that fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.errors import Refused, Unavailable
from chalicelib.model.lease import Grant, Lease, Subscription
from chalicelib.ports.clock import Clock
from chalicelib.ports.platform import Hub, Leases, Platform, Reply, WebhookRequest

REFUSED = "the hub refuses it: look at its topic and our address"


@dataclass(frozen=True, slots=True)
class Asked:
    """One that was asked for: `why` says what kept the hub from taking it; `is_ending` calls for a person."""

    name: str
    is_ending: bool
    ends_at: datetime | None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Shaken:
    """A handshake that was answered, and what it granted or denied."""

    reply: Reply
    grant: Grant | None = None


def shake(platform: Platform, leases: Callable[[], Leases], request: WebhookRequest) -> Shaken:
    """Answer a verification GET, and keep what it grants. Raises BadHandshake, or Unavailable: then the hub takes its
    question for failed, and we ask again."""
    reply = platform.handshake(request)
    grant = platform.grant(request)
    if grant:
        leases().granted(grant)
    return Shaken(reply, grant)


def renew(
    wanted: Sequence[Subscription], leases: Leases, hub: Hub, clock: Clock, is_late: Callable[[], bool]
) -> list[Asked]:
    """Ask for what is due, each once; `is_late` says when to leave the rest for the next round. Raises Unavailable."""
    known = zip(wanted, leases.leases([subscription.name for subscription in wanted]), strict=True)
    due = [(subscription, lease) for subscription, lease in known if lease.is_due(subscription, clock())]
    asked: list[Asked] = []
    for subscription, lease in due:
        if is_late():
            break
        if leases.claim(lease, subscription.mark):
            asked.append(_ask(subscription, lease, hub, clock()))
    return asked


def _ask(subscription: Subscription, lease: Lease, hub: Hub, now: datetime) -> Asked:
    why = None
    try:
        hub.subscribe(subscription)
    except Unavailable as trouble:
        why = str(trouble)
    except Refused:
        why = REFUSED  # its own words may quote our address, which holds the token
    return Asked(subscription.name, lease.is_ending(now), lease.ends_at, why)
