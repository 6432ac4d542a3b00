"""X's batch compliance, as its page documents it, over HTTP: jobs that it remembers, and faults when it is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

TOKEN = "made-up-bearer-token"


@dataclass
class FakeX:
    """`gone` are the ids it will report, with the reason; `looks` is how often a job is looked at until it is done.

    `faults` are answered instead, one a call: a status, or `None` for a connection that breaks after the work was done.
    """

    gone: dict[str, str] = field(default_factory=dict)
    looks: int = 2
    faults: list[tuple[str, int | None]] = field(default_factory=list)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    url: str = ""

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> tuple[int, bytes]:
        """What X says."""
        where, _, job_id = path.partition("?")[0].strip("/").rpartition("/")
        if where in ("upload", "download"):
            return self._file(method, where, job_id, headers, body)
        if headers.get("authorization") != f"Bearer {TOKEN}":
            return 401, b'{"title": "Unauthorized"}'
        if method == "POST":
            return self._begin(json.loads(body))
        if "?" in path:
            return 200, json.dumps({"data": list(self.jobs.values())} if self.jobs else {"meta": {}}).encode()
        return 200, json.dumps({"data": self._looked_at(job_id)}).encode()

    def _begin(self, asked: dict[str, Any]) -> tuple[int, bytes]:
        if any(job["status"] in ("created", "in_progress") for job in self.jobs.values()):
            return 409, b'{"title": "ConflictingJob"}'
        number = str(1372966999991541762 + len(self.jobs))
        links = {f"{way}_url": f"{self.url}/{way}/{number}" for way in ("upload", "download")}
        self.jobs[number] = {"id": number, "type": asked["type"], "name": asked["name"], "status": "created", **links}
        return 200, json.dumps({"data": self.jobs[number]}).encode()

    def _looked_at(self, job_id: str) -> dict[str, Any]:
        job = self.jobs[job_id]
        if job["status"] == "in_progress":
            self.looks -= 1
            job["status"] = "complete" if self.looks <= 0 else "in_progress"
        return job

    def _file(self, method: str, where: str, job_id: str, headers: Any, body: bytes) -> tuple[int, bytes]:
        if "authorization" in headers:
            return 400, b"the address is signed: a token beside it is refused"
        if where == "upload" and method == "PUT":
            self.ids[job_id] = body.decode().splitlines()
            self.jobs[job_id]["status"] = "in_progress"
            return 200, b""
        found = [name for name in self.ids[job_id] if name in self.gone]
        lines = [{"id": name, "action": "delete", "reason": self.gone[name]} for name in found]
        return 200, "\n".join(map(json.dumps, lines)).encode()

    @contextmanager
    def running(self) -> Iterator[FakeX]:
        """Itself, while it listens at `url`."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _handler(x: FakeX) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            name = f"{self.command} {self.path.partition('?')[0].strip('/').split('/')[0]}"
            x.calls.append(name)
            fault = next((one for one in x.faults if one[0] == name), None)
            if fault:
                x.faults.remove(fault)
            if fault and fault[1]:
                self._say(fault[1], b"{}", {"retry-after": "2"} if fault[1] == 429 else {})
                return
            status, content = x.answer(self.command, self.path, self.headers, body)
            if fault:
                self.close_connection = True  # done, and nobody hears it
                return
            self._say(status, content, {})

        do_GET = do_POST = do_PUT = do_any

        def _say(self, status: int, content: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for key, value in {**headers, "content-length": str(len(content))}.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Not a word."""

    return Handler
