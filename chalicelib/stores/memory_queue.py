"""The queue in one process's memory: the fake beside SQS, with the same promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from chalicelib.model import Parked, Post
from chalicelib.ports.clock import Clock
from chalicelib.stores import messages

DEDUPLICATED_FOR = timedelta(minutes=5)


class MemoryQueue:
    """ports.deciding.PostQueue. `take` is the consumer's end; `dead` are the posts that a consumer gave up."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: list[str] = []
        self._sent_at: dict[tuple[str, ...], datetime] = {}
        self._parked: dict[str, list[str]] = {}
        self._numbers = count(1)
        self.dead: list[Post] = []

    def take(self) -> list[Post]:
        """Everything that waits, in the order it was put."""
        waiting, self._waiting = self._waiting, []
        return [messages.decode(body) for body in waiting]

    def put(self, posts: Sequence[Post], again: str = "") -> None:
        """Queue them all; a version that was sent in the last five minutes is not sent again."""
        now = self._clock()
        for post in posts:
            name = (post.id, post.version, again)
            sent_at = self._sent_at.get(name)
            if sent_at is None or now - sent_at >= DEDUPLICATED_FOR:
                self._sent_at[name] = now
                self._waiting.append(messages.encode(post))

    def decided(self, receipt: str) -> None:
        """Nothing to do: what `take` hands out waits no more."""

    def park(self, parked: Parked) -> None:
        """Keep a raw body."""
        self._parked[str(next(self._numbers))] = messages.parts(parked)

    def parked(self, limit: int) -> list[Parked]:
        """Show parked bodies, the oldest first."""
        return [self._shown(number) for number in list(self._parked)[:limit]]

    def unpark(self, parked: Parked) -> None:
        """Remove one that `parked` has shown."""
        self._parked.pop(parked.receipt or "", None)

    def redrive(self, limit: int) -> int:
        """Move posts from `dead` back; how many."""
        moved, self.dead = self.dead[:limit], self.dead[limit:]
        self._waiting.extend(map(messages.encode, moved))
        return len(moved)

    def _shown(self, number: str) -> Parked:
        shelf = messages.Shelf()
        for body in self._parked[number]:
            shelf.add(body, number, self._clock())
        return replace(shelf.whole[0], receipt=number)
