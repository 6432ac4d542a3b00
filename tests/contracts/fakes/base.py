"""CRMs of ours for tests: real HTTP on loopback, with a memory, and faults that can be switched on."""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Self
from urllib.parse import parse_qsl, urlsplit

from chalicelib.errors import Unavailable
from chalicelib.transport import Transport
from chalicelib.verdict import Answer

Reply = tuple[int, dict[str, str], bytes]


class Fault(StrEnum):
    """What can go wrong with one request."""

    DROP_BEFORE = "the connection breaks before anything is done"
    DROP_AFTER = "it is done, then the connection breaks"
    FAIL_BEFORE = "500, nothing done"
    FAIL_AFTER = "done, and yet 500"
    BUSY_SECONDS = "429, Retry-After in seconds"
    BUSY_DATE = "429, Retry-After as a date"
    DENIED = "401"
    OWN_BEFORE = "nothing done, which the product says in its own way"
    OWN_AFTER = "done, and yet the product says in its own way that it failed"


DONE_BEFORE = (Fault.DROP_AFTER, Fault.FAIL_AFTER, Fault.OWN_AFTER)


@dataclass(frozen=True, slots=True)
class Call:
    """One request as the fake sees it."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


class FakeCrm:
    """A server in a thread; the next requests meet the queued faults (None: all is well), in order."""

    url = "http://127.0.0.1:9/"  # until it is entered
    routes: ClassVar[Mapping[str, str]] = {}  # `GET /tickets/{}`: the method that answers, given the call and each {}

    def __init__(self) -> None:
        self.faults: deque[Fault | None] = deque()
        self.always: int | None = None
        self.calls: list[Call] = []
        self.lock = threading.Lock()

    def __enter__(self) -> Self:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet: in two, each answer would wait 40 ms for the first one's ack

            def answer(self) -> None:
                fake._meet(self)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer

            def log_message(self, format: str, *args: Any) -> None:
                """Tests read what is kept, not a log."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, args=(0.002,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def settings(self) -> dict[str, str]:
        """What the adapter needs to reach this fake."""
        raise NotImplementedError

    def respond(self, call: Call) -> Reply:
        """What the CRM does and says when nothing is wrong."""
        for route, name in self.routes.items():
            method, _, path = route.partition(" ")
            match = re.fullmatch(re.escape(path).replace(r"\{\}", "([^/]+)"), call.path)
            if match and method == call.method:
                reply: Reply = getattr(self, name)(call, *match.groups())
                return reply
        return 404, {}, b"no such path"

    def kept(self) -> dict[str, list[str]]:
        """For each record the keys of its entries in order; a record made twice appears under two names."""
        raise NotImplementedError

    def own_failure(self, call: Call) -> Reply:
        """How this product fails in a way of its own (Odoo: 200 and an error inside); here a proxy's page before it."""
        return 503, {"content-type": "text/html"}, b"<html><h1>Down for maintenance</h1></html>"

    def is_writing(self, call: Call) -> bool:
        """Whether this request changes something, so that its refusal is one of the case."""
        return call.method != "GET" and not call.path.endswith("/token")

    def fail_next(self, faults: Iterable[Fault | None]) -> None:
        """Queue faults for the requests to come."""
        self.faults.extend(faults)

    def serve(self, call: Call) -> Reply | None:
        """Answer one request, or do to it what the next fault says; None: the connection breaks."""
        with self.lock:
            self.calls.append(call)
            return self._reply(call, self.faults.popleft() if self.faults else None)

    def _answer(self, call: Call) -> Reply:
        """No CRM takes JSON for JSON that is not called so; most read it as an empty form."""
        kind = call.headers.get("content-type", "").partition(";")[0]
        if call.body[:1] in (b"{", b"[") and kind != "application/json":
            return 415, {}, b"Unsupported Media Type"
        return self.respond(call)

    def _meet(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        headers = {key.lower(): value for key, value in handler.headers.items()}
        body = handler.rfile.read(int(headers.get("content-length", 0)))
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        reply = self.serve(Call(handler.command, parts.path, query, headers, body))
        if reply is None:
            handler.close_connection = True
            return
        status, extra, content = reply
        handler.send_response(status)
        for name, value in {**extra, "content-length": str(len(content))}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    def _reply(self, call: Call, fault: Fault | None) -> Reply | None:
        if self.always:
            return self.always, {"location": "/elsewhere"}, b"Acme says: not like this"
        done = self._answer(call) if fault is None or fault in DONE_BEFORE else None
        if fault is None:
            return done
        soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
        return {
            Fault.DROP_BEFORE: None,
            Fault.DROP_AFTER: None,
            Fault.FAIL_BEFORE: (500, {}, b"oops"),
            Fault.FAIL_AFTER: (500, {}, b"oops"),
            Fault.BUSY_SECONDS: (429, {"retry-after": "30"}, b"slowly"),
            Fault.BUSY_DATE: (429, {"retry-after": soon}, b"slowly"),
            Fault.DENIED: (401, {}, b"who are you"),
            Fault.OWN_BEFORE: self.own_failure(call),
            Fault.OWN_AFTER: self.own_failure(call),
        }[fault]


class Direct(Transport):
    """The transport without the network: thousands of schedules in the time of a few connections."""

    def __init__(self, name: str, fake: FakeCrm, monotonic: Callable[[], float]) -> None:
        super().__init__(name, monotonic=monotonic)
        self._fake = fake

    def _send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        named = {key.lower(): value for key, value in headers.items()}
        reply = self._fake.serve(Call(method, parts.path, query, named, body or b""))
        if reply is None:
            raise Unavailable(f"{self.name} did not answer")
        status, extra, content = reply
        return Answer(status, {key.lower(): value for key, value in extra.items()}, content)
