"""Google's keys over HTTP, from a server of our own that answers as it is told."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from chalicelib.platforms import google_keys
from chalicelib.platforms.google_keys import MOST_BYTES, PATH, GoogleKeys, fetch

KEYS = b'{"keys": [{"kty": "RSA", "kid": "k1", "n": "AQAB", "e": "AQAB"}]}'


class Server(HTTPServer):
    """Answers every request alike; `asked` are the paths."""

    status, body = 200, KEYS
    asked: list[str]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(self.server.status)
        self.send_header("Cache-Control", "public, max-age=21600, must-revalidate")
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: pytest shows what matters."""


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Handler)
    server.asked = []
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setattr(google_keys, "HOST", f"127.0.0.1:{server.server_port}")
    monkeypatch.setattr(
        http.client, "HTTPSConnection", http.client.HTTPConnection
    )  # no certificate of ours is Google's
    yield server
    server.shutdown()
    server.server_close()


def test_the_keys_are_fetched_and_kept_as_long_as_google_says(google: Server) -> None:
    now = 0.0
    keys = GoogleKeys(monotonic=lambda: now)

    assert keys.key("k1") is not None
    now = 21599.0
    assert keys.key("k1") is not None
    assert google.asked == [PATH]
    now = 21601.0
    assert keys.key("k1") is not None
    assert google.asked == [PATH, PATH]


@pytest.mark.parametrize(
    ("status", "body"), [(503, b"later"), (302, b""), (404, KEYS), (200, b"<html>"), (200, b" " * MOST_BYTES + KEYS)]
)
def test_an_answer_that_holds_no_keys_leaves_those_that_are_known(google: Server, status: int, body: bytes) -> None:
    now = 0.0
    keys = GoogleKeys(monotonic=lambda: now)
    known = keys.key("k1")
    google.status, google.body, now = status, body, 30000.0

    assert keys.key("k1") == known
    assert keys.key("k2") is None


def test_where_nobody_answers_there_are_no_keys_and_no_crash(google: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(google_keys, "HOST", "127.0.0.1:1")

    assert GoogleKeys().key("k1") is None
    with pytest.raises(OSError, match="refused"):
        fetch()
    assert google.asked == []
