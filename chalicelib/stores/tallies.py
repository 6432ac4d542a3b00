"""How many posts there were before, on DynamoDB: what rules with `or times usual` and `or times lately` compare with.

Added up in the process, and written once it is a twentieth of what the process wrote lately: one item an hour and
window in each of eight partitions, which knows its five minutes, too. Hours that are over are read once, the one that
is not is read again every five minutes.
"""

from __future__ import annotations

import random
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from chalicelib.codec import instant
from chalicelib.model import Sighting
from chalicelib.model.lately import SLOTS_AN_HOUR, lately, needed_lately, slot_of, until
from chalicelib.model.usual import hour_of, needed, same_hours
from chalicelib.model.window import Terms
from chalicelib.stores import keys, window_items
from chalicelib.stores.attributes import Item, stamp
from chalicelib.stores.table import Table

KNOWN = 2000  # of each: windows and hours that one process remembers
WAITS = 20  # written once there is more than a 20th of what was written in this hour and the one before
Hour = tuple[str, int]
K = TypeVar("K")
V = TypeVar("V")


class DynamoTallies:
    """What was counted in each window, hour by hour, for one thread of one process."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._shard = random.randrange(keys.USUAL_PARTITIONS)  # noqa: S311
        self._since: dict[str, datetime] = {}
        self._added: Counter[tuple[str, int]] = Counter()
        self._wrote: OrderedDict[str, Counter[int]] = OrderedDict()  # by window and hour
        self._usual: OrderedDict[Hour, dict[int, int]] = OrderedDict()
        self._past: OrderedDict[Hour, Counter[int]] = OrderedDict()
        self._lately: OrderedDict[tuple[str, int, Terms], int | None] = OrderedDict()

    def add(self, sighting: Sighting) -> datetime:
        """Count one post more; since when this rule's posts are counted."""
        self._added[sighting.window, slot_of(sighting.at)] += 1
        return self._since.get(sighting.group) or self._counting_since(sighting)

    def settle(self) -> None:
        """Write what was added where it is more than a twentieth of what this process wrote of that window of late.

        What a process that dies has not written is lost, at most that twentieth; a write that fails is kept for the
        next time; one whose answer is lost is counted twice.
        """
        owed: defaultdict[str, Counter[int]] = defaultdict(Counter)
        for (window, slot), posts in self._added.items():
            owed[window][slot] = posts
        for window, slots in owed.items():
            if slots.total() * WAITS > self._wrote.get(window, Counter()).total():
                self._write(window, slots)

    def _write(self, window: str, slots: Counter[int]) -> None:
        hours: defaultdict[int, dict[int, int]] = defaultdict(dict)
        for slot, posts in slots.items():
            hours[slot // SLOTS_AN_HOUR][slot] = posts
        for hour, each in hours.items():
            self._table.change(window_items.more_posts(window, self._shard, hour, each))
            for slot in each:
                del self._added[window, slot]
            wrote = self._wrote.get(window, Counter()) + Counter({hour: sum(each.values())})
            _keep(self._wrote, window, Counter({at: many for at, many in wrote.items() if at >= max(wrote) - 1}))

    def needed_usual(self, sighting: Sighting, since: datetime) -> int | None:
        """`model.usual.needed`, of what the table knows: read once an hour for each window that this process sees."""
        terms, at = sighting.terms, sighting.at
        if terms.times_usual is None or needed(terms, at, since, {}) is None:
            return needed(terms, at, since, {})
        known = (sighting.window, hour_of(at))
        if known not in self._usual:
            items = self._read(sighting.window, same_hours(at))
            _keep(self._usual, known, {hour: sum(item["posts"] for item in found) for hour, found in items.items()})
        return needed(terms, at, since, self._usual[known])

    def needed_lately(self, sighting: Sighting, since: datetime) -> int | None:
        """`model.lately.needed_lately`, of what the table knows and this process added; anew every five minutes."""
        terms = sighting.terms
        if terms.times_lately is None:
            return terms.at_least
        end = until(terms, sighting.at)
        known = (sighting.window, end, terms)
        if known not in self._lately:
            _keep(self._lately, known, needed_lately(terms, end, since, self._posts_before(sighting.window, end)))
        return self._lately[known]

    def _posts_before(self, window: str, end: int) -> Counter[int]:
        """The posts in each slot of the day before; hours that are over are not read again."""
        before = lately(end)
        hours = range(before[0] // SLOTS_AN_HOUR, before[-1] // SLOTS_AN_HOUR + 1)
        past = [self._past[window, hour] for hour in hours if (window, hour) in self._past]
        read = self._read(window, [hour for hour in hours if (window, hour) not in self._past])
        for hour, items in read.items():
            slots = window_items.slots(items, hour)
            past.append(slots)
            if end >= (hour + 1) * SLOTS_AN_HOUR and not self._owes(window, hour):
                _keep(self._past, (window, hour), slots)
        mine = Counter({slot: self._added[window, slot] for slot in before if (window, slot) in self._added})
        return sum(past, mine)

    def _owes(self, window: str, hour: int) -> bool:
        """Whether posts of this hour are yet to be written."""
        first = hour * SLOTS_AN_HOUR
        return any((window, slot) in self._added for slot in range(first, first + SLOTS_AN_HOUR))

    def _read(self, window: str, hours: Iterable[int]) -> dict[int, list[Item]]:
        """The items of each of these hours."""
        wanted = {key: hour for hour in hours for key in keys.usual(window, hour)}
        found: dict[int, list[Item]] = {hour: [] for hour in wanted.values()}
        for key, item in self._table.read_all(list(wanted), as_of_now=False).items():
            found[wanted[key]].append(item)
        return found

    def _counting_since(self, sighting: Sighting) -> datetime:
        key = keys.counting(sighting.group)
        item = self._item(key)
        if not item:
            self._table.put_new({"pk": key[0], "sk": key[1], "since": stamp(sighting.at)})
            item = self._item(key)  # somebody else's, if they were first
        since = self._since[sighting.group] = instant(item.get("since"), "since")
        return since

    def _item(self, key: keys.Key) -> Item:
        """As it is now. Of single items the function that decides may read published rules only (its policy)."""
        return self._table.read_all([key]).get(key, {})


def _keep(known: OrderedDict[K, V], key: K, value: V) -> None:
    known[key] = value
    if len(known) > KNOWN:
        known.popitem(last=False)
