"""Salesforce's REST API as its pages tell: upsert by external id, errors in a list, the day's quota as a 403."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from tests.contracts.fakes.base import Call, FakeCrm, Reply
from tests.contracts.fakes.salesforce_schema import FIELDS, NEEDED, PREFIXES, REFERENCES, TASK_PICKED, described
from tests.contracts.fakes.soql import Malformed, selected

KEY = "Earshot_Key__c"
RULE_OWNER = "00G000000000RULEAA"
NOON = "2026-03-04T12:00:00.000+0000"


class Fake(FakeCrm):
    """Cases, comments, social posts, personas and contacts of one organisation.

    `between` is called between an upsert's look and its insert, as another request may come there; `is_unique`: the
    key fields are. `hidden`: fields that the user may not see. `rules_assign`: there is an active assignment rule.
    """

    routes: ClassVar[Mapping[str, str]] = {
        "POST /services/oauth2/token": "_token",
        "GET /services/data/v62.0/query": "_query",
        "GET /services/data/v62.0/query/{}": "_more",
        "GET /services/data/v62.0/sobjects/{}/describe": "_describe",
        "GET /services/data/v62.0/sobjects/{}/{}/{}": "_show",
        "PATCH /services/data/v62.0/sobjects/{}/{}/{}": "_upsert",
        "PATCH /services/data/v62.0/sobjects/{}/{}": "_change",
        "POST /services/data/v62.0/sobjects/{}": "_create",
    }

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, list[dict[str, Any]]] = {kind: [] for kind in FIELDS}
        self.sessions = self.expired = 0
        self.between: Callable[[str, str], object] | None = None
        self.is_unique = self.rules_assign = True
        self.hidden: set[str] = set()
        self.cursors: list[list[dict[str, Any]]] = []
        self.batch = 200

    @property
    def settings(self) -> dict[str, str]:
        return {"url": self.url, "client_id": "app", "client_secret": "made-up"}

    def respond(self, call: Call) -> Reply:
        is_known = call.headers.get("authorization") == f"Bearer 00D!{self.sessions}"
        if not call.path.endswith("/token") and (not is_known or self.sessions <= self.expired):
            return self._error(401, "INVALID_SESSION_ID", "Session expired or invalid")
        return super().respond(call)

    def kept(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for case in self.rows["Case"]:
            texts = [row["CommentBody"] for row in self.rows["CaseComment"] if row["ParentId"] == case["Id"]]
            posts = [row[KEY] for row in self.rows["SocialPost"] if row["ParentId"] == case["Id"]]
            name = case[KEY] if case[KEY] not in found else f"{case[KEY]} again ({case['Id']})"
            marks = [text.rsplit("[ref:", 1)[-1].rstrip("]") for text in (case["Description"], *texts)]
            found[name] = marks + [key for key in posts if key not in marks[:1]]
        return found | self._recommended()

    def _recommended(self) -> dict[str, list[str]]:
        """Leads and first tasks, with the tasks that name them."""
        found: dict[str, list[str]] = {}
        tasks = self.rows["Task"]
        firsts = [row for row in tasks if not row["Description"].startswith("About ")]
        for row in (*self.rows["Lead"], *firsts):
            name = row[KEY] if row[KEY] not in found else f"{row[KEY]} again ({row['Id']})"
            after = [task[KEY] for task in tasks if re.match(rf"About \w+ {row['Id']}\n", task["Description"])]
            found[name] = [row["Description"].rsplit("[ref:", 1)[-1].rstrip("]"), *after]
        return found

    def own_failure(self, call: Call) -> Reply:
        if call.method == "GET":
            return self._error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
        return self._error(400, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record")

    def _token(self, call: Call) -> Reply:
        form = dict(parse_qsl(call.body.decode()))
        if form != {"grant_type": "client_credentials", "client_id": "app", "client_secret": "made-up"}:
            return 400, {}, b'{"error":"invalid_client_id"}'
        self.sessions += 1
        return self._json(200, {"access_token": f"00D!{self.sessions}", "instance_url": self.url.rstrip("/")})

    def _show(self, call: Call, kind: str, field: str, key: str) -> Reply:
        if kind not in self.rows or kind in self.hidden:
            return self._error(404, "NOT_FOUND", "The requested resource does not exist")
        if field not in FIELDS[kind] or field in self.hidden:
            return self._error(
                404, "NOT_FOUND", f"Provided external ID field does not exist or is not accessible: {field}"
            )
        found = [row for row in self.rows[kind] if row.get(field) == key]
        if len(found) > 1:
            return self._json(300, [f"/services/data/v62.0/sobjects/{kind}/{row['Id']}" for row in found])
        if not found:
            return self._error(404, "NOT_FOUND", "The requested resource does not exist")
        return self._json(200, {name: found[0].get(name) for name in call.query["fields"].split(",")})

    def _upsert(self, call: Call, kind: str, field: str, key: str) -> Reply:
        shown = self._show(Call("GET", "", {"fields": "Id"}, {}, b""), kind, field, key)
        values = json.loads(call.body)
        if shown[0] == 300 or (shown[0] == 404 and b"external ID field" in shown[2]) or kind in self.hidden:
            return shown
        if field in values or "Id" in values:
            return self._error(400, "INVALID_FIELD", f"The {field} field should not be specified in the sobject data.")
        if wrong := self._wrong(kind, values):
            return wrong
        if shown[0] == 200:
            row = next(row for row in self.rows[kind] if row.get(field) == key)
            row.update(values)
            return self._json(200, {"id": row["Id"], "success": True, "errors": [], "created": False})
        if self.between:
            self.between(kind, key)
        if self.is_unique and any(row.get(field) == key for row in self.rows[kind]):
            return self._error(400, "DUPLICATE_VALUE", f"duplicate value found: {field} duplicates value on record")
        if missing := [name for name in NEEDED.get(kind, ()) if name not in values]:
            return self._error(400, "REQUIRED_FIELD_MISSING", f"Required fields are missing: {missing}", *missing)
        row = self.add(kind, {**values, field: key})
        self._assign(call, kind, row)
        return self._json(201, {"id": row["Id"], "success": True, "errors": [], "created": True})

    def _change(self, call: Call, kind: str, number: str) -> Reply:
        row = next((row for row in self.rows[kind] if row["Id"] == number), None)
        if row is None:
            return self._error(404, "ENTITY_IS_DELETED", "entity is deleted")
        values = json.loads(call.body)
        if wrong := self._wrong(kind, values):
            return wrong
        row.update(values)
        row["IsClosed"] = row.get("Status") == "Closed"
        self._assign(call, kind, row)
        return 204, {}, b""

    def _create(self, call: Call, kind: str) -> Reply:
        values = json.loads(call.body)
        wrong = self._wrong(kind, values)
        return wrong or self._json(201, {"id": self.add(kind, values)["Id"], "success": True, "errors": []})

    def _query(self, call: Call) -> Reply:
        try:
            kind, names, rows = selected(call.query["q"], self.rows)
        except Malformed:
            return self._error(400, "MALFORMED_QUERY", "unexpected token")
        hidden = [name for name in names if name not in {*FIELDS[kind], "Id"} or name in self.hidden]
        if kind in self.hidden:
            return self._error(400, "INVALID_TYPE", f"sObject type '{kind}' is not supported.")
        if hidden:
            return self._error(400, "INVALID_FIELD", f"No such column '{hidden[0]}' on entity '{kind}'.")
        self.cursors.append(rows)
        return self._page(len(self.cursors) - 1, 0)

    def _more(self, call: Call, cursor: str) -> Reply:
        number, _, start = cursor.removeprefix("01g").partition("-")
        return self._page(int(number), int(start))

    def _page(self, number: int, start: int) -> Reply:
        rows, end = self.cursors[number], start + self.batch
        more = {"nextRecordsUrl": f"/services/data/v62.0/query/01g{number}-{end}"} if end < len(rows) else {}
        return self._json(200, {"totalSize": len(rows), "done": not more, "records": rows[start:end], **more})

    def _describe(self, call: Call, kind: str) -> Reply:
        if kind in self.hidden:
            return self._error(404, "NOT_FOUND", "The requested resource does not exist")
        return self._json(200, described(kind, self.hidden, self.is_unique))

    def add(self, kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """A new record, as a person or a request makes it."""
        number = f"{PREFIXES[kind]}{len(self.rows[kind]) + 1:012d}AAA"
        row = {**values, "Id": number, "SystemModstamp": NOON, "CreatedDate": f"{len(self.rows[kind]):06d}"}
        if kind == "Case":
            row["IsClosed"] = row.get("Status") == "Closed"
        self.rows[kind].append(row)
        return row

    def _assign(self, call: Call, kind: str, row: dict[str, Any]) -> None:
        """Active rules assign, also over an owner in the request, unless the header says FALSE."""
        if kind == "Case" and self.rules_assign and call.headers.get("sforce-auto-assign", "TRUE") == "TRUE":
            row["OwnerId"] = RULE_OWNER

    def _wrong(self, kind: str, values: Mapping[str, Any]) -> Reply | None:
        for name, value in values.items():
            length = FIELDS[kind].get(name)
            if length is None or name in self.hidden:
                return self._error(400, "INVALID_FIELD", f"No such column '{name}' on sobject of type {kind}", name)
            if isinstance(value, str) and _length(name, value) > length:
                words = f"{name}: data value too large: {value} (max length={length})"
                return self._error(400, "STRING_TOO_LONG", words, name)
            if kind == "Task" and value not in TASK_PICKED.get(name, (value,)):
                return self._error(400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", f"bad value: {value}", name)
            kinds = REFERENCES.get(name, ())
            if kinds and not any(row["Id"] == value for kind in kinds for row in self.rows.get(kind, ())):
                return self._error(400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", name)
        return None

    def _json(self, status: int, data: Any) -> Reply:
        headers = {"content-type": "application/json;charset=UTF-8", "sforce-limit-info": "api-usage=9/15000"}
        return status, headers, json.dumps(data).encode()

    def _error(self, status: int, code: str, words: str, *fields: str) -> Reply:
        return self._json(status, [{"message": words, "errorCode": code, "fields": list(fields)}])


def _length(name: str, value: str) -> int:
    """A comment is measured in bytes, everything else in the characters of Java."""
    return len(value.encode()) if name == "CommentBody" else len(value.encode("utf-16-le")) // 2
