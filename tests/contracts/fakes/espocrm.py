"""EspoCRM 8 as it was seen to behave: no keys of ours, a duplicate rule when its administrator made one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from tests.contracts.fakes.base import Call, FakeCrm, Reply


class Fake(FakeCrm):
    """Cases and the notes of their streams; a client's own id is ignored, a success is 200."""

    routes: ClassVar[Mapping[str, str]] = {
        "GET /api/v1/Case": "_search",
        "POST /api/v1/Case": "_create",
        "GET /api/v1/Case/{}": "_show",
        "PATCH /api/v1/Case/{}": "_patch",
        "GET /api/v1/Case/{}/stream": "_stream",
        "POST /api/v1/Note": "_note",
        "GET /api/v1/Contact": "_contacts",
        "GET /api/v1/App/user": "_user",
        "GET /api/v1/Metadata": "_fields",
    }

    def __init__(self) -> None:
        super().__init__()
        self.cases: list[dict[str, Any]] = []
        self.notes: list[dict[str, Any]] = []
        self.contacts: list[dict[str, Any]] = []
        self.has_duplicate_rule = False

    @property
    def settings(self) -> dict[str, str]:
        return {"url": self.url, "api_key": "made-up"}

    def respond(self, call: Call) -> Reply:
        return super().respond(call) if call.headers.get("x-api-key") == "made-up" else (401, {}, b"")

    def kept(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for case in self.cases:
            key = case["cExternalPostId"]
            notes = [note["post"] for note in self.notes if note["parentId"] == case["id"]]
            name = key if key not in found else f"{key} again ({case['id']})"
            found[name] = [text.rsplit("[ref:", 1)[-1].rstrip("]") for text in (case["description"], *notes)]
        return found

    def own_failure(self, call: Call) -> Reply:
        return 500, {"x-status-reason": "Duplicate entry"}, b""  # what a unique index says

    def _search(self, call: Call) -> Reply:
        wanted = call.query["where[0][value]"]
        if call.query["where[0][type]"] == "after":
            found = [case for case in self.cases if case["modifiedAt"] > wanted]
        else:
            found = [case for case in self.cases if case[call.query["where[0][attribute]"]] == wanted]
        return self._json({"total": len(found), "list": found})

    def _create(self, call: Call) -> Reply:
        values = json.loads(call.body)
        same = [case for case in self.cases if case["name"] == values["name"]]
        if self.has_duplicate_rule and same and "x-skip-duplicate-check" not in call.headers:
            return 409, {"x-status-reason": "duplicate"}, json.dumps(same).encode()
        case = {**values, "id": f"case{len(self.cases) + 1}", "modifiedAt": f"2026-03-04 12:00:{len(self.cases):02d}"}
        self.cases.append(case)
        return self._json(case)

    def _show(self, call: Call, number: str) -> Reply:
        case = self._case(number)
        return self._json(case) if case else (404, {}, b"")

    def _patch(self, call: Call, number: str) -> Reply:
        case = self._case(number)
        assert case is not None
        case.update(json.loads(call.body))
        return self._json(case)

    def _stream(self, call: Call, number: str) -> Reply:
        offset, size = int(call.query["offset"]), int(call.query["maxSize"])
        news = [{"id": "n0", "type": "Create", "post": None}]
        found = [*reversed([note for note in self.notes if note["parentId"] == number]), *news]
        return self._json({"total": len(found), "list": found[offset : offset + size]})

    def _note(self, call: Call) -> Reply:
        note = {**json.loads(call.body), "id": f"note{len(self.notes) + 1}"}
        self.notes.append(note)
        return self._json(note)

    def _contacts(self, call: Call) -> Reply:
        field, value = call.query["where[0][attribute]"], call.query["where[0][value]"]
        return self._json({"list": [one for one in self.contacts if one.get(field) == value]})

    def _user(self, call: Call) -> Reply:
        return self._json({"user": {"userName": "earshot"}, "acl": {"table": {"Case": {"create": "yes"}}}})

    def _fields(self, call: Call) -> Reply:
        return self._json({"name": {}, "status": {}, "cExternalPostId": {}})

    def _case(self, number: str) -> dict[str, Any] | None:
        return next((case for case in self.cases if case["id"] == number), None)

    def _json(self, data: Any) -> Reply:
        return 200, {"content-type": "application/json"}, json.dumps(data).encode()
