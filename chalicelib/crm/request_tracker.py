"""Request Tracker 5, its REST2: https://docs.bestpractical.com/rt/5.0.3/RT/REST2.html

A case is a ticket with the case's id in a custom field; an entry is a comment (never a correspondence, which would mail
the author) that ends in the entry's mark. RT has no keys of ours and no duplicate rule: everything is looked up before
it is made. It answers a search by an unknown field with nothing, and drops the field from a creation: so the field is
made sure of before the first creation, or every delivery would make another ticket.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from chalicelib.codec import instant
from chalicelib.crm.base import BaseCrm, Idempotency
from chalicelib.crm.changes import changes
from chalicelib.crm.findings import findings
from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.request_tracker_changes import PRIORITY, QUEUE, TicketChanges
from chalicelib.crm.request_tracker_rest import PAGE, Ticket, Tracker
from chalicelib.crm.rest import JsonRest
from chalicelib.crm.statuses import meanings
from chalicelib.errors import SettingsError, Unavailable
from chalicelib.model import Case, Changes, CrmEvent, Entry, Finding, Priority
from chalicelib.transport import Transport

LOCAL = re.compile(r"(?=.{1,64}$)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
FIELD = re.compile(r"[\w .-]{1,64}")


class RequestTrackerCrm(BaseCrm):
    """Cases as tickets, entries as their comments."""

    name: ClassVar[str] = "request-tracker"
    idempotency: ClassVar[Idempotency] = Idempotency.LOOK_UP
    required: ClassVar[tuple[str, ...]] = ("url", "token", "queue")
    optional: ClassVar[Mapping[str, str]] = {
        "key_field": "ExternalPostId",
        "statuses": "resolved=closed, rejected=closed, stalled=answered, open=reopened",
    }
    priorities: ClassVar[Mapping[Priority, str]] = {
        Priority.URGENT: "100",
        Priority.HIGH: "75",
        Priority.NORMAL: "50",
        Priority.LOW: "0",
    }

    def __init__(
        self, settings: Mapping[str, str], transport: Transport | None = None, mapping: FieldMapping | None = None
    ) -> None:
        super().__init__(settings, transport, mapping)
        headers = {"authorization": f"token {self.settings['token']}"}
        self._rest = JsonRest(self.transport, "crms.request-tracker.url", self.settings["url"], lambda: headers)
        self._tracker = Tracker(self._rest)
        self._meanings = meanings("crms.request-tracker.statuses", self.settings["statuses"])
        self._changes = TicketChanges(self._rest, self._tracker, self._meanings)
        self._fields: dict[str, frozenset[str]] = {}
        if not FIELD.fullmatch(self.settings["key_field"]):
            raise SettingsError("crms.request-tracker.key_field: expected the name of a custom field")

    def open_case(self, case: Case, entry: Entry) -> str:
        """The ticket's number. Raises Refused or Unavailable."""
        return self._find(case) or self._create(case, entry)

    def add_to_case(self, case: Case, entry: Entry) -> str:
        """The transaction's number. Raises Refused (the ticket was deleted there) or Unavailable."""
        number = case.crm_ref or self._find(case)
        if number is None:
            raise Unavailable("request-tracker: the case to add to has no ticket yet")
        ticket, tag = self._tracker.ticket(number)
        is_closed = self._changes.is_closed(ticket)
        found = next(self._tracker.said(ticket["id"], entry.key), None)
        if found is None:
            # Before it is told, so that a repeat overrules nobody who moves it elsewhere.
            if str(ticket["id"]) == number and (entry.reopens or not is_closed):
                self._move(case, entry, ticket, tag)
            found = self._comment(ticket, self.body(case, entry)) or entry.key
        if entry.reopens and is_closed:
            self._changes.reopen(ticket["id"])
        return found

    def poll(self, since: datetime) -> Iterator[Changes]:
        """Tickets of ours that changed since then, by what their status means. Raises Unavailable."""
        return changes(self._changed, PAGE, since, _updated, self._events)

    def check(self) -> list[Finding]:
        """Whether the token sees the queue, and the queue has the custom fields."""
        asked = sorted({self.settings["key_field"], *self.mapping.fields, *self.mapping.always})
        queues = sorted({self.settings["queue"], *self.mapping.teams.values()})
        return findings(
            [(f"our user sees the queue {queue}", partial(self._findings, queue, asked)) for queue in queues]
        )

    def _changed(self, since: datetime, skip: int) -> Sequence[Ticket]:
        before = since.astimezone(UTC) - timedelta(seconds=1)  # it counts whole seconds
        changed = before.strftime("%Y-%m-%d %H:%M:%S UTC")  # without the zone it is a time of RT's own
        query = f"LastUpdated > '{changed}' AND CF.{{{self.settings['key_field']}}} IS NOT NULL"
        asked = {"query": query, "fields": "Status,LastUpdated,CustomFields", "orderby": "LastUpdated"}
        return self._tracker.page("/REST/2.0/tickets", asked, skip // PAGE + 1)

    def _find(self, case: Case) -> str | None:
        return self._tracker.find(self.settings["key_field"], case.id)

    def queue(self, case: Case) -> str:
        """The team's queue, or that of all others."""
        return super().queue(case) or self.settings["queue"]

    def _create(self, case: Case, entry: Entry) -> str:
        queue = self.queue(case)
        self._make_sure_of_field(queue)
        values: dict[str, Any] = {
            "Queue": queue,
            "Subject": self.subject(case),
            "Content": self.body(case, entry),
            "ContentType": "text/plain",
            "CustomFields": {**self.mapping.custom(case, entry), self.settings["key_field"]: case.id},
        }
        known = {"Priority": self.priority(case), "Requestor": _address(entry)}
        values |= {name: value for name, value in known.items() if value is not None}
        return str(self._rest.read(self._rest.send("POST", "/REST/2.0/ticket", values))["id"])

    def _comment(self, ticket: Ticket, text: str) -> str:
        comment = {"Content": text, "ContentType": "text/plain"}
        answer = self._rest.send("POST", f"/REST/2.0/ticket/{ticket['id']}/comment", comment)
        self._rest.read(answer, list)  # a login page in its place is no success
        return answer.headers.get("location", "").rpartition("/")[2]

    def _move(self, case: Case, entry: Entry, ticket: Ticket, tag: str) -> None:
        moving = self.moves(case, entry, QUEUE, PRIORITY)
        if QUEUE in moving:  # where the field is not, the ticket would lose our key
            self._make_sure_of_field(moving[QUEUE].now)
        self._changes.move(ticket, tag, moving)

    def _make_sure_of_field(self, queue: str) -> None:
        key = self.settings["key_field"]
        if key not in self._fields.get(queue, ()):
            self._fields[queue] = self._tracker.custom_fields(queue) or frozenset()
        if key not in self._fields[queue]:
            raise Unavailable(f"request-tracker: the queue has no custom field {key}: add it")

    def _findings(self, queue: str, asked: Sequence[str]) -> Iterator[Finding]:
        there = self._tracker.custom_fields(queue)
        yield Finding(f"our user sees the queue {queue}", there is not None, "make it, and grant SeeQueue there")
        remedy = "make it (one value, text), apply it to the queue, and let our user see and modify it"
        for name in asked if there is not None else ():
            yield Finding(f"the queue {queue} has the custom field {name}", name in (there or ()), remedy)

    def _events(self, ticket: Ticket) -> Iterator[CrmEvent]:
        happened = self._meanings.get(ticket["Status"])
        named = {field["name"]: field["values"] for field in ticket["CustomFields"]}
        keys = named.get(self.settings["key_field"])
        if happened and keys:
            at = _updated(ticket)
            seen = f"{ticket['id']}:{ticket['Status']}:{at.isoformat()}"
            yield CrmEvent(seen, happened, at, str(keys[0]), str(ticket["id"]))


def _updated(ticket: Ticket) -> datetime:
    return instant(ticket["LastUpdated"])


def _address(entry: Entry) -> str | None:
    """RT keys people by their mail address; one that can never be mailed to."""
    if entry.customer:
        return entry.customer
    if entry.profile is None:
        return None
    who = (entry.profile.author.handle or "").lstrip("@")
    local = f"{entry.profile.platform}-{who}"
    return f"{local if who and LOCAL.fullmatch(local) else entry.profile.key}@social.invalid"
