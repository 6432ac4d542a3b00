"""Leaves a CRM in peace that does not answer: what is owed stays owed, and the stream goes on for others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.errors import Resting, Unavailable
from chalicelib.log import Log
from chalicelib.ports import Clock

LIMIT = 3  # calls without an answer in a row; fewer would open at a blip, which the stream's own retries get over


@dataclass(slots=True)
class Circuit:
    """Opens after three calls in a row without an answer, for `rest` or for as long as the CRM asked for.

    After that one call is tried; it closes the circuit or opens it again. That the CRM is down is told once, and that
    it is back. Held in memory: a process that starts anew finds out anew.
    """

    clock: Clock
    rest: timedelta
    log: Log | None = None
    failures: int = 0
    open_until: datetime | None = None
    is_down: bool = False

    def ask(self) -> None:
        """Before anything is done for a call to the CRM. Raises Resting while the circuit is open."""
        if self.open_until and self.clock() < self.open_until:
            raise Resting("the CRM did not answer lately and is left in peace")

    @contextmanager
    def call(self) -> Iterator[None]:
        """Around one call to the CRM and nothing else. Raises Resting instead of letting it happen while it is open."""
        self.ask()
        try:
            yield
        except Unavailable as trouble:
            self._failed(trouble)
            raise
        self._answered()

    def _failed(self, trouble: Unavailable) -> None:
        self.failures += 1
        if self.failures >= LIMIT or trouble.retry_after:
            self.open_until = self.clock() + max(self.rest, timedelta(seconds=trouble.retry_after or 0))
        if self.failures >= LIMIT and not self.is_down:
            self.is_down = True
            if self.log:
                self.log.error("crm.down", failures=self.failures, why=str(trouble))

    def _answered(self) -> None:
        if self.is_down and self.log:
            self.log.info("crm.back")
        self.failures, self.open_until, self.is_down = 0, None, False
