"""What AWS would bill, counted on the way: requests by function and service, and the table's read and write units."""

from __future__ import annotations

import json
from collections import Counter
from http.server import BaseHTTPRequestHandler
from math import ceil
from threading import Lock
from typing import Any

from tests.local.aws_proxy import Asked, AwsProxy, read

CHUNK = 65536  # bytes of a message that SQS bills as one request
WRITES = ("PutItem", "UpdateItem", "DeleteItem")
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
CONSISTENT, EVENTUAL = 1.0, 0.5


class Meter(AwsProxy):
    """Counts by (function, what): `table requests`, `write units`, `read units`, `queue requests`, `secret requests`,
    `other requests`."""

    _lock = Lock()

    @property
    def counts(self) -> Counter[tuple[str, str]]:
        """So far."""
        return self._counts

    def __enter__(self) -> Meter:
        self._counts: Counter[tuple[str, str]] = Counter()
        super().__enter__()
        return self

    def forward(self, handler: BaseHTTPRequestHandler) -> None:
        """Hand one request on, asking the table what it cost."""
        asked, raw = read(handler)
        if asked.service == "dynamodb":
            raw = json.dumps({**asked.body, "ReturnConsumedCapacity": "INDEXES"}).encode()
        told = self.hand_on(handler, raw)
        with self._lock:
            self._counts.update({(asked.function, what): many for what, many in _billed(asked, raw, told.data)})


def _billed(asked: Asked, raw: bytes, told: bytes) -> list[tuple[str, float]]:
    if asked.service == "sqs":
        return [("queue requests", ceil(len(raw) / CHUNK))]
    if asked.service == "secretsmanager":
        return [("secret requests", 1)]
    if asked.service != "dynamodb":
        return [("other requests", 1)]
    return [("table requests", 1), *_units(asked.operation, asked.body, json.loads(told or b"{}"))]


def _units(operation: str, body: Any, told: Any) -> list[tuple[str, float]]:
    """As the table says, and never less than AWS's least: what is not found, or refused by a condition, costs too."""
    said = _said(told.get("ConsumedCapacity"))
    if operation == "TransactWriteItems":
        return [("write units", max(said, 2.0 * len(body["TransactItems"])))]
    if operation in WRITES:
        return [("write units", max(said, 1.0))]
    if operation == "BatchGetItem":
        least = sum(len(each["Keys"]) * _each(each) for each in body["RequestItems"].values())
        return [("read units", max(said, least))]
    return [("read units", max(said, _each(body)))]


def _each(body: Any) -> float:
    return CONSISTENT if body.get("ConsistentRead") else EVENTUAL


def _said(capacity: Any) -> float:
    found = capacity if isinstance(capacity, list) else [capacity] if capacity else []
    return sum(float(each["CapacityUnits"]) for each in found)
