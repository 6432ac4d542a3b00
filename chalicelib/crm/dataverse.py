"""Dynamics 365 Customer Service on Dataverse: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/

Our keys are the records' own ids, so `PATCH .../incidents(key)` with `If-None-Match: *` creates once, and 412 says that
it is there; no schema change is needed. A post is a social activity on the incident's timeline, its author a social
profile that belongs to a contact of its own until it is linked to a customer. Never set up an automatic record creation
rule for social activities beside this: it would open every case a second time.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar

from chalicelib.crm import dataverse_records as records
from chalicelib.crm.base import CASE, BaseCrm, Idempotency
from chalicelib.crm.dataverse_changes import changes
from chalicelib.crm.dataverse_checks import looks
from chalicelib.crm.dataverse_moves import PRIORITY, TEAM, add_to_queue, bound, enqueue, shown_by, values
from chalicelib.crm.dataverse_recommended import TABLES, add_to_recommended, open_recommended
from chalicelib.crm.dataverse_rest import DataverseRest, Record, quoted
from chalicelib.crm.findings import findings
from chalicelib.crm.handles import handles
from chalicelib.crm.mapping import LONGEST_VALUE, FieldMapping
from chalicelib.crm.moves import Moved
from chalicelib.errors import Refused, SettingsError
from chalicelib.model import Author, Case, Changes, Customer, Entry, Finding, Priority, Profile
from chalicelib.plain import cut_utf16
from chalicelib.transport import Transport

GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
OWNER, COLUMN = re.compile(f"(team|user|queue) {GUID}"), re.compile("([a-z][a-z0-9_]*)?")
# Which of its two names an activity's incident has here: https://learn.microsoft.com/power-apps/developer/
# data-platform/reference/entities/socialactivity names the second, the first comes from the table of all activities.
INCIDENT_OF = ("regardingobjectid_incident", "regardingobjectid_incident_socialactivity")
GOES_ON = {"statecode": 0, "statuscode": 1}
NOBODY = Author(id="unknown", name="Unknown author")


class DataverseCrm(BaseCrm):
    """Cases as incidents, entries as social activities, authors as social profiles."""

    name: ClassVar[str] = "dataverse"
    idempotency: ClassVar[Idempotency] = Idempotency.NATIVE_KEY
    required: ClassVar[tuple[str, ...]] = ("url", "tenant", "client_id", "client_secret")
    optional: ClassVar[Mapping[str, str]] = {"login_url": "https://login.microsoftonline.com", "handle_field": ""}
    priorities: ClassVar[Mapping[Priority, str]] = {
        Priority.URGENT: "1",
        Priority.HIGH: "1",
        Priority.NORMAL: "2",
        Priority.LOW: "3",
    }
    recommendations: ClassVar[Collection[str]] = TABLES

    def __init__(
        self, settings: Mapping[str, str], transport: Transport | None = None, mapping: FieldMapping | None = None
    ) -> None:
        super().__init__(settings, transport, mapping)
        if not all(OWNER.fullmatch(owner) for owner in self.mapping.teams.values()):
            raise SettingsError("crm.yml: a team's counterpart in Dataverse reads like 'team GUID', or user, or queue")
        if not all(number.isdecimal() for number in self.mapping.priorities.values()):
            raise SettingsError("crm.yml: a priority in Dataverse is the number of a choice, like 1")
        if not COLUMN.fullmatch(self.settings["handle_field"]):
            raise SettingsError("crms.dataverse.handle_field: expected a column's logical name, like new_social")
        self._rest = DataverseRest(self.settings, self.transport)

    def open_case(self, case: Case, entry: Entry) -> str:
        """The incident's id; a task's or lead's with its kind before it. Raises Refused or Unavailable."""
        if (what := self.kind(case)) != CASE:
            open_recommended(self._rest, what, case, entry, self._recommended(case, entry))
            return f"{what}:{case.id}"
        profile, contact = self._author(case, entry)
        is_new = self._rest.create_once("incidents", case.id, self._incident(case, entry, contact))
        queue = self.queue(case) or ""
        # Once its first post is there it was queued: a repeat would take it from where people have put it since.
        if queue.startswith("queue ") and (is_new or not self._is_told(entry)):
            add_to_queue(self._rest, case.id, queue)
        self._tell(case, case.id, entry, profile)
        return case.id

    def add_to_case(self, case: Case, entry: Entry) -> str:
        """The social activity's id. Raises Refused (the incident was deleted, say) or Unavailable."""
        if (what := self.kind(case)) != CASE:
            return add_to_recommended(self._rest, what, case, entry, self.body(case, entry))
        moving = self.moves(case, entry, TEAM, PRIORITY)
        number, incident = self._opened(case.id, moving)
        profile, _ = self._author(case, entry)
        is_closed = incident["statecode"] != 0
        if entry.reopens if is_closed else moving:
            if self._is_told(entry):
                return entry.key  # people may have changed it again since
            self._move(number, incident, moving if number == case.id else {}, GOES_ON if is_closed else {})
        self._tell(case, number, entry, profile)
        return entry.key

    def customers(self, profile: Profile) -> list[Customer]:
        """Contacts whose `handle_field` holds `platform:handle` or `platform:id`."""
        field = self.settings["handle_field"]
        wanted = handles(profile)
        if not field or not wanted:
            return []
        asked = " or ".join(f"{field} eq {quoted(text)}" for text in wanted)
        found = self._rest.all("contacts", {"$select": "contactid", "$filter": asked})
        return [Customer(str(one["contactid"]), f"contact.{field}") for one in found]

    def poll(self, since: datetime) -> Iterator[Changes]:
        """Incidents we made that changed since then: answered, closed, merged, opened again. Raises Unavailable."""
        return changes(self._rest, since)

    def check(self) -> list[Finding]:
        """Whether the application user is let in and has its rights, and the company's columns are there."""
        return findings(looks(self._rest, self.settings, self.mapping))

    def _is_told(self, entry: Entry) -> bool:
        return self._rest.find("socialactivities", entry.key, "activityid") is not None

    def _move(self, number: str, incident: Record, moving: Mapping[str, Moved], goes_on: Mapping[str, int]) -> None:
        """Before the entry is told, so that a repeat overrules nobody; the queue last, as it tells of no closed one."""
        if changed := {**goes_on, **values(moving, incident)}:
            self._rest.change("incidents", number, changed, incident.get("@odata.etag", "*"))
        enqueue(self._rest, number, moving)

    def _opened(self, number: str, moving: Collection[str] = ()) -> tuple[str, Record]:
        """The incident that goes on: the case's own, or the one that it was merged into."""
        columns = ",".join(("statecode", "_masterid_value", *shown_by(moving)))
        record = self._rest.find("incidents", number, columns)
        master = record.get("_masterid_value") if record else None
        if master:
            number, record = str(master), self._rest.find("incidents", str(master), columns)
        if record is None:
            raise Refused("dataverse: the case's incident was deleted there")
        return number, record

    def _author(self, case: Case, entry: Entry) -> tuple[Profile, str]:
        """The author's social profile, and the contact whose incident it is; both are there afterwards."""
        profile = entry.profile or Profile(case.platform, NOBODY)
        contact = entry.customer or profile.key
        if not entry.customer:
            self._rest.create_once("contacts", contact, records.contact(profile))
        self._rest.create_once("socialprofiles", profile.key, records.social_profile(profile, contact))
        return profile, contact

    def _body(self, case: Case, entry: Entry) -> str:
        return records.short_body(entry, lambda shorter: self.body(case, shorter))

    def _owned(self, case: Case) -> dict[str, Any]:
        return {"ownerid@odata.bind": bound(self.queue(case) or "")}

    def _recommended(self, case: Case, entry: Entry) -> dict[str, Any]:
        return {"subject": self.subject(case), "description": self._body(case, entry), **self._owned(case)}

    def _incident(self, case: Case, entry: Entry, contact: str) -> dict[str, Any]:
        priority = self.priority(case)
        return {
            "title": cut_utf16(self.subject(case), records.LONGEST_TITLE),
            "description": self._body(case, entry),
            "prioritycode": int(priority) if priority else None,
            "caseorigincode": records.ORIGINS.get(case.platform),
            "customerid_contact@odata.bind": f"/contacts({contact})",
            **self._owned(case),
            **{name: cut_utf16(text, LONGEST_VALUE) for name, text in self.mapping.custom(case, entry).items()},
        }

    def _tell(self, case: Case, number: str, entry: Entry, profile: Profile) -> None:
        values = records.social_activity(entry, profile, self._body(case, entry))
        first, second = INCIDENT_OF
        try:
            self._rest.create_once("socialactivities", entry.key, values | _bound(first, number))
        except Refused as refusal:
            if first not in str(refusal):
                raise
            self._rest.create_once("socialactivities", entry.key, values | _bound(second, number))


def _bound(name: str, number: str) -> dict[str, str]:
    return {f"{name}@odata.bind": f"/incidents({number})"}
