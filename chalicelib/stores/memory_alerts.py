"""Alerts in one process's memory: the fake beside the real one, with the same promises."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from chalicelib.model import Alert, Delivery, Growth, Notice, Raised
from chalicelib.model.growth import together
from chalicelib.stores.memory import MemoryStore


class MemoryAlerts:
    """ports.alerting.Alerts, over a store that decisions raise them in."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._growth: dict[str, dict[str, Growth]] = {}

    def find(self, names: Sequence[str]) -> dict[str, Alert]:
        return {name: self._store.alerts[name] for name in names if name in self._store.alerts}

    def on(self) -> list[Alert]:
        found = [alert for alert in self._store.alerts.values() if alert.is_on]
        return sorted(found, key=lambda alert: alert.raised_at, reverse=True)

    def over(self, since: datetime) -> list[Alert]:
        ended = [(alert.over_at, alert) for alert in self._store.alerts.values() if alert.over_at is not None]
        return [alert for at, alert in sorted(ended, key=lambda each: each[0], reverse=True) if at >= since]

    def taken_back(self, post_ids: Collection[str]) -> set[str]:
        return self._store.deleted(post_ids)

    def grow(self, alert_id: str, part: str, growth: Growth) -> None:
        self._growth.setdefault(alert_id, {})[part] = growth

    def growth(self, alert_id: str) -> Growth:
        return together(list(self._growth.get(alert_id, {}).values()))

    def begin(self, raised: Raised, notices: Sequence[Notice]) -> bool:
        return self._store.begin(raised, notices)

    def step(self, after: Alert, delivery: Delivery, notices: Sequence[Notice]) -> bool:
        return self._store.step(after, delivery, notices)
