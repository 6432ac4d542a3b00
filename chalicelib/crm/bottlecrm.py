"""BottleCRM, its REST API: https://github.com/MicroPyramid/Django-CRM (each installation serves its own at /schema/)

A case is a Case with the case's id in a custom field and, shortened, in its name; an entry is an internal note (a
comment that no customer sees) that ends in the entry's mark. BottleCRM has no keys of ours: everything is looked up
before it is made. That a name is taken stops what a look-up came too early for, except for two requests at the very
same time. It drops an unknown custom field without a word, so the field is made sure of before the first creation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from chalicelib.crm.base import BaseCrm, Idempotency
from chalicelib.crm.bottlecrm_records import PRIORITY, TEAMS, is_id, moved_of, unique_name
from chalicelib.crm.bottlecrm_rest import BottleRest, Record, fitted, notes
from chalicelib.crm.findings import findings
from chalicelib.crm.handles import handles
from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.statuses import meanings
from chalicelib.errors import Refused, SettingsError, Unavailable
from chalicelib.model import Case, CrmEvent, Customer, Entry, Finding, Happened, Priority, Profile
from chalicelib.ports.platform import WebhookRequest
from chalicelib.transport import Transport

MOST_BYTES = 20_000_000  # a case comes with all its notes, unpaged
NAME_TAKEN = b"already exists with this name"
FIELD = re.compile(r"[a-z0-9_]{1,64}")
CONTACTS = "contact_obj_list"
TYPES = {"recommendation": "Question"}


class BottleCrm(BaseCrm):
    """Cases as Cases, entries as their internal notes."""

    name: ClassVar[str] = "bottlecrm"
    idempotency: ClassVar[Idempotency] = Idempotency.DUPLICATE_RULE
    required: ClassVar[tuple[str, ...]] = ("url", "token")
    optional: ClassVar[Mapping[str, str]] = {
        "key_field": "external_post_id",
        "handle_field": "",
        "reopened_status": "Assigned",
        "statuses": "Closed=closed, Rejected=closed, Duplicate=closed, Assigned=reopened, Pending=reopened",
        "webhook_secret": "",
    }
    priorities: ClassVar[Mapping[Priority, str]] = {priority: priority.value.capitalize() for priority in Priority}

    def __init__(
        self, settings: Mapping[str, str], transport: Transport | None = None, mapping: FieldMapping | None = None
    ) -> None:
        super().__init__(settings, transport or Transport(self.name, most_bytes=MOST_BYTES), mapping)
        self._rest = BottleRest(self.transport, self.settings["url"], self.settings["token"])
        self._meanings = meanings("crms.bottlecrm.statuses", self.settings["statuses"])
        self._fields: frozenset[str] = frozenset()
        for name in ("key_field", "handle_field"):
            if self.settings[name] and not FIELD.fullmatch(self.settings[name]):
                raise SettingsError(f"crms.bottlecrm.{name}: expected a custom field's key, like external_post_id")
        if not all(is_id(team) for team in self.mapping.teams.values()):
            raise SettingsError("crm.yml: a team of BottleCRM goes by its id, a UUID")

    def open_case(self, case: Case, entry: Entry) -> str:
        """The Case's id. Raises Refused or Unavailable."""
        return self._find(case) or self._create(case, entry)

    def add_to_case(self, case: Case, entry: Entry) -> str:
        """The note's id. Raises Refused (the Case was deleted there) or Unavailable."""
        shown = self._shown(case)
        record = shown["cases_obj"]
        path = f"/api/cases/{record['id']}/"
        if found := next(notes(shown, entry.key), None):
            return found
        # Before it is told, so that a repeat overrules nobody who changes it again.
        if changed := self._changed_by(case, entry, record):
            self._rest.read(self._rest.ask("PATCH", path, changed))
        note = {"comment": fitted(self.body(case, entry), entry.key), "is_internal": True}
        shown = self._rest.read(self._rest.ask("POST", path, note))
        return next(notes(shown, entry.key), entry.key)

    def customers(self, profile: Profile) -> list[Customer]:
        """Contacts whose `handle_field` holds `platform:handle` or `platform:id`."""
        field = self.settings["handle_field"]
        found = [
            Customer(str(contact["id"]), f"Contact.{field}")
            for text in handles(profile) * bool(field)
            for contact in self._rest.look("/api/contacts/", **{f"cf_{field}": text})[CONTACTS]
        ]
        return list(dict.fromkeys(found))

    def hear(self, request: WebhookRequest) -> list[CrmEvent]:
        """Public replies and changes of status, from an event webhook signed with `webhook_secret`."""
        from chalicelib.crm.bottlecrm_events import heard

        return heard(request, self.settings["webhook_secret"], self._meanings)

    def check(self) -> list[Finding]:
        """Whether the token is accepted and may list cases, and the fields and teams are there."""
        asked = sorted({self.settings["key_field"], *self.mapping.fields, *self.mapping.always})
        handle = [name for name in (self.settings["handle_field"],) if name]
        return findings(
            [
                ("the token is accepted and may list cases", self._may_list),
                ("Case has our custom fields", lambda: self._have("Case", asked)),
                ("Contact has the field for handles", lambda: self._have("Contact", handle) if handle else ()),
                ("the teams are there", self._teams),
            ]
        )

    def _find(self, case: Case) -> str | None:
        records = self._rest.cases(**{f"cf_{self.settings['key_field']}": case.id})
        return str(records[0]["id"]) if records else None

    def _create(self, case: Case, entry: Entry) -> str:
        self._make_sure_of_field()
        values = self._values(case, entry)
        answer = self._rest.ask("POST", "/api/cases/", values, taken=(400,))
        if answer.status != 400:
            return str(self._rest.read(answer)["id"])
        if NAME_TAKEN not in answer.body:
            raise Refused(answer.words)
        there = self._rest.cases(name=values["name"])
        if not there:
            raise Refused("bottlecrm: the case is there already, where our user cannot see it; let the user see it")
        return str(there[0]["id"])

    def _values(self, case: Case, entry: Entry) -> dict[str, Any]:
        team = self.queue(case)
        return {
            "name": unique_name(self.subject(case), case.id),
            "status": "New",
            PRIORITY: self.priority(case),
            "case_type": TYPES.get(case.record, "Incident"),
            "description": self.body(case, entry),
            TEAMS: [team] if team else [],
            "assigned_to": [],
            "contacts": [entry.customer] if is_id(entry.customer) else [],
            "custom_fields": {**self.mapping.custom(case, entry), self.settings["key_field"]: case.id},
        }

    def priority(self, case: Case) -> str:
        """A Case has one in any case."""
        return super().priority(case) or "Normal"

    def _changed_by(self, case: Case, entry: Entry, record: Record) -> dict[str, Any]:
        """What an entry changes of a Case, of one that is closed only where it goes on."""
        is_closed = self._meanings.get(record["status"]) is Happened.CLOSED
        if is_closed and not entry.reopens:
            return {}
        moving = self.moves(case, entry, TEAMS, PRIORITY) if str(record["id"]) == case.crm_ref else {}
        return {**moved_of(record, moving), **({"status": self.settings["reopened_status"]} if is_closed else {})}

    def _shown(self, case: Case) -> Record:
        number = case.crm_ref or self._find(case)
        if number is None:
            raise Unavailable("bottlecrm: the case to add to is not there yet")
        return self._rest.shown(number)

    def _may_list(self) -> Iterator[Finding]:
        self._rest.look("/api/cases/", limit="1", slim="true")
        yield Finding("the token is accepted and may list cases", True)

    def _have(self, kind: str, asked: Sequence[str]) -> Iterator[Finding]:
        there = self._rest.fields(kind)
        remedy = "add it under Settings, Custom fields (type text), or correct the key"
        yield from (Finding(f"{kind} has the custom field {name}", name in there, remedy) for name in asked)

    def _teams(self) -> Iterator[Finding]:
        for name, team in sorted(self.mapping.teams.items()):
            yield Finding(f"there is a team for {name}", self._rest.has_team(team), "correct its id in crm.yml")

    def _make_sure_of_field(self) -> None:
        key = self.settings["key_field"]
        if key not in self._fields:
            self._fields = self._rest.fields("Case")
        if key not in self._fields:
            raise Unavailable(f"bottlecrm: Case has no custom field {key}: add it under Settings, Custom fields")
