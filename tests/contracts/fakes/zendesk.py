"""Zendesk's tickets as its reference tells: https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from tests.contracts.fakes.base import Call, FakeCrm, Reply

WINDOW_SECONDS = 2 * 3600.0
START = datetime(2026, 3, 4, 12, tzinfo=UTC)


class Fake(FakeCrm):
    """Tickets with comments and users; idempotency keys are kept with their bodies, external ids are not unique."""

    routes: ClassVar[Mapping[str, str]] = {
        "GET /api/v2/tickets": "_search",
        "POST /api/v2/tickets": "_once",
        "GET /api/v2/tickets/{}": "_show",
        "PUT /api/v2/tickets/{}": "_update",
        "GET /api/v2/tickets/{}/comments": "_comments",
        "POST /api/v2/users/create_or_update": "_user",
        "GET /api/v2/users/search": "_users",
        "GET /api/v2/users/me": "_me",
        "GET /api/v2/ticket_fields/{}": "_field",
        "GET /api/v2/groups/{}": "_group",
    }

    def __init__(self) -> None:
        super().__init__()
        self.tickets: dict[int, dict[str, Any]] = {}
        self.users: dict[str, dict[str, Any]] = {}
        self.me: dict[str, Any] = {"id": 1, "role": "admin"}
        self.keys: dict[str, tuple[float, bytes, Reply]] = {}
        self.seconds = 0.0
        self.lags = False  # a list that does not show yet what was just made
        self.interfere: Callable[[dict[str, Any]], None] | None = None  # what others do between our reading and writing
        self.numbers = 0

    @property
    def settings(self) -> dict[str, str]:
        return {"url": self.url, "email": "intake@acme.example", "token": "made-up"}

    def respond(self, call: Call) -> Reply:
        if not call.headers.get("authorization", "").startswith("Basic "):
            return self._error(401, "Couldn't authenticate you")
        return super().respond(call)

    def kept(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for number, ticket in sorted(self.tickets.items()):
            follows = ticket.get("via_followup_source_id")
            name = ticket["external_id"]
            if name in found and not follows:
                name = f"{name} again ({number})"
            marks = [comment["body"].rsplit("[ref:", 1)[-1].rstrip("]") for comment in ticket["comments"]]
            found.setdefault(name, []).extend(marks)
        return found

    def own_failure(self, call: Call) -> Reply:
        return 503, {"retry-after": "20", "content-type": "text/html"}, b"<html>Zendesk is taking a break</html>"

    def _search(self, call: Call) -> Reply:
        own = [ticket for ticket in self.tickets.values() if ticket["external_id"] == call.query["external_id"]]
        found = [] if self.lags else own
        return self._json(200, {"tickets": [self._shown(ticket) for ticket in found], "next_page": None})

    def _show(self, call: Call, number: str) -> Reply:
        ticket = self.tickets.get(int(number))
        return self._json(200, {"ticket": self._shown(ticket)}) if ticket else self._error(404, "RecordNotFound")

    def _user(self, call: Call) -> Reply:
        user = json.loads(call.body)["user"]
        key = user["external_id"].casefold()  # by which it is found; then it is written as it was asked for
        status = 200 if key in self.users else 201
        self.users[key] = {"id": self._next(), "role": "end-user", **self.users.get(key, {}), **user}
        return self._json(status, {"user": self.users[key]})

    def _users(self, call: Call) -> Reply:
        words = call.query["query"].partition(":")[2].strip('"')  # a search by words, not by equality
        found = [one for one in self.users.values() if words.split(":")[-1] in json.dumps(one.get("user_fields", {}))]
        return self._json(200, {"users": found, "next_page": None})

    def _me(self, call: Call) -> Reply:
        return self._json(200, {"user": self.me})

    def _field(self, call: Call, number: str) -> Reply:
        if number not in ("77", "78"):
            return self._error(404, "RecordNotFound")
        return self._json(200, {"ticket_field": {"id": int(number), "title": "Handle", "active": number == "77"}})

    def _group(self, call: Call, number: str) -> Reply:
        group = {"group": {"id": 360, "name": "Care", "deleted": False}}
        return self._json(200, group) if number == "360" else self._error(404, "RecordNotFound")

    def _shown(self, ticket: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in ticket.items() if name != "comments"}

    def _comments(self, call: Call, number: str) -> Reply:
        page, size = int(call.query["page"]), int(call.query["per_page"])
        newest = list(reversed(self.tickets[int(number)]["comments"]))
        shown = newest[(page - 1) * size : page * size]
        more = f"{self.url}?page={page + 1}" if len(newest) > page * size else None
        return self._json(200, {"comments": shown, "next_page": more})

    def _once(self, call: Call) -> Reply:
        key = call.headers.get("idempotency-key", "")
        kept_at, body, reply = self.keys.get(key, (0.0, b"", (0, {}, b"")))
        if body and self.seconds - kept_at < WINDOW_SECONDS:
            if body != call.body:
                return self._error(400, "IdempotentRequestError")
            return reply[0], {**reply[1], "x-idempotency-lookup": "hit"}, reply[2]
        reply = self._create(json.loads(call.body)["ticket"])
        if key and reply[0] == 201:
            self.keys[key] = self.seconds, call.body, reply
        return reply

    def _create(self, values: dict[str, Any]) -> Reply:
        number = self._next()
        ticket = {"id": number, "status": "new", "comments": [], **values}
        comment = ticket.pop("comment")
        self.tickets[number] = ticket
        self._say(ticket, comment)
        return self._json(201, {"ticket": self._shown(ticket)})

    def _update(self, call: Call, number: str) -> Reply:
        ticket, values = self.tickets[int(number)], json.loads(call.body)["ticket"]
        if self.interfere:
            self.interfere(ticket)
        if ticket["status"] == "closed":
            return self._error(
                422, "RecordInvalid", {"status": [{"description": "Status: closed prevents ticket update"}]}
            )
        if values.get("safe_update") and values.get("updated_stamp") != ticket["updated_at"]:
            return self._error(409, "UpdateConflict")
        if values.get("group_id", 360) not in (360, 361, 362):
            return self._error(422, "RecordInvalid", {"group": [{"description": "Group: is invalid"}]})
        ticket |= {name: values[name] for name in ("status", "group_id", "priority") if name in values}
        named = {field["id"]: field["value"] for field in values.get("custom_fields", ())}
        own = {field["id"]: field["value"] for field in ticket.get("custom_fields", ())} | named
        ticket["custom_fields"] = [{"id": number, "value": value} for number, value in own.items()]
        said = self._say(ticket, values["comment"])
        event = {"id": said, "type": "Comment", "body": values["comment"]["body"]}
        return self._json(200, {"ticket": self._shown(ticket), "audit": {"events": [event]}})

    def _say(self, ticket: dict[str, Any], comment: dict[str, Any]) -> int:
        number = self._next()
        ticket["comments"].append({"id": number, "body": comment["body"], "public": comment["public"]})
        ticket["updated_at"] = (START + timedelta(seconds=number)).isoformat()
        return number

    def _next(self) -> int:
        self.numbers += 1
        return self.numbers

    def _json(self, status: int, data: Any) -> Reply:
        return status, {"content-type": "application/json"}, json.dumps(data).encode()

    def touch(self, ticket: dict[str, Any]) -> None:
        """Somebody else changes a ticket."""
        ticket["updated_at"] = (START + timedelta(seconds=self._next())).isoformat()

    def _error(self, status: int, name: str, details: Mapping[str, Any] | None = None) -> Reply:
        return self._json(status, {"error": name, "description": "Acme's desk says no", "details": details})
