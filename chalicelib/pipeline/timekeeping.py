"""What is done every minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from chalicelib.ports.clock import Clock
from chalicelib.ports.store import Store


@dataclass(frozen=True, slots=True)
class Kept:
    """What a minute's round did: how many cases it handed out again."""

    nudged: int


def keep_time(store: Store, clock: Clock, patience: timedelta) -> Kept:
    """Hand out again, once a case, what has been owed for longer than `patience`. Raises Unavailable.

    The stream gives up on a record after its retries; from then on this hands it out, for as long as the CRM is down,
    be it weeks: the table keeps what is owed, not the stream.
    """
    return Kept(nudged=store.nudge(clock() - patience))
