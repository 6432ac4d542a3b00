"""Roundup, as its REST page tells: https://www.roundup-tracker.org/docs/rest.html"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from tests.contracts.fakes.base import Call, FakeCrm, Reply


class Fake(FakeCrm):
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
