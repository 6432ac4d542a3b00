"""HubSpot's CRM API as its guides tell: upserts by a unique property, 207 for a part, associations that may repeat."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from tests.contracts.fakes.base import Call, FakeCrm, Reply

UNIQUE = {"tickets": "social_post_key", "notes": "social_entry_key"}


class Fake(FakeCrm):
    """Tickets, notes, contacts, and what is associated with what."""

    routes: ClassVar[Mapping[str, str]] = {
        "GET /crm/v3/properties/{}": "_properties",
        "POST /crm/v3/objects/tickets/search": "_search",
        "POST /crm/v3/objects/contacts/batch/read": "_contacts",
        "POST /crm/v3/objects/{}/batch/upsert": "_upsert",
        "GET /crm/v3/objects/tickets/{}": "_show",
        "PATCH /crm/v3/objects/tickets/{}": "_change",
        "PUT /crm/v4/objects/{}/{}/associations/default/{}/{}": "_associate",
    }

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, list[dict[str, Any]]] = {"tickets": [], "notes": [], "contacts": []}
        self.links: list[tuple[str, str, str, str]] = []

    @property
    def settings(self) -> dict[str, str]:
        return {"url": self.url, "token": "pat-made-up"}

    def respond(self, call: Call) -> Reply:
        if call.headers.get("authorization") != "Bearer pat-made-up":
            return self._json(401, {"status": "error", "category": "INVALID_AUTHENTICATION"})
        return super().respond(call)

    def kept(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for ticket in self.rows["tickets"]:
            linked = [note for kind, note, _, number in self.links if kind == "notes" and number == ticket["id"]]
            notes = [next(one for one in self.rows["notes"] if one["id"] == note) for note in linked]
            first = ticket["properties"]["content"].rsplit("[ref:", 1)[-1].rstrip("]")
            key = ticket["properties"]["social_post_key"]
            name = key if key not in found else f"{key} again ({ticket['id']})"
            found[name] = [first, *(note["properties"]["social_entry_key"] for note in notes)]
        return found

    def own_failure(self, call: Call) -> Reply:
        if call.path.endswith("/batch/upsert"):
            error = {"status": "error", "category": "CONCURRENT_MODIFICATION", "message": "try again"}
            return self._json(207, {"status": "COMPLETE", "results": [], "numErrors": 1, "errors": [error]})
        return self._json(429, {"errorType": "RATE_LIMIT", "policyName": "TEN_SECONDLY_ROLLING"})

    def _properties(self, call: Call, kind: str) -> Reply:
        unique = {"name": UNIQUE.get(kind, "none"), "hasUniqueValue": True}
        return self._json(200, {"results": [unique, {"name": "subject", "hasUniqueValue": False}]})

    def _search(self, call: Call) -> Reply:
        assert {"filterGroups", "sorts", "properties", "limit", "after"} <= json.loads(call.body).keys()
        return self._json(200, {"total": len(self.rows["tickets"]), "results": self.rows["tickets"]})

    def _contacts(self, call: Call) -> Reply:
        asked = json.loads(call.body)
        wanted = {one["id"] for one in asked["inputs"]}
        rows = [row for row in self.rows["contacts"] if row["properties"].get(asked["idProperty"]) in wanted]
        return self._json(200 if len(rows) == len(wanted) else 207, {"status": "COMPLETE", "results": rows})

    def _upsert(self, call: Call, kind: str) -> Reply:
        one = json.loads(call.body)["inputs"][0]
        assert "associations" not in one
        if one["idProperty"] != UNIQUE[kind]:
            return self._json(400, {"status": "error", "message": "idProperty is not unique", "category": "VALIDATION"})
        rows = self.rows[kind]
        found = next((row for row in rows if row["properties"][one["idProperty"]] == one["id"]), None)
        is_new = found is None
        if found is None:
            found = {"id": str(9000 + len(rows)), "properties": {one["idProperty"]: one["id"]}}
            found["properties"]["hs_lastmodifieddate"] = "2026-03-04T12:00:00Z"
            rows.append(found)
        found["properties"].update(one["properties"])
        return self._json(200, {"status": "COMPLETE", "results": [{**found, "new": is_new}]})

    def _show(self, call: Call, key: str) -> Reply:
        prop = call.query.get("idProperty", "")
        found = next((row for row in self.rows["tickets"] if row["properties"].get(prop) == key), None)
        return self._json(200, found) if found else self._json(404, {"category": "OBJECT_NOT_FOUND"})

    def _change(self, call: Call, number: str) -> Reply:
        row = next(row for row in self.rows["tickets"] if row["id"] == number)
        row["properties"].update(json.loads(call.body)["properties"])
        return self._json(200, row)

    def _associate(self, call: Call, kind: str, number: str, with_kind: str, with_number: str) -> Reply:
        link = (kind, number, with_kind, with_number)
        if link not in self.links:
            self.links.append(link)
        return self._json(200, {"status": "COMPLETE"})

    def _json(self, status: int, data: Any) -> Reply:
        return status, {"content-type": "application/json"}, json.dumps(data).encode()
