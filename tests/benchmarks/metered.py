"""The real handlers, each invocation with its CPU time noted in the file that EARSHOT_METER names."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from typing import Any

NAME = os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "")
if NAME:  # else the HTTP front, which asks for the routes
    os.environ["AWS_ACCESS_KEY_ID"] = NAME  # so the meter knows by whom it is asked

import app  # noqa: E402 - its clients take the credentials there are


class Metered:
    """One function's invocations."""

    def __init__(self, handler: Callable[[Any, Any], Any]) -> None:
        self.handler = handler
        self.routes, self.api = getattr(handler, "routes", None), getattr(handler, "api", None)  # the HTTP front asks

    def __call__(self, event: Any, context: Any) -> Any:
        began = time.process_time()
        try:
            return self.handler(event, context)
        finally:
            self._note(time.process_time() - began)

    def _note(self, seconds: float) -> None:
        line = json.dumps({"function": NAME, "cpu_ms": round(seconds * 1000, 2)})
        file = os.open(os.environ["EARSHOT_METER"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(file, f"{line}\n".encode())
        os.close(file)


api_handler = Metered(app.app)
triage_posts = Metered(app.triage_posts)
deliver_cases = Metered(app.deliver_cases)
tell_people = Metered(app.tell_people)
keep_time = Metered(app.keep_time)
