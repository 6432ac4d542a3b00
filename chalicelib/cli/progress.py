"""How far a long command is: one line on a terminal's standard error, and nothing anywhere else."""

from __future__ import annotations

import sys
import time
from typing import TextIO

EVERY_SECONDS = 0.5
LOOK_EVERY = 256


class Progress:
    """Counts posts; says how many there were, how many a second, and how much is done."""

    def __init__(self, to: TextIO | None = None) -> None:
        self._to = sys.stderr if to is None else to
        self._shown = self._to.isatty()
        self._started = self._last = time.monotonic()
        self._posts = 0

    def step(self, done: float | None) -> None:
        """One post more; `done` is the share of the whole, None where nobody knows."""
        self._posts += 1
        if not self._shown or self._posts % LOOK_EVERY:
            return
        now = time.monotonic()
        if now - self._last >= EVERY_SECONDS:
            self._last = now
            self._say(now, done)

    def end(self) -> None:
        """Leave the line to what comes next."""
        if self._shown:
            self._to.write("\r\x1b[K")
            self._to.flush()

    def _say(self, now: float, done: float | None) -> None:
        rate = self._posts / max(now - self._started, 1e-9)
        part = "" if done is None else f", {done:.0%} read"
        self._to.write(f"\r\x1b[K{self._posts:,} posts, {rate:,.0f} a second{part}")
        self._to.flush()
