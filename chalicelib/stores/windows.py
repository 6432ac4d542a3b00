"""The windows on DynamoDB: one small item each, changed only on the condition that nobody else changed it.

What a storm costs (docs/table.md): each post until the window crosses, then nothing, for as long as this process knows
that the window is quiet. That knowledge needs no reading again: an answer that changes nothing stays right
(`model.window.count`). Where the number needed comes of comparing, a few posts are written down together
(`model.window.may_wait`): who dies loses those few.
"""

from __future__ import annotations

import random
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.errors import Conflict
from chalicelib.model import Answer, Counted, Sighting, Window
from chalicelib.model.lately import higher
from chalicelib.model.window import caught_up, count, may_wait, not_after
from chalicelib.ports.clock import Clock
from chalicelib.stores import keys, window_items
from chalicelib.stores.alerts import DynamoAlerts
from chalicelib.stores.growing import Growing
from chalicelib.stores.postings import DynamoPostings
from chalicelib.stores.table import Table
from chalicelib.stores.tallies import DynamoTallies
from chalicelib.stores.wire import Wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ATTEMPTS = 8
BASE_SECONDS = 0.01
KNOWN = 2000  # windows that one process remembers
Kept = tuple[int, Window]


class DynamoWindows:
    """ports.deciding.Windows, for one thread of one process."""

    def __init__(
        self,
        client: DynamoDBClient | Wire,
        table: str,
        clock: Clock,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._table = Table(client, table)
        self._postings = DynamoPostings(self._table, clock, pause)
        self._alerts, self._growing = DynamoAlerts(client, table, clock), Growing()
        self._clock = clock
        self._pause = pause
        self._tallies = DynamoTallies(self._table)
        self._known: OrderedDict[str, Kept] = OrderedDict()  # what waits to be written included
        self._waiting: dict[str, list[Sighting]] = {}

    def sight(self, sightings: Sequence[Sighting]) -> list[Counted]:
        """Count one post in each of these windows, one after the other."""
        return [self._sight(not_after(each, self._clock())) for each in sightings]

    def posted(self, author_key: str, post_id: str, at: datetime, days: Collection[int]) -> dict[int, int]:
        """Count one post of its author."""
        return self._postings.posted(author_key, post_id, at, days)

    def settle(self) -> None:
        """Write down what this process counted, and what it saw of alerts."""
        self._tallies.settle()
        self._growing.settle(self._alerts)

    def _sight(self, sighting: Sighting) -> Counted:
        need = self._needed(sighting)
        if isinstance(need, str):
            return Counted(Answer.UNKNOWN, instead=need)
        for attempt in range(ATTEMPTS):
            kept = self._known.get(sighting.window) or self._read(sighting.window, need)
            window, counted = count(kept[1], sighting, need)
            if window == kept[1] or self._waits(sighting, need, (kept[0], window), counted):
                self._growing.note(window, sighting)
                return counted
            if self._write(sighting, kept[0], window):
                self._growing.note(window, sighting)
                return counted
            del self._known[sighting.window]
            self._pause(random.uniform(0, BASE_SECONDS * 2**attempt))  # noqa: S311
        raise Conflict("table: other functions kept changing a window")

    def _read(self, name: str, need: int) -> Kept:
        key = keys.window(name)
        # Of single items the function that decides may read published rules only (its policy).
        item = self._table.read_all([key]).get(key)
        revision, window = window_items.kept(item) if item else (0, Window())
        return self._remember(name, (revision, caught_up(window, self._waiting.get(name, ()), need)))

    def _waits(self, sighting: Sighting, need: int, kept: Kept, counted: Counted) -> bool:
        """Whether it is written down with a later one, and only known here until then."""
        waiting = self._waiting.get(sighting.window, [])
        if counted.crossed or not may_wait(waiting, sighting, need):
            return False
        self._waiting[sighting.window] = [*waiting, sighting]
        self._remember(sighting.window, kept)
        return True

    def _write(self, sighting: Sighting, revision: int, window: Window) -> bool:
        terms = sighting.terms
        expires = self._clock() + window_items.KEPT_FOR + max(terms.within, terms.quiet)
        change = window_items.changed(sighting.window, revision, window, expires)
        if not self._table.change(change):
            return False
        self._waiting.pop(sighting.window, None)
        self._remember(sighting.window, (revision + 1, window))
        return True

    def _remember(self, name: str, kept: Kept) -> Kept:
        self._known[name] = kept
        self._known.move_to_end(name)
        if len(self._known) > KNOWN:
            forgotten, _ = self._known.popitem(last=False)
            self._waiting.pop(forgotten, None)
        return kept

    def _needed(self, sighting: Sighting) -> int | str:
        """How many it needs, or why it is silent."""
        if not sighting.terms.compares:
            return sighting.terms.at_least
        since = self._tallies.add(sighting)
        usual, late = self._tallies.needed_usual(sighting, since), self._tallies.needed_lately(sighting, since)
        return higher(usual, late)
