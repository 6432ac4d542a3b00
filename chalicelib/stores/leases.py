"""Leases in the table: one item for each subscription at a hub."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.codec import instant
from chalicelib.model.lease import Grant, Lease
from chalicelib.ports.clock import Clock
from chalicelib.stores import keys, retention
from chalicelib.stores.attributes import Item, Plain, stamp
from chalicelib.stores.table import Change, Table
from chalicelib.stores.wire import Wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

EXPIRES = "expires = :expires"


class DynamoLeases:
    """ports.platform.Leases. Every method raises Unavailable, or SettingsError where the table is missing."""

    def __init__(self, client: DynamoDBClient | Wire, table: str, clock: Clock) -> None:
        self._table = Table(client, table)
        self._clock = clock

    def leases(self, names: Sequence[str]) -> list[Lease]:
        """What is known of each, in their order: one consistent BatchGetItem for up to 100."""
        found = self._table.read_all([keys.lease(name) for name in names])
        return [_lease(name, found.get(keys.lease(name), {})) for name in names]

    def claim(self, lease: Lease, mark: str) -> bool:
        """Note that the hub is asked, unless somebody else has since `lease` was read."""
        now = self._clock()
        values: dict[str, Plain] = {":asked": stamp(now), ":tries": lease.tries + 1, ":mark": mark, **_expiry(now)}
        forgets = "" if mark == lease.mark else " REMOVE granted_at, ends_at"
        if_ = "attribute_not_exists(asked_at)"
        if lease.asked_at:
            if_, values[":was"] = "asked_at = :was", stamp(lease.asked_at)
        does = f"SET asked_at = :asked, tries = :tries, mark = :mark, {EXPIRES}{forgets}"
        return self._table.change(Change(keys.lease(lease.name), does, if_, values))

    def granted(self, grant: Grant) -> None:
        """Note the hub's word on what we asked for."""
        now, there = self._clock(), "attribute_exists(asked_at)"
        if grant.lasts is None:
            self._table.change(Change(keys.lease(grant.name), "REMOVE granted_at, ends_at", there))
            return
        values = {":granted": stamp(now), ":ends": stamp(now + grant.lasts), ":none": 0, **_expiry(now)}
        does = f"SET granted_at = :granted, ends_at = :ends, tries = :none, {EXPIRES}"
        self._table.change(Change(keys.lease(grant.name), does, there, values))


def _lease(name: str, item: Item) -> Lease:
    times: dict[str, Any] = {
        field: instant(item[field], field) for field in ("granted_at", "ends_at", "asked_at") if field in item
    }
    return Lease(name, tries=item.get("tries", 0), mark=item.get("mark", ""), **times)


def _expiry(now: datetime) -> dict[str, Plain]:
    return {":expires": int((now + retention.KEPT_FOR).timestamp())}
