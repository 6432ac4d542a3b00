"""A proxy before AWS with weather of its own: throttled tables, failing queues, answers that never come back.

A fault of AWS is answered as AWS words it; "lost before" closes the connection with the request undone, "lost after"
with the request done. Every few seconds comes a storm, in which most requests to one service fail.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from threading import Lock
from typing import Any

from tests.local.cutting_proxy import CuttingProxy, answer

CALM: dict[str, dict[str, float]] = {
    "dynamodb": {"throttled": 0.02, "lost before": 0.005, "lost after": 0.007, "half done": 0.01},
    "sqs": {"failing": 0.02, "lost before": 0.005, "lost after": 0.01, "half done": 0.02},
    "secretsmanager": {"failing": 0.1},
}
STORM: dict[str, dict[str, float]] = {
    "dynamodb": {"throttled": 0.6, "lost after": 0.05},
    "sqs": {"failing": 0.8, "lost after": 0.05},
    "secretsmanager": {"failing": 1.0},
}
ROUND_SECONDS, STORM_SECONDS = 18.0, 2.0
TYPE = "application/x-amz-json-1.0"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to AWS: by which function, of which service, for what."""

    function: str
    service: str
    operation: str
    body: Any


class Weather(CuttingProxy):
    """Stands before the services at `target()`; `seen` counts requests by function, service and operation, `faults`
    what went wrong by service and kind. `fair` is weather without faults."""

    def __init__(self, target: Callable[[], str], seed: str) -> None:
        super().__init__("")
        self._where = target
        self._luck, self._lock = random.Random(seed), Lock()  # noqa: S311
        self._began = time.monotonic()
        self.fair = False
        self.seen: Counter[tuple[str, str, str]] = Counter()
        self.faults: Counter[tuple[str, str]] = Counter()

    def forward(self, handler: BaseHTTPRequestHandler) -> None:
        """Hand one request on, or not, as the weather is."""
        raw = handler.rfile.read(int(handler.headers.get("content-length", 0)))
        asked = asked_by(handler, raw)
        fault = self._fault(asked)
        if fault in FAILS:
            answer(handler, *FAILS[fault])
        elif fault == "lost before":
            handler.close_connection = True
        elif fault == "half done":
            HALVES[asked.operation](self, handler, asked)
        else:
            self._pass(handler, raw, fault == "lost after")

    def ask(self, handler: BaseHTTPRequestHandler, raw: bytes) -> Any:
        """The services' own answer."""
        headers = {name: value for name, value in handler.headers.items() if name.lower() not in SET_ANEW}
        return self._upstream.request(handler.command, self._where() + handler.path, headers=headers, body=raw)

    def _pass(self, handler: BaseHTTPRequestHandler, raw: bytes, is_lost: bool) -> None:
        told = self.ask(handler, raw)
        if is_lost:
            handler.close_connection = True
            return
        kept = {name: told.headers[name] for name in PASSED if name in told.headers}
        answer(handler, told.status, kept, told.data)

    def _fault(self, asked: Asked) -> str:
        with self._lock:
            self.seen[asked.function, asked.service, asked.operation] += 1
            throw, fault = self._luck.random(), ""
            for kind, odds in ({} if self.fair else self._odds(asked.service)).items():
                if throw < odds:
                    fault = kind
                    break
                throw -= odds
            if fault == "half done" and asked.operation not in HALVES:
                return ""
            if fault:
                self.faults[asked.service, fault] += 1
            return fault

    def _odds(self, service: str) -> dict[str, float]:
        """Storms come in turn: over the table, over the queues, over the secrets."""
        at, turn = (
            (time.monotonic() - self._began) % ROUND_SECONDS,
            list(STORM).index(service) if service in STORM else 0,
        )
        begins = turn * ROUND_SECONDS / len(STORM) + STORM_SECONDS
        is_storm = begins <= at < begins + STORM_SECONDS
        return (STORM if is_storm else CALM).get(service, {})


def asked_by(handler: BaseHTTPRequestHandler, raw: bytes) -> Asked:
    """`Credential=<function>/<day>/<region>/<service>/aws4_request` is whom the gremlins' processes sign as."""
    scope = handler.headers.get("authorization", "").partition("Credential=")[2].split("/")
    function, service = (scope[0], scope[3]) if len(scope) > 3 else ("?", "?")
    operation = handler.headers.get("x-amz-target", "").rpartition(".")[2]
    try:
        return Asked(function, service, operation, json.loads(raw))
    except ValueError:
        return Asked(function, service, operation, None)


def _half_read(weather: Weather, handler: BaseHTTPRequestHandler, asked: Asked) -> None:
    """BatchGetItem leaves keys unprocessed when a table is short of capacity: here every second one."""
    (name, wanted), *_ = asked.body["RequestItems"].items()
    keys = wanted["Keys"]
    told = weather.ask(handler, json.dumps({"RequestItems": {name: {**wanted, "Keys": keys[::2]}}}).encode())
    body = json.loads(told.data)
    if len(keys) > 1 and told.status == 200:
        body["UnprocessedKeys"] = {name: {**wanted, "Keys": keys[1::2]}}
    answer(handler, told.status, {"content-type": TYPE}, json.dumps(body).encode())


def _half_sent(weather: Weather, handler: BaseHTTPRequestHandler, asked: Asked) -> None:
    """SendMessageBatch may take some of its messages: here every second one is told as failed."""
    entries = asked.body["Entries"]
    told = weather.ask(handler, json.dumps({**asked.body, "Entries": entries[::2]}).encode())
    body = json.loads(told.data)
    if told.status == 200:
        failed = [{"Id": entry["Id"], "SenderFault": False, "Code": "InternalError"} for entry in entries[1::2]]
        body["Failed"] = [*body.get("Failed", []), *failed]
    answer(handler, told.status, {"content-type": TYPE}, json.dumps(body).encode())


SET_ANEW = ("host", "content-length", "connection")
PASSED = ("content-type", "x-amz-crc32", "x-amzn-requestid", "x-amzn-query-error")
HALVES = {"BatchGetItem": _half_read, "SendMessageBatch": _half_sent}
FAILS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "throttled": (
        400,
        {"content-type": TYPE},
        b'{"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException", "message": "slowly"}',
    ),
    "failing": (503, {"content-type": TYPE}, b'{"__type": "com.amazonaws#ServiceUnavailable", "message": "later"}'),
}
