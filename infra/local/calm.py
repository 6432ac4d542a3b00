"""When is nothing under way any more? Asked by tests and by the demonstration before they look at the outcome."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from infra.local.engine import Engine
from infra.local.process import CloudError
from infra.local.runtime import Function
from infra.local.source import Poller
from infra.local.stream_source import StreamSource

COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)
LOOK_SECONDS = 0.03
BUSY_SECONDS = 0.1  # every look costs the services a little of their time


class Calm:
    """Looks at every place where work can be."""

    def __init__(
        self,
        *,
        engine: Engine,
        sqs: Any,
        queues: Mapping[str, str],
        functions: Mapping[str, Function],
        streams: Sequence[StreamSource],
        pollers: Mapping[str, Sequence[Poller]],
    ) -> None:
        self._engine = engine
        self._sqs = sqs
        self._queues = queues
        self._functions = functions
        self._streams = streams
        self._pollers = pollers

    def depths(self) -> dict[str, int]:
        """Messages by queue, in flight and delayed ones included."""
        return {name: self._depth(url) for name, url in self._queues.items()}

    def check(self) -> None:
        """Raises CloudError when the services or a poller have died."""
        self._engine.check()
        for poller in (poller for group in self._pollers.values() for poller in group):
            if poller.trouble is not None:
                raise CloudError(f"the poller {poller.name} has died: {poller.trouble!r}") from poller.trouble

    def wait(self, timeout: float) -> None:
        """Return when all is done. Raises CloudError after `timeout` seconds, telling what is left."""
        deadline = time.monotonic() + timeout
        since = time.monotonic()
        while left := self._left(since):
            self.check()
            if time.monotonic() > deadline:
                raise CloudError(f"not drained within {timeout} s: {', '.join(left)}")
            busy = not left[0].startswith("stream")
            if busy:
                since = time.monotonic()  # work that was seen may still write to the stream
            time.sleep(BUSY_SECONDS if busy else LOOK_SECONDS)

    def _left(self, since: float) -> list[str]:
        """In the order in which work flows: what the first sees ending, the later ones see."""
        posts = self._depth(self._queues["PostsQueue"])
        running = {name: function.running for name, function in self._functions.items() if function.running}
        left = [f"PostsQueue has {posts} messages"] if posts else []
        left += [f"{name} is running {count} times" for name, count in running.items()]
        for stream in self._streams:
            if not stream.read_since(since):
                left.append(f"stream has {stream.pending} records read, and perhaps more unread")
        return left

    def _depth(self, url: str) -> int:
        found = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(COUNTS))["Attributes"]
        return sum(int(found[name]) for name in COUNTS)
