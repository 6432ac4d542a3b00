"""The DynamoDB calls we make: each is one request, and answers in our own terms."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chalicelib.errors import Conflict, Unavailable
from chalicelib.stores.attributes import Item, Plain, plain, typed
from chalicelib.stores.failures import code, reasons, told
from chalicelib.stores.keys import Key
from chalicelib.stores.wire import Wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

KEYS_A_BATCH = 100
ATTEMPTS = 7
CHECK_FAILED = "ConditionalCheckFailed"
AT_THE_SAME = "TransactionConflict"
ALWAYS = "attribute_exists(pk) OR attribute_not_exists(pk)"  # of a change that depends on nothing


@dataclass(frozen=True, slots=True)
class Change:
    """An UpdateItem: what to do to one item, on which condition."""

    key: Key
    does: str
    if_: str
    values: Mapping[str, Plain] = field(default_factory=dict)


class Table:
    """One table. Every call raises Unavailable when it does not answer, SettingsError when it is not there."""

    def __init__(self, client: DynamoDBClient | Wire, name: str, pause: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._name = name
        self._pause = pause

    def put_new(self, item: Mapping[str, Plain | None]) -> bool:
        """Write an item unless its key is taken; False if it is."""
        try:
            with told("table"):
                self._client.put_item(
                    TableName=self._name, Item=typed(item), ConditionExpression="attribute_not_exists(pk)"
                )
        except Unavailable as error:
            if _is_check(error):
                return False
            raise
        return True

    def change(self, change: Change) -> bool:
        """Update an item on its condition; False when the condition does not hold."""
        try:
            with told("table"):
                self._client.update_item(**self._update(change))
        except Unavailable as error:
            if _is_check(error):
                return False
            raise
        return True

    def write_all(self, actions: Sequence[Mapping[str, Plain | None] | Change]) -> list[bool]:
        """New items and changes, all or none: whether each one's condition held; written only if all did.

        Raises Conflict when another transaction is at the same items, Unavailable when the table is throttled.
        """
        try:
            with told("table"):
                self._client.transact_write_items(TransactItems=[self._action(action) for action in actions])
        except Unavailable as error:
            failed = reasons(error.__cause__) if isinstance(error.__cause__, ClientError) else []
            if CHECK_FAILED not in failed:
                if AT_THE_SAME in failed:  # it takes milliseconds: not worth the minutes until the queue tries again
                    raise Conflict("table: another transaction was at the same items") from error
                raise
            return [reason != CHECK_FAILED for reason in failed]
        return [True] * len(actions)

    def read(self, key: Key) -> Item | None:
        """One item as it is now."""
        with told("table"):
            answer = self._client.get_item(TableName=self._name, Key=_key(key), ConsistentRead=True)
        return plain(answer["Item"]) if "Item" in answer else None

    def read_all(self, keys: Sequence[Key], *, as_of_now: bool = True) -> dict[Key, Item]:
        """The items there are under these keys; 100 a request, the unprocessed asked for again. Those that need not be
        as of now may be a second old, at half the price."""
        unique = list(dict.fromkeys(keys))
        found: dict[Key, Item] = {}
        for start in range(0, len(unique), KEYS_A_BATCH):
            for item in self._batch(unique[start : start + KEYS_A_BATCH], as_of_now):
                found[item["pk"], item["sk"]] = item
        return found

    def query(self, **arguments: Any) -> Iterator[Item]:
        """Every item a query finds, page by page (a page holds 1 MB)."""
        return self._pages(self._client.query, arguments)

    def scan(self, **arguments: Any) -> Iterator[Item]:
        """Every item of the table that passes a filter, page by page; what does not pass is read and paid for too."""
        return self._pages(self._client.scan, arguments)

    def scan_page(self, start: Sequence[str] | None, **arguments: Any) -> tuple[list[Item], list[str] | None]:
        """One request's worth of the table from `start` on, and where to go on: the key, None at the end."""
        values = typed(arguments.pop("values"))
        begin = {"ExclusiveStartKey": _key((start[0], start[1]))} if start else {}
        with told("table"):
            page = self._client.scan(TableName=self._name, ExpressionAttributeValues=values, **arguments, **begin)
        last = page.get("LastEvaluatedKey")
        return [plain(item) for item in page["Items"]], [last["pk"]["S"], last["sk"]["S"]] if last else None

    def _pages(self, ask: Callable[..., Any], arguments: dict[str, Any]) -> Iterator[Item]:
        values = typed(arguments.pop("values"))
        start: dict[str, Any] = {}
        while True:
            with told("table"):
                page = ask(TableName=self._name, ExpressionAttributeValues=values, **arguments, **start)
            yield from map(plain, page["Items"])
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def _batch(self, keys: Sequence[Key], as_of_now: bool) -> Iterator[Item]:
        wanted: Any = {self._name: {"Keys": [_key(key) for key in keys], "ConsistentRead": as_of_now}}
        for attempt in range(ATTEMPTS):
            with told("table"):
                answer = self._client.batch_get_item(RequestItems=wanted)
            yield from map(plain, answer["Responses"].get(self._name, []))
            wanted = answer.get("UnprocessedKeys")
            if not wanted:
                return
            self._pause(0.02 * 2**attempt)
        raise Unavailable("table: keys stayed unprocessed")

    def _update(self, change: Change) -> Any:
        values = {"ExpressionAttributeValues": typed(change.values)} if change.values else {}
        return {
            "TableName": self._name,
            "Key": _key(change.key),
            "UpdateExpression": change.does,
            "ConditionExpression": change.if_,
            **values,
        }

    def _action(self, action: Mapping[str, Plain | None] | Change) -> TransactWriteItemTypeDef:
        if isinstance(action, Change):
            return {"Update": self._update(action)}
        new = "attribute_not_exists(pk)"
        return {"Put": {"TableName": self._name, "Item": typed(action), "ConditionExpression": new}}


def _key(key: Key) -> Any:
    return typed({"pk": key[0], "sk": key[1]})


def _is_check(error: Unavailable) -> bool:
    cause = error.__cause__
    return isinstance(cause, ClientError) and code(cause) == "ConditionalCheckFailedException"
