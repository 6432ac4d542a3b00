"""The real handlers in processes with a bad life: they die, hang and have wrong clocks, by a seed.

An invocation may be killed before its n-th request to anything outside, hang there until Lambda's time is over, or be
killed by a post that no function survives. Whatever was done to it is a line of the journal that EARSHOT_FAULTS names.
Time runs faster here than on AWS: what app.py leaves for the end of an invocation is shortened with the time-outs.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import chalicelib.wiring.stores

NAME = os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "")
JOURNAL = Path(os.environ.get("EARSHOT_FAULTS", os.devnull))
LUCK = random.Random(f"{os.environ.get('EARSHOT_SEED', '')}/{NAME}/{os.getpid()}")  # noqa: S311
SKEW_SECONDS = 60
SKEW = timedelta(seconds=LUCK.uniform(-SKEW_SECONDS, SKEW_SECONDS) if NAME else 0)

if NAME:  # else the HTTP front, which asks for the routes
    os.environ["AWS_ACCESS_KEY_ID"] = NAME  # so the weather knows by whom it is asked


class Skewed:
    """This process's clock."""

    @staticmethod
    def now(tz: tzinfo | None = None) -> datetime:
        """Too early or too late by the same for as long as the process lives."""
        return datetime.now(tz) + SKEW


vars(chalicelib.wiring.stores)["datetime"] = Skewed

import app  # noqa: E402 - after its clock was set
from tests.faults.pills import swallow  # noqa: E402

app.ONE_DELIVERY_MS, app.ONE_CALL_MS = 11_000, 1_000


@dataclass(frozen=True, slots=True)
class Odds:
    """How likely an invocation is killed, and hangs, and among how many requests that comes."""

    kill: float
    hang: float
    requests: int


ODDS = {
    "api_handler": Odds(0.006, 0.001, 4),
    "triage_posts": Odds(0.025, 0.004, 14),
    "deliver_cases": Odds(0.08, 0.012, 40),
    "keep_time": Odds(0.1, 0.02, 10),
}


class Gremlin:
    """One function's invocations, each with its fate."""

    def __init__(self, name: str, handler: Callable[[Any, Any], Any]) -> None:
        self.name, self.handler = name, handler
        self.routes, self.api = getattr(handler, "routes", None), getattr(handler, "api", None)  # the HTTP front asks
        self.calls, self.at, self.fate = 0, 0, ""

    def __call__(self, event: Any, context: Any) -> Any:
        if self.name == NAME:
            self._draw()
        http.client.HTTPConnection.endheaders = self._counted()  # type: ignore[method-assign]
        answer = self.handler(event, context)
        self._meet(self.calls + 1)  # after the last effect, before the answer
        return answer

    def _draw(self) -> None:
        odds, throw = ODDS[self.name], LUCK.random()
        self.fate = "killed" if throw < odds.kill else "timed out" if throw < odds.kill + odds.hang else ""
        self.calls, self.at = 0, LUCK.randint(1, odds.requests)

    def _counted(self) -> Any:
        def endheaders(connection: Any, *args: Any, **kwargs: Any) -> None:
            self.calls += 1
            self._meet(self.calls)
            _send(connection, *args, **kwargs)

        return endheaders

    def _meet(self, call: int) -> None:
        if not self.fate or call != self.at:
            return
        note(self.fate, call)
        if self.fate == "timed out":
            time.sleep(3600)  # Lambda ends it
        os.kill(os.getpid(), signal.SIGKILL)


def note(fate: str, call: int = 0) -> None:
    """A line of the journal, written whole whoever else writes."""
    line = json.dumps({"function": NAME, "fate": fate, "call": call, "skew": round(SKEW.total_seconds(), 1)})
    file = os.open(JOURNAL, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(file, f"{line}\n".encode())
    os.close(file)


_send = http.client.HTTPConnection.endheaders  # where every request leaves, ours, botocore's and urllib3's
swallow(lambda: note("poisoned"))
if NAME:
    note("started")

api_handler = Gremlin("api_handler", app.app)
triage_posts = Gremlin("triage_posts", app.triage_posts)
deliver_cases = Gremlin("deliver_cases", app.deliver_cases)
keep_time = Gremlin("keep_time", app.keep_time)
