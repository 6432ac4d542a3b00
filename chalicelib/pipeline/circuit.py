"""Leaves in peace what does not answer, a CRM or a channel: what is owed stays owed, the stream goes on for others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.errors import Denied, Resting, Unavailable
from chalicelib.log import Log
from chalicelib.ports.clock import Clock

PAUSES = 10  # asked for in a row: it says that it is there, and yet takes nothing
LIMIT = 3  # calls without an answer in a row; fewer would open at a blip, which the stream's own retries get over


@dataclass(slots=True)
class Circuit:
    """Opens after three calls in a row without an answer, for `rest`; or at once for as long as `of` asks for.

    After that one call is tried; it closes the circuit or opens it again. That `of` is down is told once, and that it
    is back. Held in memory: a process that starts anew finds out anew.
    """

    clock: Clock
    rest: timedelta
    log: Log | None = None
    failures: int = 0
    open_until: datetime | None = None
    is_down: bool = False
    is_pause: bool = False  # it answers, and asked for time: a function may wait for it
    of: str = "the CRM"

    def ask(self) -> None:
        """Before anything is done for a call. Raises Resting while the circuit is open."""
        now = self.clock()
        if self.open_until and now < self.open_until:
            left = (self.open_until - now).total_seconds() if self.is_pause else None
            raise Resting(f"{self.of} did not answer lately and is left in peace", left)

    @contextmanager
    def call(self) -> Iterator[None]:
        """Around one call and nothing else. Raises Resting instead of letting it happen while it is open."""
        self.ask()
        try:
            yield
        except Unavailable as trouble:
            self._failed(trouble)
            raise
        self._answered()

    def _failed(self, trouble: Unavailable) -> None:
        self.failures += 1
        asked = timedelta(seconds=trouble.retry_after or 0)
        is_over = self.failures >= (PAUSES if asked else LIMIT)
        self.is_pause = bool(asked) and not is_over and not isinstance(trouble, Denied)
        if is_over or asked:
            self.open_until = self.clock() + (asked if self.is_pause else max(self.rest, asked))
        if is_over and not self.is_down:
            self.is_down = True
            if self.log:
                self.log.error("crm.down", failures=self.failures, why=str(trouble))

    def _answered(self) -> None:
        if self.is_down and self.log:
            self.log.info("crm.back")
        self.failures, self.open_until, self.is_down, self.is_pause = 0, None, False, False
