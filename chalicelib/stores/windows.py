"""The windows on DynamoDB: one small item each, changed only on the condition that nobody else changed it.

What a storm costs (docs/table.md): each post until the window crosses, then nothing, for as long as this process knows
that the window is quiet. That knowledge needs no reading again: an answer that changes nothing stays right
(`model.window.count`).
"""

from __future__ import annotations

import random
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.codec import instant
from chalicelib.errors import Conflict
from chalicelib.model import Answer, Counted, Sighting, Window
from chalicelib.model.usual import NO_HISTORY, hour_of, needed, same_hours
from chalicelib.model.window import count, not_after
from chalicelib.ports import Clock
from chalicelib.stores import keys, window_items
from chalicelib.stores.alerts import DynamoAlerts
from chalicelib.stores.attributes import Item, stamp
from chalicelib.stores.growing import Growing
from chalicelib.stores.postings import DynamoPostings
from chalicelib.stores.table import Table
from chalicelib.stores.wire import Wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ATTEMPTS = 8
BASE_SECONDS = 0.01
KNOWN = 2000  # windows that one process remembers
Kept = tuple[int, Window]


class DynamoWindows:
    """ports.Windows, for one thread of one process."""

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
        self._shard = random.randrange(keys.USUAL_PARTITIONS)  # noqa: S311
        self._known: OrderedDict[str, Kept] = OrderedDict()
        self._since: dict[str, datetime] = {}
        self._usual: OrderedDict[tuple[str, int], dict[int, int]] = OrderedDict()
        self._tally: Counter[tuple[str, int]] = Counter()

    def sight(self, sightings: Sequence[Sighting]) -> list[Counted]:
        """Count one post in each of these windows, one after the other."""
        return [self._sight(not_after(each, self._clock())) for each in sightings]

    def posted(self, author_key: str, post_id: str, at: datetime, days: Collection[int]) -> dict[int, int]:
        """Count one post of its author."""
        return self._postings.posted(author_key, post_id, at, days)

    def settle(self) -> None:
        """Add what this process counted to the hours' numbers, and what it saw of alerts: one write for each window,
        however many the posts.

        A write that fails is kept for the next time; one whose answer is lost is counted twice, of some ten thousand.
        """
        for (window, hour), posts in list(self._tally.items()):
            self._table.change(window_items.more_posts(window, self._shard, hour, posts))
            del self._tally[window, hour]
        self._growing.settle(self._alerts)

    def _sight(self, sighting: Sighting) -> Counted:
        need = self._needed(sighting)
        if need is None:
            return Counted(Answer.UNKNOWN, instead=NO_HISTORY)
        for attempt in range(ATTEMPTS):
            kept = self._known.get(sighting.window) or self._read(sighting.window)
            window, counted = count(kept[1], sighting, need)
            if window == kept[1] or self._write(sighting, kept[0], window):
                self._growing.note(window, sighting)
                return counted
            del self._known[sighting.window]
            self._pause(random.uniform(0, BASE_SECONDS * 2**attempt))  # noqa: S311
        raise Conflict("table: other functions kept changing a window")

    def _read(self, name: str) -> Kept:
        item = self._item(keys.window(name))
        return self._remember(name, window_items.kept(item) if item else (0, Window()))

    def _item(self, key: keys.Key) -> Item:
        """As it is now. Of single items the function that decides may read published rules only (its policy)."""
        return self._table.read_all([key]).get(key, {})

    def _write(self, sighting: Sighting, revision: int, window: Window) -> bool:
        terms = sighting.terms
        expires = self._clock() + window_items.KEPT_FOR + max(terms.within, terms.quiet)
        change = window_items.changed(sighting.window, revision, window, expires)
        if not self._table.change(change):
            return False
        self._remember(sighting.window, (revision + 1, window))
        return True

    def _remember(self, name: str, kept: Kept) -> Kept:
        self._known[name] = kept
        self._known.move_to_end(name)
        if len(self._known) > KNOWN:
            self._known.popitem(last=False)
        return kept

    def _needed(self, sighting: Sighting) -> int | None:
        if sighting.terms.times_usual is None:
            return sighting.terms.at_least
        self._tally[sighting.window, hour_of(sighting.at)] += 1
        since = self._since.get(sighting.group) or self._counting_since(sighting)
        if needed(sighting.terms, sighting.at, since, {}) is None:
            return None
        return needed(sighting.terms, sighting.at, since, self._usual_posts(sighting))

    def _counting_since(self, sighting: Sighting) -> datetime:
        key = keys.counting(sighting.group)
        item = self._item(key)
        if not item:
            self._table.put_new({"pk": key[0], "sk": key[1], "since": stamp(sighting.at)})
            item = self._item(key)  # somebody else's, if they were first
        since = self._since[sighting.group] = instant(item.get("since"), "since")
        return since

    def _usual_posts(self, sighting: Sighting) -> dict[int, int]:
        """The posts in the same hour of the weeks before; read once an hour for each window that this process sees."""
        known = (sighting.window, hour_of(sighting.at))
        if known not in self._usual:
            hours = same_hours(sighting.at)
            wanted = {key: hour for hour in hours for key in keys.usual(sighting.window, hour)}
            posts = dict.fromkeys(hours, 0)
            for key, item in self._table.read_all(list(wanted)).items():
                posts[wanted[key]] += item["posts"]
            self._usual[known] = posts
            if len(self._usual) > KNOWN:
                self._usual.popitem(last=False)
        return self._usual[known]
