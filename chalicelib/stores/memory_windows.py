"""The windows in one process's memory: for stories, `earshot decide`, replay and tests; the same promises."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence
from datetime import datetime
from threading import RLock

from chalicelib.model import Answer, Counted, Sighting, Window
from chalicelib.model.posted import Heard, counts, heard
from chalicelib.model.window import count, not_after
from chalicelib.ports.alerting import Alerts
from chalicelib.ports.clock import Clock
from chalicelib.stores.growing import Growing
from chalicelib.stores.memory_tallies import Past


class MemoryWindows:
    """ports.deciding.Windows. Without a clock, posts are of any time that they say, as in a replay of the past.

    Of more than `most` windows, or authors whose posts are counted, those that were not seen for longest are forgotten,
    so that memory stays flat. How `alerts` grow is added up where they are given.
    """

    def __init__(self, clock: Clock | None = None, most: int = 100_000, alerts: Alerts | None = None) -> None:
        self._clock = clock
        self._alerts, self._growing = alerts, Growing()
        self._most = most
        self._lock = RLock()
        self._windows: OrderedDict[str, Window] = OrderedDict()
        self._since: dict[str, datetime] = {}
        self._heard: OrderedDict[str, Heard] = OrderedDict()
        self._tallies: dict[str, Past] = {}

    def sight(self, sightings: Sequence[Sighting]) -> list[Counted]:
        with self._lock:
            return [self._sight(each) for each in sightings]

    def posted(self, author_key: str, post_id: str, at: datetime, days: Collection[int]) -> dict[int, int]:
        at = min(at, self._clock()) if self._clock else at
        with self._lock:
            known = self._heard[author_key] = heard(self._heard.get(author_key, {}), post_id, at)
            self._heard.move_to_end(author_key)
            if len(self._heard) > self._most:
                self._heard.popitem(last=False)
        return counts(known, at, days)

    def settle(self) -> None:
        if self._alerts:
            self._growing.settle(self._alerts)

    def _sight(self, given: Sighting) -> Counted:
        sighting = not_after(given, self._clock() if self._clock else None)
        need = self._needed(sighting)
        if isinstance(need, str):
            return Counted(Answer.UNKNOWN, instead=need)
        window, counted = count(self._windows.get(sighting.window, Window()), sighting, need)
        self._windows[sighting.window] = window
        if self._alerts:
            self._growing.note(window, sighting)
        self._windows.move_to_end(sighting.window)
        if len(self._windows) > self._most:
            forgotten, _ = self._windows.popitem(last=False)
            self._tallies.pop(forgotten, None)
        return counted

    def _needed(self, sighting: Sighting) -> int | str:
        """How many it needs, or why it is silent."""
        if not sighting.terms.compares:
            return sighting.terms.at_least
        since = self._since.setdefault(sighting.group, sighting.at)
        return self._tallies.setdefault(sighting.window, Past()).needed(sighting, since)
