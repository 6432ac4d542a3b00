"""What platforms told, a day an item: written at most once a minute by each process that hears them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from chalicelib.codec import instant
from chalicelib.model import Hearing
from chalicelib.stores import keys, retention
from chalicelib.stores.attributes import Item, Plain, stamp
from chalicelib.stores.table import Change, Table
from chalicelib.stores.wire import Wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ALWAYS = "attribute_exists(pk) OR attribute_not_exists(pk)"  # a change is written on a condition


class DynamoHearings:
    """ports.Hearings. Every method raises Unavailable, or SettingsError where the table is missing."""

    def __init__(self, client: DynamoDBClient | Wire, table: str) -> None:
        self._table = Table(client, table)

    def add(self, hearing: Hearing) -> None:
        """Count it to its platform's day: one UpdateItem."""
        values: dict[str, Plain] = {
            ":at": stamp(hearing.at),
            ":deliveries": hearing.deliveries,
            ":posts": hearing.posts,
            ":skipped": hearing.skipped,
            ":expires": int((hearing.at + retention.KEPT_FOR).timestamp()),
        }
        adds = "deliveries :deliveries, posts :posts, skipped :skipped"
        if hearing.kinds:
            adds, values[":kinds"] = f"{adds}, kinds :kinds", hearing.kinds
        does = f"SET heard_at = :at, expires = :expires ADD {adds}"
        self._table.change(Change(keys.hearing(hearing.platform, hearing.day), does, ALWAYS, values))

    def last(self, platform: str) -> Hearing | None:
        """The last day on which the platform told anything: one Query."""
        partition, _ = keys.hearing(platform, date.min)
        days = self._table.query(
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ScanIndexForward=False,
            Limit=1,
            values={":pk": partition, ":sk": keys.HEARD},
        )
        return next((_hearing(platform, item) for item in days), None)


class MemoryHearings:
    """The fake beside it, with the same promises."""

    def __init__(self) -> None:
        self._days: dict[tuple[str, date], Hearing] = {}

    def add(self, hearing: Hearing) -> None:
        key = hearing.platform, hearing.day
        self._days[key] = self._days[key].and_then(hearing) if key in self._days else hearing

    def last(self, platform: str) -> Hearing | None:
        days = [day for name, day in self._days if name == platform]
        return self._days[platform, max(days)] if days else None


def _hearing(platform: str, item: Item) -> Hearing:
    at: datetime = instant(item["heard_at"], "heard_at")
    kinds = item.get("kinds", frozenset())
    return Hearing(platform, at, item["deliveries"], item["posts"], item["skipped"], kinds)
