"""Odoo 18's JSON-RPC as it was seen to behave: 200 whatever happens, `load` by external ids, `false` for no key."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.contracts.fakes.base import Call, FakeCrm, Reply


class Fake(FakeCrm):
    """Leads by external id, and the notes of their threads."""

    def __init__(self) -> None:
        super().__init__()
        self.leads: list[dict[str, Any]] = []
        self.notes: list[dict[str, Any]] = []
        self.partners: list[dict[str, Any]] = []
        self.has_email = True

    @property
    def settings(self) -> dict[str, str]:
        return {"url": self.url, "database": "acme", "user": "intake", "api_key": "made-up"}

    def is_writing(self, call: Call) -> bool:
        return b'"load"' in call.body or b'"message_post"' in call.body

    def kept(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for lead in self.leads:
            notes = [note["body"] for note in self.notes if note["res_id"] == lead["id"]]
            marks = [re.findall(r"\[ref:([^\]]+)\]</p>$", text)[0] for text in (lead["description"], *notes)]
            found[marks[0] if marks[0] not in found else f"{marks[0]} again ({lead['id']})"] = marks
        return found

    def own_failure(self, call: Call) -> Reply:
        if b'"load"' in call.body:
            message = "could not serialize access due to concurrent update"
            return self._result({"ids": False, "messages": [{"type": "error", "message": message}]})
        return self._error("psycopg2.errors.SerializationFailure", "could not serialize access")

    def respond(self, call: Call) -> Reply:
        asked = json.loads(call.body)["params"]
        args = asked["args"]
        if asked["service"] == "common":
            if asked["method"] == "version":
                return self._result({"server_version_info": [18, 0, 0, "final", 0, ""]})
            return self._result(7 if args[:3] == ["acme", "intake", "made-up"] else False)
        database, user, key, model, method, ids, named = args
        if (database, user, key) != ("acme", 7, "made-up"):
            return self._error("odoo.exceptions.AccessDenied", "Access Denied")
        reply: Reply = getattr(self, f"_{method}")(model, *ids, **named)
        return reply

    def _check_object_reference(self, model: str, module: str, xml_id: str) -> Reply:
        found = next((lead for lead in self.leads if lead["xml_id"] == f"{module}.{xml_id}"), None)
        if found is None:
            return self._error("builtins.ValueError", f"External ID not found in the system: {module}.{xml_id}")
        return self._result(["crm.lead", found["id"]])

    def _load(self, model: str, fields: list[str], data: list[list[Any]]) -> Reply:
        values = dict(zip(fields, data[0], strict=True))
        xml_id = values.pop("id")
        assert xml_id.count(".") == 1
        found = next((lead for lead in self.leads if lead["xml_id"] == xml_id), None)
        if found is None:
            found = {"xml_id": xml_id, "id": len(self.leads) + 1}
            self.leads.append(found)
        found.update(values)
        return self._result({"ids": [found["id"]], "messages": [], "nextrow": 0})

    def _search_read(self, model: str, domain: list[Any], fields: list[str], limit: int, order: str) -> Reply:
        rows = {"mail.message": self.notes, "res.partner": self.partners, "crm.lead": self.leads}[model]
        return self._result([row for row in rows if all(_holds(row, *term) for term in domain)][:limit])

    def _message_post(self, model: str, ids: list[int], body: str, subtype_xmlid: str, body_is_html: bool) -> Reply:
        if not self.has_email:
            return self._error(
                "odoo.exceptions.UserError", "Unable to send message, please configure the sender's email"
            )
        note = {"id": 500 + len(self.notes), "model": model, "res_id": ids[0], "body": body}
        self.notes.append(note)
        return self._result(note["id"])

    def _write(self, model: str, ids: list[int], vals: dict[str, Any]) -> Reply:
        next(lead for lead in self.leads if lead["id"] == ids[0]).update(vals)
        return self._result(True)

    def _fields_get(self, model: str, attributes: list[str]) -> Reply:
        return self._result({"name": {"type": "char"}, "priority": {"type": "selection"}})

    def _result(self, value: Any) -> Reply:
        return 200, {"content-type": "application/json"}, json.dumps({"jsonrpc": "2.0", "result": value}).encode()

    def _error(self, name: str, words: str) -> Reply:
        error = {"code": 200, "message": "Odoo Server Error", "data": {"name": name, "message": words}}
        return 200, {"content-type": "application/json"}, json.dumps({"jsonrpc": "2.0", "error": error}).encode()


def _holds(row: dict[str, Any], field: str, operator: str, value: Any) -> bool:
    known = row.get(field)
    match operator:
        case "=":
            return bool(known == value)
        case "in":
            return known in value
        case "ilike":
            return value.lower() in str(known).lower()
        case "!=":
            return bool(known != value and known is not None)
    return str(known or "") > str(value)
