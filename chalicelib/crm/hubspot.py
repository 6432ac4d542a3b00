"""HubSpot's tickets, CRM API v3: https://developers.hubspot.com/docs/api-reference/crm-tickets-v3/guide

A case is a ticket upserted by a property with unique values, an entry a note upserted the same way; what belongs
together is associated by a PUT that may be repeated. An upsert writes over what people changed since, so the ticket is
looked for first. HubSpot answers 207 where only a part was done: there is one part of ours, so that is a failure.
"""

from __future__ import annotations

import html
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from chalicelib.codec import instant
from chalicelib.crm.base import BaseCrm, Idempotency
from chalicelib.crm.http import Transport
from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.plain import one_line
from chalicelib.crm.rest import JsonRest
from chalicelib.crm.verdict import Answer, retry_after
from chalicelib.errors import Refused, Unavailable
from chalicelib.model import Case, CrmEvent, Customer, Entry, Finding, Happened, Priority, Profile

OBJECTS = "/crm/v3/objects"
# Locked records and accounts that are being moved are told by statuses of HubSpot's own.
LOCKED, MOVED = 423, 477
NOT_NOW = ("RATE_LIMITS", "CONCURRENT_MODIFICATION", "INTERNAL_ERROR")
DAILY_SECONDS, SHORT_SECONDS = 3600.0, 11.0


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

    def __init__(
        self, settings: Mapping[str, str], transport: Transport | None = None, mapping: FieldMapping | None = None
    ) -> None:
        super().__init__(settings, transport, mapping)
        headers = {"authorization": f"Bearer {self.settings['token']}"}
        self._rest = JsonRest(self.transport, "crms.hubspot.url", self.settings["url"], lambda: headers)
        self._key = self.settings["key_property"]

    def open_case(self, case: Case, entry: Entry) -> str:
        """The ticket's id. Raises Refused or Unavailable."""
        found = self._ticket(case)
        number = str(found["id"]) if found else self._upsert("tickets", self._key, case.id, self._values(case, entry))
        if entry.customer:
            self._associate("tickets", number, "contacts", entry.customer)
        return number

    def add_to_case(self, case: Case, entry: Entry) -> str:
        """The note's id. Raises Refused (the ticket was deleted there) or Unavailable."""
        ticket = self._ticket(case)
        if ticket is None:
            raise Refused("hubspot: the case's ticket was deleted there")
        at = (entry.post and entry.post.at) or case.last_post_at
        values = {
            "hs_note_body": html.escape(self.body(case, entry), quote=False).replace("\n", "<br>"),
            "hs_timestamp": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        }
        note = self._upsert("notes", self.settings["entry_key_property"], entry.key, values)
        self._associate("notes", note, "tickets", str(ticket["id"]))
        if entry.reopens and ticket["properties"].get("hs_pipeline_stage") == self.settings["closed_stage"]:
            change = {"properties": {"hs_pipeline_stage": self.settings["reopened_stage"]}}
            self._ask("PATCH", f"{OBJECTS}/tickets/{ticket['id']}", change)
        return note

    def customers(self, profile: Profile) -> list[Customer]:
        """The contact whose unique `handle_property` holds `platform:handle` or `platform:id`."""
        prop = self.settings["handle_property"]
        names = sorted({name.lstrip("@") for name in (profile.author.handle, profile.author.id) if name})
        inputs = [{"id": f"{profile.platform}:{name}"} for name in names]
        if not prop or not inputs:
            return []
        asked = {"idProperty": prop, "properties": [prop], "inputs": inputs}
        answer = self._ask("POST", f"{OBJECTS}/contacts/batch/read", asked)
        return [Customer(str(one["id"]), f"contact.{prop}") for one in self._rest.read(answer)["results"]]

    def poll(self, since: datetime) -> list[CrmEvent]:
        """Tickets of ours that changed since then: answered, closed, opened again."""
        after = str(int(since.timestamp() * 1000))
        filters = [
            {"propertyName": self._key, "operator": "HAS_PROPERTY"},
            {"propertyName": "hs_lastmodifieddate", "operator": "GT", "value": after},
        ]
        properties = [self._key, "hs_pipeline_stage", "first_agent_reply_date", "hs_lastmodifieddate"]
        asked = {
            "filterGroups": [{"filters": filters}],
            "sorts": [{"propertyName": "hs_lastmodifieddate", "direction": "ASCENDING"}],
            "properties": properties,
            "limit": 100,
            "after": "0",
        }
        tickets = self._rest.read(self._ask("POST", f"{OBJECTS}/tickets/search", asked))["results"]
        return [self._event(ticket, happened) for ticket in tickets for happened in self._happened(ticket)]

    def check(self) -> list[Finding]:
        """Whether the token is accepted, and the properties are there, the keys' having unique values."""
        asked = sorted({*self.mapping.fields, *self.mapping.always})
        tickets, notes = self._properties("tickets"), self._properties("notes")
        entry_key = self.settings["entry_key_property"]
        remedy = "make a text property that requires unique values, by the properties API (hasUniqueValue: true)"
        return [
            Finding(f"tickets have the unique property {self._key}", bool(tickets.get(self._key)), remedy),
            Finding(f"notes have the unique property {entry_key}", bool(notes.get(entry_key)), remedy),
            *(
                Finding(f"tickets have the property {name}", name in tickets, "add it or correct crm.yml")
                for name in asked
            ),
        ]

    def _ticket(self, case: Case) -> Mapping[str, Any] | None:
        query = {"idProperty": self._key, "properties": "hs_pipeline_stage"}
        answer = self._rest.look(f"{OBJECTS}/tickets/{case.id}", query, taken=(404,))
        ticket: Mapping[str, Any] = self._rest.read(answer)
        return ticket if answer.status == 200 else None

    def _values(self, case: Case, entry: Entry) -> dict[str, str]:
        known = {"hs_ticket_priority": self.priority(case), "hubspot_owner_id": self.mapping.queue(case)}
        return {
            "subject": self.subject(case),
            "content": self.body(case, entry),
            "hs_pipeline": self.settings["pipeline"],
            "hs_pipeline_stage": self.settings["stage"],
            **{name: value for name, value in known.items() if value},
            **self.mapping.custom(case, entry),
        }

    def _upsert(self, kind: str, prop: str, key: str, values: Mapping[str, str]) -> str:
        one = {"id": key, "idProperty": prop, "properties": values, "objectWriteTraceId": key}
        answer = self._ask("POST", f"{OBJECTS}/{kind}/batch/upsert", {"inputs": [one]})
        data = self._rest.read(answer)
        if data.get("results"):
            return str(data["results"][0]["id"])
        error: Mapping[str, Any] = next(iter(data.get("errors", [])), {})
        words = one_line(str(error.get("message", answer.words)), 500)
        if error.get("category") in NOT_NOW:
            raise Unavailable("hubspot could not do it now", words=words)
        raise Refused(words)

    def _associate(self, kind: str, number: str, with_kind: str, with_number: str) -> None:
        self._ask("PUT", f"/crm/v4/objects/{kind}/{number}/associations/default/{with_kind}/{with_number}")

    def _ask(self, method: str, path: str, body: Any = None, taken: Collection[int] = (429, LOCKED, MOVED)) -> Answer:
        answer = self._rest.send(method, path, body, taken=taken)
        if answer.status not in taken:
            return answer
        if answer.status == 429:
            is_daily = b'"DAILY"' in answer.body
            raise self.transport.rest("has had its calls", DAILY_SECONDS if is_daily else SHORT_SECONDS)
        wait = retry_after(answer.headers.get("retry-after")) or 2.0
        raise self.transport.rest(f"is busy with this account ({answer.status})", wait)

    def _properties(self, kind: str) -> dict[str, bool]:
        """The properties by name, and whether their values are unique."""
        found = self._rest.read(self._rest.look(f"/crm/v3/properties/{kind}"))["results"]
        return {one["name"]: bool(one.get("hasUniqueValue")) for one in found}

    def _happened(self, ticket: Mapping[str, Any]) -> list[Happened]:
        values = ticket["properties"]
        answered = [Happened.ANSWERED] if values.get("first_agent_reply_date") else []
        closed = values.get("hs_pipeline_stage") == self.settings["closed_stage"]
        return [*answered, Happened.CLOSED if closed else Happened.REOPENED]

    def _event(self, ticket: Mapping[str, Any], happened: Happened) -> CrmEvent:
        values, number = ticket["properties"], str(ticket["id"])
        at = instant(values["hs_lastmodifieddate"])
        return CrmEvent(f"{number}:{happened.value}:{at.isoformat()}", happened, at, values.get(self._key), number)
