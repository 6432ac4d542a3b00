"""CRMs of ours for tests: real HTTP on loopback, with a memory, and faults that can be switched on."""

from __future__ import annotations

import base64
import json
import threading
import uuid
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from standardwebhooks import Webhook

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
                fake.meet(self)

            do_GET = do_POST = do_PATCH = answer

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
        raise NotImplementedError

    def kept(self) -> dict[str, list[str]]:
        """For each record the keys of its entries in order; a record made twice appears under two names."""
        raise NotImplementedError

    def fail_next(self, faults: Iterable[Fault | None]) -> None:
        """Queue faults for the requests to come."""
        self.faults.extend(faults)

    def meet(self, handler: BaseHTTPRequestHandler) -> None:
        """Serve one request, or do to it what the next fault says."""
        parts = urlsplit(handler.path)
        headers = {key.lower(): value for key, value in handler.headers.items()}
        body = handler.rfile.read(int(headers.get("content-length", 0)))
        call = Call(handler.command, parts.path, dict(parse_qsl(parts.query)), headers, body)
        with self.lock:
            self.calls.append(call)
            reply = self._reply(call, self.faults.popleft() if self.faults else None)
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
        if fault in (Fault.DROP_AFTER, Fault.FAIL_AFTER, None):
            done = self.respond(call)
            return {Fault.DROP_AFTER: None, Fault.FAIL_AFTER: (500, {}, b"oops")}.get(fault, done) if fault else done
        soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
        return {
            Fault.DROP_BEFORE: None,
            Fault.FAIL_BEFORE: (500, {}, b"oops"),
            Fault.BUSY_SECONDS: (429, {"retry-after": "30"}, b"slowly"),
            Fault.BUSY_DATE: (429, {"retry-after": soon}, b"slowly"),
            Fault.DENIED: (401, {}, b"who are you"),
        }[fault]


class FakeReceiver(FakeCrm):
    """A receiver of Standard Webhooks that does its duty: it verifies, and takes each webhook-id once."""

    secrets = ("whsec_" + base64.b64encode(b"n" * 32).decode(), "whsec_" + base64.b64encode(b"o" * 32).decode())

    def __init__(self) -> None:
        super().__init__()
        self.events: dict[str, Any] = {}

    @property
    def settings(self) -> dict[str, str]:
        return {"url": f"{self.url}hooks/earshot", "secrets": ",".join(self.secrets)}

    def respond(self, call: Call) -> Reply:
        # verified by the library of the standard's authors; the second secret: that of a receiver not yet rotated
        event = Webhook(self.secrets[-1]).verify(call.body, dict(call.headers))
        self.events.setdefault(call.headers["webhook-id"], event)
        return 204, {}, b""

    def kept(self) -> dict[str, list[str]]:
        records: dict[str, list[str]] = {}
        for event in self.events.values():
            records.setdefault(event["data"]["case"]["id"], []).append(event["data"]["entry"]["key"])
        return records


class FakeRoundup(FakeCrm):
    """Roundup's REST as far as cases need it: substring and exact search, post-once links, mandatory etags."""

    def __init__(self) -> None:
        super().__init__()
        self.items: dict[str, list[dict[str, Any]]] = {"issue": [], "msg": []}
        names = ("critical", "urgent", "bug", "feature", "wish")
        self.items["priority"] = [{"id": str(number), "name": name} for number, name in enumerate(names, 1)]
        self.tokens: set[str] = set()
        self.interfere: Any = None  # what a person changes between our reading and our writing

    @property
    def settings(self) -> dict[str, str]:
        return {"url": f"{self.url}support/rest/", "user": "intake", "password": "made-up"}

    def respond(self, call: Call) -> Reply:
        if "x-requested-with" not in call.headers or not call.headers.get("referer", "").startswith(self.url):
            return self._error(400, "Required Header Missing")
        kind, *rest = call.path.removeprefix("/support/rest/data/").split("/")
        body = json.loads(call.body) if call.body else {}
        if call.method == "GET":
            return self._one(kind, rest[0]) if rest else self._search(kind, call.query)
        if call.method == "PATCH":
            return self._patch(kind, rest[0], body, call.headers.get("if-match"))
        return self._token(kind) if len(rest) == 1 else self._create(kind, rest[1], body)

    def kept(self) -> dict[str, list[str]]:
        marks = {message["id"]: message["messageid"] for message in self.items["msg"]}
        assert len(set(marks.values())) == len(marks), "a message was made twice"
        return {
            issue["external_post_id"] + ("" if number == 0 else f" again ({number})"): [
                marks[message].strip("<>").partition("@")[0] for message in issue["messages"]
            ]
            for issue in self.items["issue"]
            for number in [self._earlier(issue)]
        }

    def _earlier(self, issue: dict[str, Any]) -> int:
        same = [item for item in self.items["issue"] if item["external_post_id"] == issue["external_post_id"]]
        return same.index(issue)

    def _search(self, kind: str, query: Mapping[str, str]) -> Reply:
        found = self.items[kind]
        for name, value in query.items():
            if name.endswith(":"):
                found = [item for item in found if item[name[:-1]] == value]
            elif not name.startswith("@"):
                found = [item for item in found if value in item[name]]
        return self._data(200, {"collection": found})

    def _one(self, kind: str, number: str) -> Reply:
        item = self._item(kind, number)
        if item is None:
            return self._error(404, f"no such {kind} {number}")
        tag = self._tag(item)
        if self.interfere:
            self.interfere(item)
        attributes = {"messages": [{"id": message} for message in item["messages"]]}
        return self._data(200, {"attributes": attributes}, {"etag": tag})

    def _patch(self, kind: str, number: str, body: Mapping[str, Any], tag: str | None) -> Reply:
        item = self._item(kind, number)
        assert item is not None
        if tag != self._tag(item):
            return self._error(412, "If-Match is missing or does not match.")
        item["messages"] += body["messages"]
        return self._data(200, {"id": number})

    def _token(self, kind: str) -> Reply:
        token = uuid.uuid4().hex
        self.tokens.add(token)
        return self._data(200, {"link": f"https://tracker.acme.example/rest/data/{kind}/@poe/{token}"})

    def _create(self, kind: str, token: str, body: Mapping[str, Any]) -> Reply:
        if token not in self.tokens:
            return self._error(400, f"POE token '{token}' not valid.")
        self.tokens.remove(token)
        item = {**body, "id": str(len(self.items[kind]) + 1)}
        self.items[kind].append(item)
        return self._data(201, {"id": item["id"]})

    def _item(self, kind: str, number: str) -> dict[str, Any] | None:
        return next((item for item in self.items[kind] if item["id"] == number), None)

    def _tag(self, item: Mapping[str, Any]) -> str:
        return f'"{hash(json.dumps(item, sort_keys=True))}"'

    def _data(self, status: int, data: Any, headers: dict[str, str] | None = None) -> Reply:
        return status, headers or {}, json.dumps({"data": data}).encode()

    def _error(self, status: int, words: str) -> Reply:
        return status, {}, json.dumps({"error": {"status": status, "msg": words}}).encode()


FAKES: dict[str, type[FakeCrm]] = {"webhook": FakeReceiver, "roundup": FakeRoundup}
