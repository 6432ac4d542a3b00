"""The schedule event source: a function called at a fixed rate."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from infra.local.engine import REGION
from infra.local.runtime import Function
from infra.local.source import Poller, until


class ScheduleSource:
    """Calls its function every `seconds`, the first time after one of them, never twice at once."""

    def __init__(self, function: Function, seconds: float) -> None:
        self._function = function
        self._seconds = seconds
        self._due = time.monotonic() + seconds
        self._poller = Poller(f"{function.name}-schedule", self._poll)
        self.pollers = [self._poller]

    def _poll(self) -> None:
        """Short turns, so that `pause` and `stop` need not wait for the hour."""
        self._poller.rest(min(until(self._due), 0.25))
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + self._seconds
            self._function.invoke(_event(self._function.name))


def _event(rule: str) -> dict[str, Any]:
    return {
        "version": "0",
        "id": str(uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:000000000000:rule/{rule}"],
        "detail": {},
    }
