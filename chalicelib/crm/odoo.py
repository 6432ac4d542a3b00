"""Odoo, its external API: https://www.odoo.com/documentation/18.0/developer/reference/external_api.html

A case is a record (a lead, unless the settings say otherwise) made by `load` with an external id of ours: of calls that
race, one makes it, and the others are told to come again. A `load` that is repeated would write over what people
changed, so the external id is looked up first. An entry is a note in the thread; it has no key, so it is looked for by
its mark. A note's author must have an e-mail address there: without, Odoo refuses it.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from chalicelib.codec import instant
from chalicelib.crm.base import BaseCrm, Idempotency
from chalicelib.crm.http import Transport
from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.odoo_rpc import MissingId, OdooRpc
from chalicelib.crm.statuses import meanings
from chalicelib.errors import Refused, SettingsError, Unavailable
from chalicelib.model import Case, CrmEvent, Customer, Entry, Finding, Priority, Profile

MODULE = "earshot"


class OdooCrm(BaseCrm):
    """Cases as leads, tasks or tickets; entries as notes in their thread."""

    name: ClassVar[str] = "odoo"
    idempotency: ClassVar[Idempotency] = Idempotency.NATIVE_KEY
    required: ClassVar[tuple[str, ...]] = ("url", "database", "user", "api_key")
    optional: ClassVar[Mapping[str, str]] = {
        "api": "jsonrpc",
        "model": "crm.lead",
        "key_field": "",
        "handle_field": "",
        "reopened_stage": "",
        "statuses": "Won=closed, Done=closed, Solved=closed, Cancelled=closed",
    }
    priorities: ClassVar[Mapping[Priority, str]] = {
        Priority.URGENT: "3",
        Priority.HIGH: "2",
        Priority.NORMAL: "1",
        Priority.LOW: "0",
    }

    def __init__(
        self, settings: Mapping[str, str], transport: Transport | None = None, mapping: FieldMapping | None = None
    ) -> None:
        super().__init__(settings, transport, mapping)
        if self.settings["api"] not in ("jsonrpc", "json2"):
            raise SettingsError("crms.odoo.api: expected jsonrpc (to Odoo 18) or json2 (from Odoo 19)")
        self._rpc = OdooRpc(self.settings, self.transport)
        self._model = self.settings["model"]
        self._meanings = meanings("crms.odoo.statuses", self.settings["statuses"])

    def open_case(self, case: Case, entry: Entry) -> str:
        """The record's id. Raises Refused or Unavailable."""
        found = self._find(case)
        return str(found if found else self._load(case, entry))

    def add_to_case(self, case: Case, entry: Entry) -> str:
        """The note's id. Raises Refused (the record was deleted there) or Unavailable."""
        record = self._find(case)
        if record is None:
            raise Refused("odoo: the case's record was deleted there")
        note = self._noted(record, entry.key) or self._note(record, case, entry)
        stage = self.settings["reopened_stage"]
        if entry.reopens and stage.isdecimal():
            self._rpc.call(self._model, "write", [record], vals={"stage_id": int(stage)})
        return str(note)

    def customers(self, profile: Profile) -> list[Customer]:
        """Partners whose `handle_field` holds `platform:handle` or `platform:id`."""
        field = self.settings["handle_field"]
        names = sorted({name.lstrip("@") for name in (profile.author.handle, profile.author.id) if name})
        wanted = [f"{profile.platform}:{name}" for name in names]
        found = self._search("res.partner", [[field, "in", wanted]], ["id"]) if field and wanted else []
        return [Customer(str(partner["id"]), f"res.partner.{field}") for partner in found]

    def poll(self, since: datetime) -> list[CrmEvent]:
        """Records with our key in `key_field` that changed since then, by what their stage means."""
        field = self.settings["key_field"]
        after = since.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        domain = [[field, "!=", False], ["write_date", ">", after]]
        asked = [field, "stage_id", "write_date"]
        records = self._search(self._model, domain, asked) if field else []
        return [event for record in records if (event := self._event(record))]

    def check(self) -> list[Finding]:
        """Whether the key is accepted, and the model and its fields are there."""
        fields = self._rpc.call(self._model, "fields_get", attributes=["type"])
        asked = sorted({self.settings["key_field"], *self.mapping.fields, *self.mapping.always} - {""})
        remedy = "add it (Settings, Technical, Fields), or correct the name"
        return [
            Finding(f"our user may use {self._model}", bool(fields), "install its app and give our user its role"),
            *(Finding(f"{self._model} has the field {name}", name in fields, remedy) for name in asked),
        ]

    def _find(self, case: Case) -> int | None:
        try:
            found = self._rpc.call("ir.model.data", "check_object_reference", module=MODULE, xml_id=_name(case))
        except MissingId:
            return None
        except Refused as refusal:
            raise Unavailable("odoo cannot be searched", words=str(refusal)) from None
        return int(found[1]) if found[1] else None

    def _load(self, case: Case, entry: Entry) -> int:
        values: dict[str, Any] = {
            "id": f"{MODULE}.{_name(case)}",
            "name": self.subject(case),
            "description": _html(self.body(case, entry)),
            **self.mapping.custom(case, entry),
        }
        known = {"priority": self.priority(case), "team_id/.id": self.mapping.queue(case)}
        known |= {"partner_id/.id": entry.customer}
        known |= {self.settings["key_field"] or "": case.id}
        values |= {name: value for name, value in known.items() if name and value}
        done = self._rpc.call(self._model, "load", fields=list(values), data=[list(values.values())])
        if done["ids"]:
            return int(done["ids"][0])
        words = " ".join(str(message.get("message")) for message in done["messages"])
        if "could not serialize" in words or "concurrent" in words:
            raise Unavailable("odoo: another call was quicker; it is looked up next time", retry_after=1)
        raise Refused(words)

    def _noted(self, record: int, key: str) -> int | None:
        domain = [["model", "=", self._model], ["res_id", "=", record], ["body", "ilike", key]]
        found = self._search("mail.message", domain, ["id"])
        return int(found[0]["id"]) if found else None

    def _note(self, record: int, case: Case, entry: Entry) -> int:
        more = {"body_is_html": True} if self._rpc.takes_html() else {}
        body = _html(self.body(case, entry))
        said = self._rpc.call(self._model, "message_post", [record], body=body, subtype_xmlid="mail.mt_note", **more)
        return int(said[0] if isinstance(said, list) else said)

    def _search(self, model: str, domain: list[Any], fields: list[str]) -> list[Mapping[str, Any]]:
        try:
            found: list[Mapping[str, Any]] = self._rpc.call(
                model, "search_read", domain=domain, fields=fields, limit=100, order="id"
            )
        except Refused as refusal:
            raise Unavailable("odoo cannot be searched", words=str(refusal)) from None
        return found

    def _event(self, record: Mapping[str, Any]) -> CrmEvent | None:
        stage = record["stage_id"][1] if record["stage_id"] else ""
        happened = self._meanings.get(stage)
        if happened is None:
            return None
        at = instant(str(record["write_date"]).replace(" ", "T"))
        seen = f"{record['id']}:{happened.value}:{at.isoformat()}"
        return CrmEvent(seen, happened, at, record[self.settings["key_field"]], str(record["id"]))


def _name(case: Case) -> str:
    return f"case_{case.id.replace('-', '')}"  # the one dot of an external id is that after its module


def _html(text: str) -> str:
    return "<p>" + html.escape(text, quote=False).replace("\n", "<br/>") + "</p>"
