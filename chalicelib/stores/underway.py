"""Which messages were under way when the function ended: one item a message, only of batches that come again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.ports.clock import Clock
from chalicelib.stores import keys
from chalicelib.stores.attributes import Plain
from chalicelib.stores.table import ALWAYS, Change, Table
from chalicelib.stores.wire import Wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT_FOR = timedelta(days=15)  # a queue keeps a message for 14


class DynamoUnderway:
    """ports.deciding.Underway. Every method raises Unavailable, or SettingsError where the table is missing.

    The receives are a set, so that a request that is repeated since its answer was lost counts once.
    """

    def __init__(self, client: DynamoDBClient | Wire, table: str, clock: Clock) -> None:
        self._table = Table(client, table)
        self._clock = clock

    def begin(self, message: str, receive: int) -> None:
        """Note the receive: one UpdateItem."""
        expires = int((self._clock() + KEPT_FOR).timestamp())
        values: dict[str, Plain] = {":receive": frozenset({str(receive)}), ":expires": expires}
        does = "SET expires = :expires ADD receives :receive"
        self._table.change(Change(keys.underway(message), does, ALWAYS, values))

    def answered(self, message: str, receive: int) -> None:
        """Take the receive back: one UpdateItem."""
        values = {":receive": frozenset({str(receive)})}
        there = "attribute_exists(receives)"
        self._table.change(Change(keys.underway(message), "DELETE receives :receive", there, values))

    def ended(self, messages: Sequence[str]) -> dict[str, int]:
        """How often each was left: one consistent BatchGetItem."""
        wanted = {keys.underway(message): message for message in messages}
        found = self._table.read_all(list(wanted))
        return {wanted[key]: len(item["receives"]) for key, item in found.items() if "receives" in item}


class MemoryUnderway:
    """The fake beside it, with the same promises."""

    def __init__(self) -> None:
        self._receives: dict[str, set[int]] = defaultdict(set)

    def begin(self, message: str, receive: int) -> None:
        self._receives[message].add(receive)

    def answered(self, message: str, receive: int) -> None:
        self._receives[message].discard(receive)

    def ended(self, messages: Sequence[str]) -> dict[str, int]:
        return {message: len(found) for message in messages if (found := self._receives.get(message))}
