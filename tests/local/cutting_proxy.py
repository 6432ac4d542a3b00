"""A proxy before a CRM: it may keep an answer to itself (the CRM has it, we do not know), or say that it is busy."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import urllib3

PASSED = ("etag", "retry-after", "content-type", "location")


class _Server(ThreadingHTTPServer):
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who is killed while it asks is no trouble of ours; anything else is printed by the base class."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class CuttingProxy:
    """Stands before a server at `target`.

    By a request's number (from 1) `cut` tells whether its answer is dropped, `busy` whether it is a 429, not forwarded.
    """

    def __init__(self, target: str) -> None:
        self.target = target
        self.count = 0
        self.cut: Callable[[int], bool] = lambda number: False
        self.busy: Callable[[int], bool] = lambda number: False
        self.before: Callable[[int], None] = lambda number: None

    def __enter__(self) -> Self:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1

            def forward(self) -> None:
                proxy.forward(self)

            do_GET = do_POST = do_PATCH = do_PUT = forward

            def log_message(self, format: str, *args: Any) -> None:
                """Silent."""

        self._upstream = urllib3.PoolManager(maxsize=50, retries=False, timeout=30)
        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._upstream.clear()

    def url(self, path: str) -> str:
        """The same path, by way of the proxy."""
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def forward(self, handler: BaseHTTPRequestHandler) -> None:
        """Hand one request on; answer it or break the connection."""
        self.count += 1
        number = self.count
        body = handler.rfile.read(int(handler.headers.get("content-length", 0)))
        self.before(number)
        if self.busy(number):
            answer(handler, 429, {"retry-after": "1"}, b"slowly")
            return
        headers = {name: value for name, value in handler.headers.items() if name.lower() != "host"}
        told = self._upstream.request(handler.command, self.target + handler.path, headers=headers, body=body)
        if self.cut(number):
            handler.close_connection = True
            return
        kept = {name: told.headers[name] for name in PASSED if name in told.headers}
        answer(handler, told.status, kept, told.data)


def answer(handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes) -> None:
    """Write one answer on a connection that is kept."""
    handler.send_response(status)
    for name, value in {**headers, "content-length": str(len(body))}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)
