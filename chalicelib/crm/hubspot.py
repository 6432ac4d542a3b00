"""HubSpot's tickets, CRM API v3: https://developers.hubspot.com/docs/api-reference/crm-tickets-v3/guide

A case is a ticket upserted by a property with unique values, an entry a note upserted the same way; what belongs
together is associated by a PUT that may be repeated. An upsert writes over what people changed since, so each is looked
for first: by the unique property, which is exact, never by the search, whose index runs late.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote

from chalicelib.codec import instant
from chalicelib.crm.base import BaseCrm, Idempotency
from chalicelib.crm.changes import changes
from chalicelib.crm.findings import findings
from chalicelib.crm.handles import handles
from chalicelib.crm.hubspot_checks import looks
from chalicelib.crm.hubspot_rest import PAGE, HubSpotRest, Thing
from chalicelib.crm.hubspot_tasks import TASK, Tasks, as_html, stamp
from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.moves import Moved, moved
from chalicelib.errors import Refused, SettingsError
from chalicelib.model import Case, Changes, CrmEvent, Customer, Entry, Finding, Happened, Priority, Profile
from chalicelib.transport import Transport

PROPERTY = re.compile(r"([a-z][a-z0-9_]*)?")
MODIFIED = "hs_lastmodifieddate"
NAMES = ("key_property", "entry_key_property", "handle_property")


class HubSpotCrm(BaseCrm):
    """Cases as tickets, entries as notes."""

    name: ClassVar[str] = "hubspot"
    idempotency: ClassVar[Idempotency] = Idempotency.NATIVE_KEY
    required: ClassVar[tuple[str, ...]] = ("url", "token")
    optional: ClassVar[Mapping[str, str]] = {
        "key_property": "social_post_key",
        "entry_key_property": "social_entry_key",
        "handle_property": "",
        "pipeline": "0",
        "stage": "1",
        "closed_stage": "4",
        "reopened_stage": "1",
    }
    priorities: ClassVar[Mapping[Priority, str]] = {
        Priority.URGENT: "HIGH",
        Priority.HIGH: "HIGH",
        Priority.NORMAL: "MEDIUM",
        Priority.LOW: "LOW",
    }
    recommendations: ClassVar[Collection[str]] = (TASK,)

    def __init__(
        self, settings: Mapping[str, str], transport: Transport | None = None, mapping: FieldMapping | None = None
    ) -> None:
        super().__init__(settings, transport, mapping)
        wrong = [name for name in NAMES if not PROPERTY.fullmatch(self.settings[name])]
        if wrong:
            raise SettingsError(f"crms.hubspot.{wrong[0]}: expected a property's internal name, like social_post_key")
        if not all(owner.isdecimal() for owner in self.mapping.teams.values()):
            raise SettingsError("crm.yml: a team's counterpart in HubSpot is the number of an owner")
        self._rest = HubSpotRest(self.settings["url"], self.settings["token"], self.transport)
        self._tasks = Tasks(self._rest, self.settings["key_property"])
        self._key, self._entry_key = self.settings["key_property"], self.settings["entry_key_property"]

    def open_case(self, case: Case, entry: Entry) -> str:
        """The ticket's id; a task's with its kind before it. Raises Refused or Unavailable."""
        if self.kind(case) == TASK:
            return f"{TASK}:{self._tasks.open(case, entry, self.body(case, entry), self._of_task(case))}"
        found = self._rest.find("tickets", case.id, self._key)
        values = {} if found else self._ticket(case, entry)
        number = str(found["id"]) if found else self._rest.upsert("tickets", case.id, self._key, values)
        if entry.customer:
            self._rest.associate("tickets", number, "contacts", entry.customer)
        return number

    def add_to_case(self, case: Case, entry: Entry) -> str:
        """The note's id, or that of the next task. Raises Refused (the ticket was deleted there) or Unavailable."""
        if self.kind(case) == TASK:
            return self._tasks.add(case, entry, self.body(case, entry), self._of_task(case))
        moving = self.moves(case, entry, "hubspot_owner_id", "hs_ticket_priority")
        ticket = self._opened(case, moving)
        number = str(ticket["id"])
        found = self._rest.find("notes", entry.key, self._entry_key)
        # Before it is told, so that a repeat overrules nobody who changes it again.
        if not found and (changed := self._changed_by(entry, ticket, moving)):
            self._rest.change("tickets", number, changed)
        values = {} if found else self._note(case, entry)
        note = str(found["id"]) if found else self._rest.upsert("notes", entry.key, self._entry_key, values)
        self._rest.associate("notes", note, "tickets", number)
        return note

    def customers(self, profile: Profile) -> list[Customer]:
        """Contacts whose unique `handle_property` holds `platform:handle` or `platform:id`."""
        prop = self.settings["handle_property"]
        keys = handles(profile)
        contacts = self._rest.read_many("contacts", prop, keys) if prop and keys else []
        return list(dict.fromkeys(Customer(str(one["id"]), f"contact.{prop}") for one in contacts))

    def poll(self, since: datetime) -> Iterator[Changes]:
        """Tickets of ours that changed since then: answered, closed, opened again. Raises Unavailable."""
        return changes(self._changed, PAGE, since, _modified, self._events)

    def check(self) -> list[Finding]:
        """Whether the token is accepted, the properties are there, the keys' with unique values, and the stages."""
        return findings(looks(self._rest, self.settings, self.mapping))

    def _changed_by(self, entry: Entry, ticket: Thing, moving: Mapping[str, Moved]) -> dict[str, str]:
        """What an entry changes of a ticket, of one that is closed only where it goes on."""
        is_closed = self._is_closed(ticket)
        if is_closed and not entry.reopens:
            return {}
        reopened = {"hs_pipeline_stage": self.settings["reopened_stage"]} if is_closed else {}
        return {**moved(moving, ticket["properties"]), **reopened}

    def _opened(self, case: Case, also: Collection[str] = ()) -> Thing:
        properties = ",".join(("hs_pipeline_stage", *also))
        found = self._rest.find("tickets", case.id, self._key, properties)
        if found is None and case.crm_ref:  # merged into another, which answers to its number but not to its key
            found = self._rest.find("tickets", quote(case.crm_ref, safe=""), properties=properties)
        if found is None:
            raise Refused("hubspot: the case's ticket was deleted there")
        return found

    def _changed(self, since: datetime, skip: int) -> list[Thing]:
        filters = [
            {"propertyName": self._key, "operator": "HAS_PROPERTY"},
            {"propertyName": MODIFIED, "operator": "GTE", "value": str(int(since.timestamp() * 1000))},
        ]
        asked = {
            "filterGroups": [{"filters": filters}],
            "sorts": [{"propertyName": MODIFIED, "direction": "ASCENDING"}],
            "properties": [self._key, "hs_pipeline_stage", "first_agent_reply_date", MODIFIED],
        }
        return self._rest.search("tickets", asked, skip)

    def _is_closed(self, ticket: Thing) -> bool:
        return bool(ticket["properties"].get("hs_pipeline_stage") == self.settings["closed_stage"])

    def _ticket(self, case: Case, entry: Entry) -> dict[str, str]:
        known = {"hs_ticket_priority": self.priority(case), "hubspot_owner_id": self.mapping.queue(case)}
        return {
            "subject": self.subject(case),
            "content": self.body(case, entry),
            "hs_pipeline": self.settings["pipeline"],
            "hs_pipeline_stage": self.settings["stage"],
            **{name: value for name, value in known.items() if value},
            **self.mapping.custom(case, entry),
        }

    def _of_task(self, case: Case) -> dict[str, str | None]:
        owner, priority = self.mapping.queue(case), self.priority(case)
        return {"hs_task_subject": self.subject(case), "hubspot_owner_id": owner, "hs_task_priority": priority}

    def _note(self, case: Case, entry: Entry) -> dict[str, str]:
        at = (entry.post and entry.post.at) or case.last_post_at
        return {"hs_note_body": as_html(self.body(case, entry), entry.key), "hs_timestamp": stamp(at)}

    def _events(self, ticket: Thing) -> Iterator[CrmEvent]:
        values, number = ticket["properties"], str(ticket["id"])
        at = _modified(ticket)
        closed = Happened.CLOSED if self._is_closed(ticket) else Happened.REOPENED
        told = [(closed, at)]
        if answered := values.get("first_agent_reply_date"):
            told.insert(0, (Happened.ANSWERED, instant(answered)))
        for happened, when in told:
            seen = f"{number}:{happened.value}:{when.isoformat()}"
            yield CrmEvent(seen, happened, when, values.get(self._key), number)


def _modified(ticket: Thing) -> datetime:
    return instant(ticket["properties"][MODIFIED])
