"""One execution environment: an awslambdaric process and the Lambda Runtime API it asks for work.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import json
import select
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from infra.local.process import Leashed
from infra.local.wire import Disconnected, Message, answer, receive

INIT_SECONDS = 30  # AWS gives ten; a busy laptop is slower
PAYLOAD_LIMIT = 6 * 1024 * 1024  # bytes, of an event and of an answer
TOO_BIG = {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": "the answer has more than 6 MB"}
NEXT = "/2018-06-01/runtime/invocation/next"
ACCEPTED = answer("202 Accepted", {"Content-Type": "application/json"}, b'{"status":"OK"}')


@dataclass(frozen=True, slots=True)
class Spec:
    """What a function is: `timeout` in seconds, `memory` in MB."""

    name: str
    handler: str
    timeout: float
    env: Mapping[str, str]
    root: Path
    log: Path
    memory: int = 512

    @property
    def arn(self) -> str:
        """As the handler sees it."""
        return f"arn:aws:lambda:us-east-1:000000000000:function:{self.name}"


@dataclass(frozen=True, slots=True)
class Invocation:
    """How one call ended: `payload` is the handler's answer, or `error` has errorType and errorMessage."""

    payload: Any = None
    error: Mapping[str, Any] | None = None
    request_id: str = field(default_factory=lambda: str(uuid4()))


class Broken(Exception):
    """The process cannot be used again; `error` is what the caller of the function is told."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.error = {"errorType": kind, "errorMessage": message}


class Worker:
    """One process that runs one invocation at a time."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._connection: socket.socket | None = None
        self._waiting = False
        port = self._listener.getsockname()[1]
        env = dict(spec.env) | _runtime_environment(spec) | {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}"}
        self._process = Leashed("awslambdaric", spec.handler, env=env, cwd=spec.root, log=spec.log)

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def wait_until_ready(self) -> None:
        """Return when the handler is imported and asks for work. Raises Broken."""
        deadline = time.monotonic() + INIT_SECONDS
        while not self._waiting:
            message = self._receive(deadline, f"{self._spec.name} did not start within {INIT_SECONDS} s")
            if message.path == NEXT:
                self._waiting = True
            else:
                self._send(ACCEPTED)
                error = json.loads(message.body)
                raise Broken(error.get("errorType", "Runtime.Unknown"), error.get("errorMessage", ""))

    def invoke(self, event: bytes, request_id: str) -> Invocation:
        """Run the handler once. Raises Broken when the process died or took too long; it is of no use then."""
        self.wait_until_ready()
        deadline = time.monotonic() + self._spec.timeout
        self._waiting = False
        self._send(answer("200 OK", _invocation_headers(self._spec, request_id), event))
        message = self._receive(deadline, f"Task timed out after {self._spec.timeout:.2f} seconds")
        self._send(ACCEPTED)
        if len(message.body) > PAYLOAD_LIMIT:
            return Invocation(error=TOO_BIG, request_id=request_id)
        body = json.loads(message.body)
        if message.path.endswith("/response"):
            return Invocation(payload=body, request_id=request_id)
        return Invocation(error=body, request_id=request_id)

    def stop(self) -> None:
        """Kill the process; an invocation that runs ends as Broken."""
        self._process.stop()
        for end in (self._connection, self._listener):
            if end is not None:
                end.close()

    def _receive(self, deadline: float, too_late: str) -> Message:
        while True:
            source = self._wait(deadline, too_late)
            try:
                if source is self._listener:
                    self._accept()
                elif isinstance(source, socket.socket):
                    source.settimeout(max(deadline - time.monotonic(), 0.001))
                    return receive(source)
                else:
                    raise Broken("Runtime.ExitError", f"the process of {self._spec.name} died; see {self._spec.log}")
            except Disconnected:
                self._hang_up()
            except TimeoutError:
                raise Broken("Sandbox.Timedout", too_late) from None
            except OSError:  # `stop` closed it between the look and the reading
                raise self._stopped() from None

    def _wait(self, deadline: float, too_late: str) -> socket.socket | Leashed:
        """What can be read; what the process said before it died comes before its death."""
        ends = [end for end in (self._connection, self._listener, self._process) if end is not None]
        try:
            ready, _, _ = select.select(ends, [], [], max(deadline - time.monotonic(), 0))
        except (OSError, ValueError):  # `stop` closed them while we waited
            raise self._stopped() from None
        if not ready:
            raise Broken("Sandbox.Timedout", too_late)
        return next(end for end in ends if end in ready)

    def _stopped(self) -> Broken:
        return Broken("Runtime.ExitError", f"{self._spec.name} was stopped")

    def _accept(self) -> None:
        self._hang_up()
        self._connection, _ = self._listener.accept()
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _send(self, data: bytes) -> None:
        if self._connection is not None:
            with suppress(OSError):  # the next read tells that the process is gone, or that `stop` closed this
                self._connection.settimeout(None)
                self._connection.sendall(data)


def _runtime_environment(spec: Spec) -> dict[str, str]:
    return {
        "_HANDLER": spec.handler,
        "AWS_LAMBDA_FUNCTION_NAME": spec.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(spec.memory),
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{spec.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "LAMBDA_TASK_ROOT": str(spec.root),
    }


def _invocation_headers(spec: Spec, request_id: str) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "Lambda-Runtime-Aws-Request-Id": request_id,
        "Lambda-Runtime-Deadline-Ms": str(int((time.time() + spec.timeout) * 1000)),
        "Lambda-Runtime-Invoked-Function-Arn": spec.arn,
        "Lambda-Runtime-Trace-Id": _trace(sampled="AWS_XRAY_DAEMON_ADDRESS" in spec.env),
    }


def _trace(sampled: bool) -> str:
    """A trace's header: https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader"""
    root = f"1-{int(time.time()):08x}-{uuid4().hex[:24]}"
    return f"Root={root};Parent={uuid4().hex[:16]};Sampled={int(sampled)}"
