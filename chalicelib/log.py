"""Events with fields, one JSON object a line on standard output, as CloudWatch's Insights reads them.

No text, handle, signature or secret ever stands in a field; whoever logs sees to that.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar

FIELDS = "fields"  # the attribute of a record that holds what the event tells
# Made once; what JSON does not know is written as text. Logs are paid for by the byte, so no line has a space too many.
LINE = json.JSONEncoder(default=str, separators=(",", ":"))


ANY = vars(logging.makeLogRecord({}))


class Told(logging.LogRecord):
    """A record of an event. What logging finds out for every other one, and no line of ours says (the caller's file,
    its thread, its process), would cost more than the rest of it; and senders wait while a delivery is told."""

    def __init__(self, service: str, level: int, event: str, fields: dict[str, Any]) -> None:
        name = logging.getLevelName(level)
        self.__dict__.update(ANY, name=service, levelno=level, levelname=name, msg=event, created=time.time())
        self.fields = fields


class Log:
    """Events of one service, from wherever in the process they are told."""

    _invocations: ClassVar[dict[str, str | None]] = {}
    _listeners: ClassVar[dict[str, Callable[[str, dict[str, Any]], None]]] = {}

    def __init__(self, service: str, level: str | None = None) -> None:
        self.service = service
        self._logger = logging.getLogger(service)
        if level:
            self._logger.setLevel(level)
        self._write_once()

    def belongs_to(self, invocation: str | None) -> None:
        """What goes wrong from now on is told as of this invocation of the function."""
        self._invocations[self.service] = invocation

    @contextmanager
    def heard_by(self, listener: Callable[[str, dict[str, Any]], None]) -> Iterator[None]:
        """Inside the block the listener hears of every event of the service, of whatever level."""
        self._listeners[self.service] = listener
        try:
            yield
        finally:
            del self._listeners[self.service]

    def info(self, event: str, **fields: Any) -> None:
        """Something was done."""
        self._tell(logging.INFO, event, fields)

    def warning(self, event: str, **fields: Any) -> None:
        """Something waits, and will be done without anybody."""
        self._tell(logging.WARNING, event, fields)

    def error(self, event: str, **fields: Any) -> None:
        """Something that a person must look at."""
        self._tell(logging.ERROR, event, fields)

    def _tell(self, level: int, event: str, fields: dict[str, Any]) -> None:
        if listener := self._listeners.get(self.service):
            listener(event, fields)
        if not self._logger.isEnabledFor(level):
            return
        told = {name: value for name, value in fields.items() if value is not None}
        # What went well is found by its post or case; of what did not, it matters what else that invocation did.
        if level > logging.INFO and (invocation := self._invocations.get(self.service)):
            told = {"function_request_id": invocation, **told}
        self._logger.handle(Told(self.service, level, event, told))

    def _write_once(self) -> None:
        """The first of a service in a process. Lambda's own handler, which is on the root logger before our code is
        imported, would write every line a second time."""
        if any(isinstance(handler.formatter, Lines) for handler in self._logger.handlers):
            return
        for handler in logging.getLogger().handlers:
            handler.addFilter(lambda record: record.name != self.service)
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(Lines())
        self._logger.addHandler(handler)


class Lines(logging.Formatter):
    """A record as one line of JSON: level, message, time (UTC), and the event's fields, as far as there are any."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told = {
            "level": record.levelname,
            "message": record.getMessage(),
            "timestamp": self.formatTime(record),
            **getattr(record, FIELDS, {}),
        }
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return LINE.encode(told)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """ISO 8601 to the millisecond."""
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
