"""The client that the functions use, counting what it asks of the table; a test may have it die, or be disturbed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from chalicelib.errors import Unavailable
from chalicelib.stores.wire import Wire

WRITES = ("PutItem", "UpdateItem", "DeleteItem")


class CountingWire(Wire):
    """`calls` by operation, `writes` by partition key, retries included.

    `meanwhile` happens before each UpdateItem; after one, with `dies`, its sender is no more.
    """

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.calls: Counter[str] = Counter()
        self.writes: Counter[str] = Counter()
        self.meanwhile: Callable[[], object] = lambda: None
        self.dies = False

    def call(self, operation: str, arguments: Any) -> Any:
        if operation == "UpdateItem":
            self.meanwhile()
        answer = super().call(operation, arguments)
        if self.dies and operation == "UpdateItem":
            raise Unavailable("killed after it had written")
        return answer

    def _once(self, operation: str, body: bytes) -> Any:
        self.calls[operation] += 1
        self.writes.update(_written(operation, json.loads(body)))
        return super()._once(operation, body)


def _written(operation: str, body: Any) -> list[str]:
    if operation == "TransactWriteItems":
        return [_key(action) for item in body["TransactItems"] for action in item.values()]
    return [_key(body)] if operation in WRITES else []


def _key(action: Any) -> str:
    where = action.get("Key") or action["Item"]
    return str(where["pk"]["S"])
