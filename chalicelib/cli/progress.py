"""How far a long command is: one line on a terminal's standard error, and nothing anywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO, TypeVar

T = TypeVar("T")
CLEARED = "\r\x1b[K"
EVERY_SECONDS = 0.5
LOOK_EVERY = 256


class Progress:
    """Counts posts that are `read` or `decided`: how many there were, how many a second, how much is done."""

    def __init__(self, what: str, to: TextIO | None = None) -> None:
        self.posts = 0
        self._what = what
        self._to = sys.stderr if to is None else to
        self._shown = self._to.isatty()
        self._started = self._last = time.monotonic()

    def over(self, posts: Iterable[T], done: Callable[[], float | None]) -> Iterator[T]:
        """The same posts, each counted; `done` is the share of the whole, None where nobody knows."""
        for post in posts:
            self.posts += 1
            if self._shown and self.posts % LOOK_EVERY == 0:
                self._look(done)
            yield post

    def end(self) -> None:
        """Leave the line to what comes next."""
        if self._shown:
            self._to.write(CLEARED)
            self._to.flush()

    def _look(self, done: Callable[[], float | None]) -> None:
        now = time.monotonic()
        if now - self._last < EVERY_SECONDS:
            return
        self._last = now
        share = done()
        rate = self.posts / max(now - self._started, 1e-9)
        part = "" if share is None else f", {share:.0%}"
        self._to.write(f"{CLEARED}{self.posts:,} posts {self._what}, {rate:,.0f} a second{part}")
        self._to.flush()
