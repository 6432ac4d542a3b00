"""Odoo, its external API: https://www.odoo.com/documentation/18.0/developer/reference/external_api.html

A case is a record (a lead, unless the settings say otherwise; a recommendation a task or a lead, where the mapping says
so) made by `load` with an external id of ours: of calls that race, one makes it, and the others are told to come again.
A `load` that is repeated would write over what people changed, so the external id is looked up first. An entry is a
note in the thread; it has no key, so it is looked for by its mark. A note's author must have an e-mail address there:
without, Odoo refuses it.
"""

from __future__ import annotations

import html
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import ClassVar

from chalicelib.crm.base import CASE, BaseCrm, Idempotency
from chalicelib.crm.findings import findings
from chalicelib.crm.handles import handles
from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.odoo_checks import fields_there, has_address, our_user
from chalicelib.crm.odoo_records import OdooRecords, Where
from chalicelib.crm.odoo_rpc import OdooRpc
from chalicelib.crm.odoo_stages import TASK, Stages
from chalicelib.crm.rendering import named
from chalicelib.errors import Refused, SettingsError, Unavailable
from chalicelib.model import Case, Changes, Customer, Entry, Finding, Priority, Profile
from chalicelib.transport import Transport

MODULE = "earshot"
RECOMMENDED = {"task": TASK, "lead": "crm.lead"}
TEAM_FIELDS = {TASK: "project_id"}  # everywhere else team_id
RANKED_SINCE = 19
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
        "recommendation_team": "",
        "statuses": "Won=closed, Done=closed, Solved=closed, Cancelled=closed",
    }
    priorities: ClassVar[Mapping[Priority, str]] = {
        Priority.URGENT: "3",
        Priority.HIGH: "2",
        Priority.NORMAL: "1",
        Priority.LOW: "0",
    }
    recommendations: ClassVar[Collection[str]] = RECOMMENDED

    def __init__(
        self, settings: Mapping[str, str], transport: Transport | None = None, mapping: FieldMapping | None = None
    ) -> None:
        super().__init__(settings, transport, mapping)
        if self.settings["api"] not in ("jsonrpc", "json2"):
            raise SettingsError("crms.odoo.api: expected jsonrpc (to Odoo 18) or json2 (from Odoo 19)")
        for name, what in (("reopened_stage", "stage"), ("recommendation_team", "project or sales team")):
            if self.settings[name] and not self.settings[name].isdecimal():
                raise SettingsError(f"crms.odoo.{name}: expected the number of a {what}")
        self._model = self.settings["model"]
        self._rpc = OdooRpc(self.settings, self.transport)
        self._records = OdooRecords(self._rpc)
        self._stages = Stages(self._rpc, self._records, self.settings)

    def priority(self, case: Case) -> str | None:
        """What Odoo calls it: before 19, a task knows only a star or none."""
        if case.priority is None or self._model_of(case) != TASK or self._rpc.release() >= RANKED_SINCE:
            return super().priority(case)
        own = self.mapping.priorities.get(case.priority) if self.kind(case) == CASE else None
        return own or STARRED[case.priority]

    def open_case(self, case: Case, entry: Entry) -> str:
        """The record's id. Raises Refused or Unavailable."""
        model, found = self._model_of(case), self._records.find(MODULE, _name(case))
        number = found.number if found else self._records.load(model, self._values(model, case, entry))
        kind = self.kind(case)
        return str(number) if kind == CASE else f"{kind}:{number}"

    def add_to_case(self, case: Case, entry: Entry) -> str:
        """The note's id. Raises Refused (the record was deleted there) or Unavailable."""
        record = self._records.find(MODULE, _name(case))
        if record is None and case.crm_ref is None:
            raise Unavailable("odoo: the case to add to is not there yet")
        if record is None:
            raise Refused("odoo: the case's record was deleted there")
        if found := self._records.noted(record, entry.key):
            return str(found)
        # Before it is told, so that a repeat overrules nobody who changes it again.
        if entry.reopens:
            self._stages.reopen(record)
        moving = self.moves(case, entry, _team_column(record.model), "priority")
        if moving and (entry.reopens or not self._stages.is_closed(record)):
            self._records.move(record, f"{MODULE}.{_name(case)}", moving)
        return str(self._note(record, case, entry))

    def customers(self, profile: Profile) -> list[Customer]:
        """Partners whose `handle_field` holds `platform:handle` or `platform:id`."""
        field, wanted = self.settings["handle_field"], handles(profile)
        found = self._records.search("res.partner", [[field, "in", wanted]], ["id"]) if field and wanted else []
        return [Customer(str(partner["id"]), f"res.partner.{field}") for partner in found]

    def poll(self, since: datetime) -> Iterator[Changes]:
        """Records with our key in `key_field` that changed since then, by their stage. Raises Unavailable."""
        return self._stages.changes(since)

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
        looks = looks if handle else looks[:2]
        if model := RECOMMENDED.get(self.mapping.recommendation):
            looks += [(f"our user may use {model}", lambda: fields_there(self._rpc, model, ()))]
        return findings(looks)

    def _model_of(self, case: Case) -> str:
        return RECOMMENDED.get(self.kind(case), self._model)

    def _values(self, model: str, case: Case, entry: Entry) -> dict[str, str]:
        """The record's columns as an import has them: a reference goes by its number in `.id`."""
        is_case = self.kind(case) == CASE  # its fields and its teams are those that the company named
        team = self.mapping.queue(case) if is_case else self.settings["recommendation_team"]
        known = {"priority": self.priority(case), "partner_id/.id": entry.customer}
        known |= {_team_column(model): team}
        known |= {self.settings["key_field"]: case.id} if is_case else {}
        known |= {"contact_name": named(entry.profile.author)} if self.kind(case) == "lead" and entry.profile else {}
        return {
            "id": f"{MODULE}.{_name(case)}",
            "name": self.subject(case),
            "description": _html(self.body(case, entry)),
            **(self.mapping.custom(case, entry) if is_case else {}),
            **{name: value for name, value in known.items() if name and value},
        }

    def _note(self, record: Where, case: Case, entry: Entry) -> int:
        try:
            return self._records.note(record, _html(self.body(case, entry)))
        except Refused as refusal:
            if has_address(self._records, self.settings["user"]):
                raise
            why = "odoo: our user has no e-mail address there, and so may write no notes: give it one"
            raise Unavailable(why, words=str(refusal)) from None


def _name(case: Case) -> str:
    return f"case_{case.id.replace('-', '')}"  # the one dot of an external id is that after its module


def _team_column(model: str) -> str:
    return f"{TEAM_FIELDS.get(model, 'team_id')}/.id"


def _html(text: str) -> str:
    return "<p>" + html.escape(text, quote=False).replace("\n", "<br/>") + "</p>"
