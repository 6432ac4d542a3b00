"""Salesforce's REST API as its pages tell: upsert by external id, errors in a list, the day's quota as a 403."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from tests.contracts.fakes.base import Call, FakeCrm, Reply

KEY = "Earshot_Key__c"


class Fake(FakeCrm):
    """Cases, comments, social posts and contacts of one organisation."""

    routes: ClassVar[Mapping[str, str]] = {
        "POST /services/oauth2/token": "_token",
        "GET /services/data/v62.0/query": "_query",
        "GET /services/data/v62.0/sobjects/Case/describe": "_describe",
        "GET /services/data/v62.0/sobjects/{}/Earshot_Key__c/{}": "_show",
        "PATCH /services/data/v62.0/sobjects/{}/Earshot_Key__c/{}": "_upsert",
        "PATCH /services/data/v62.0/sobjects/{}/{}": "_change",
        "POST /services/data/v62.0/sobjects/{}": "_create",
    }

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, list[dict[str, Any]]] = {"Case": [], "CaseComment": [], "SocialPost": [], "Contact": []}
        self.sessions = 0
        self.expired = 0

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
            posts = [row["Content"] for row in self.rows["SocialPost"] if row["ParentId"] == case["Id"]]
            name = case[KEY] if case[KEY] not in found else f"{case[KEY]} again ({case['Id']})"
            found[name] = [text.rsplit("[ref:", 1)[-1].rstrip("]") for text in (case["Description"], *texts, *posts)]
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

    def _show(self, call: Call, kind: str, key: str) -> Reply:
        found = self._by_key(kind, key)
        if len(found) > 1:
            return self._json(300, [f"/services/data/v62.0/sobjects/{kind}/{row['Id']}" for row in found])
        return self._json(200, found[0]) if found else self._error(404, "NOT_FOUND", "does not exist")

    def _upsert(self, call: Call, kind: str, key: str) -> Reply:
        values = json.loads(call.body)
        assert KEY not in values, "the key stands in the address and nowhere else"
        found = self._by_key(kind, key)
        if found:
            found[0].update(values)
            return self._json(200, {"id": found[0]["Id"], "success": True, "created": False})
        row = self._add(kind, {**values, KEY: key})
        return self._json(201, {"id": row["Id"], "success": True, "created": True})

    def _change(self, call: Call, kind: str, number: str) -> Reply:
        next(row for row in self.rows[kind] if row["Id"] == number).update(json.loads(call.body))
        return 204, {}, b""

    def _create(self, call: Call, kind: str) -> Reply:
        values = json.loads(call.body)
        if len(values.get("CommentBody", "").encode()) > 4000:
            return self._error(400, "STRING_TOO_LONG", "Body: data value too large")
        return self._json(201, {"id": self._add(kind, values)["Id"], "success": True, "errors": []})

    def _query(self, call: Call) -> Reply:
        soql = call.query["q"]
        kind = re.search(r"FROM (\w+)", soql)
        assert kind
        rows = list(reversed(self.rows[kind[1]]))
        if parent := re.search(r"ParentId = '([^']*)'", soql):
            rows = [row for row in rows if row["ParentId"] == parent[1]]
        if handles := re.search(r"WHERE (\w+) IN \((.*)\)", soql):
            wanted = [text.replace("\\'", "'") for text in re.findall(r"'((?:[^'\\]|\\.)*)'", handles[2])]
            rows = [row for row in rows if row.get(handles[1]) in wanted]
        return self._json(200, {"totalSize": len(rows), "done": True, "records": rows})

    def _describe(self, call: Call) -> Reply:
        return self._json(200, {"fields": [{"name": KEY, "externalId": True, "unique": True}, {"name": "Subject"}]})

    def _add(self, kind: str, values: dict[str, Any]) -> dict[str, Any]:
        number = f"{kind[:3]}{len(self.rows[kind]) + 1:012d}"
        row = {**values, "Id": number, "SystemModstamp": "2026-03-04T12:00:00.000+0000"}
        self.rows[kind].append(row)
        return row

    def _by_key(self, kind: str, key: str) -> list[dict[str, Any]]:
        return [row for row in self.rows[kind] if row.get(KEY) == key]

    def _json(self, status: int, data: Any) -> Reply:
        return (
            status,
            {"content-type": "application/json", "sforce-limit-info": "api-usage=9/15000"},
            json.dumps(data).encode(),
        )

    def _error(self, status: int, code: str, words: str) -> Reply:
        return self._json(status, [{"message": words, "errorCode": code, "fields": []}])
