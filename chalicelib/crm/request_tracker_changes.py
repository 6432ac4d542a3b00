"""What is changed of a ticket in Request Tracker, which answers 200 to a change that it refuses: another look tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.crm.moves import Moved, moved
from chalicelib.crm.request_tracker_rest import Ticket, Tracker
from chalicelib.crm.rest import JsonRest
from chalicelib.errors import Refused, Unavailable
from chalicelib.model import Happened
from chalicelib.plain import one_line

QUEUE, PRIORITY = "Queue", "Priority"


class TicketChanges:
    """Changes of one RT's tickets, of which `meanings` says which are closed. Raise Refused, Conflict, Unavailable."""

    def __init__(self, rest: JsonRest, tracker: Tracker, meanings: Mapping[str, Happened]) -> None:
        self._rest = rest
        self._tracker = tracker
        self._meanings = meanings

    def is_closed(self, ticket: Ticket) -> bool:
        """Whether people have ended it."""
        return self._meanings.get(ticket["Status"]) is Happened.CLOSED

    def reopen(self, number: object) -> None:
        """Refused where it stays closed: its entry is there."""
        words = self._put(number, {"Status": "open"})
        ticket, _ = self._tracker.ticket(str(number))
        if self.is_closed(ticket):
            raise Refused(one_line(f"the entry is there, its ticket stays {ticket['Status']}: {words}", 500))

    def move(self, ticket: Ticket, tag: str, moving: Mapping[str, Moved]) -> None:
        """Into another queue, to another priority, if nobody has changed the ticket since it was read."""
        values = moved(moving, self._shown(ticket, moving))
        if not values:
            return
        own = {name: values.pop(name) for name in values.keys() - {QUEUE, PRIORITY}}
        words = self._put(ticket["id"], {**values, **({"CustomFields": own} if own else {})}, tag)
        after, _ = self._tracker.ticket(str(ticket["id"]))
        if moved(moving, self._shown(after, moving)):
            why = "request-tracker did not move the ticket: grant ModifyTicket, and CreateTicket in the other queue"
            raise Unavailable(why, words=one_line(words, 500))

    def _put(self, number: object, values: Mapping[str, Any], tag: str = "") -> str:
        extra = {"if-match": tag} if tag else None
        answer = self._rest.send("PUT", f"/REST/2.0/ticket/{number}", values, extra)
        return " ".join(map(str, self._rest.read(answer, list)))

    def _shown(self, ticket: Ticket, moving: Mapping[str, Moved]) -> dict[str, Any]:
        own = {field["name"]: next(iter(field["values"]), "") for field in ticket["CustomFields"]}
        queue = self._tracker.queue_name(ticket[QUEUE]["id"]) if QUEUE in moving else None
        return {**own, PRIORITY: ticket.get(PRIORITY), QUEUE: queue}
