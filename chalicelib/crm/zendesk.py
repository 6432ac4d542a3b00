"""Zendesk Support, its ticketing API: https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/

A case is a ticket whose external id is the case's; an entry is a comment that ends in the entry's mark. A creation
carries an idempotency key, which Zendesk keeps for two hours; since external ids need not be unique, it is looked up
first all the same. A comment has no key of its own: it is looked for, and written on condition that the ticket has not
changed since.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from chalicelib.crm.base import BaseCrm, Idempotency
from chalicelib.crm.http import Transport
from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.plain import one_line
from chalicelib.crm.rendering import marker, who
from chalicelib.crm.rest import JsonRest
from chalicelib.errors import Conflict, Refused, SettingsError, Unavailable
from chalicelib.model import Case, CrmEvent, Entry, Finding, Priority
from chalicelib.ports import WebhookRequest

OTHER_WORDS = "IdempotentRequestError"  # the key was used with another body: the post has changed since
TRIES, MOST_PAGES = 5, 20
TYPES = {"case": "incident", "recommendation": "question"}
Ticket = Mapping[str, Any]


class ZendeskCrm(BaseCrm):
    """Cases as tickets, entries as their comments, authors as end users without an address."""

    name: ClassVar[str] = "zendesk"
    idempotency: ClassVar[Idempotency] = Idempotency.RECEIVER_KEEPS_KEYS
    required: ClassVar[tuple[str, ...]] = ("url", "email", "token")
    optional: ClassVar[Mapping[str, str]] = {"webhook_secret": ""}
    priorities: ClassVar[Mapping[Priority, str]] = {priority: priority.value for priority in Priority}

    def __init__(
        self, settings: Mapping[str, str], transport: Transport | None = None, mapping: FieldMapping | None = None
    ) -> None:
        super().__init__(settings, transport, mapping)
        login = f"{self.settings['email']}/token:{self.settings['token']}".encode()
        headers = {"authorization": "Basic " + base64.b64encode(login).decode()}
        self._rest = JsonRest(self.transport, "crms.zendesk.url", self.settings["url"], lambda: headers)
        wrong = [name for name in (*self.mapping.fields, *self.mapping.always) if not name.isdecimal()]
        if wrong:
            raise SettingsError(f"crm.yml: Zendesk's own fields go by their number, which {', '.join(wrong)} is not")

    def open_case(self, case: Case, entry: Entry) -> str:
        """The ticket's number. Raises Refused or Unavailable."""
        found = self._tickets(case)
        return str(found[0]["id"]) if found else self._create(case, entry, case.id)

    def add_to_case(self, case: Case, entry: Entry) -> str:
        """The comment's number. Raises Refused (the ticket was deleted, say) or Unavailable."""
        for _ in range(TRIES):
            tickets = self._tickets(case) or [self._ticket(case)]
            found = next((one for ticket in tickets for one in self._comments(ticket, entry.key)), None)
            if found:
                return found
            ticket = tickets[-1]
            if ticket["status"] == "closed":  # for ever: Zendesk wants a new ticket that follows it up
                return self._follow_up(case, entry, ticket)
            try:
                return self._comment(case, entry, ticket)
            except Conflict:  # somebody changed the ticket between our reading and our writing: read it again
                continue
        raise Unavailable("zendesk: the ticket kept changing while an entry was added to it")

    def check(self) -> list[Finding]:
        """Whether the user may write tickets, and the company's fields are there."""
        me = self._rest.read(self._rest.look("/api/v2/users/me"))["user"]
        fields = self._rest.read(self._rest.look("/api/v2/ticket_fields", {"page[size]": "100"}))["ticket_fields"]
        there = {str(field["id"]) for field in fields if field.get("active", True)}
        asked = sorted({*self.mapping.fields, *self.mapping.always})
        return [
            Finding("the token is accepted", me.get("role") is not None, "make an API token; give its user's e-mail"),
            Finding("its user is an agent", me.get("role") in ("agent", "admin"), "give the user an agent's role"),
            *(Finding(f"there is a ticket field {name}", name in there, "correct it in crm.yml") for name in asked),
        ]

    def hear(self, request: WebhookRequest) -> list[CrmEvent]:
        """Answers and changes of status, from an event webhook signed with `webhook_secret`."""
        from chalicelib.crm.zendesk_events import heard

        return heard(request, self.settings["webhook_secret"])

    def _tickets(self, case: Case) -> list[Ticket]:
        """Every ticket of the case, oldest first: there are several once a closed one was followed up."""
        data = self._rest.read(self._rest.look("/api/v2/tickets", {"external_id": case.id}))
        return sorted(data["tickets"], key=lambda ticket: int(ticket["id"]))

    def _ticket(self, case: Case) -> Ticket:
        if not case.crm_ref:
            raise Unavailable("zendesk: the case to add to has no ticket yet")
        answer = self._rest.look(f"/api/v2/tickets/{int(case.crm_ref)}", taken=(404,))
        if answer.status == 404:
            raise Refused("zendesk: the case's ticket was deleted there")
        ticket: Ticket = self._rest.read(answer)["ticket"]
        return ticket

    def _comments(self, ticket: Ticket, key: str) -> Iterator[str]:
        for page in range(1, MOST_PAGES + 1):
            query = {"sort_order": "desc", "per_page": "100", "page": str(page)}
            data = self._rest.read(self._rest.look(f"/api/v2/tickets/{ticket['id']}/comments", query))
            yield from (str(one["id"]) for one in data["comments"] if str(one["body"]).rstrip().endswith(marker(key)))
            if not data.get("next_page"):
                return

    def _create(self, case: Case, entry: Entry, key: str, **more: Any) -> str:
        values = {
            "subject": self.subject(case),
            "comment": {"body": self.body(case, entry), "public": False},
            "external_id": case.id,
            "type": TYPES.get(case.record, "incident"),
            "tags": ["earshot", one_line(case.platform, 40).replace(" ", "_")],
            **more,
        }
        known = {"priority": self.priority(case), "group_id": _number(self.mapping.queue(case))}
        known |= {"requester_id": self._requester(entry)}
        values |= {name: value for name, value in known.items() if value is not None}
        custom = [{"id": int(name), "value": value} for name, value in self.mapping.custom(case, entry).items()]
        values |= {"custom_fields": custom} if custom else {}
        try:
            answer = self._rest.send("POST", "/api/v2/tickets", {"ticket": values}, {"idempotency-key": key})
        except Refused as refusal:
            if OTHER_WORDS in str(refusal):  # and no ticket yet: in two hours the key is forgotten
                raise Unavailable("zendesk holds an earlier form of this case", retry_after=600) from None
            raise
        return str(self._rest.read(answer)["ticket"]["id"])

    def _follow_up(self, case: Case, entry: Entry, closed: Ticket) -> str:
        return self._create(case, entry, entry.key, via_followup_source_id=int(closed["id"]))

    def _comment(self, case: Case, entry: Entry, ticket: Ticket) -> str:
        comment = {"body": self.body(case, entry), "public": False}
        update: dict[str, Any] = {"comment": comment, "safe_update": True, "updated_stamp": ticket["updated_at"]}
        if ticket["status"] == "solved":
            update["status"] = "open"
        answer = self._rest.send("PUT", f"/api/v2/tickets/{ticket['id']}", {"ticket": update})
        events = self._rest.read(answer).get("audit", {}).get("events", [])
        return next((str(event["id"]) for event in events if event.get("type") == "Comment"), entry.key)

    def _requester(self, entry: Entry) -> int | None:
        """The author as an end user, kept by our profile key; a customer that is linked takes its place."""
        if entry.customer:
            return _number(entry.customer)
        if entry.profile is None:
            return None
        user = {"name": who(entry.profile.author).partition(",")[0], "external_id": entry.profile.key}
        body = {"user": {**user, "skip_verify_email": True}}
        return int(self._rest.read(self._rest.send("POST", "/api/v2/users/create_or_update", body))["user"]["id"])


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
