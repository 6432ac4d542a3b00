"""Bluesky's bridge as the process it is, killed and started again, against a Jetstream of ours over a websocket.

Needs `websockets`, which no function has (infra/bridges/requirements.txt); without it these tests are skipped.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.config import PlatformSettings
from chalicelib.platforms.bluesky import Bluesky
from chalicelib.ports.platform import WebhookRequest

server_module = pytest.importorskip("websockets.sync.server")
pytestmark = pytest.mark.local
ROOT = Path(__file__).parents[2]
SECRET = "whsec_YnJpZGdlLXNlY3JldA=="
NEW_PATH = "/xrpc/network.bsky.jetstream.subscribeEvents"
POSTS = 200
PATIENCE = 60


def frame(number: int, *, new: bool = False) -> str:
    """Every second post holds the word; every tenth is taken back by the next."""
    operation, key = ("delete", number - 1) if number % 10 == 1 and number > 1 else ("create", number)
    commit: dict[str, Any] = {"operation": operation, "collection": "app.bsky.feed.post", "rkey": str(key)}
    if operation == "create":
        commit["record"] = {"text": "acme 🔥" if number % 2 == 0 else "nice weather"}
    now = datetime.now(UTC)
    if new:
        names = {"$type": "network.bsky.jetstream.subscribeEvents#commit", "seq": number, "did": "did:plc:rosa"}
        return json.dumps({"$type": "message", "payload": {**names, "time": now.isoformat(), **commit}})
    time_us = int(now.timestamp() * 1e6)
    return json.dumps({"did": "did:plc:rosa", "time_us": time_us, "cursor": number, "kind": "commit", "commit": commit})


@dataclass
class Jetstream:
    """Replays from the cursor on, inclusive; hangs up after `hangs_up_after` frames, and refuses `too_old` cursors."""

    hangs_up_after: int = 10_000
    too_old: int = 0
    asked: list[str] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Jetstream:
        self._server = server_module.serve(self._stream, "127.0.0.1", 0, process_request=self._admit, compression=None)
        self.port = self._server.socket.getsockname()[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()

    def _admit(self, connection: Any, request: Any) -> Any:
        self.asked.append(request.path)
        cursor = self._cursor(request.path)
        if urlsplit(request.path).path == NEW_PATH and cursor is not None and cursor < self.too_old:
            return connection.respond(400, '{"error": "CursorTooOld", "message": "7"}')
        return None

    def _stream(self, connection: Any) -> None:
        cursor = self._cursor(connection.request.path) or 1
        start = cursor if cursor < 10**15 else 1  # a time: everything that it keeps
        new = urlsplit(connection.request.path).path == NEW_PATH
        for number in range(start, min(start + self.hangs_up_after, POSTS + 1)):
            connection.send(frame(number, new=new))
            time.sleep(0.002)
        if start + self.hangs_up_after > POSTS:
            self._over.wait(PATIENCE)

    @staticmethod
    def _cursor(path: str) -> int | None:
        found = parse_qs(urlsplit(path).query).get("cursor")
        return int(found[0]) if found else None


@dataclass
class Earshot:
    """The endpoint: checks signatures as the function does, and answers `faults` first."""

    faults: list[int] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    refused: int = 0

    def __enter__(self) -> Earshot:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"earshot": self}))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/webhooks/bluesky"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, request: WebhookRequest) -> int:
        if self.faults:
            return self.faults.pop(0)
        platform = Bluesky(PlatformSettings(secrets=(SECRET,)))
        platform.verify(request)
        self.heard += [f"{post.action} {post.id.rpartition('/')[2]}" for post in platform.parse(request)]
        return 200


class _Handler(BaseHTTPRequestHandler):
    earshot: Earshot

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.send_response(self.earshot.take(WebhookRequest("POST", headers, {}, body, datetime.now(UTC))))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


def wanted() -> list[str]:
    """What Earshot must hear, in order."""
    told = []
    for number in range(1, POSTS + 1):
        if number % 10 == 1 and number > 1:
            told.append(f"delete {number - 1}")
        elif number % 2 == 0:
            told.append(f"create {number}")
    return told


@pytest.fixture
def earshot() -> Iterator[Earshot]:
    with Earshot() as running:
        yield running


def bridge(jetstream: Jetstream, earshot: Earshot, state: Path, path: str = "/subscribe") -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "infra.bridges.bluesky", "--to", earshot.url, "--word", "acme", "--state"]
    command += [str(state), "--server", f"ws://127.0.0.1:{jetstream.port}{path}"]
    env = os.environ | {"EARSHOT_BRIDGE_SECRET": SECRET}
    return subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE)


def until(earshot: Earshot, count: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while len(set(earshot.heard)) < count and time.monotonic() < deadline:
        time.sleep(0.02)


def ended(process: subprocess.Popen[bytes], by: signal.Signals) -> tuple[int, str]:
    process.send_signal(by)
    _, said = process.communicate(timeout=30)
    return process.returncode, said.decode()


@pytest.mark.parametrize("path", ["/subscribe", NEW_PATH])
def test_a_bridge_that_is_killed_again_and_again_loses_no_frame(earshot: Earshot, tmp_path: Path, path: str) -> None:
    with Jetstream() as jetstream:
        for count in (7, 31, 64):
            process = bridge(jetstream, earshot, tmp_path / "state", path)
            until(earshot, count)
            assert ended(process, signal.SIGKILL)[0] == -signal.SIGKILL
        process = bridge(jetstream, earshot, tmp_path / "state", path)
        until(earshot, len(wanted()))
        code, said = ended(process, signal.SIGTERM)

    assert list(dict.fromkeys(earshot.heard)) == wanted()
    assert len(earshot.heard) <= len(wanted()) + 3, "each death doubles one post at most"
    assert code == 0
    assert "Traceback" not in said
    assert "acme" not in said


def test_a_server_that_hangs_up_is_taken_up_where_it_was(earshot: Earshot, tmp_path: Path) -> None:
    with Jetstream(hangs_up_after=70) as jetstream:
        process = bridge(jetstream, earshot, tmp_path / "state")
        until(earshot, len(wanted()))
        assert ended(process, signal.SIGINT)[0] == 0

    assert earshot.heard == wanted()
    assert len(jetstream.asked) >= 3


def test_while_earshot_is_down_the_stream_waits(earshot: Earshot, tmp_path: Path) -> None:
    earshot.faults = [503, 500, 429]
    with Jetstream() as jetstream:
        process = bridge(jetstream, earshot, tmp_path / "state")
        until(earshot, len(wanted()))
        code, said = ended(process, signal.SIGTERM)

    assert (code, earshot.heard) == (0, wanted())
    assert "Earshot answers 503; trying again" in said


def test_a_cursor_that_the_new_wire_does_not_take_any_more_is_told_and_read_on_by_time(
    earshot: Earshot, tmp_path: Path
) -> None:
    with Jetstream() as jetstream:
        process = bridge(jetstream, earshot, tmp_path / "state", NEW_PATH)
        until(earshot, 5)
        ended(process, signal.SIGKILL)
        jetstream.too_old = 10_000
        process = bridge(jetstream, earshot, tmp_path / "state", NEW_PATH)
        until(earshot, len(wanted()))
        code, said = ended(process, signal.SIGTERM)

    assert code == 0
    assert set(earshot.heard) == set(wanted())
    assert "what was said meanwhile is lost" in said


def test_without_the_library_the_bridge_says_what_to_install(earshot: Earshot, tmp_path: Path) -> None:
    hidden = "import sys; sys.modules['websockets'] = None; from infra.bridges import bluesky; sys.exit(bluesky.main())"
    command = [sys.executable, "-c", hidden, "--to", earshot.url, "--state", str(tmp_path / "state")]
    env = os.environ | {"EARSHOT_BRIDGE_SECRET": SECRET}

    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 2
    assert "pip install -r infra/bridges/requirements.txt" in done.stderr
    assert "Traceback" not in done.stderr
