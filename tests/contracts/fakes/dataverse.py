"""Dataverse's Web API as its pages tell: create-only by id, 412 when it is there, 400 for a bind to nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from tests.contracts.fakes.base import Call, FakeCrm, Reply
from tests.contracts.fakes.dataverse_schema import BINDS, COLUMNS, NEEDED, NUMBER, RIGHTS

US = "0b9e1ff2-0000-4000-8000-000000000001"
TEAM, QUEUE = "7ea00000-0000-4000-8000-000000000001", "9eee0000-0000-4000-8000-000000000001"
OTHER_TEAM, OTHER_QUEUE = "7ea00000-0000-4000-8000-000000000002", "9eee0000-0000-4000-8000-000000000002"
NOON = "2026-03-04T12:00:00Z"
STATED = ("incidents", "leads", "tasks")
GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
TEXT = r"'((?:[^']|'')*)'"
TERM = rf"(\w+) (?:eq {TEXT}|eq ({GUID})|ge (\d\S+Z))"


class Fake(FakeCrm):
    """Tables by id. `undeclared`: names of links that this environment does not know."""

    routes: ClassVar[Mapping[str, str]] = {
        "POST /acme/oauth2/v2.0/token": "_token",
        "GET /api/data/v9.2/WhoAmI": "_who",
        f"GET /api/data/v9.2/systemusers({US})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges": "_privileges",
        "GET /api/data/v9.2/EntityDefinitions(LogicalName='{}')/Attributes/{}": "_columns",
        "GET /api/data/v9.2/{}": "_get",
        "PATCH /api/data/v9.2/{}": "_patch",
        "POST /api/data/v9.2/{}/Microsoft.Dynamics.CRM.AddToQueue": "_queue",
    }

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in NEEDED}
        self.queued: dict[str, str] = {}
        self.interfere: Callable[[dict[str, Any]], None] | None = None  # what others do between our reading and writing
        self.tokens = self.tokens_taken_away = 0
        self.undeclared: set[str] = set()
        self.rights = list(RIGHTS)
        self.page = 5000

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
            found[self.incident_of(activity)].append(key)
        # Its first entry is written after an incident; until then, it is not yet told.
        return {key: entries for key, entries in found.items() if entries} | self._recommended()

    def _recommended(self) -> dict[str, list[str]]:
        """Leads and tasks with their notes."""
        made = {**self.tables["leads"], **self.tables["tasks"]}
        found = {key: [row["description"].rsplit("[ref:", 1)[-1].rstrip("]")] for key, row in made.items()}
        for key, note in self.tables["annotations"].items():
            found[_id(next(str(value) for name, value in note.items() if name.startswith("objectid")))].append(key)
        return found

    @staticmethod
    def incident_of(activity: Mapping[str, Any]) -> str:
        """What an activity is about, whichever of its two names the link was made by."""
        return _id(next(str(value) for name, value in activity.items() if name.startswith("regardingobjectid")))

    def own_failure(self, call: Call) -> Reply:
        status, _, body = self._error(429, "0x80072322", "Number of requests exceeded the limit of 6000")
        return status, {"retry-after": "7", "x-ms-ratelimit-time-remaining-xrm-requests": "0"}, body

    def add(self, table: str, key: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """A new record, as a person or a request makes it."""
        row = {"modifiedon": NOON, "_createdby_value": US, "_masterid_value": None, "firstresponsesent": False}
        self.tables[table][key] = {**row, **({"statecode": 0} if table in STATED else {}), **values}
        return self.tables[table][key]

    def _token(self, call: Call) -> Reply:
        form = dict(parse_qsl(call.body.decode()))
        if form.get("client_secret") != "made-up" or form.get("scope") != f"{self.url.rstrip('/')}/.default":
            return 401, {}, b'{"error":"invalid_client"}'
        self.tokens += 1
        return self._json(200, {"access_token": f"token-{self.tokens}", "expires_in": 3599, "token_type": "Bearer"})

    def _who(self, call: Call) -> Reply:
        return self._json(200, {"UserId": US})

    def _privileges(self, call: Call) -> Reply:
        return self._json(200, {"RolePrivileges": [{"PrivilegeName": name, "Depth": "Global"} for name in self.rights]})

    def _columns(self, call: Call, table: str, kind: str) -> Reply:
        texts = {name: most for name, most in COLUMNS[f"{table}s"].items() if most != NUMBER}
        return self._json(200, {"value": [{"LogicalName": name, "MaxLength": most} for name, most in texts.items()]})

    def _get(self, call: Call, target: str) -> Reply:
        table, key = target.partition("(")[0], _id(target)
        if table not in self.tables:
            return self._error(404, "0x8006088a", f"Resource not found for the segment '{table}'.")
        if not key:
            return self._list(call, table)
        if not re.fullmatch(GUID, key):
            return self._error(400, "0x80060888", "The key value is no Guid.")
        row = self.tables[table].get(key)
        if row is None:
            return self._error(404, "0x80040217", f"{table} With Id = {key} Does Not Exist")
        shown = {**row, "_ownerid_value": _id(row["ownerid@odata.bind"]) if row.get("ownerid@odata.bind") else US}
        known = {name: shown.get(name) for name in call.query["$select"].split(",")}
        reply = self._json(200, {"@odata.etag": _tag(row), **known})
        if self.interfere:
            self.interfere(row)
        return reply

    def _list(self, call: Call, table: str) -> Reply:
        rows = [{f"{table[:-1]}id": key, **row} for key, row in self.tables[table].items()]
        if table == "queueitems":
            rows = [{"_objectid_value": case, "_queueid_value": queue} for case, queue in self.queued.items()]
        joined = rf"{TERM}(?:(?: and | or ){TERM})*"
        if not re.fullmatch(joined, call.query["$filter"]):
            return self._error(400, "0x80060888", "Syntax error in $filter.")
        rows = [row for row in rows if _holds(row, call.query["$filter"])]
        rows.sort(key=lambda row: str(row.get("modifiedon")))
        size = min(self.page, int(call.headers["prefer"].partition("=")[2]))
        start = int(call.query.get("$skiptoken", 0))
        following = "&".join(f"{name}={value}" for name, value in {**call.query, "$skiptoken": start + size}.items())
        link = f"https://acme.crm4.dynamics.com/api/data/v9.2/{table}?{following.replace(' ', '%20')}"
        more = {"@odata.nextLink": link} if start + size < len(rows) else {}
        return self._json(200, {"value": rows[start : start + size], **more})

    def _patch(self, call: Call, target: str) -> Reply:
        table, key = target.partition("(")[0], _id(target)
        values, is_there = json.loads(call.body), key in self.tables[table]
        if not re.fullmatch(GUID, key):
            return self._error(400, "0x80060888", "The key value is no Guid.")
        if call.headers.get("if-none-match") == "*" and is_there:
            return self._error(412, "0x80060882", "A record with matching key values already exists.")
        tag = call.headers.get("if-match")
        if tag and not is_there:
            return self._error(404, "0x80040217", f"{table} With Id = {key} Does Not Exist")
        if tag and tag not in ("*", _tag(self.tables[table][key])):
            return self._error(412, "0x80060882", "The version of the existing record doesn't match the RowVersion.")
        if wrong := self._wrong(table, values, is_there):
            return self._error(400, "0x80048d19", wrong)
        self.tables[table][key].update(values) if is_there else self.add(table, key, values)
        return 204, {"odata-entityid": f"{self.url}{table}({key})"}, b""

    def _queue(self, call: Call, target: str) -> Reply:
        asked = json.loads(call.body)["Target"]
        if asked["@odata.type"] != "Microsoft.Dynamics.CRM.incident" or _id(target) not in (QUEUE, OTHER_QUEUE):
            return self._error(404, "0x80040217", "queue Does Not Exist")
        self.queued[asked["incidentid"]] = _id(target)
        return self._json(200, {"QueueItemId": "1ab00000-0000-4000-8000-000000000001"})

    def _wrong(self, table: str, values: Mapping[str, Any], is_there: bool) -> str | None:
        missing = set() if is_there else NEEDED[table] - values.keys()
        if missing:
            return f"{min(missing)} is required"
        return next((words for name, value in values.items() if (words := self._wrong_value(table, name, value))), None)

    def _wrong_value(self, table: str, name: str, value: Any) -> str | None:
        bound = name.removesuffix("@odata.bind")
        if bound in self.undeclared or (bound not in BINDS[table] if bound != name else name not in COLUMNS[table]):
            return f"An undeclared property '{bound}' which only has property annotations in the payload was found."
        if bound != name:
            kind, key = value.strip("/").partition("(")[0], _id(value)
            is_known = key in self.tables[kind] if kind in self.tables else key in (TEAM, OTHER_TEAM)
            return None if kind in BINDS[table][bound] and is_known else f"{kind} With Id = {key} Does Not Exist"
        most = COLUMNS[table][name]
        if isinstance(value, str) is (most == NUMBER):
            return f"Cannot convert a value to the type of {name}"
        return (
            f"{name} is longer than {most}"
            if isinstance(value, str) and len(value.encode("utf-16-le")) > 2 * most
            else None
        )

    def _json(self, status: int, data: Any) -> Reply:
        return status, {"content-type": "application/json; odata.metadata=minimal"}, json.dumps(data).encode()

    def _error(self, status: int, code: str, words: str) -> Reply:
        return self._json(status, {"error": {"code": code, "message": words}})


def _tag(row: Mapping[str, Any]) -> str:
    return f'W/"{hash(json.dumps(row, sort_keys=True))}"'


def _id(target: str) -> str:
    return target.partition("(")[2].rstrip(")")


def _holds(row: Mapping[str, Any], asked: str) -> bool:
    """Either all terms are joined by `and`, or all by `or`."""
    answers = []
    for match in re.finditer(TERM, asked):
        value = str(row.get(match[1]))
        given = match[2].replace("''", "'") if match[2] is not None else match[3]
        answers.append(value >= match[4] if match[4] else value == given)
    return all(answers) if " and " in re.sub(TEXT, "", asked) else any(answers)
