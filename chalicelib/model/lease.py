"""Subscriptions that end by themselves: what is asked of a hub, and how long it has granted it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

PATIENCE, LONGEST_PATIENCE = timedelta(minutes=5), timedelta(hours=1)
NEARLY_OVER = timedelta(days=1)
MANY_TRIES = 3


@dataclass(frozen=True, slots=True)
class Subscription:
    """What we ask of a hub: `form` is sent to it, secret included; `mark` changes when anything in it does."""

    platform: str
    topic: str
    hub: str
    form: Mapping[str, str] = field(repr=False)
    mark: str

    @property
    def name(self) -> str:
        """What its lease is kept under."""
        return f"{self.platform}:{self.topic}"


@dataclass(frozen=True, slots=True)
class Grant:
    """A hub's word on one subscription: for how long, or that there is none (`lasts` is None, `denied`)."""

    name: str
    lasts: timedelta | None


@dataclass(frozen=True, slots=True)
class Lease:
    """How far one subscription reaches; `tries` are those since it was granted last, `mark` is what was asked for."""

    name: str
    granted_at: datetime | None = None
    ends_at: datetime | None = None
    asked_at: datetime | None = None
    tries: int = 0
    mark: str = ""

    def is_due(self, subscription: Subscription, now: datetime) -> bool:
        """Whether to ask now: half of it is over, or we want something else, and the last try has had its time."""
        if self.mark != subscription.mark:
            return True
        patience = min(PATIENCE * 2 ** min(max(self.tries - 1, 0), 10), LONGEST_PATIENCE)
        is_waiting = self.asked_at is not None and now - self.asked_at < patience
        return self._half_over(now) and not is_waiting

    def is_ending(self, now: datetime) -> bool:
        """Whether a person should look: it is over or nearly so, or was never granted, though we asked and asked."""
        if self.tries < MANY_TRIES:
            return False
        return self.ends_at is None or self.ends_at - now < min(NEARLY_OVER, self._length / 4)

    @property
    def _length(self) -> timedelta:
        return self.ends_at - self.granted_at if self.ends_at and self.granted_at else timedelta(0)

    def _half_over(self, now: datetime) -> bool:
        return self.granted_at is None or now >= self.granted_at + self._length / 2
