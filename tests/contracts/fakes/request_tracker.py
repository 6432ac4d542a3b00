"""Request Tracker's REST2 as it was seen to behave on 5.0.3: nothing is known twice, an unknown field is not told."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from tests.contracts.fakes.base import Call, FakeCrm, Reply

MOST_A_PAGE = 100
QUEUES = ("Social", "Care", "Leads", "Elsewhere")
KEYED = re.compile(r"CF\.\{(.+)\} = '(.*)'")
CHANGED = re.compile(r"LastUpdated > '(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC' AND CF\.\{(.+)\} IS NOT NULL")


class Fake(FakeCrm):
    """Tickets with their attachments; ids are texts, paging has no total."""

    routes: ClassVar[Mapping[str, str]] = {
        "GET /REST/2.0/queue/{}": "_queue",
        "GET /REST/2.0/tickets": "_search",
        "POST /REST/2.0/ticket": "_create",
        "GET /REST/2.0/ticket/{}": "_show",
        "PUT /REST/2.0/ticket/{}": "_change",
        "POST /REST/2.0/ticket/{}/comment": "_comment",
        "GET /REST/2.0/ticket/{}/attachments": "_attachments",
    }

    def __init__(self) -> None:
        super().__init__()
        self.fields = ["ExternalPostId", "Network"]
        self.tickets: list[dict[str, Any]] = []
        self.transactions = 40
        self.merged: dict[str, str] = {}
        self.sends_base64 = False
        self.may_open = True
        self.lacking: set[str] = set()  # queues to which the fields are not applied
        self.interfere: Callable[[dict[str, Any]], None] | None = None  # what others do between our reading and writing

    @property
    def settings(self) -> dict[str, str]:
        return {"url": self.url, "token": "made-up", "queue": "Social"}

    def respond(self, call: Call) -> Reply:
        if call.headers.get("authorization") != "token made-up":
            return 401, {"www-authenticate": "token"}, b'{"message":"Unauthorized"}'
        return super().respond(call)

    def kept(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for ticket in self.tickets:
            key = ticket["CustomFields"].get("ExternalPostId", "lost")
            name = key if key not in found else f"{key} again ({ticket['id']})"
            found[name] = [item["Content"].rsplit("[ref:", 1)[-1].rstrip("]") for item in ticket["said"]]
        return found

    def own_failure(self, call: Call) -> Reply:
        return 200, {"content-type": "text/html"}, b"<html><title>Login</title></html>"

    def _queue(self, call: Call, name: str) -> Reply:
        name = QUEUES[int(name) - 1] if name.isdecimal() else name
        if name not in QUEUES:
            return 404, {}, b'{"message":"Not Found"}'
        return self._json(
            200,
            {
                "Name": name,
                "TicketCustomFields": [{"name": field} for field in self.fields if name not in self.lacking],
            },
        )

    def _search(self, call: Call) -> Reply:
        by_key, by_time = KEYED.fullmatch(call.query["query"]), CHANGED.fullmatch(call.query["query"])
        if by_key:
            found = [ticket for ticket in self.tickets if ticket["CustomFields"].get(by_key[1]) == by_key[2]]
        elif by_time:
            after = f"{by_time[1]}T{by_time[2]}Z"
            found = [
                ticket for ticket in self.tickets if by_time[3] in ticket["CustomFields"] and _updated(ticket) > after
            ]
        else:
            return self._json(400, {"message": "Failed to parse query"})
        found = [ticket for ticket in found if ticket["Status"] != "deleted"]
        found.sort(key=lambda ticket: _updated(ticket) if call.query["orderby"] == "LastUpdated" else int(ticket["id"]))
        size, page = int(call.query.get("per_page", "20")), int(call.query.get("page", "1"))
        assert size <= MOST_A_PAGE
        part = found[(page - 1) * size : page * size]
        return self._json(200, {"items": [self._shown(ticket) for ticket in part], "total": None})

    def _create(self, call: Call) -> Reply:
        values = json.loads(call.body)
        kept = {name: value for name, value in values["CustomFields"].items() if name in self.fields}
        ticket = {**values, "CustomFields": kept, "id": str(len(self.tickets) + 1), "Status": "new", "said": []}
        self.tickets.append(ticket)
        self._say(ticket, values["Content"])
        return self._json(201, {"type": "ticket", "id": ticket["id"]})

    def _show(self, call: Call, number: str) -> Reply:
        ticket = self._ticket(number)
        if ticket is None:
            return 404, {}, b'{"message":"Not Found"}'
        shown = self._json(200, self._shown(ticket)), _tag(ticket)
        if self.interfere:
            self.interfere(ticket)
        (status, headers, content), tag = shown
        return status, {**headers, "etag": tag}, content

    def _change(self, call: Call, number: str) -> Reply:
        ticket = self._ticket(number)
        assert ticket is not None
        if not self.may_open:
            return self._json(200, [f"Ticket {number}: Permission Denied"])
        if call.headers.get("if-match", _tag(ticket)) != _tag(ticket):
            return self._json(412, {"message": "Precondition Failed"})
        values = json.loads(call.body)
        ticket["CustomFields"] |= values.pop("CustomFields", {})
        ticket.update(values)
        return self._json(200, [f"Ticket {number}: Status changed"])

    def _comment(self, call: Call, number: str) -> Reply:
        ticket = self._ticket(number)
        assert ticket is not None
        said = self._say(ticket, json.loads(call.body)["Content"])
        status, headers, content = self._json(201, ["Comments added"])
        return status, {**headers, "location": f"/REST/2.0/transaction/{said}"}, content

    def _attachments(self, call: Call, number: str) -> Reply:
        ticket = self._ticket(number)
        assert ticket is not None
        size, page = int(call.query["per_page"]), int(call.query["page"])
        assert size <= MOST_A_PAGE
        part = ticket["said"][(page - 1) * size : page * size]
        return self._json(200, {"items": [self._attached(one) for one in part], "total": None})

    def _attached(self, said: dict[str, Any]) -> dict[str, Any]:
        text = base64.b64encode(said["Content"].encode()).decode() if self.sends_base64 else said["Content"]
        return {**said, "Content": text}

    def _say(self, ticket: dict[str, Any], content: str) -> str:
        self.transactions += 2
        ticket["said"].append({"Content": content, "TransactionId": str(self.transactions)})
        return str(self.transactions)

    def _ticket(self, number: str) -> dict[str, Any] | None:
        number = self.merged.get(number, number)
        return next((ticket for ticket in self.tickets if ticket["id"] == number), None)

    def _shown(self, ticket: dict[str, Any]) -> dict[str, Any]:
        fields = [{"name": name, "values": [value]} for name, value in ticket["CustomFields"].items()]
        shown = {"id": ticket["id"], "Status": ticket["Status"], "CustomFields": fields}
        queue = {"id": str(QUEUES.index(ticket.get("Queue", "Social")) + 1), "type": "queue"}
        return {**shown, "LastUpdated": _updated(ticket), "Queue": queue, "Priority": ticket.get("Priority", "0")}

    def _json(self, status: int, data: Any) -> Reply:
        return status, {"content-type": "application/json"}, json.dumps(data).encode()


def _tag(ticket: Mapping[str, Any]) -> str:
    return f'"{hash(json.dumps(ticket, sort_keys=True))}"'


def _updated(ticket: Mapping[str, Any]) -> str:
    return str(ticket.get("LastUpdated", "2026-03-04T12:00:00Z"))
