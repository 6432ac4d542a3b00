"""Odoo 18's JSON-RPC as it was seen to behave: 200 whatever happens, `load` by external ids, `false` for no key."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from tests.contracts.fakes.base import Call, FakeCrm, Reply

COMMON = ("name", "description", "priority", "partner_id/.id", "user_id/.id")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "crm.lead": (*COMMON, "team_id/.id", "contact_name"),
    "project.task": (*COMMON, "project_id/.id"),
}
RANKS, STARS = ("0", "1", "2", "3"), ("0", "1")  # of a task from 19 on, and before


class Fake(FakeCrm):
    """Leads by external id, and the notes of their threads."""

    def __init__(self) -> None:
        super().__init__()
        self.release = 18
        self.leads: list[dict[str, Any]] = []
        self.notes: list[dict[str, Any]] = []
        self.partners: list[dict[str, Any]] = []
        self.users: list[dict[str, Any]] = [{"id": 7, "login": "intake", "email": "intake@acme.example"}]
        self.fields = {"name": {"type": "char"}, "priority": {"type": "selection"}}

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
                return self._result({"server_version_info": [self.release, 0, 0, "final", 0, ""]})
            return self._result(7 if args[:3] == ["acme", "intake", "made-up"] else False)
        database, user, key, model, method, ids, named = args
        if (database, user, key) != ("acme", 7, "made-up"):
            return self._error("odoo.exceptions.AccessDenied", "Access Denied")
        return self._run(model, method, *ids, **named)

    def _run(self, model: str, method: str, *ids: list[int], **named: Any) -> Reply:
        reply: Reply = getattr(self, f"_{method}")(model, *ids, **named)
        return reply

    def _check_object_reference(
        self, model: str, module: str, xml_id: str, context: dict[str, Any] | None = None
    ) -> Reply:
        found = next((lead for lead in self.leads if lead["xml_id"] == f"{module}.{xml_id}"), None)
        if found is None:
            return self._error("builtins.ValueError", f"External ID not found in the system: {module}.{xml_id}")
        return self._result([found["model"], found["id"] if _shown(found, context) else False])

    def _load(self, model: str, fields: list[str], data: list[list[Any]]) -> Reply:
        if model not in COLUMNS:
            return self._no_such_model(model)
        values = dict(zip(fields, data[0], strict=True))
        xml_id = values.pop("id")
        unknown = [name for name in values if name not in COLUMNS[model] and not name.startswith("x_")]
        if unknown:
            return self._error("builtins.ValueError", f"Invalid field name '{unknown[0]}'")
        if values.get("priority", "0") not in (STARS if model == "project.task" and self.release < 19 else RANKS):
            words = f"Value '{values['priority']}' not found in selection field 'Priority'"
            return self._result({"ids": False, "messages": [{"type": "error", "record": 0, "message": words}]})
        assert xml_id.count(".") == 1
        found = next((lead for lead in self.leads if lead["xml_id"] == xml_id), None)
        if found is None:
            number = len(self.leads) + 1
            stage: Any = {"stage_id": [1, "New"]} if model != "project.task" else {"stage_id": False}
            stage |= {"state": "01_in_progress"} if model == "project.task" and self.release >= 17 else {}
            found = {"xml_id": xml_id, "id": number, "active": True, "model": model, **stage}
            self.leads.append(found)
        found.update(values, write_date=f"2026-03-04 12:00:{len(self.leads):02d}")
        return self._result({"ids": [found["id"]], "messages": [], "nextrow": 0})

    def _search_read(
        self,
        model: str,
        *,
        domain: list[Any],
        fields: list[str],
        offset: int,
        limit: int,
        order: str,
        context: dict[str, Any],
    ) -> Reply:
        if "state" in fields and (model != "project.task" or self.release < 17):
            return self._error("builtins.ValueError", f"Invalid field 'state' on '{model}'")
        tables = {"mail.message": self.notes, "res.partner": self.partners, "res.users": self.users}
        rows = [row for row in tables.get(model, self.leads) if _shown(row, context)]
        found = [row for row in rows if all(_holds(row, *term) for term in domain)]
        found.sort(key=lambda row: [row[name.strip()] for name in order.split(",")])
        return self._result([_read(row) for row in found[offset : offset + limit]])

    def _message_post(
        self, model: str, ids: list[int], body: str, subtype_xmlid: str, body_is_html: bool | None = None
    ) -> Reply:
        if not self.users[0]["email"]:
            return self._error(
                "odoo.exceptions.UserError", "Unable to send message, please configure the sender's email"
            )
        if body_is_html is not None and self.release < 17:
            return self._error("builtins.TypeError", "unexpected keyword argument 'body_is_html'")
        said = body if body_is_html or self.release < 17 else html.escape(body)
        note = {"id": 500 + len(self.notes), "model": model, "res_id": ids[0], "body": said}
        self.notes.append(note)
        return self._result(note["id"])

    def _write(self, model: str, ids: list[int], vals: dict[str, Any]) -> Reply:
        lead = next(lead for lead in self.leads if lead["id"] == ids[0])
        names = {1: "New", 4: "Won"}
        if "stage_id" in vals:
            vals = {**vals, "stage_id": [vals["stage_id"], names[vals["stage_id"]]]}
        lead.update(vals)
        return self._result(True)

    def _fields_get(self, model: str, attributes: list[str]) -> Reply:
        return self._result(self.fields)

    def _no_such_model(self, model: str) -> Reply:
        return self._error("odoo.exceptions.UserError", f"Object {model} doesn't exist")

    def _result(self, value: Any) -> Reply:
        return _json(200, {"jsonrpc": "2.0", "result": value})

    def _error(self, name: str, words: str) -> Reply:
        error = {"code": 200, "message": "Odoo Server Error", "data": {"name": name, "message": words}}
        return _json(200, {"jsonrpc": "2.0", "error": error})


class FakeJson2(Fake):
    """The same by JSON-2, the interface from 19 on: arguments by name, and real statuses."""

    def __init__(self) -> None:
        super().__init__()
        self.release = 19

    statuses: ClassVar[Mapping[str, int]] = {
        "odoo.exceptions.UserError": 422,
        "odoo.exceptions.ValidationError": 422,
        "odoo.exceptions.AccessError": 403,
        "odoo.exceptions.MissingError": 404,
        "werkzeug.exceptions.NotFound": 404,
    }

    @property
    def settings(self) -> dict[str, str]:
        return {**super().settings, "api": "json2"}

    def is_writing(self, call: Call) -> bool:
        return call.path.rpartition("/")[2] in ("load", "message_post", "write")

    def own_failure(self, call: Call) -> Reply:
        if call.path.endswith("/load"):
            return super().own_failure(replace(call, body=b'"load"'))
        return self._error("psycopg2.errors.SerializationFailure", "could not serialize access")

    def _no_such_model(self, model: str) -> Reply:
        return self._error("werkzeug.exceptions.NotFound", f"the model '{model}' does not exist")

    def respond(self, call: Call) -> Reply:
        if (call.headers.get("authorization"), call.headers.get("x-odoo-database")) != ("bearer made-up", "acme"):
            return _json(401, {"name": "werkzeug.exceptions.Unauthorized", "message": "Invalid apikey"})
        root, version, model, method = call.path.strip("/").split("/")
        if (call.method, root, version) != ("POST", "json", "2") or not hasattr(self, f"_{method}"):
            return _json(404, {"name": "werkzeug.exceptions.NotFound", "message": "no such method"})
        named = json.loads(call.body)
        return self._run(model, method, *([named.pop("ids")] if "ids" in named else []), **named)

    def _result(self, value: Any) -> Reply:
        return _json(200, value)

    def _error(self, name: str, words: str) -> Reply:
        return _json(
            self.statuses.get(name, 500),
            {"name": name, "message": words, "arguments": [words], "debug": "Traceback"},
        )


def _json(status: int, data: Any) -> Reply:
    return status, {"content-type": "application/json"}, json.dumps(data).encode()


def _read(row: dict[str, Any]) -> dict[str, Any]:
    """A reference that was loaded by its number is read as that and its name."""
    loaded = {name.removesuffix("/.id"): value for name, value in row.items() if name.endswith("/.id")}
    return {"team_id": False, "project_id": False} | row | {n: [int(v), f"No. {v}"] for n, v in loaded.items()}


def _shown(row: dict[str, Any], context: dict[str, Any] | None) -> bool:
    """What is archived is hidden from whoever does not ask for it."""
    return bool(row.get("active", True)) or (context or {}).get("active_test") is False


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
        case ">=":
            return str(known or "") >= str(value)
    raise AssertionError(f"no operator of Odoo's that is asked for: {operator}")
