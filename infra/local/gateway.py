"""The HTTP front on 127.0.0.1: API Gateway's part, with its limits."""

from __future__ import annotations

import errno
import re
import socket
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from typing import Any

from infra.local.process import CloudError
from infra.local.proxy import HttpAnswer, HttpRequest, Routes, answer, event, problem
from infra.local.runtime import Function
from infra.local.worker import PAYLOAD_LIMIT

LENGTH = re.compile(r"[0-9]{1,18}")
BODY_LIMIT = 10 * 1024 * 1024
DISCARD_LIMIT = 64 * 1024 * 1024
BLOCK = 65536
INTEGRATION_SECONDS = 29
IDLE_SECONDS = 60
UNKNOWN = problem(403, "Missing Authentication Token")  # what API Gateway says of paths and methods it does not have
TOO_LONG = problem(413, "Request Too Long")


def routes_of(handler: str) -> Routes:
    """The routes of a Chalice app, named as its Lambda handler is: `app.app`. Raises CloudError when it is none."""
    module, _, name = handler.rpartition(".")
    app: Any = getattr(import_module(module), name, None)
    if not hasattr(app, "routes") or not hasattr(app, "api"):
        raise CloudError(f"{handler} is not a Chalice app: the gateway takes its routes from it")
    methods: Mapping[str, Mapping[str, object]] = app.routes
    return Routes({path: tuple(entries) for path, entries in methods.items()}, tuple(app.api.binary_types))


class Gateway:
    """Serves one function over HTTP/1.1 until it is stopped."""

    def __init__(self, function: Function, routes: Routes, port: int | None) -> None:
        try:
            self._server = _Server(("127.0.0.1", port or 0), function, routes)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise CloudError(
                f"port {port} of 127.0.0.1 is taken: stop what listens there, or choose another"
            ) from error
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="gateway", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take no more requests; those under way are cut."""
        self._server.shutdown()
        self._server.server_close()
        self._server.hang_up()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], function: Function, routes: Routes) -> None:
        super().__init__(address, _Handler)
        self._function = function
        self._routes = routes
        self._open: set[socket.socket] = set()

    def hang_up(self) -> None:
        """Cut every connection, idle ones that are kept alive included."""
        for connection in list(self._open):
            with suppress(OSError):  # its own thread may have closed it just now
                connection.shutdown(socket.SHUT_RDWR)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def respond(self, request: HttpRequest) -> HttpAnswer:
        try:
            call = event(request, self._routes)
        except ValueError:  # a target with half an IPv6 address
            return problem(400, "Bad Request")
        if call is None:
            return UNKNOWN
        if len(request.body) > PAYLOAD_LIMIT:
            return TOO_LONG  # Lambda takes 6 MB, whatever the gateway takes
        invocation = self._function.invoke(call, wait=INTEGRATION_SECONDS)
        if invocation.error and invocation.error.get("errorType") == "RequestEntityTooLargeException":
            return TOO_LONG
        return answer(invocation)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is no trouble of ours; anything else is printed by the base class."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave in one packet
    server: _Server

    def _serve(self) -> None:
        self._send(self._reply())

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _serve

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Requests the base class gives up on; to API Gateway a strange method is as unknown as a strange path."""
        self.close_connection = True  # the body was not read
        strange = {501: UNKNOWN, 505: problem(400, "Bad Request")}
        self._send(strange.get(code) or problem(code, HTTPStatus(code).phrase))

    def _send(self, reply: HttpAnswer) -> None:
        self.send_response_only(reply.status)
        for name, value in reply.headers:
            if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                self.send_header(_line(name), _line(value))
        self.send_header("Content-Length", str(len(reply.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)
        self.wfile.flush()

    def _reply(self) -> HttpAnswer:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not LENGTH.fullmatch(length):
            self.close_connection = True  # where the body ends is not known
            return problem(411, "Length Required")
        if int(length) > BODY_LIMIT:
            self._discard(int(length))
            return TOO_LONG
        body = self.rfile.read(int(length))
        pairs = [(name, value) for name, value in self.headers.items()]
        return self.server.respond(HttpRequest(self.command, self.path, pairs, body, self.client_address[0]))

    def _discard(self, length: int) -> None:
        """Read what is not taken, within reason: a caller that is cut while it writes never sees our answer."""
        self.close_connection = True
        for _ in range(min(length, DISCARD_LIMIT) // BLOCK):
            if not self.rfile.read(BLOCK):
                return

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the function logs what matters, and no address of a person."""


def _line(text: str) -> str:
    """A header's text without the line ends that would begin another header."""
    return text.replace("\r", " ").replace("\n", " ").encode("utf-8").decode("latin-1")
