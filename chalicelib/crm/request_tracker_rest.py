"""What is looked up in Request Tracker: tickets by a custom field, entries by their mark, a queue's fields."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from chalicelib.crm.rendering import marker
from chalicelib.crm.rest import JsonRest
from chalicelib.errors import Refused, Unavailable

PAGE, MOST_PAGES = 100, 100  # RT gives no more than a hundred at once
Ticket = Mapping[str, Any]


class Tracker:
    """The read-only side of one RT."""

    def __init__(self, rest: JsonRest) -> None:
        self._rest = rest

    def find(self, field: str, key: str) -> str | None:
        """The number of the first ticket with this key in a custom field. Raises Unavailable."""
        query = {"query": f"CF.{{{field}}} = '{key}'", "orderby": "id"}
        found = self._rest.read(self._rest.look("/REST/2.0/tickets", query))["items"]
        return str(found[0]["id"]) if found else None

    def ticket(self, number: str) -> tuple[Ticket, str]:
        """A ticket, and the tag that says how it is; of one that was merged, that which it was merged into.

        Raises Refused where it was deleted there, Unavailable.
        """
        answer = self._rest.look(f"/REST/2.0/ticket/{quote(number, safe='')}", taken=(404,))
        ticket: Ticket = self._rest.read(answer)
        if answer.status == 404 or ticket["Status"] == "deleted":
            raise Refused("request-tracker: the case's ticket was deleted there")
        return ticket, answer.headers.get("etag", "")

    def queue_name(self, number: str) -> str:
        """A queue's name; nothing where our user does not see it. Raises Unavailable."""
        answer = self._rest.look(f"/REST/2.0/queue/{quote(number, safe='')}", taken=(403, 404))
        return str(self._rest.read(answer)["Name"]) if answer.status == 200 else ""

    def pages(self, path: str, query: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        """A collection's items, page by page. Raises Unavailable."""
        for number in range(1, MOST_PAGES + 1):
            items = self.page(path, query, number)
            yield from items
            if len(items) < PAGE:
                return
        raise Unavailable("request-tracker: a ticket with more entries than can be looked through")

    def page(self, path: str, query: Mapping[str, str], number: int) -> list[Mapping[str, Any]]:
        """One page of a collection's items, from 1 on. Raises Unavailable."""
        part = {**query, "per_page": str(PAGE), "page": str(number)}
        items: list[Mapping[str, Any]] = self._rest.read(self._rest.look(path, part))["items"]
        return items

    def said(self, number: object, key: str) -> Iterator[str]:
        """The transactions of a ticket that ended in this entry's mark. Raises Unavailable."""
        for one in self.pages(f"/REST/2.0/ticket/{number}/attachments", {"fields": "Content,TransactionId"}):
            if _ends(one.get("Content"), marker(key)):
                yield str(one["TransactionId"])

    def custom_fields(self, queue: str) -> frozenset[str] | None:
        """The names of the queue's fields; None where our user sees no such queue. Raises Unavailable."""
        answer = self._rest.look(f"/REST/2.0/queue/{quote(queue, safe='')}", taken=(403, 404))
        if answer.status != 200:
            return None
        return frozenset(str(field.get("name")) for field in self._rest.read(answer).get("TicketCustomFields", []))


def _ends(content: object, mark: str) -> bool:
    """Some releases send an attachment's text as it is, some in base64."""
    text = content if isinstance(content, str) else ""
    if text.rstrip().endswith(mark):
        return True
    try:
        return base64.b64decode(text, validate=True).rstrip().endswith(mark.encode())
    except (binascii.Error, ValueError):
        return False
