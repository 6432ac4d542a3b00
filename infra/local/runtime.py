"""Lambda functions: workers that are kept warm, replaced when they die, and lent to one caller at a time."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any
from uuid import uuid4

from infra.local.process import CloudError, tail
from infra.local.worker import PAYLOAD_LIMIT, Broken, Invocation, Spec, Worker


class Function:
    """A function by name; `workers` is its reserved concurrency."""

    def __init__(
        self,
        name: str,
        handler: str,
        *,
        workers: int = 1,
        timeout: float = 30,
        env: Mapping[str, str],
        root: Path,
        logs: Path,
        memory: int = 512,
        done: Callable[[], object] = lambda: None,
    ) -> None:
        """`done` is called after every invocation: what it wrote can be looked for."""
        self.spec = Spec(name, handler, timeout, env, root, logs / f"{name}.log", memory)
        self._done = done
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._workers = [Worker(self.spec) for _ in range(workers)]
        self._idle: LifoQueue[Worker] = LifoQueue()
        for worker in self._workers:
            self._idle.put(worker)

    @property
    def name(self) -> str:
        """As in app.py."""
        return self.spec.name

    @property
    def running(self) -> int:
        """Invocations under way."""
        return len(self._workers) - self._idle.qsize()

    @property
    def pids(self) -> list[int]:
        """The processes of its workers."""
        with self._lock:
            return [worker.pid for worker in self._workers]

    def wait_until_ready(self) -> None:
        """Return when all workers have imported their handler. Raises CloudError with the log when one cannot."""
        for worker in list(self._workers):
            try:
                worker.wait_until_ready()
            except Broken as broken:
                raise CloudError(f"{self.name} ({self.spec.handler}): {broken}\n{tail(self.spec.log)}") from broken

    def invoke(self, event: Mapping[str, Any], wait: float | None = None) -> Invocation:
        """Call it and return how that ended; `wait` is how many seconds a free worker may take (None: for ever)."""
        body = json.dumps(event, separators=(",", ":")).encode()
        if len(body) > PAYLOAD_LIMIT:
            return Invocation(
                error={"errorType": "RequestEntityTooLargeException", "errorMessage": f"{len(body)} bytes"}
            )
        try:
            worker = self._idle.get(timeout=wait)
        except Empty:
            return Invocation(error={"errorType": "TooManyRequestsException", "errorMessage": "Rate Exceeded."})
        try:
            return self._run(worker, body)
        finally:
            self._done()

    def stop(self) -> None:
        """Kill all workers; invocations under way end with an error."""
        self._stopping.set()
        with self._lock:
            for worker in self._workers:
                worker.stop()

    def _run(self, worker: Worker, body: bytes) -> Invocation:
        request_id = str(uuid4())
        try:
            return worker.invoke(body, request_id)
        except Broken as broken:
            worker = self._replace(worker)
            return Invocation(error=broken.error, request_id=request_id)
        finally:
            self._idle.put(worker)

    def _replace(self, broken: Worker) -> Worker:
        """A new process in place of a dead one; none any more when we stop."""
        broken.stop()
        with self._lock:
            if self._stopping.is_set():
                return broken
            fresh = Worker(self.spec)
            self._workers[self._workers.index(broken)] = fresh
            return fresh
