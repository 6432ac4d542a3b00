"""Dataverse's Web API as its pages tell: create-only by id, 412 when it is there, 400 for a bind to nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from tests.contracts.fakes.base import Call, FakeCrm, Reply

NEEDED = {
    "incidents": {"title", "customerid_contact@odata.bind"},
    "socialprofiles": {"profilename", "profilefullname", "customerid_contact@odata.bind"},
    "socialactivities": {"postauthoraccount"},
    "contacts": {"lastname"},
}
LENGTHS = {"description": 2000, "posturl": 200, "postid": 160, "profilename": 100, "title": 200, "subject": 200}


class Fake(FakeCrm):
    """Tables by id; a token is only good until it is taken away."""

    routes: ClassVar[Mapping[str, str]] = {
        "POST /acme/oauth2/v2.0/token": "_token",
        "GET /api/data/v9.2/WhoAmI": "_who",
        "GET /api/data/v9.2/contacts": "_contacts",
        "GET /api/data/v9.2/EntityDefinitions(LogicalName='incident')/Attributes": "_columns",
        "GET /api/data/v9.2/incidents": "_list",
        "GET /api/data/v9.2/{}": "_show",
        "PATCH /api/data/v9.2/{}": "_patch",
        "POST /api/data/v9.2/{}/Microsoft.Dynamics.CRM.AddToQueue": "_queue",
    }

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in NEEDED}
        self.queued: list[str] = []
        self.tokens = 0
        self.tokens_taken_away = 0

    @property
    def settings(self) -> dict[str, str]:
        ours = {"tenant": "acme", "client_id": "app", "client_secret": "made-up"}
        return {"url": self.url, **ours, "login_url": self.url}

    def respond(self, call: Call) -> Reply:
        is_known = call.headers.get("authorization") == f"Bearer token-{self.tokens}"
        if not call.path.endswith("/token") and (not is_known or self.tokens <= self.tokens_taken_away):
            return self._error(401, "0x80072560", "The user is not a member of the organization.")
        return super().respond(call)

    def kept(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {key: [] for key in self.tables["incidents"]}
        for key, activity in self.tables["socialactivities"].items():
            found[_id(activity["regardingobjectid_incident@odata.bind"])].append(key)
        # Its first entry is written after an incident; until then, it is not yet told.
        return {key: entries for key, entries in found.items() if entries}

    def own_failure(self, call: Call) -> Reply:
        status, _, body = self._error(429, "0x80072322", "Number of requests exceeded the limit of 6000")
        return status, {"retry-after": "7", "x-ms-ratelimit-time-remaining-xrm-requests": "0"}, body

    def _token(self, call: Call) -> Reply:
        form = dict(parse_qsl(call.body.decode()))
        if form.get("client_secret") != "made-up" or form.get("scope") != f"{self.url.rstrip('/')}/.default":
            return 401, {}, b'{"error":"invalid_client"}'
        self.tokens += 1
        return self._json(200, {"access_token": f"token-{self.tokens}", "expires_in": 3599, "token_type": "Bearer"})

    def _who(self, call: Call) -> Reply:
        return self._json(200, {"UserId": "0b9e1ff2-0000-4000-8000-000000000001"})

    def _contacts(self, call: Call) -> Reply:
        match = re.fullmatch(r"(\w+) eq '(.*)'", call.query["$filter"])
        assert match
        rows = self.tables["contacts"].items()
        found = [key for key, row in rows if row.get(match[1]) == match[2].replace("''", "'")]
        return self._json(200, {"value": [{"contactid": key} for key in found]})

    def _columns(self, call: Call) -> Reply:
        return self._json(200, {"value": [{"LogicalName": "title"}, {"LogicalName": "new_network"}]})

    def _list(self, call: Call) -> Reply:
        rows = self.tables["incidents"].items()
        shown = [{"incidentid": key, "modifiedon": "2026-03-04T12:00:00Z", **row} for key, row in rows]
        return self._json(200, {"value": shown})

    def _show(self, call: Call, target: str) -> Reply:
        table, key = target.partition("(")[0], _id(target)
        row = self.tables[table].get(key)
        return (
            self._json(200, row) if row else self._error(404, "0x80040217", f"{table} With Id = {key} Does Not Exist")
        )

    def _patch(self, call: Call, target: str) -> Reply:
        table, key = target.partition("(")[0], _id(target)
        values = json.loads(call.body)
        is_there = key in self.tables[table]
        if call.headers.get("if-none-match") == "*" and is_there:
            return self._error(412, "0x80060882", "A record with matching key values already exists.")
        if call.headers.get("if-match") == "*" and not is_there:
            return self._error(404, "0x80040217", "Does Not Exist")
        wrong = self._wrong(table, values) if not is_there else None
        if wrong:
            return self._error(400, "0x80048d19", wrong)
        self.tables[table].setdefault(key, {"statecode": 0} if table == "incidents" else {}).update(values)
        return 204, {"odata-entityid": f"{self.url}{table}({key})"}, b""

    def _queue(self, call: Call, target: str) -> Reply:
        incident = json.loads(call.body)["Target"]["incidentid"]
        if incident not in self.queued:
            self.queued.append(incident)
        return self._json(200, {"QueueItemId": "q"})

    def _wrong(self, table: str, values: Mapping[str, Any]) -> str | None:
        missing = NEEDED[table] - values.keys()
        if missing:
            return f"{min(missing)} is required"
        for name, value in values.items():
            bound = re.fullmatch(r"/(\w+)\(([^)]*)\)", str(value)) if name.endswith("@odata.bind") else None
            if bound and bound[1] in self.tables and bound[2] not in self.tables[bound[1]]:
                return f"{bound[1]} With Id = {bound[2]} Does Not Exist"
            if name in LENGTHS and len(str(value)) > LENGTHS[name]:
                return f"{name} is longer than {LENGTHS[name]}"
        return None

    def _json(self, status: int, data: Any) -> Reply:
        return status, {"content-type": "application/json"}, json.dumps(data).encode()

    def _error(self, status: int, code: str, words: str) -> Reply:
        return self._json(status, {"error": {"code": code, "message": words}})


def _id(target: str) -> str:
    return target.partition("(")[2].rstrip(")")
