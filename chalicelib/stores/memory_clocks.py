"""Clocks of cases in one process's memory: the fake beside the real one, with the same promises."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from chalicelib.model import Case, Delivery, Notice
from chalicelib.stores.memory import MemoryStore


class MemoryClocks:
    """ports.crm.Clocks."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def due(self, until: datetime) -> Iterator[Case]:
        return iter(self._store.late_cases(until))

    def lapse(self, after: Case, delivery: Delivery, notice: Notice) -> bool:
        return self._store.lapse(after, delivery) and self._store.notices.owe(notice)
