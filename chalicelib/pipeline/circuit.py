"""Leaves a CRM in peace that does not answer: what is owed stays owed, and the stream goes on for others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.errors import Resting, Unavailable
from chalicelib.ports import Clock

LIMIT = 3  # calls without an answer in a row; fewer would open at a blip, which the stream's own retries get over


@dataclass(slots=True)
class Circuit:
    """Opens after three calls in a row without an answer, for `rest` or for as long as the CRM asked for.

    After that one call is tried; it closes the circuit or opens it again. Held in memory: a process that starts anew
    finds out anew.
    """

    clock: Clock
    rest: timedelta
    failures: int = 0
    open_until: datetime | None = None

    @contextmanager
    def call(self) -> Iterator[None]:
        """Around one call to the CRM. Raises Resting instead of letting it happen while the circuit is open."""
        if self.open_until and self.clock() < self.open_until:
            raise Resting("the CRM did not answer lately and is left in peace")
        try:
            yield
        except Unavailable as trouble:
            self._failed(trouble.retry_after)
            raise
        self.failures, self.open_until = 0, None

    def _failed(self, retry_after: float | None) -> None:
        self.failures += 1
        if self.failures >= LIMIT or retry_after:
            self.open_until = self.clock() + max(self.rest, timedelta(seconds=retry_after or 0))
