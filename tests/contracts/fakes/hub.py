"""A small hub of WebSub over HTTP: takes subscriptions, verifies intent, and delivers signed feeds."""

from __future__ import annotations

import hashlib
import hmac
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_hex
from types import TracebackType
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode
from urllib.request import ProxyHandler, Request, build_opener

NEEDED = ("hub.callback", "hub.mode", "hub.topic")
LONGEST_SECRET = 200  # bytes, less one: section 5.1


@dataclass
class Hub:
    """Grants `lasts` seconds to whoever echoes its challenge. `faults` are answered to the next requests instead."""

    lasts: int = 432_000
    faults: list[int] = field(default_factory=list)
    held: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    _verifying: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Hub:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"hub": self}))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/subscribe"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, form: dict[str, str]) -> tuple[int, dict[str, str]]:
        """The answer to a subscriber's request; what is right is verified behind its back, as the standard says."""
        self.asked.append(form)
        if self.faults:
            status = self.faults.pop(0)
            return status, {"Retry-After": "7"} if status == 503 else {}
        is_whole = all(form.get(name) for name in NEEDED) and len(form.get("hub.secret", "").encode()) < LONGEST_SECRET
        if not is_whole:
            return 400, {}
        thread = threading.Thread(target=self.verify, args=(form,))
        self._verifying.append(thread)
        thread.start()
        return 202, {}

    def settle(self) -> None:
        """Wait until every intent is verified."""
        for thread in self._verifying:
            thread.join(30)
        self._verifying.clear()

    def verify(self, form: dict[str, str]) -> int:
        """Ask the callback whether it wants this; the status of its answer."""
        challenge = token_hex(16)
        query = {"hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"], "hub.challenge": challenge}
        status, body = self._call(form["hub.callback"], query | {"hub.lease_seconds": str(self.lasts)})
        if 200 <= status < 300 and body == challenge.encode():
            self.held[form["hub.topic"]] = form
        return status

    def deny(self, form: dict[str, str]) -> int:
        """Tell a subscriber that it gets nothing."""
        return self._call(form["hub.callback"], {"hub.mode": "denied", "hub.topic": form["hub.topic"]})[0]

    def publish(self, topic: str, feed: bytes, method: str = "sha1") -> int:
        """Deliver a feed to who holds its topic; the status of the answer."""
        form = self.held[topic]
        mac = hmac.new(form["hub.secret"].encode(), feed, getattr(hashlib, method)).hexdigest()
        headers = {"content-type": "application/atom+xml", "x-hub-signature": f"{method}={mac}"}
        return self._send(Request(form["hub.callback"], feed, headers, method="POST"))[0]  # noqa: S310 - ours

    def _call(self, callback: str, query: dict[str, str]) -> tuple[int, bytes]:
        joint = "&" if "?" in callback else "?"
        return self._send(Request(f"{callback}{joint}{urlencode(query)}"))  # noqa: S310 - ours

    def _send(self, request: Request) -> tuple[int, bytes]:
        try:
            with build_opener(ProxyHandler({})).open(request, timeout=30) as answer:
                return answer.status, answer.read()
        except HTTPError as error:
            with error:
                return error.code, error.read()


class _Handler(BaseHTTPRequestHandler):
    hub: Hub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        status, headers = self.hub.take(dict(parse_qsl(body)))
        self.send_response(status)
        for name, value in {**headers, "Content-Length": "0"}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""
