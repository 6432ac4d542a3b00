"""Salesforce Service Cloud, its REST API:
https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_upsert.htm

A case is a Case upserted by an external id that an administrator adds (External ID and Unique). An upsert that is
repeated would write over what people changed since, so the record is looked for first. Entries are case comments that
end in the entry's mark, or social posts, upserted the same way, where the organisation has them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from chalicelib.codec import instant
from chalicelib.crm.base import CASE, BaseCrm, Idempotency
from chalicelib.crm.changes import told
from chalicelib.crm.findings import findings
from chalicelib.crm.handles import handles
from chalicelib.crm.mapping import LONGEST_VALUE, FieldMapping
from chalicelib.crm.moves import Moved, moved
from chalicelib.crm.rendering import fitted
from chalicelib.crm.salesforce_checks import looks
from chalicelib.crm.salesforce_entries import Comments, Entries, SocialPosts
from chalicelib.crm.salesforce_recommended import Recommended, task_priority
from chalicelib.crm.salesforce_rest import Record, SalesforceRest, quoted, same_id
from chalicelib.crm.statuses import meanings
from chalicelib.errors import Refused, SettingsError
from chalicelib.model import Case, Changes, CrmEvent, Customer, Entry, Finding, Happened, Priority, Profile
from chalicelib.plain import cut_utf16
from chalicelib.transport import Transport

FIELD = re.compile(r"([A-Za-z][A-Za-z0-9_]*)?")
OWNER = re.compile(r"(00G|005)[A-Za-z0-9]{12}([A-Za-z0-9]{3})?")
LONGEST_SUBJECT, LONGEST_DESCRIPTION = 255, 32_000


class SalesforceCrm(BaseCrm):
    """Cases as Cases, entries as CaseComments or SocialPosts."""

    name: ClassVar[str] = "salesforce"
    idempotency: ClassVar[Idempotency] = Idempotency.NATIVE_KEY
    required: ClassVar[tuple[str, ...]] = ("url", "client_id", "client_secret")
    optional: ClassVar[Mapping[str, str]] = {
        "version": "v62.0",
        "key_field": "Earshot_Key__c",
        "entries": "comments",
        "persona_key_field": "",
        "handle_field": "",
        "reopened_status": "Working",
        "statuses": "Closed=closed, Waiting on Customer=answered, Working=reopened",
    }
    priorities: ClassVar[Mapping[Priority, str]] = {
        Priority.URGENT: "High",
        Priority.HIGH: "High",
        Priority.NORMAL: "Medium",
        Priority.LOW: "Low",
    }
    recommendations: ClassVar[Collection[str]] = ("task", "lead")

    def __init__(
        self, settings: Mapping[str, str], transport: Transport | None = None, mapping: FieldMapping | None = None
    ) -> None:
        super().__init__(settings, transport, mapping)
        self._hold_names()
        self._rest = SalesforceRest(self.settings, self.transport)
        self._meanings = meanings("crms.salesforce.statuses", self.settings["statuses"])
        self._key = self.settings["key_field"]
        self._is_social = self.settings["entries"] == "social"
        social = SocialPosts(self._rest, self._key, self.settings["persona_key_field"])
        self._recommended = Recommended(self._rest, self._key)
        self._entries: Entries = social if self._is_social else Comments(self._rest)

    def open_case(self, case: Case, entry: Entry) -> str:
        """The Case's id; a Task's or Lead's with its kind before it. Raises Refused or Unavailable."""
        kind = self.kind(case)
        if kind != CASE:
            number = self._recommended.open(kind, case, entry, self.body(case, entry), self._given(case))
            return f"{kind}:{number}"
        found = self._rest.find("Case", self._key, case.id)
        number = str(found["Id"]) if found else self._create(case, entry)
        if self._is_social and self._entries.find(number, entry.key) is None:
            self._entries.write(number, entry, self.body(case, entry))
        return number

    def add_to_case(self, case: Case, entry: Entry) -> str:
        """The CaseComment's or SocialPost's id. Raises Refused (the Case was deleted, say) or Unavailable."""
        kind = self.kind(case)
        if kind != CASE:
            number = (case.crm_ref or "").rpartition(":")[2]
            return self._recommended.add(kind, number, entry, self.body(case, entry), self._given(case))
        moving = self.moves(case, entry, "OwnerId", "Priority")
        record = self._record(case, moving)
        number = str(record["Id"])
        if found := self._entries.find(number, entry.key):
            return found
        if values := self._changed(record, moving, entry):  # before it is told: a repeat overrules nobody
            self._rest.change("Case", number, values)
        return self._entries.write(number, entry, self.body(case, entry))

    def customers(self, profile: Profile) -> list[Customer]:
        """Contacts whose `handle_field` holds `platform:handle` or `platform:id`."""
        field = self.settings["handle_field"]
        wanted = handles(profile)
        if not field or not wanted:
            return []
        asked = ", ".join(map(quoted, wanted))
        found = self._rest.query("Contact", ("Id",), f"{field} IN ({asked})")
        return [Customer(str(record["Id"]), f"Contact.{field}") for record in found]

    def poll(self, since: datetime) -> Iterator[Changes]:
        """Cases of ours that changed since then, by what their status means. Raises Unavailable."""
        after = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        where = f"{self._key} != null AND SystemModstamp >= {after} ORDER BY SystemModstamp"
        fields = ("Id", "Status", "IsClosed", "SystemModstamp", self._key)
        for page in self._rest.pages("Case", fields, where):  # as they were when it was asked, however long it takes
            yield told(page, instant(page[-1]["SystemModstamp"]), self._events)

    def check(self) -> list[Finding]:
        """Whether the connected app is let in, and what it writes is there and open to it."""
        return findings(looks(self._rest, self.settings, self.mapping))

    def _changed(self, record: Record, moving: Mapping[str, Moved], entry: Entry) -> dict[str, str]:
        """What the entry changes of a Case, of one that is closed only where it goes on."""
        is_closed = self._is_closed(record)
        if is_closed and not entry.reopens:
            return {}
        values = moved(moving, {**record, "OwnerId": same_id(record.get("OwnerId"), moving.get("OwnerId"))})
        return values | ({"Status": self.settings["reopened_status"]} if is_closed else {})

    def _record(self, case: Case, also: Collection[str] = ()) -> Record:
        record = self._rest.find("Case", self._key, case.id, ",".join(("Id", "Status", "IsClosed", *also)))
        if record is None:
            # A field or kind that was hidden from our user is a 404, too; of those the query would complain.
            list(self._rest.query("Case", ("Id",), f"{self._key} = {quoted(case.id)}"))
            raise Refused("salesforce: the case was deleted there")
        return record

    def _create(self, case: Case, entry: Entry) -> str:
        owner = self.mapping.queue(case)
        known = {"Priority": self.priority(case), "OwnerId": owner, "ContactId": entry.customer}
        values: dict[str, Any] = {
            "Subject": cut_utf16(self.subject(case), LONGEST_SUBJECT),
            "Description": fitted(self.body(case, entry), entry.key, LONGEST_DESCRIPTION),
            "Origin": "Social",
            "Status": "New",
            **{name: value for name, value in known.items() if value},
            **{name: cut_utf16(text, LONGEST_VALUE) for name, text in self.mapping.custom(case, entry).items()},
        }
        return self._rest.upsert("Case", self._key, case.id, values, assign=owner is None)

    def _given(self, case: Case) -> dict[str, str | None]:
        priority = task_priority(self.priority(case))
        return {"Subject": self.subject(case), "OwnerId": self.mapping.queue(case), "Priority": priority}

    def _is_closed(self, record: Record) -> bool:
        return bool(record.get("IsClosed")) or self._meanings.get(record["Status"]) is Happened.CLOSED

    def _events(self, record: Record) -> Iterator[CrmEvent]:
        happened = Happened.CLOSED if self._is_closed(record) else self._meanings.get(record["Status"])
        if happened:
            at = instant(record["SystemModstamp"])
            seen = f"{record['Id']}:{record['Status']}:{at.isoformat()}"
            yield CrmEvent(seen, happened, at, record[self._key], str(record["Id"]))

    def _hold_names(self) -> None:
        """Raises SettingsError for what would become part of a query or an address, and is no name."""
        if self.settings["entries"] not in ("comments", "social"):
            raise SettingsError("crms.salesforce.entries: expected comments or social")
        for name in ("key_field", "handle_field", "persona_key_field"):
            if not FIELD.fullmatch(self.settings[name]):
                raise SettingsError(f"crms.salesforce.{name}: expected the API name of a field, like Earshot_Key__c")
        if not all(OWNER.fullmatch(owner) for owner in self.mapping.teams.values()):
            raise SettingsError(
                "crm.yml: a team's counterpart in Salesforce is the id of a queue (00G...) or user (005...)"
            )
