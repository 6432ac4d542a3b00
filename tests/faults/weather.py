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
from http.server import BaseHTTPRequestHandler
from threading import Lock

from tests.local.aws_proxy import TYPE, Asked, AwsProxy, read
from tests.local.cutting_proxy import answer

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


class Weather(AwsProxy):
    """Stands before the services at `target()`; `seen` counts requests by function, service and operation, `faults`
    what went wrong by service and kind. `fair` is weather without faults."""

    def __init__(self, target: Callable[[], str], seed: str) -> None:
        super().__init__(target)
        self._luck, self._lock = random.Random(seed), Lock()  # noqa: S311
        self._began = time.monotonic()
        self.fair = False
        self.seen: Counter[tuple[str, str, str]] = Counter()
        self.faults: Counter[tuple[str, str]] = Counter()

    def forward(self, handler: BaseHTTPRequestHandler) -> None:
        """Hand one request on, or not, as the weather is."""
        asked, raw = read(handler)
        fault = self._fault(asked)
        if fault in FAILS:
            answer(handler, *FAILS[fault])
        elif fault == "lost before":
            handler.close_connection = True
        elif fault == "half done":
            HALVES[asked.operation](self, handler, asked)
        else:
            self.hand_on(handler, raw, is_lost=fault == "lost after")

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


HALVES = {"BatchGetItem": _half_read, "SendMessageBatch": _half_sent}
FAILS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "throttled": (
        400,
        {"content-type": TYPE},
        b'{"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException", "message": "slowly"}',
    ),
    "failing": (503, {"content-type": TYPE}, b'{"__type": "com.amazonaws#ServiceUnavailable", "message": "later"}'),
}
