"""EspoCRM 8 as it was seen to behave: no keys of ours, a duplicate rule when its administrator made one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from tests.contracts.fakes.base import Call, FakeCrm, Reply

START = datetime(2026, 3, 4, 12, tzinfo=UTC)
MOST_WRONG_KEYS, MOST_A_PAGE = 10, 200
OURS = ("description", "teamsIds", "assignedUserId", "cExternalPostId", "modifiedAt")
ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "Case": (*OURS, "name", "status", "priority", "contactId", "account", "cHandle"),
    "Task": (*OURS, "name", "status", "priority", "parentType", "parentId", "dateEnd"),
    "Lead": (*OURS, "lastName", "firstName", "status"),
    "Contact": ("name", "cSocialHandle"),
}
NEEDED = {"Case": ("name",), "Task": ("name", "assignedUserId"), "Lead": ("lastName",)}
PRIORITIES = ("Low", "Normal", "High", "Urgent")
CHOICES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Case": {"priority": PRIORITIES, "status": ("New", "Assigned", "Pending", "Closed", "Rejected", "Duplicate")},
    "Task": {"priority": PRIORITIES, "status": ("Not Started", "Started", "Completed", "Canceled", "Deferred")},
    "Lead": {"status": ("New", "Assigned", "In Process", "Converted", "Recycled", "Dead")},
}


class Fake(FakeCrm):
    """Cases and the notes of their streams; a client's own id is ignored, a success is 200."""

    routes: ClassVar[Mapping[str, str]] = {
        "POST /api/v1/Note": "_note",
        "GET /api/v1/Contact": "_contacts",
        "GET /api/v1/App/user": "_user",
        "GET /api/v1/Metadata": "_fields",
        "GET /api/v1/{}": "_search",
        "POST /api/v1/{}": "_create",
        "GET /api/v1/{}/{}": "_show",
        "PATCH /api/v1/{}/{}": "_patch",
        "GET /api/v1/{}/{}/stream": "_stream",
    }

    def __init__(self) -> None:
        super().__init__()
        self.cases: list[dict[str, Any]] = []
        self.tasks: list[dict[str, Any]] = []
        self.leads: list[dict[str, Any]] = []
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
        for entity, rows in self._tables().items():
            for row in rows:
                key, at = row["cExternalPostId"], (entity, row["id"])
                notes = [note["post"] for note in self.notes if (note["parentType"], note["parentId"]) == at]
                name = key if key not in found else f"{key} again ({row['id']})"
                found[name] = [text.rsplit("[ref:", 1)[-1].rstrip("]") for text in (row["description"], *notes)]
        return found

    def _tables(self) -> dict[str, list[dict[str, Any]]]:
        return {"Case": self.cases, "Task": self.tasks, "Lead": self.leads}

    def own_failure(self, call: Call) -> Reply:
        return 500, {"x-status-reason": "Duplicate entry"}, b""  # what a unique index says

    def _search(self, call: Call, entity: str) -> Reply:
        wanted, attribute = call.query["where[0][value]"], call.query["where[0][attribute]"]
        offset, size = int(call.query.get("offset", "0")), int(call.query.get("maxSize", "20"))
        if attribute not in ATTRIBUTES[entity]:
            return 400, {"x-status-reason": "Bad where item"}, b""
        if size > MOST_A_PAGE:
            return 403, {"x-status-reason": f"Max size should not exceed {MOST_A_PAGE}. Use offset and limit."}, b""
        if call.query["where[0][type]"] == "after":
            assert call.query["where[1][type]"] == "isNotNull"
            found = [row for row in self._tables()[entity] if row[attribute] > wanted]
        else:
            found = [row for row in self._tables()[entity] if row[attribute] == wanted]
        found.sort(key=lambda row: row.get(call.query["orderBy"], ""))
        return self._json({"total": len(found), "list": found[offset : offset + size]})

    def _create(self, call: Call, entity: str) -> Reply:
        if call.headers.get("content-type") != "application/json":
            return 400, {"x-status-reason": "Bad body"}, b""
        rows, values = self._tables()[entity], json.loads(call.body)
        if wrong := _wrong(entity, values):
            return self._invalid(*wrong)
        keys = ("name", "cExternalPostId")
        same = [row for row in rows if any(row.get(key) == values.get(key) for key in keys)]
        if self.has_duplicate_rule and same and call.headers.get("x-skip-duplicate-check") != "true":
            return 409, {"x-status-reason": "duplicate"}, json.dumps(same).encode()
        if self.has_unique_index and any(row["cExternalPostId"] == values["cExternalPostId"] for row in rows):
            return 500, {}, b""
        known = {name: value for name, value in values.items() if name in ATTRIBUTES[entity]}  # others are dropped
        row = {**known, "id": f"{entity.lower()}{len(rows) + 1}", "modifiedAt": self._moment()}
        rows.append(row)
        return self._json(row)

    def _invalid(self, field: str, kind: str) -> Reply:
        label = {"messageTranslation": {"label": "validationFailure", "data": {"field": field, "type": kind}}}
        return 400, {"x-status-reason": "Field validation failed"}, json.dumps(label).encode()

    def _moment(self) -> str:
        return (START + timedelta(seconds=len(self.cases))).strftime("%Y-%m-%d %H:%M:%S")

    def _show(self, call: Call, entity: str, number: str) -> Reply:
        row = self._row(entity, number)
        return self._json(row) if row else (404, {}, b"")

    def _patch(self, call: Call, entity: str, number: str) -> Reply:
        row, values = self._row(entity, number), json.loads(call.body)
        if row is None:
            return 404, {}, b""
        if wrong := _wrong(entity, {**row, **values}):
            return self._invalid(*wrong)
        row.update(values)
        return self._json(row)

    def _stream(self, call: Call, entity: str, number: str) -> Reply:
        offset, size = int(call.query["offset"]), int(call.query["maxSize"])
        news = [{"id": "n0", "type": "Create", "post": None}]
        said = [note for note in self.notes if (note["parentType"], note["parentId"]) == (entity, number)]
        found = [*reversed(said), *news]
        return self._json({"total": len(found), "list": found[offset : offset + size]})

    def _note(self, call: Call) -> Reply:
        values = json.loads(call.body)
        if values["type"] != "Post":
            return 403, {"x-status-reason": "Only 'Post' type allowed."}, b""
        if self._row(values["parentType"], values["parentId"]) is None:
            return 403, {"x-status-reason": "No access to parent."}, b""
        note = {**values, "id": f"note{len(self.notes) + 1}"}
        self.notes.append(note)
        return self._json(note)

    def _contacts(self, call: Call) -> Reply:
        field, value = call.query["where[0][attribute]"], call.query["where[0][value]"]
        return self._json({"list": [one for one in self.contacts if one.get(field) == value]})

    def _user(self, call: Call) -> Reply:
        return self._json({"user": {"userName": "earshot"}, "acl": {"table": {"Case": self.rights}}})

    def _fields(self, call: Call) -> Reply:
        entity = call.query["key"].split(".")[1]
        links = {name.removesuffix("Id").removesuffix("Ids") for name in ATTRIBUTES[entity]}
        return self._json({name: {} for name in links})

    def _row(self, entity: str, number: str) -> dict[str, Any] | None:
        return next((row for row in self._tables()[entity] if row["id"] == number), None)

    def _json(self, data: Any) -> Reply:
        return 200, {"content-type": "application/json"}, json.dumps(data).encode()


def _wrong(entity: str, values: Mapping[str, Any]) -> tuple[str, str] | None:
    """The field that does not pass, and what it fails."""
    missing = [name for name in NEEDED[entity] if not values.get(name)]
    if missing:
        return missing[0].removesuffix("Id"), "required"
    if re.search("[<>=]", values.get("name", "")):
        return "name", "pattern"
    if len(values.get("lastName", "")) > 100:
        return "lastName", "maxLength"
    return next(
        ((name, "valid") for name, known in CHOICES[entity].items() if values.get(name, known[0]) not in known), None
    )
