"""Clocks of cases, in the table: found by the sparse index `owing` when due, moved on in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.model import Case, Delivery, Notice, Shift
from chalicelib.ports.clock import Clock
from chalicelib.stores import items, keys, notice_items
from chalicelib.stores.attributes import Plain, stamp
from chalicelib.stores.changes import THERE
from chalicelib.stores.table import Change, Table
from chalicelib.stores.wire import Wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoClocks:
    """ports.crm.Clocks. Every method raises Unavailable, or SettingsError where the table is missing."""

    def __init__(self, client: DynamoDBClient | Wire, table: str, clock: Clock) -> None:
        self._table = Table(client, table)
        self._clock = clock

    def due(self, until: datetime) -> Iterator[Case]:
        """One query a partition, which reads nothing that is not due, and one read a case: the index may lag."""
        for partition in keys.clocks():
            found = self._table.query(
                IndexName="owing",
                KeyConditionExpression="owes = :owes AND owed_since <= :until",
                values={":owes": partition, ":until": stamp(until)},
            )
            for key in ((item["pk"], item["sk"]) for item in found):
                item = self._table.read(key)
                case = items.case(item) if item else None
                if case is not None and case.next_late is not None and case.next_late.due <= until:
                    yield case

    def lapse(self, after: Case, delivery: Delivery, notice: Notice) -> bool:
        """The case, the delivery and the notice: one transaction, which of those who try it at once one wins."""
        now = self._clock()
        told = notice_items.notice_item(notice, now)
        return all(self._table.write_all([_lapsed(after, delivery.shift), items.delivery_item(delivery, now), told]))


def _lapsed(after: Case, shift: Shift | None) -> Change:
    """Who replies stops the clock by taking `owes` away; a priority that thanks have lowered since is read again."""
    values: dict[str, Plain] = {":lapsed": after.lapsed, ":owes": keys.clock(after.id)}
    values |= {":team": shift.team} if shift and shift.team else {}
    values |= {":priority": shift.priority.value} if shift and shift.priority else {}
    sets = "".join(f", {name} = :{name}" for name in ("team", "priority") if f":{name}" in values)
    was = "attribute_not_exists(lapsed)" if after.lapsed == 1 else "lapsed = :was"
    values |= {} if after.lapsed == 1 else {":was": after.lapsed - 1}
    if_ = f"{THERE} AND owes = :owes AND {was}"
    if shift and shift.priority:
        if_ += " AND (attribute_not_exists(priority) OR priority = :before)"
        values[":before"] = shift.was_priority.value if shift.was_priority else ""
    if after.next_late is None:
        return Change(keys.case(after.id), f"SET lapsed = :lapsed{sets} REMOVE owes, owed_since", if_, values)
    values[":due"] = stamp(after.next_late.due)
    return Change(keys.case(after.id), f"SET lapsed = :lapsed, owed_since = :due{sets}", if_, values)
