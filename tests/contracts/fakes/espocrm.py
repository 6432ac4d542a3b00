"""EspoCRM 8 as it was seen to behave: no keys of ours, a duplicate rule when its administrator made one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from tests.contracts.fakes.base import Call, FakeCrm, Reply

START = datetime(2026, 3, 4, 12, tzinfo=UTC)
MOST_WRONG_KEYS = 10


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
        self.has_unique_index = False
        self.wrong_keys = 0
        self.rights: Any = {"create": "yes", "read": "all", "edit": "all", "delete": "no", "stream": "all"}

    @property
    def settings(self) -> dict[str, str]:
        return {"url": self.url, "api_key": "made-up"}

    def respond(self, call: Call) -> Reply:
        if self.wrong_keys >= MOST_WRONG_KEYS:
            return 403, {}, b""  # the whole address is locked out, also with the right key
        if call.headers.get("x-api-key") != "made-up":
            self.wrong_keys += 1
            return 401, {}, b""
        return super().respond(call)

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
        wanted, attribute = call.query["where[0][value]"], call.query["where[0][attribute]"]
        if call.query["where[0][type]"] == "after":
            assert call.query["where[1][type]"] == "isNotNull"
            found = [case for case in self.cases if case[attribute] > wanted]
        else:
            found = [case for case in self.cases if case[attribute] == wanted]
        found.sort(key=lambda case: case.get(call.query["orderBy"], ""))
        offset, size = int(call.query.get("offset", "0")), int(call.query.get("maxSize", "20"))
        return self._json({"total": len(found), "list": found[offset : offset + size]})

    def _create(self, call: Call) -> Reply:
        values = json.loads(call.body)
        keys = ("name", "cExternalPostId")
        same = [case for case in self.cases if any(case[key] == values[key] for key in keys)]
        if self.has_duplicate_rule and same and call.headers.get("x-skip-duplicate-check") != "true":
            return 409, {"x-status-reason": "duplicate"}, json.dumps(same).encode()
        if self.has_unique_index and any(case["cExternalPostId"] == values["cExternalPostId"] for case in self.cases):
            return 500, {}, b""
        if "Lowest" in values.get("priority", ""):
            label = {
                "messageTranslation": {"label": "validationFailure", "data": {"field": "priority", "type": "valid"}}
            }
            return 400, {"x-status-reason": "Field validation failed"}, json.dumps(label).encode()
        case = {**values, "id": f"case{len(self.cases) + 1}", "modifiedAt": self._moment()}
        self.cases.append(case)
        return self._json(case)

    def _moment(self) -> str:
        return (START + timedelta(seconds=len(self.cases))).strftime("%Y-%m-%d %H:%M:%S")

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
        return self._json({"user": {"userName": "earshot"}, "acl": {"table": {"Case": self.rights}}})

    def _fields(self, call: Call) -> Reply:
        contact: dict[str, Any] = {"name": {}, "cSocialHandle": {}}
        case: dict[str, Any] = {"name": {}, "status": {}, "account": {}, "cExternalPostId": {}}
        return self._json(contact if ".Contact." in call.query["key"] else case)

    def _case(self, number: str) -> dict[str, Any] | None:
        return next((case for case in self.cases if case["id"] == number), None)

    def _json(self, data: Any) -> Reply:
        return 200, {"content-type": "application/json"}, json.dumps(data).encode()
