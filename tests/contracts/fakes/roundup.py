"""Roundup, as its REST page tells: https://www.roundup-tracker.org/docs/rest.html"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from tests.contracts.fakes.base import Call, FakeCrm, Reply

STATUSES = ("unread", "deferred", "chatting", "need-eg", "in-progress", "testing", "done-cbb", "resolved")
PROPERTIES = {  # of the classic tracker with ours; the others are Roundup's own
    "issue": {"title", "external_post_id", "network", "status", "assignedto", "priority", "messages", "team"},
    "msg": {"content", "date", "messageid", "summary", "author"},
    "priority": {"name", "order"},
    "status": {"name", "order"},
    "user": {"username"},
}
OWN = {"id", "activity", "actor", "creation", "creator"}
STAMP = "%Y-%m-%d.%H:%M:%S"


class Fake(FakeCrm):
    """Roundup's REST as far as cases need it: substring and exact search, post-once links, mandatory etags."""

    def __init__(self) -> None:
        super().__init__()
        self.items: dict[str, list[dict[str, Any]]] = {"issue": [], "msg": []}
        names = ("critical", "urgent", "bug", "feature", "wish")
        self.items["priority"] = [{"id": str(number), "name": name} for number, name in enumerate(names, 1)]
        self.items["status"] = [{"id": str(number), "name": name} for number, name in enumerate(STATUSES, 1)]
        self.items["user"] = [{"id": "1", "username": "admin"}, {"id": "3", "username": "intake"}]
        self.items["user"] += [{"id": f"1{number}", "username": name} for number, name in enumerate(("care", "leads"))]
        self.chats = True  # the classic tracker's statusauditor
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
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

    def touched(self, number: str, by: str = "dora", **values: Any) -> None:
        """What a person does to an issue there."""
        item = self._item("issue", number)
        assert item is not None
        item |= {**values, "activity": self.clock(), "actor": by}

    def _search(self, kind: str, query: Mapping[str, str]) -> Reply:
        found = self.items[kind]
        for name, value in query.items():
            prop = name.removesuffix(":")
            if not name.startswith("@") and prop not in PROPERTIES[kind] | OWN:
                return self._error(400, f"Field {prop} is not valid for {kind} class.")
            if name == "activity":
                since = datetime.strptime(value, f"from {STAMP}%z")
                found = [item for item in found if item["activity"] >= since.replace(microsecond=0)]
            elif name.endswith(":"):
                found = [item for item in found if item.get(prop) == value]
            elif not name.startswith("@"):
                found = [item for item in found if value in item[name]]
        if query.get("@sort", "").startswith("activity"):
            found = sorted(found, key=lambda item: (item["activity"], int(item["id"])))
        size, page = int(query.get("@page_size", len(found) or 1)), int(query.get("@page_index", 1))
        part = found[(page - 1) * size : page * size]
        unknown = set(query.get("@fields", "id").split(",")) - PROPERTIES[kind] - OWN
        if part and unknown:
            return self._error(400, f"'Unknown property: {min(unknown)}'")
        return self._data(200, {"collection": [self._shown(kind, item) for item in part], "@total_size": len(found)})

    def _shown(self, kind: str, item: Mapping[str, Any]) -> dict[str, Any]:
        """As `@verbose=2` shows links: by their names."""
        if kind != "issue":
            return dict(item)
        names = {"status": "name", "actor": "username", "assignedto": "username"}
        links = {prop: {name: item[prop]} if item.get(prop) else None for prop, name in names.items()}
        return {**item, **links, "activity": item["activity"].astimezone(UTC).strftime(STAMP)}

    def _one(self, kind: str, number: str) -> Reply:
        item = self._item(kind, number)
        if item is None:
            return self._error(404, f"no such {kind} {number}")
        tag = self._tag(item)
        if self.interfere:
            self.interfere(item)
        links: dict[str, Any] = {
            "messages": [{"id": message} for message in item["messages"]],
            "status": {"name": item["status"]},
        }
        links["assignedto"] = {"username": item["assignedto"]} if item.get("assignedto") else None
        links["priority"] = {"id": item["priority"]} if item.get("priority") else None
        return self._data(200, {"attributes": {**item, **links, "activity": None}}, {"etag": tag})

    def _patch(self, kind: str, number: str, body: Mapping[str, Any], tag: str | None) -> Reply:
        item = self._item(kind, number)
        assert item is not None
        if tag != self._tag(item):
            return self._error(412, "If-Match is missing or does not match.")
        if "status" in body and body["status"] not in STATUSES:
            return self._error(400, f"no such status {body['status']}")
        if body.get("assignedto", "admin") not in {user["username"] for user in self.items["user"]}:
            return self._error(400, f"no such user {body['assignedto']}")
        item |= {name: value for name, value in body.items() if name not in ("@op", "messages")}
        linked = item["messages"] if body.get("@op") != "add" else []
        self._say(item, [message for message in body.get("messages", []) if message not in linked])
        return self._data(200, {"id": number})

    def _token(self, kind: str) -> Reply:
        token = uuid.uuid4().hex
        self.tokens.add(token)
        return self._data(200, {"link": f"https://tracker.acme.example/rest/data/{kind}/@poe/{token}"})

    def _create(self, kind: str, token: str, body: Mapping[str, Any]) -> Reply:
        if token not in self.tokens:
            return self._error(400, f"POE token '{token}' not valid.")
        self.tokens.remove(token)
        if unknown := body.keys() - PROPERTIES[kind]:
            return self._error(400, f"Unknown property: {min(unknown)}")
        item = {**body, "id": str(len(self.items[kind]) + 1)}
        if kind == "issue":
            item |= {"status": "unread", "messages": []}
            self._say(item, body.get("messages", []))
            item["status"] = "unread"
        self.items[kind].append(item)
        return self._data(201, {"id": item["id"]})

    def _say(self, issue: dict[str, Any], messages: list[str]) -> None:
        issue["messages"] += messages
        if messages and self.chats and issue["status"] in ("unread", "resolved", "done-cbb"):
            issue["status"] = "chatting"
        issue |= {"activity": self.clock(), "actor": "intake"}

    def _item(self, kind: str, number: str) -> dict[str, Any] | None:
        return next((item for item in self.items[kind] if item["id"] == number), None)

    def _tag(self, item: Mapping[str, Any]) -> str:
        return f'"{hash(json.dumps(item, sort_keys=True, default=str))}"'

    def _data(self, status: int, data: Any, headers: dict[str, str] | None = None) -> Reply:
        return status, headers or {}, json.dumps({"data": data}).encode()

    def _error(self, status: int, words: str) -> Reply:
        return status, {}, json.dumps({"error": {"status": status, "msg": words}}).encode()
