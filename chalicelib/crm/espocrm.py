"""EspoCRM, its REST API: https://docs.espocrm.com/development/api/

A case is a Case (a recommendation a Task or a Lead, where the mapping says so) with the case's id in a field that an
administrator adds; an entry is an internal note of its stream that ends in the entry's mark. EspoCRM has no key of
ours: it is looked up before every creation. A duplicate rule (409) or a unique index (500 without a word) on that field
stops what a look-up came too early for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import quote

from chalicelib.codec import instant
from chalicelib.crm.base import CASE, BaseCrm, Idempotency
from chalicelib.crm.changes import changes
from chalicelib.crm.espocrm_checks import fields_there, our_user
from chalicelib.crm.espocrm_records import ENDED_TASK, ENTITIES, NOT_STARTED, TEAMS, a_case, a_lead, a_task, moved_of
from chalicelib.crm.espocrm_rest import PAGE, EspoLookups, Record
from chalicelib.crm.findings import findings
from chalicelib.crm.handles import handles
from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.rest import JsonRest
from chalicelib.crm.statuses import meanings
from chalicelib.errors import Conflict, Refused, SettingsError, Unavailable
from chalicelib.model import Case, Changes, CrmEvent, Customer, Entry, Finding, Happened, Priority, Profile
from chalicelib.transport import Transport


class EspoCrm(BaseCrm):
    """Cases as Cases, entries as posts of their stream."""

    name: ClassVar[str] = "espocrm"
    idempotency: ClassVar[Idempotency] = Idempotency.DUPLICATE_RULE
    required: ClassVar[tuple[str, ...]] = ("url", "api_key")
    optional: ClassVar[Mapping[str, str]] = {
        "key_field": "cExternalPostId",
        "handle_field": "",
        "reopened_status": "Assigned",
        "task_user": "",
        "statuses": "Closed=closed, Rejected=closed, Duplicate=closed, Pending=answered, Assigned=reopened",
    }
    priorities: ClassVar[Mapping[Priority, str]] = {
        Priority.URGENT: "Urgent",
        Priority.HIGH: "High",
        Priority.NORMAL: "Normal",
        Priority.LOW: "Low",
    }
    recommendations: ClassVar[Collection[str]] = ("task", "lead")

    def __init__(
        self, settings: Mapping[str, str], transport: Transport | None = None, mapping: FieldMapping | None = None
    ) -> None:
        super().__init__(settings, transport, mapping)
        headers = {"x-api-key": self.settings["api_key"]}
        self._rest = JsonRest(self.transport, "crms.espocrm.url", self.settings["url"], lambda: headers)
        self._look = EspoLookups(self._rest)
        self._meanings = meanings("crms.espocrm.statuses", self.settings["statuses"])
        if self.mapping.recommendation == "task" and not self.settings["task_user"]:
            raise SettingsError("crms.espocrm.task_user: a Task needs a user: give the id of whose it is at first")

    def open_case(self, case: Case, entry: Entry) -> str:
        """The Case's id; a Task's or Lead's with its kind before it. Raises Refused or Unavailable."""
        kind = self.kind(case)
        number = self._find(case) or self._create(case, entry)
        return number if kind == CASE else f"{kind}:{number}"

    def add_to_case(self, case: Case, entry: Entry) -> str:
        """The note's id. Raises Refused (the Case was removed there) or Unavailable."""
        entity, record = ENTITIES[self.kind(case)], self._record(case)
        path = f"/api/v1/{entity}/{record['id']}"
        if found := next(self._look.notes(path, entry.key), None):
            return found
        # Before it is told, so that a repeat overrules nobody who changes it again.
        if changed := self._changed_by(case, entry, entity, record):
            self._rest.send("PATCH", path, changed)
        parent = {"parentType": entity, "parentId": record["id"]}
        note = {"type": "Post", **parent, "post": self.body(case, entry), "isInternal": True}
        return str(self._rest.read(self._rest.send("POST", "/api/v1/Note", note))["id"])

    def customers(self, profile: Profile) -> list[Customer]:
        """Contacts whose `handle_field` holds `platform:handle` or `platform:id`."""
        field = self.settings["handle_field"]
        wanted = handles(profile) if field else []
        found = [str(record["id"]) for text in wanted for record in self._look.search("Contact", field, text)]
        return [Customer(number, f"Contact.{field}") for number in dict.fromkeys(found)]

    def poll(self, since: datetime) -> Iterator[Changes]:
        """Cases of ours that changed since then, by what their status means. Raises Unavailable."""
        return changes(self._changed, PAGE, since, _modified, self._events)

    def check(self) -> list[Finding]:
        """Whether the key is accepted, its user may write cases, and the fields are there."""
        asked = {self.settings["key_field"], *self.mapping.fields, *self.mapping.always}
        handle = self.settings["handle_field"]
        contact = ("the API user may read contacts", lambda: fields_there(self._rest, "Contact", {handle}))
        looks = [
            ("the API key is accepted", lambda: our_user(self._rest)),
            ("the API user may read what fields Cases have", lambda: fields_there(self._rest, "Case", asked)),
        ]
        if (kind := self.mapping.recommendation) in self.recommendations:
            looks += [(f"the API user may read what fields {ENTITIES[kind]}s have", lambda: self._kind_there(kind))]
        return findings([*looks, contact] if handle else looks)

    def _kind_there(self, kind: str) -> Iterator[Finding]:
        return fields_there(self._rest, ENTITIES[kind], {self.settings["key_field"]})

    def _changed(self, since: datetime, skip: int) -> list[Record]:
        return self._look.changed("Case", self.settings["key_field"], since, skip)

    def _find(self, case: Case) -> str | None:
        found = self._look.search(ENTITIES[self.kind(case)], self.settings["key_field"], case.id)
        return str(found[0]["id"]) if found else None

    def _create(self, case: Case, entry: Entry) -> str:
        path = f"/api/v1/{ENTITIES[self.kind(case)]}"
        values = self._values(case, entry)
        try:
            answer = self._rest.send("POST", path, values)
        except Conflict:
            found = self._find(case)
            if found:
                return found
            # The rule is about something else, the name perhaps: two people may well complain in the same words.
            answer = self._rest.send("POST", path, values, {"x-skip-duplicate-check": "true"})
        return str(self._rest.read(answer)["id"])

    def _values(self, case: Case, entry: Entry) -> dict[str, Any]:
        queue, subject, priority = self.mapping.queue(case), self.subject(case), self.priority(case)
        text = self.body(case, entry)
        match self.kind(case):
            case "task":
                values = a_task(subject, priority, entry, self.settings["task_user"])
            case "lead":
                values, text = a_lead(entry), f"{subject}\n\n{text}"  # its name is the author's
            case _:
                values = {**a_case(subject, priority, entry), **self.mapping.custom(case, entry)}
        values |= {"description": text, self.settings["key_field"]: case.id}
        values |= {TEAMS: [queue] if queue else None}
        return {name: value for name, value in values.items() if value}

    def _record(self, case: Case) -> Record:
        number = (case.crm_ref or "").rpartition(":")[2] or self._find(case)
        if number is None:
            raise Unavailable("espocrm: the case to add to is not there yet")
        answer = self._rest.look(f"/api/v1/{ENTITIES[self.kind(case)]}/{quote(number, safe='')}", taken=(404,))
        if answer.status == 404:
            raise Refused("espocrm: the case was removed there")
        record: Record = self._rest.read(answer)
        return record

    def _changed_by(self, case: Case, entry: Entry, entity: str, record: Record) -> dict[str, Any]:
        """What an entry changes of a record, of one that is closed only where it goes on."""
        is_closed = self._is_closed(entity, record)
        if is_closed and not entry.reopens:
            return {}
        status = self.settings["reopened_status"] if entity == "Case" else NOT_STARTED
        reopened = {"status": status} if is_closed else {}
        return {**moved_of(record, self.moves(case, entry, TEAMS, "priority")), **reopened}

    def _is_closed(self, entity: str, record: Record) -> bool:
        if entity == "Task":
            return record["status"] in ENDED_TASK
        return entity == "Case" and self._meanings.get(record["status"]) is Happened.CLOSED

    def _events(self, record: Record) -> Iterator[CrmEvent]:
        if happened := self._meanings.get(record["status"]):
            at = _modified(record)
            seen = f"{record['id']}:{record['status']}:{at.isoformat()}"
            yield CrmEvent(seen, happened, at, record.get(self.settings["key_field"]), str(record["id"]))


def _modified(record: Record) -> datetime:
    return instant(str(record["modifiedAt"]).replace(" ", "T"))
