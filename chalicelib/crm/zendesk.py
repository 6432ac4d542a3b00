"""Zendesk Support, its ticketing API: https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/

A case is a ticket whose external id is the case's; an entry is a comment that ends in the entry's mark. A creation
carries an idempotency key, which Zendesk keeps for two hours; since external ids need not be unique, it is looked up
first all the same. A comment has no key of its own: it is looked for, and written on condition that the ticket has not
changed since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import quote

from chalicelib.crm.base import BaseCrm, Idempotency
from chalicelib.crm.findings import findings
from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.moves import moved
from chalicelib.crm.rendering import marker
from chalicelib.crm.zendesk_people import customers, our_user, requester
from chalicelib.crm.zendesk_rest import number, numbered, of_the_company, zendesk
from chalicelib.errors import Conflict, Refused, Unavailable
from chalicelib.model import Case, CrmEvent, Customer, Entry, Finding, Priority, Profile
from chalicelib.plain import one_line
from chalicelib.ports.platform import WebhookRequest
from chalicelib.transport import Transport

OTHER_WORDS = "IdempotentRequestError"  # the key was used with another body: the post has changed since
JUST_CLOSED = "closed prevents ticket update"
TRIES, MOST_PAGES = 5, 100
TYPES = {"case": "incident", "recommendation": "question", "task": "task", "lead": "question"}
Ticket = Mapping[str, Any]


class ZendeskCrm(BaseCrm):
    """Cases as tickets, entries as their comments, authors as end users without an address."""

    name: ClassVar[str] = "zendesk"
    idempotency: ClassVar[Idempotency] = Idempotency.RECEIVER_KEEPS_KEYS
    required: ClassVar[tuple[str, ...]] = ("url", "email", "token")
    optional: ClassVar[Mapping[str, str]] = {"webhook_secret": "", "handle_field": ""}
    priorities: ClassVar[Mapping[Priority, str]] = {priority: priority.value for priority in Priority}

    def __init__(
        self, settings: Mapping[str, str], transport: Transport | None = None, mapping: FieldMapping | None = None
    ) -> None:
        super().__init__(settings, transport, mapping)
        self._rest = zendesk(self.transport, self.settings)
        numbered("own fields", (*self.mapping.fields, *self.mapping.always))
        numbered("groups", self.mapping.teams.values())

    def open_case(self, case: Case, entry: Entry) -> str:
        """The ticket's number. Raises Refused or Unavailable."""
        found = self._tickets(case)
        return str(found[0]["id"]) if found else self._create(case, entry, case.id)

    def add_to_case(self, case: Case, entry: Entry) -> str:
        """The comment's number. Raises Refused (the ticket was deleted, say) or Unavailable."""
        for _ in range(TRIES):
            tickets = self._all_tickets(case)
            found = next(self._comments(tickets, entry.key), None)
            if found:
                return found
            try:
                return self._write(case, entry, tickets[-1])
            except Conflict:  # somebody changed the ticket between our reading and our writing: read it again
                continue
            except Refused as refusal:
                if JUST_CLOSED not in str(refusal):
                    raise
        raise Unavailable("zendesk: the ticket kept changing while an entry was added to it")

    def customers(self, profile: Profile) -> list[Customer]:
        """End users whose own field `handle_field` holds `platform:handle` or `platform:id`."""
        field = self.settings["handle_field"]
        return customers(self._rest, field, profile) if field else []

    def check(self) -> list[Finding]:
        """Whether the user may write tickets and keep authors, and the company's fields and groups are there."""
        asked = ("the company's fields and groups are there", lambda: of_the_company(self._rest, self.mapping))
        return findings([("the token is accepted", lambda: our_user(self._rest)), asked])

    def hear(self, request: WebhookRequest) -> list[CrmEvent]:
        """Answers, and changes of status and group, from an event webhook signed with `webhook_secret`."""
        from chalicelib.crm.zendesk_events import heard

        return [self.named(event) for event in heard(request, self.settings["webhook_secret"])]

    def _tickets(self, case: Case) -> list[Ticket]:
        """Every ticket of the case, oldest first: there are several once a closed one was followed up."""
        data = self._rest.read(self._rest.look("/api/v2/tickets", {"external_id": case.id}))
        return sorted(data["tickets"], key=lambda ticket: int(ticket["id"]))

    def _all_tickets(self, case: Case) -> list[Ticket]:
        """Those, or the one that we know of where the list leaves old ones out; then the one it was merged into."""
        tickets = self._tickets(case)
        if not tickets and not case.crm_ref:
            raise Unavailable("zendesk: the case to add to has no ticket yet")
        tickets = tickets or [self._ticket(str(case.crm_ref))]
        return [*tickets, self._ticket(case.merged_into)] if case.merged_into else tickets

    def _ticket(self, ref: str) -> Ticket:
        answer = self._rest.look(f"/api/v2/tickets/{quote(ref, safe='')}", taken=(404,))
        if answer.status == 404:
            raise Refused("zendesk: the case's ticket was deleted there")
        ticket: Ticket = self._rest.read(answer)["ticket"]
        return ticket

    def _comments(self, tickets: Sequence[Ticket], key: str) -> Iterator[str]:
        """The numbers of those that end in this entry's mark, the newest of the newest ticket first."""
        for ticket in reversed(tickets):
            for page in range(1, MOST_PAGES + 1):
                query = {"sort_order": "desc", "per_page": "100", "page": str(page)}
                data = self._rest.read(self._rest.look(f"/api/v2/tickets/{ticket['id']}/comments", query))
                yield from (
                    str(one["id"]) for one in data["comments"] if str(one["body"]).rstrip().endswith(marker(key))
                )
                if not data.get("next_page"):
                    break

    def _write(self, case: Case, entry: Entry, ticket: Ticket) -> str:
        if ticket["status"] != "closed":
            return self._comment(case, entry, ticket)
        # closed is for ever: Zendesk wants a new ticket that follows it up
        follows = self._create(case, entry, entry.key, via_followup_source_id=int(ticket["id"]))
        return next(self._comments([{"id": follows}], entry.key), entry.key)

    def _create(self, case: Case, entry: Entry, key: str, **more: Any) -> str:
        values = {
            "subject": self.subject(case),
            "comment": {"body": self.body(case, entry), "public": False},
            "external_id": case.id,
            "type": TYPES.get(self.mapping.record(case), "incident"),
            "tags": ["earshot", one_line(case.platform, 40).replace(" ", "_")],
            **more,
        }
        known = {"priority": self.priority(case), "group_id": number(self.mapping.queue(case))}
        known |= {"requester_id": requester(self._rest, entry)}
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

    def _comment(self, case: Case, entry: Entry, ticket: Ticket) -> str:
        comment = {"body": self.body(case, entry), "public": False}
        update: dict[str, Any] = {"comment": comment, "safe_update": True, "updated_stamp": ticket["updated_at"]}
        if entry.reopens and ticket["status"] == "solved":
            update["status"] = "open"
        if entry.reopens or ticket["status"] != "solved":  # else people have ended it
            update |= self._moved(case, entry, ticket)
        answer = self._rest.send("PUT", f"/api/v2/tickets/{ticket['id']}", {"ticket": update})
        events = self._rest.read(answer).get("audit", {}).get("events", [])
        return next((str(event["id"]) for event in events if event.get("type") == "Comment"), entry.key)

    def _moved(self, case: Case, entry: Entry, ticket: Ticket) -> dict[str, Any]:
        """What goes in the comment's own request: on condition, both, that the ticket is as it was read."""
        own = {str(field["id"]): field["value"] for field in ticket.get("custom_fields") or ()}
        values = moved(self.moves(case, entry, "group_id", "priority"), {**own, **ticket})
        known: dict[str, Any] = {
            "group_id": number(values.pop("group_id", None)),
            "priority": values.pop("priority", None),
        }
        known["custom_fields"] = [{"id": int(name), "value": value} for name, value in values.items()]
        return {name: value for name, value in known.items() if value}
