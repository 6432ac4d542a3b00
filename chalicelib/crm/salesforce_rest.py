"""Salesforce's REST API: records by external id, its errors, and its quota of calls, which it tells with a 403.

https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from chalicelib.crm.http import Transport, address
from chalicelib.crm.plain import one_line
from chalicelib.crm.rest import JsonRest
from chalicelib.crm.token import ClientToken
from chalicelib.crm.verdict import Answer
from chalicelib.errors import Conflict, Refused, Unavailable

USED_UP_SECONDS = 3600.0
SOON = ("UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE", "QUERY_TIMEOUT")
Record = Mapping[str, Any]


class SalesforceRest:
    """Reads and upserts of one organisation. Only a changing call can raise Refused: a look-up judges no case."""

    def __init__(self, settings: Mapping[str, str], transport: Transport) -> None:
        form = {"client_id": settings["client_id"], "client_secret": settings["client_secret"]}
        login = f"{settings['url'].rstrip('/')}/services/oauth2/token"
        self._transport = transport
        self._token = ClientToken(transport, "crms.salesforce.url", login, form)
        self._rest = JsonRest(transport, "crms.salesforce.url", settings["url"], self._headers, self._token.forget)
        self._api = f"/services/data/{quote(settings['version'])}"
        self._key = settings["key_field"]

    def find(self, kind: str, key: str, fields: str = "Id") -> Record | None:
        """The record that holds this key, None when there is none. Raises Unavailable."""
        answer = self._ask("GET", f"/sobjects/{kind}/{self._key}/{key}?fields={fields}", taken=(404,))
        record: Record = self._rest.read(answer, object)
        return record if answer.status == 200 else None

    def upsert(self, kind: str, key: str, values: Record) -> str:
        """The id of the record with this key, made now or by a call that was quicker. Raises Refused, Unavailable."""
        try:
            answer = self._ask("PATCH", f"/sobjects/{kind}/{self._key}/{key}", values)
            if answer.status == 201:
                return str(self._rest.read(answer)["id"])
        except Conflict:
            pass  # looked up below
        found = self.find(kind, key)
        if found is None:
            raise Unavailable("salesforce: the record is not to be seen yet")
        return str(found["Id"])

    def create(self, kind: str, values: Record) -> str:
        """The new record's id. Raises Refused, Conflict, Unavailable."""
        return str(self._rest.read(self._ask("POST", f"/sobjects/{kind}", values))["id"])

    def change(self, kind: str, number: str, values: Record) -> None:
        """Raises Refused, Conflict, Unavailable."""
        self._ask("PATCH", f"/sobjects/{kind}/{number}", values)

    def query(self, kind: str, fields: Sequence[str], where: str) -> list[Record]:
        """The first records that SOQL finds; texts in `where` are `quoted`. Raises Unavailable."""
        soql = " ".join(("SELECT", ", ".join(fields), "FROM", kind, "WHERE", where))
        records: list[Record] = self._rest.read(self._ask("GET", f"/query?{urlencode({'q': soql})}"))["records"]
        return records

    def fields(self, kind: str) -> dict[str, Record]:
        """What the organisation knows of a kind of record, by field. Raises Unavailable."""
        answer = self._ask("GET", f"/sobjects/{kind}/describe")
        return {field["name"]: field for field in self._rest.read(answer)["fields"]}

    def _headers(self) -> Mapping[str, str]:
        token = self._token()
        if where := self._token.granted.get("instance_url"):
            self._rest.base = address("crms.salesforce: its instance", str(where)).rstrip("/")
        return {"authorization": f"Bearer {token}"}

    def _ask(self, method: str, path: str, body: Any = None, taken: Collection[int] = ()) -> Answer:
        answer = self._rest.send(method, self._api + path, body, taken=(*taken, 300, 400, 403, 404))
        if answer.status in taken or answer.status < 300:
            return answer
        code, words = _error(answer)
        if code == "REQUEST_LIMIT_EXCEEDED":
            raise self._transport.rest("has used up its calls of these 24 hours", USED_UP_SECONDS)
        if answer.status == 300:
            raise Unavailable(f"salesforce: several records hold one key; make {self._key} unique", words=words)
        if code in SOON or answer.status in (403, 404) or method == "GET":
            raise Unavailable(f"salesforce cannot take it now ({code or answer.status})", words=words)
        if code == "DUPLICATE_VALUE":
            raise Conflict("salesforce has it already", words=words)
        raise Refused(words)


def quoted(text: str) -> str:
    """A text as SOQL writes it."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _error(answer: Answer) -> tuple[str, str]:
    """Salesforce's code and words: a list of objects, of which the first says why."""
    try:
        first = answer.json()[0]
        return str(first["errorCode"]), one_line(f"{first['errorCode']}: {first['message']}", 500)
    except (ValueError, KeyError, TypeError, IndexError):
        return "", answer.words
