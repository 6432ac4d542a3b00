"""Odoo, its external API: https://www.odoo.com/documentation/18.0/developer/reference/external_api.html

A case is a record (a lead, unless the settings say otherwise) made by `load` with an external id of ours: of calls that
race, one makes it, and the others are told to come again. A `load` that is repeated would write over what people
changed, so the external id is looked up first. An entry is a note in the thread; it has no key, so it is looked for by
its mark. A note's author must have an e-mail address there: without, Odoo refuses it.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from chalicelib.codec import instant
from chalicelib.crm.base import BaseCrm, Idempotency
from chalicelib.crm.changes import changes
from chalicelib.crm.findings import findings
from chalicelib.crm.handles import handles
from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.odoo_checks import fields_there, has_address, our_user
from chalicelib.crm.odoo_records import PAGE, OdooRecords
from chalicelib.crm.odoo_rpc import OdooRpc
from chalicelib.crm.statuses import meanings
from chalicelib.errors import Refused, SettingsError, Unavailable
from chalicelib.model import Case, Changes, CrmEvent, Customer, Entry, Finding, Happened, Priority, Profile
from chalicelib.transport import Transport

MODULE = "earshot"
TEAM_FIELDS = {"project.task": "project_id"}  # everywhere else team_id
STARRED = {Priority.URGENT: "1", Priority.HIGH: "1", Priority.NORMAL: "0", Priority.LOW: "0"}  # a task's only two


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
        if self.settings["reopened_stage"] and not self.settings["reopened_stage"].isdecimal():
            raise SettingsError("crms.odoo.reopened_stage: expected the number of a stage")
        self._model = self.settings["model"]
        self._rpc = OdooRpc(self.settings, self.transport)
        self._records = OdooRecords(self._rpc, self._model)
        self._meanings = meanings("crms.odoo.statuses", self.settings["statuses"])

    def priority(self, case: Case) -> str | None:
        """What Odoo calls it: a task knows only a star or none."""
        own = self.mapping.priorities.get(case.priority) if case.priority else None
        if own or case.priority is None or self._model != "project.task":
            return own or super().priority(case)
        return STARRED[case.priority]

    def open_case(self, case: Case, entry: Entry) -> str:
        """The record's id. Raises Refused or Unavailable."""
        found = self._records.find(MODULE, _name(case))
        return str(found if found else self._records.load(self._values(case, entry)))

    def add_to_case(self, case: Case, entry: Entry) -> str:
        """The note's id. Raises Refused (the record was deleted there) or Unavailable."""
        record = self._records.find(MODULE, _name(case))
        if record is None and case.crm_ref is None:
            raise Unavailable("odoo: the case to add to is not there yet")
        if record is None:
            raise Refused("odoo: the case's record was deleted there")
        note = self._records.noted(record, entry.key) or self._note(record, case, entry)
        if entry.reopens:
            self._reopen(record)
        return str(note)

    def customers(self, profile: Profile) -> list[Customer]:
        """Partners whose `handle_field` holds `platform:handle` or `platform:id`."""
        field, wanted = self.settings["handle_field"], handles(profile)
        found = self._records.search("res.partner", [[field, "in", wanted]], ["id"]) if field and wanted else []
        return [Customer(str(partner["id"]), f"res.partner.{field}") for partner in found]

    def poll(self, since: datetime) -> Iterator[Changes]:
        """Records with our key in `key_field` that changed since then, by their stage. Raises Unavailable."""
        return changes(self._changed, PAGE, since, _written, self._events)

    def check(self) -> list[Finding]:
        """Whether the key is accepted, its user can write notes, and the model and its fields are there."""
        custom = {name.partition("/")[0] for name in (*self.mapping.fields, *self.mapping.always)}
        asked = {self.settings["key_field"], *custom} - {""}
        handle, user = self.settings["handle_field"], self.settings["user"]
        looks = [
            ("the API key is accepted", lambda: our_user(self._records, user)),
            (f"our user may use {self._model}", lambda: fields_there(self._rpc, self._model, asked)),
            ("our user may read partners", lambda: fields_there(self._rpc, "res.partner", {handle})),
        ]
        return findings(looks if handle else looks[:2])

    def _changed(self, since: datetime, skip: int) -> Sequence[Mapping[str, Any]]:
        field = self.settings["key_field"]
        if not field:
            return []
        after = since.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")  # it keeps parts of a second, and shows none
        domain = [[field, "!=", False], ["write_date", ">=", after]]
        asked = [field, "active", "stage_id", "write_date"]
        return self._records.page(self._model, domain, asked, "write_date, id", skip)

    def _values(self, case: Case, entry: Entry) -> dict[str, str]:
        """The record's columns as an import has them: a reference goes by its number in `.id`."""
        known = {"priority": self.priority(case), "partner_id/.id": entry.customer}
        known |= {f"{TEAM_FIELDS.get(self._model, 'team_id')}/.id": self.mapping.queue(case)}
        known |= {self.settings["key_field"]: case.id}
        return {
            "id": f"{MODULE}.{_name(case)}",
            "name": self.subject(case),
            "description": _html(self.body(case, entry)),
            **self.mapping.custom(case, entry),
            **{name: value for name, value in known.items() if name and value},
        }

    def _note(self, record: int, case: Case, entry: Entry) -> int:
        try:
            return self._records.note(record, _html(self.body(case, entry)))
        except Refused as refusal:
            if has_address(self._records, self.settings["user"]):
                raise
            why = "odoo: our user has no e-mail address there, and so may write no notes: give it one"
            raise Unavailable(why, words=str(refusal)) from None

    def _reopen(self, record: int) -> None:
        """Into the stage for it, and out of the archive, into which Odoo puts a lead that is lost."""
        [now] = self._records.search(self._model, [["id", "=", record]], ["active", "stage_id"])
        if self._happened(now) is not Happened.CLOSED:
            return
        stage = self.settings["reopened_stage"]
        values: dict[str, Any] = {"stage_id": int(stage)} if stage else {}
        values |= {"active": True} if now.get("active") is False else {}
        if values:
            self._rpc.call(self._model, "write", [record], vals=values)

    def _happened(self, record: Mapping[str, Any]) -> Happened | None:
        if record.get("active") is False:
            return Happened.CLOSED
        return self._meanings.get(record["stage_id"][1]) if record["stage_id"] else None

    def _events(self, record: Mapping[str, Any]) -> Iterator[CrmEvent]:
        if happened := self._happened(record):
            at = _written(record)
            seen = f"{record['id']}:{happened.value}:{at.isoformat()}"
            yield CrmEvent(seen, happened, at, record[self.settings["key_field"]], str(record["id"]))


def _written(record: Mapping[str, Any]) -> datetime:
    return instant(str(record["write_date"]).replace(" ", "T"))


def _name(case: Case) -> str:
    return f"case_{case.id.replace('-', '')}"  # the one dot of an external id is that after its module


def _html(text: str) -> str:
    return "<p>" + html.escape(text, quote=False).replace("\n", "<br/>") + "</p>"
