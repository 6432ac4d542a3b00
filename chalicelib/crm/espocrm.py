"""EspoCRM, its REST API: https://docs.espocrm.com/development/api/

A case is a Case with the case's id in a field that an administrator adds; an entry is a note of its stream that ends in
the entry's mark. EspoCRM has no key of ours: it is looked up before every creation. A duplicate rule (409) or a unique
index (500 without a word) on that field stops what a look-up came too early for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from chalicelib.codec import instant
from chalicelib.crm.base import BaseCrm, Idempotency
from chalicelib.crm.changes import changes
from chalicelib.crm.espocrm_checks import fields_there, our_user
from chalicelib.crm.findings import findings
from chalicelib.crm.handles import handles
from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.rendering import marker
from chalicelib.crm.rest import JsonRest
from chalicelib.crm.statuses import meanings
from chalicelib.errors import Conflict, Refused, Unavailable
from chalicelib.model import Case, Changes, CrmEvent, Customer, Entry, Finding, Happened, Priority, Profile
from chalicelib.transport import Transport

PAGE, MOST_PAGES = 100, 100
Record = Mapping[str, Any]


class EspoCrm(BaseCrm):
    """Cases as Cases, entries as posts of their stream."""

    name: ClassVar[str] = "espocrm"
    idempotency: ClassVar[Idempotency] = Idempotency.DUPLICATE_RULE
    required: ClassVar[tuple[str, ...]] = ("url", "api_key")
    optional: ClassVar[Mapping[str, str]] = {
        "key_field": "cExternalPostId",
        "handle_field": "",
        "reopened_status": "Assigned",
        "statuses": "Closed=closed, Rejected=closed, Duplicate=closed, Pending=answered, Assigned=reopened",
    }
    priorities: ClassVar[Mapping[Priority, str]] = {
        Priority.URGENT: "Urgent",
        Priority.HIGH: "High",
        Priority.NORMAL: "Normal",
        Priority.LOW: "Low",
    }

    def __init__(
        self, settings: Mapping[str, str], transport: Transport | None = None, mapping: FieldMapping | None = None
    ) -> None:
        super().__init__(settings, transport, mapping)
        headers = {"x-api-key": self.settings["api_key"]}
        self._rest = JsonRest(self.transport, "crms.espocrm.url", self.settings["url"], lambda: headers)
        self._meanings = meanings("crms.espocrm.statuses", self.settings["statuses"])

    def open_case(self, case: Case, entry: Entry) -> str:
        """The Case's id. Raises Refused or Unavailable."""
        return self._find(case) or self._create(case, entry)

    def add_to_case(self, case: Case, entry: Entry) -> str:
        """The note's id. Raises Refused (the Case was removed there) or Unavailable."""
        record = self._record(case)
        found = next(self._notes(record["id"], entry.key), None)
        if found is None:
            note = {"type": "Post", "parentType": "Case", "parentId": record["id"], "post": self.body(case, entry)}
            found = str(self._rest.read(self._rest.send("POST", "/api/v1/Note", note))["id"])
        if entry.reopens and self._meanings.get(record["status"]) is Happened.CLOSED:
            self._rest.send("PATCH", f"/api/v1/Case/{record['id']}", {"status": self.settings["reopened_status"]})
        return found

    def customers(self, profile: Profile) -> list[Customer]:
        """Contacts whose `handle_field` holds `platform:handle` or `platform:id`."""
        field = self.settings["handle_field"]
        wanted = handles(profile) if field else []
        found = [str(record["id"]) for text in wanted for record in self._search("Contact", field, text)]
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
        return findings([*looks, contact] if handle else looks)

    def _changed(self, since: datetime, skip: int) -> list[Record]:
        key = self.settings["key_field"]
        before = (since.astimezone(UTC) - timedelta(seconds=1)).strftime("%Y-%m-%d %H:%M:%S")  # it counts whole seconds
        query = {
            **_where(0, "after", "modifiedAt", before),
            "where[1][type]": "isNotNull",
            "where[1][attribute]": key,
            "orderBy": "modifiedAt",
            "order": "asc",
            "select": f"status,modifiedAt,{key}",
        }
        return self._page("/api/v1/Case", query, skip)

    def _find(self, case: Case) -> str | None:
        found = self._search("Case", self.settings["key_field"], case.id)
        return str(found[0]["id"]) if found else None

    def _search(self, kind: str, field: str, value: str) -> list[Record]:
        query = {**_where(0, "equals", field, value), "orderBy": "createdAt", "order": "asc", "select": "id"}
        records: list[Record] = self._rest.read(self._rest.look(f"/api/v1/{kind}", query))["list"]
        return records

    def _pages(self, path: str, query: Mapping[str, str]) -> Iterator[Record]:
        for page in range(MOST_PAGES):
            records = self._page(path, query, page * PAGE)
            yield from records
            if len(records) < PAGE:
                return

    def _page(self, path: str, query: Mapping[str, str], skip: int) -> list[Record]:
        part = {**query, "offset": str(skip), "maxSize": str(PAGE)}
        found: list[Record] = self._rest.read(self._rest.look(path, part))["list"]
        return found

    def _create(self, case: Case, entry: Entry) -> str:
        values: dict[str, Any] = {
            "name": self.subject(case),
            "status": "New",
            "description": self.body(case, entry),
            self.settings["key_field"]: case.id,
            **self.mapping.custom(case, entry),
        }
        known = {"priority": self.priority(case), "contactId": entry.customer}
        values |= {name: value for name, value in known.items() if value}
        queue = self.mapping.queue(case)
        values |= {"teamsIds": [queue]} if queue else {}
        try:
            answer = self._rest.send("POST", "/api/v1/Case", values)
        except Conflict:
            found = self._find(case)
            if found:
                return found
            # The rule is about something else, the name perhaps: two people may well complain in the same words.
            answer = self._rest.send("POST", "/api/v1/Case", values, {"x-skip-duplicate-check": "true"})
        return str(self._rest.read(answer)["id"])

    def _record(self, case: Case) -> Record:
        number = case.crm_ref or self._find(case)
        if number is None:
            raise Unavailable("espocrm: the case to add to is not there yet")
        answer = self._rest.look(f"/api/v1/Case/{quote(number, safe='')}", taken=(404,))
        if answer.status == 404:
            raise Refused("espocrm: the case was removed there")
        record: Record = self._rest.read(answer)
        return record

    def _notes(self, number: str, key: str) -> Iterator[str]:
        for note in self._pages(f"/api/v1/Case/{number}/stream", {}):
            if str(note.get("post") or "").rstrip().endswith(marker(key)):
                yield str(note["id"])

    def _events(self, record: Record) -> Iterator[CrmEvent]:
        if happened := self._meanings.get(record["status"]):
            at = _modified(record)
            seen = f"{record['id']}:{record['status']}:{at.isoformat()}"
            yield CrmEvent(seen, happened, at, record.get(self.settings["key_field"]), str(record["id"]))


def _modified(record: Record) -> datetime:
    return instant(str(record["modifiedAt"]).replace(" ", "T"))


def _where(number: int, kind: str, attribute: str, value: str) -> dict[str, str]:
    return {
        f"where[{number}][type]": kind,
        f"where[{number}][attribute]": attribute,
        f"where[{number}][value]": value,
    }
