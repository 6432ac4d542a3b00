"""BottleCRM as it was seen to behave on 1.35: names are unique, unknown fields are dropped, a wrong token is a 403."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from tests.contracts.fakes.base import Call, FakeCrm, Reply

TOKEN = "bcrm_pat_made-up"
NO_TOKEN = b'{"detail": "Organization context is required. Please login again."}'
PRIORITIES, LONGEST_NAME = ("Low", "Normal", "High", "Urgent"), 64


class Fake(FakeCrm):
    """Cases with internal notes, shown in no order that means anything; ids are UUIDs, a success is 200."""

    routes: ClassVar[Mapping[str, str]] = {
        "GET /api/cases/": "_search",
        "POST /api/cases/": "_create",
        "GET /api/cases/{}/": "_show",
        "POST /api/cases/{}/": "_comment",
        "PATCH /api/cases/{}/": "_change",
        "GET /api/contacts/": "_contacts",
        "GET /api/custom-fields/": "_fields",
        "GET /api/teams/{}/": "_team",
    }

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {"Case": ["external_post_id", "network"], "Contact": ["social_handle"]}
        self.cases: list[dict[str, Any]] = []
        self.contacts: list[dict[str, Any]] = []
        self.teams: list[str] = []
        self.merged: dict[str, str] = {}
        self.notes = 0

    @property
    def settings(self) -> dict[str, str]:
        return {"url": self.url, "token": TOKEN}

    def respond(self, call: Call) -> Reply:
        if call.headers.get("authorization") != f"Bearer {TOKEN}":
            return 403, {"content-type": "application/json"}, NO_TOKEN
        return super().respond(call)

    def kept(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for case in self.cases:
            key = case["custom_fields"].get("external_post_id", "lost")
            name = key if key not in found else f"{key} again ({case['id']})"
            texts = [case["description"], *(note["comment"] for note in case["notes"])]
            found[name] = [text.rsplit("[ref:", 1)[-1].rstrip("]") for text in texts]
        return found

    def own_failure(self, call: Call) -> Reply:
        return 200, {"content-type": "application/json"}, b'{"error": true, "errors": "try again"}'

    def _search(self, call: Call) -> Reply:
        found = [case for case in self.cases if self._matches(case, call.query)]
        if call.query.get("ordering") != "created_at":
            found.reverse()
        shown = [self._record(case) for case in found[: int(call.query.get("limit", "10"))]]
        return self._json(200, {"cases_count": len(found), "cases": shown})

    def _matches(self, case: dict[str, Any], query: Mapping[str, str]) -> bool:
        fields = {name.removeprefix("cf_"): value for name, value in query.items() if name.startswith("cf_")}
        seen = case["is_active"] or query.get("include_deleted") == "true"
        seen &= case["id"] not in self.merged or query.get("show_merged") == "true"
        named = query.get("name", "").casefold() in case["name"].casefold()
        return seen and named and all(case["custom_fields"].get(name) == value for name, value in fields.items())

    def _create(self, call: Call) -> Reply:
        values = json.loads(call.body)
        errors = self._errors(values)
        if errors:
            return self._json(400, {"error": True, "errors": errors})
        fields = {name: value for name, value in values["custom_fields"].items() if name in self.fields["Case"]}
        number = f"00000000-0000-4000-8000-{len(self.cases) + 1:012d}"
        case = {**values, "id": number, "custom_fields": fields, "is_active": True, "notes": []}
        self.cases.append(case)
        shown = {"error": False, "message": "Case Created Successfully", "id": number, "cases_obj": self._record(case)}
        return self._json(200, shown)

    def _errors(self, values: dict[str, Any]) -> dict[str, list[str]]:
        name = values["name"]
        if len(name) > LONGEST_NAME:
            return {"name": [f"Ensure this field has no more than {LONGEST_NAME} characters."]}
        if "\0" in name + values["description"]:
            return {"name": ["Null characters are not allowed."]}
        if any(case["name"].casefold() == name.casefold() for case in self.cases):
            return {"name": ["Case already exists with this name"]}
        if values["priority"] not in PRIORITIES:
            return {"priority": [f'"{values["priority"]}" is not a valid choice.']}
        return {}

    def _show(self, call: Call, number: str) -> Reply:
        if number in self.merged:
            return self._json(200, {"redirect_to": self.merged[number], "source_case_id": number})
        case = self._case(number)
        return self._json(200, self._shown(case)) if case else self._json(404, {"detail": "No such case."})

    def _comment(self, call: Call, number: str) -> Reply:
        case = self._case(number)
        assert case is not None
        self.notes += 1
        case["notes"].append({"id": f"note-{self.notes}", **json.loads(call.body)})
        return self._json(200, self._shown(case))

    def _change(self, call: Call, number: str) -> Reply:
        case = self._case(number)
        assert case is not None
        values = json.loads(call.body)
        if values.get("priority", "Low") not in PRIORITIES:
            return self._json(400, {"error": True, "errors": {"priority": ["not a valid choice"]}})
        values["custom_fields"] = {**case["custom_fields"], **values.get("custom_fields", {})}
        case.update(values)
        return self._json(200, {"error": False, "message": "Case Updated Successfully"})

    def _contacts(self, call: Call) -> Reply:
        wanted = {name.removeprefix("cf_"): value for name, value in call.query.items() if name.startswith("cf_")}
        found = [one for one in self.contacts if wanted.items() <= one["custom_fields"].items()]
        return self._json(200, {"contact_obj_list": found, "contacts_count": len(found)})

    def _fields(self, call: Call) -> Reply:
        kind = call.query["target_model"]
        known = self.fields.get(kind, [])
        return self._json(
            200, {"definitions": [{"target_model": kind, "key": key, "is_active": True} for key in known]}
        )

    def _team(self, call: Call, number: str) -> Reply:
        return self._json(200, {"team": {"id": number}}) if number in self.teams else self._json(404, {})

    def _case(self, number: str) -> dict[str, Any] | None:
        return next((case for case in self.cases if case["id"] == number), None)

    def _record(self, case: dict[str, Any]) -> dict[str, Any]:
        shown = {name: value for name, value in case.items() if name != "notes"}
        return {**shown, "teams": [{"id": team, "name": "A team"} for team in case["teams"]]}

    def _shown(self, case: dict[str, Any]) -> dict[str, Any]:
        notes = sorted(case["notes"], key=lambda note: str(note["id"])[::-1])  # by random ids there
        internal = [note for note in notes if note["is_internal"]]
        return {
            "cases_obj": self._record(case),
            "internal_notes": internal,
            "comments": [note for note in notes if not note["is_internal"]],
        }

    def _json(self, status: int, data: Any) -> Reply:
        return status, {"content-type": "application/json"}, json.dumps(data).encode()
