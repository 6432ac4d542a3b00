"""HubSpot's CRM API as its guides tell: upserts by a unique property, 207 for a part, associations that may repeat."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from chalicelib.codec import instant
from tests.contracts.fakes.base import Call, FakeCrm, Reply

PROPERTIES: Mapping[str, Mapping[str, bool]] = {  # by kind: whether the values are unique
    "tickets": {
        "social_post_key": True,
        "subject": False,
        "content": False,
        "hs_pipeline": False,
        "hs_pipeline_stage": False,
        "hs_ticket_priority": False,
        "hubspot_owner_id": False,
        "first_agent_reply_date": False,
        "hs_lastmodifieddate": False,
        "network": False,
    },
    "notes": {"social_entry_key": True, "hs_note_body": False, "hs_timestamp": False},
    "tasks": {
        "social_post_key": True,
        "hs_task_subject": False,
        "hs_task_body": False,
        "hs_task_status": False,
        "hs_task_priority": False,
        "hs_task_type": False,
        "hs_timestamp": False,
        "hubspot_owner_id": False,
    },
    "contacts": {"social_key": True, "nickname": False},
}
NEEDED: Mapping[str, tuple[str, ...]] = {"notes": ("hs_timestamp",), "tasks": ("hs_timestamp",)}
CHOICES = {
    "hs_task_priority": ("LOW", "MEDIUM", "HIGH"),
    "hs_task_status": ("NOT_STARTED", "COMPLETED"),
    "hs_task_type": ("EMAIL", "CALL", "TODO"),
    "hs_ticket_priority": ("LOW", "MEDIUM", "HIGH", "URGENT"),
    "hs_pipeline_stage": ("1", "2", "3", "4"),
}
LONGEST = 65_536
NOON = "2026-03-04T12:00:00Z"


class Fake(FakeCrm):
    """Tickets, notes, contacts, and what is associated with what; `merged`: numbers that lead to another."""

    routes: ClassVar[Mapping[str, str]] = {
        "GET /crm/v3/properties/{}": "_properties",
        "GET /crm/v3/pipelines/tickets": "_pipelines",
        "POST /crm/v3/objects/tickets/search": "_search",
        "POST /crm/v3/objects/{}/batch/read": "_read",
        "POST /crm/v3/objects/{}/batch/upsert": "_upsert",
        "GET /crm/v3/objects/{}/{}": "_show",
        "PATCH /crm/v3/objects/{}/{}": "_change",
        "PUT /crm/v4/objects/{}/{}/associations/default/{}/{}": "_associate",
    }

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, list[dict[str, Any]]] = {kind: [] for kind in PROPERTIES}
        self.links: list[tuple[str, str, str, str]] = []
        self.merged: dict[str, str] = {}

    @property
    def settings(self) -> dict[str, str]:
        return {"url": self.url, "token": "pat-made-up"}

    def respond(self, call: Call) -> Reply:
        if call.headers.get("authorization") != "Bearer pat-made-up":
            return self._error(401, "INVALID_AUTHENTICATION", "Authentication credentials not found.")
        return super().respond(call)

    def is_writing(self, call: Call) -> bool:
        return call.method != "GET" and not call.path.endswith(("/search", "/batch/read"))

    def kept(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for ticket in self.rows["tickets"]:
            linked = [note for kind, note, _, number in self.links if kind == "notes" and number == ticket["id"]]
            notes = [next(one for one in self.rows["notes"] if one["id"] == note) for note in linked]
            first = ticket["properties"]["content"].rsplit("[ref:", 1)[-1].rstrip("]")
            key = ticket["properties"]["social_post_key"]
            name = key if key not in found else f"{key} again ({ticket['id']})"
            found[name] = [first, *(note["properties"]["social_entry_key"] for note in notes)]
        return found | self._recommended()

    def _recommended(self) -> dict[str, list[str]]:
        """First tasks, with those that name them."""
        tasks = [(row["id"], row["properties"]) for row in self.rows["tasks"]]
        firsts = [(number, task) for number, task in tasks if not task["hs_task_body"].startswith("About ")]
        found: dict[str, list[str]] = {}
        for number, first in firsts:
            after = [task for _, task in tasks if task["hs_task_body"].startswith(f"About task {number}<br>")]
            mark = first["hs_task_body"].rsplit("[ref:", 1)[-1].rstrip("]")
            found[first["social_post_key"]] = [mark, *(task["social_post_key"] for task in after)]
        return found

    def own_failure(self, call: Call) -> Reply:
        if call.path.endswith("/batch/upsert"):
            return self.part("CONCURRENT_MODIFICATION", "try again")
        return self._json(429, {"errorType": "RATE_LIMIT", "policyName": "TEN_SECONDLY_ROLLING"})

    def part(self, category: str, message: str) -> Reply:
        """A batch of which one part failed."""
        error = {"status": "error", "category": category, "message": message, "context": {}}
        return self._json(207, {"status": "COMPLETE", "results": [], "numErrors": 1, "errors": [error]})

    def add(self, kind: str, values: Mapping[str, str]) -> dict[str, Any]:
        """A new object, as a person or a request makes it."""
        number = str(9000 + 1000 * list(self.rows).index(kind) + len(self.rows[kind]))
        row = {"id": number, "properties": {"hs_lastmodifieddate": NOON, **values}}
        self.rows[kind].append(row)
        return row

    def _properties(self, call: Call, kind: str) -> Reply:
        found = [{"name": name, "hasUniqueValue": unique} for name, unique in PROPERTIES[kind].items()]
        return self._json(200, {"results": found})

    def _pipelines(self, call: Call) -> Reply:
        stages = [{"id": number, "label": f"Stage {number}"} for number in CHOICES["hs_pipeline_stage"]]
        return self._json(200, {"results": [{"id": "0", "label": "Support", "stages": stages}]})

    def _search(self, call: Call) -> Reply:
        asked = json.loads(call.body)
        if not {"filterGroups", "sorts", "properties", "limit", "after"} <= asked.keys() or asked["limit"] > 200:
            return self._error(400, "VALIDATION_ERROR", "Invalid input JSON")
        [key, changed] = asked["filterGroups"][0]["filters"]
        rows = [
            row
            for row in self.rows["tickets"]
            if key["propertyName"] in row["properties"] and _millis(row) >= int(changed["value"])
        ]
        rows.sort(key=_millis)
        start = int(asked["after"])
        end = start + asked["limit"]
        paging = {"paging": {"next": {"after": str(end)}}} if end < len(rows) else {}
        return self._json(200, {"total": len(rows), "results": rows[start:end], **paging})

    def _read(self, call: Call, kind: str) -> Reply:
        asked = json.loads(call.body)
        if not PROPERTIES[kind].get(asked["idProperty"]) or "propertiesWithHistory" not in asked:
            return self._error(400, "VALIDATION_ERROR", "idProperty must be a unique property")
        wanted = {one["id"].lower() for one in asked["inputs"]}
        rows = [row for row in self.rows[kind] if row["properties"].get(asked["idProperty"], "").lower() in wanted]
        errors = [{"status": "error", "category": "OBJECT_NOT_FOUND", "message": "Could not get some objects"}]
        missing = {} if len(rows) == len(wanted) else {"numErrors": 1, "errors": errors}
        return self._json(207 if missing else 200, {"status": "COMPLETE", "results": rows, **missing})

    def _upsert(self, call: Call, kind: str) -> Reply:
        [one] = json.loads(call.body)["inputs"]
        if one.keys() - {"id", "idProperty", "properties", "objectWriteTraceId"}:
            return self._error(400, "VALIDATION_ERROR", "Invalid input JSON")
        if not PROPERTIES[kind].get(one["idProperty"]):
            return self._error(400, "VALIDATION_ERROR", f"{one['idProperty']} is not unique")
        if wrong := self._wrong(kind, one["properties"]):
            return self.part("VALIDATION_ERROR", wrong)
        found = self._by(kind, one["idProperty"], one["id"])
        if not found and any(name not in one["properties"] for name in NEEDED.get(kind, ())):
            return self.part("VALIDATION_ERROR", "Some required properties were not set.")
        row = found or self.add(kind, {one["idProperty"]: one["id"]})
        row["properties"].update(one["properties"])
        return self._json(200, {"status": "COMPLETE", "results": [{**row, "new": found is None}]})

    def _show(self, call: Call, kind: str, key: str) -> Reply:
        prop = call.query.get("idProperty")
        if prop and not PROPERTIES[kind].get(prop):
            return self._error(400, "VALIDATION_ERROR", f"{prop} is not unique")
        found = self._by(kind, prop, key) if prop else self._by_id(kind, self.merged.get(key, key))
        return self._json(200, found) if found else self._error(404, "OBJECT_NOT_FOUND", "resource not found")

    def _change(self, call: Call, kind: str, number: str) -> Reply:
        row, values = self._by_id(kind, number), json.loads(call.body)["properties"]
        if row is None:
            return self._error(404, "OBJECT_NOT_FOUND", "resource not found")
        if wrong := self._wrong(kind, values):
            return self._error(400, "VALIDATION_ERROR", wrong)
        row["properties"].update(values)
        return self._json(200, row)

    def _associate(self, call: Call, kind: str, number: str, with_kind: str, with_number: str) -> Reply:
        if self._by_id(kind, number) is None or self._by_id(with_kind, with_number) is None:
            return self._error(404, "OBJECT_NOT_FOUND", "one of the objects does not exist")
        link = (kind, number, with_kind, with_number)
        if link not in self.links:
            self.links.append(link)
        return self._json(200, {"status": "COMPLETE"})

    def _by(self, kind: str, prop: str, key: str) -> dict[str, Any] | None:
        return next((row for row in self.rows[kind] if row["properties"].get(prop) == key), None)

    def _by_id(self, kind: str, number: str) -> dict[str, Any] | None:
        return next((row for row in self.rows[kind] if row["id"] == number), None)

    def _wrong(self, kind: str, values: Mapping[str, str]) -> str | None:
        for name, value in values.items():
            if name not in PROPERTIES[kind]:
                return f'Property "{name}" does not exist'
            if name in CHOICES and value not in CHOICES[name]:
                return f"{name} was not one of the allowed options"
            if len(value) > LONGEST:
                return f"{name} is longer than {LONGEST}"
        return None

    def _error(self, status: int, category: str, message: str) -> Reply:
        return self._json(status, {"status": "error", "category": category, "message": message})

    def _json(self, status: int, data: Any) -> Reply:
        return status, {"content-type": "application/json;charset=utf-8"}, json.dumps(data).encode()


def _millis(row: Mapping[str, Any]) -> int:
    return int(instant(row["properties"]["hs_lastmodifieddate"]).timestamp() * 1000)
