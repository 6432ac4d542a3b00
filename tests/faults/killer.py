"""The real handlers, in a process that dies at a chosen moment: before its n-th call to anything outside.

Every effect of a function, on AWS or in the CRM, is an HTTP request through the standard library's client; so "between
any two effects" is "before request n", for every n, and "after the last, before the answer". The order is the file
`<function>.kill` in the folder that EARSHOT_FAULTS names: it holds n, and is taken away as it is carried out, so that
the next process lives.
"""

from __future__ import annotations

import http.client
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import app
from tests.faults.pills import swallow

_send = http.client.HTTPConnection.endheaders  # where every request leaves, ours, botocore's and urllib3's


class Killer:
    """Counts the requests of one function's invocations."""

    def __init__(self, name: str, handler: Callable[[Any, Any], Any]) -> None:
        self.name, self.handler, self.calls = name, handler, 0
        self.routes, self.api = getattr(handler, "routes", None), getattr(handler, "api", None)  # the HTTP front asks

    def __call__(self, event: Any, context: Any) -> Any:
        self.calls = 0
        http.client.HTTPConnection.endheaders = self._counted()  # type: ignore[method-assign]
        answer = self.handler(event, context)
        self._die_at(self.calls + 1)  # after the last effect, before the answer
        return answer

    def _counted(self) -> Any:
        def endheaders(connection: Any, *args: Any, **kwargs: Any) -> None:
            self.calls += 1
            self._die_at(self.calls)
            _send(connection, *args, **kwargs)

        return endheaders

    def _die_at(self, call: int) -> None:
        order = Path(os.environ["EARSHOT_FAULTS"]) / f"{self.name}.kill"
        if order.exists() and int(order.read_text()) == call:
            order.unlink()
            os.kill(os.getpid(), signal.SIGKILL)


swallow()

api_handler = Killer("api_handler", app.app)
triage_posts = Killer("triage_posts", app.triage_posts)
deliver_cases = Killer("deliver_cases", app.deliver_cases)
tell_people = Killer("tell_people", app.tell_people)
keep_time = Killer("keep_time", app.keep_time)
