"""Alerts in the table: each one item, beside it what every process saw of its growth, and its step one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.model import Alert, Delivery, Growth, Notice, Raised
from chalicelib.model.growth import together
from chalicelib.ports.clock import Clock
from chalicelib.stores import alert_items, items, keys, notice_items
from chalicelib.stores.attributes import stamp
from chalicelib.stores.table import Table
from chalicelib.stores.wire import Wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoAlerts:
    """ports.alerting.Alerts. Every method raises Unavailable, or SettingsError where the table is missing."""

    def __init__(self, client: DynamoDBClient | Wire, table: str, clock: Clock) -> None:
        self._table = Table(client, table)
        self._clock = clock

    def find(self, names: Sequence[str]) -> dict[str, Alert]:
        """Those that there are, as they are now: one BatchGetItem."""
        wanted = {keys.alert(name): name for name in names}
        found = self._table.read_all(list(wanted))
        return {wanted[key]: alert_items.alert(item) for key, item in found.items()}

    def on(self) -> list[Alert]:
        """Those that are not over, the latest first: one Query of the index, then one BatchGetItem, as they are now."""
        return [alert for alert in self._in_state(alert_items.ON) if alert.is_on]

    def over(self, since: datetime) -> list[Alert]:
        """Those that ended since, the latest first: as those that are on."""
        ended = self._in_state(alert_items.OVER, since)
        return [alert for alert in ended if alert.over_at is not None and alert.over_at >= since]

    def taken_back(self, post_ids: Collection[str]) -> set[str]:
        """By their heads, as they are now: one BatchGetItem."""
        heads = {keys.head(post_id): post_id for post_id in post_ids}
        found = self._table.read_all(list(heads)) if heads else {}
        return {heads[key] for key, head in found.items() if head.get("deleted")}

    def grow(self, alert_id: str, part: str, growth: Growth) -> None:
        """One UpdateItem, in one of eight partitions."""
        self._table.change(alert_items.grown(alert_id, part, growth, self._clock()))

    def growth(self, alert_id: str) -> Growth:
        """All parts: eight consistent queries."""
        parts = (
            item
            for partition in keys.growths(alert_id)
            for item in self._table.query(
                KeyConditionExpression="pk = :pk", ConsistentRead=True, values={":pk": partition}
            )
        )
        return together([alert_items.growth(item) for item in parts])

    def begin(self, raised: Raised, notices: Sequence[Notice]) -> bool:
        """One transaction."""
        now = self._clock()
        owed = [notice_items.notice_item(notice, now) for notice in notices]
        writes = [*alert_items.of_raised(raised, now), items.case_item(raised.case, now), *owed]
        return all(self._table.write_all(writes))

    def step(self, after: Alert, delivery: Delivery, notices: Sequence[Notice]) -> bool:
        """One transaction."""
        return all(self._table.write_all(alert_items.of_step(after, delivery, notices, self._clock())))

    def _in_state(self, state: str, since: datetime | None = None) -> Iterator[Alert]:
        """As they are now: the index lags."""
        listed = self._table.query(
            IndexName="cases",
            KeyConditionExpression="case_state = :state AND opened_at >= :since",
            ScanIndexForward=False,
            values={":state": state, ":since": stamp(since) if since else "0"},
        )
        where = [(item["pk"], item["sk"]) for item in listed]
        found = self._table.read_all(where)
        return (alert_items.alert(found[key]) for key in where if key in found)
