"""What platforms told, a day an item: written at most once a minute by each process that hears them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from chalicelib.codec import instant
from chalicelib.model import Hearing
from chalicelib.stores import keys, retention
from chalicelib.stores.attributes import Item, Plain, stamp
from chalicelib.stores.table import ALWAYS, Change, Table
from chalicelib.stores.wire import Wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoHearings:
    """ports.platform.Hearings. Every method raises Unavailable, or SettingsError where the table is missing."""

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
        posted = ""
        if hearing.posted_at:
            posted, values[":posted"] = ", posted_at = :posted", stamp(hearing.posted_at)
        does = f"SET heard_at = :at, expires = :expires{posted} ADD {adds}"
        self._table.change(Change(keys.hearing(hearing.platform, hearing.day), does, ALWAYS, values))

    def last(self, platform: str) -> Hearing | None:
        """The last day on which the platform told anything: one Query."""
        return next((_hearing(platform, item) for item in self._days(platform)), None)

    def last_post(self, platform: str) -> datetime | None:
        """When the last post of a platform came: one Query for each day since on which it told no post."""
        return next((at for item in self._days(platform) if (at := _posted_at(_hearing(platform, item)))), None)

    def _days(self, platform: str) -> Iterator[Item]:
        """The days on which it told anything, the last first, one a request."""
        partition, _ = keys.hearing(platform, date.min)
        return self._table.query(
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ScanIndexForward=False,
            Limit=1,
            values={":pk": partition, ":sk": keys.HEARD},
        )


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

    def last_post(self, platform: str) -> datetime | None:
        days = (hearing for (name, _), hearing in self._days.items() if name == platform)
        return max((at for day in days if (at := _posted_at(day))), default=None)


def _hearing(platform: str, item: Item) -> Hearing:
    at: datetime = instant(item["heard_at"], "heard_at")
    kinds = item.get("kinds", frozenset())
    posted_at = instant(item["posted_at"], "posted_at") if "posted_at" in item else None
    return Hearing(platform, at, item["deliveries"], item["posts"], item["skipped"], kinds, posted_at)


def _posted_at(hearing: Hearing) -> datetime | None:
    """Days of before it was noted know only when anything was told."""
    return hearing.posted_at or (hearing.at if hearing.posts else None)
