"""Salesforce's REST API: records by external id, its errors, and its quota of calls, which it tells with a 403.

https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from chalicelib.crm.moves import Moved
from chalicelib.crm.rest import JsonRest
from chalicelib.crm.token import ClientToken
from chalicelib.errors import Conflict, Refused, SettingsError, Unavailable
from chalicelib.plain import one_line
from chalicelib.transport import Transport, address
from chalicelib.verdict import Answer

USED_UP_SECONDS = 3600.0
# A trigger or a flow wraps them into a code of its own and quotes them in its words.
SOON = ("UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE", "QUERY_TIMEOUT", "STORAGE_LIMIT_EXCEEDED")
QUOTES_THE_VALUE = ("STRING_TOO_LONG", "JSON_PARSER_ERROR", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST")
# Assignment rules run unless they are told not to, also over an owner that the request names:
# https://developer.salesforce.com/docs/platform/api-rest/guide/headers-autoassign.html
ASSIGN = "sforce-auto-assign"
# The smallest batch there is: 200 comments of 4,000 bytes fit into one answer, 2,000 do not.
BATCH = {"sforce-query-options": "batchSize=200"}
MOST_PAGES = 50
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

    def find(self, kind: str, field: str, key: str, fields: str = "Id") -> Record | None:
        """The record that holds this key in a field, None when there is none. Raises Unavailable.

        None also where the kind or the field is hidden from our user: `query` would tell.
        """
        answer = self._ask("GET", f"/sobjects/{kind}/{field}/{key}?fields={fields}", taken=(404,))
        record: Record = self._rest.read(answer, object)
        return record if answer.status == 200 else None

    def upsert(self, kind: str, field: str, key: str, values: Record, assign: bool = False) -> str:
        """The id of the record with this key, made now or by a call that was quicker. Raises Refused, Unavailable.

        `assign`: the organisation's assignment rules say who owns it.
        """
        try:
            answer = self._ask("PATCH", f"/sobjects/{kind}/{field}/{key}", values, assign=assign)
            if answer.status == 201:
                return str(self._rest.read(answer)["id"])
        except Conflict:
            pass  # looked up below
        found = self.find(kind, field, key)
        if found is None:
            raise Unavailable("salesforce: the record is not to be seen yet")
        return str(found["Id"])

    def create(self, kind: str, values: Record) -> str:
        """The new record's id. Raises Refused, Conflict, Unavailable."""
        return str(self._rest.read(self._ask("POST", f"/sobjects/{kind}", values))["id"])

    def change(self, kind: str, number: str, values: Record) -> None:
        """Raises Refused, Conflict, Unavailable."""
        self._ask("PATCH", f"/sobjects/{kind}/{number}", values)

    def query(self, kind: str, fields: Sequence[str], where: str) -> Iterator[Record]:
        """What SOQL finds; texts in `where` are `quoted`. Raises Unavailable."""
        for number, page in enumerate(self.pages(kind, fields, where)):
            if number >= MOST_PAGES:
                raise Unavailable(f"salesforce: more of {kind} than can be looked through")
            yield from page

    def pages(self, kind: str, fields: Sequence[str], where: str) -> Iterator[Sequence[Record]]:
        """The same page by page, none of them empty. Raises Unavailable."""
        soql = " ".join(("SELECT", ", ".join(fields), "FROM", kind, "WHERE", where))
        path = f"/query?{urlencode({'q': soql})}"
        while path:
            page = self._rest.read(self._ask("GET", path))
            if page["records"]:
                yield page["records"]
            following = str(page["nextRecordsUrl"]).rpartition("/")[2] if not page.get("done", True) else ""
            path = f"/query/{quote(following)}" if following else ""

    def describe(self, kind: str) -> Record:
        """What the organisation shows our user of a kind of record. Raises Unavailable."""
        description: Record = self._rest.read(self._ask("GET", f"/sobjects/{kind}/describe"))
        return description

    def _headers(self) -> Mapping[str, str]:
        token = self._token()
        if where := self._token.granted.get("instance_url"):
            try:
                self._rest.base = address("crms.salesforce: its instance", str(where)).rstrip("/")
            except SettingsError as error:
                raise Unavailable(str(error)) from None
        return {"authorization": f"Bearer {token}"}

    def _ask(
        self, method: str, path: str, body: Any = None, taken: Collection[int] = (), assign: bool = False
    ) -> Answer:
        extra = BATCH if method == "GET" else {ASSIGN: "TRUE" if assign else "FALSE"}
        answer = self._rest.send(method, self._api + path, body, extra, taken=(*taken, 300, 400, 403, 404))
        if answer.status in taken or answer.status < 300:
            return answer
        code, words = _error(answer)
        if code == "REQUEST_LIMIT_EXCEEDED":
            raise self._transport.rest("has used up its calls of these 24 hours", USED_UP_SECONDS)
        if code == "DUPLICATE_VALUE":
            raise Conflict("salesforce has it already", words=words)
        if why := _not_the_cases(answer.status, words, method):
            raise Unavailable(f"salesforce {why} ({code or answer.status})", words=words)
        raise Refused(words)


def quoted(text: str) -> str:
    """A text as SOQL writes it: neither a quote nor a backslash of a person's ends it."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def same_id(shown: str | None, move: Moved | None) -> str | None:
    """An id as the company's mapping has it: 15 characters tell it, and Salesforce always shows 18."""
    known = (move.now, *move.were) if move and shown else ()
    return next((one for one in known if one and str(shown).startswith(one[:15])), shown)


def _not_the_cases(status: int, words: str, method: str) -> str | None:
    """Why this answer says nothing about the case that it was asked for."""
    if status == 300:
        return "holds one key in several records: make the key field unique"
    if status == 403:
        return "forbids this to our user: grant it there"
    if status == 404:
        return "shows our user no such object, key field or record: see `earshot crm check salesforce`"
    if any(code in words for code in SOON):
        return "cannot take it now"
    return "cannot be searched: are its key field and settings right?" if method == "GET" else None


def _error(answer: Answer) -> tuple[str, str]:
    """Salesforce's code and words: a list of objects, of which the first says why."""
    try:
        first = answer.json()[0]
        code, fields = str(first["errorCode"]), ", ".join(map(str, first.get("fields") or ()))
        message = f"in {fields or 'a field'}" if code in QUOTES_THE_VALUE else first["message"]
        return code, one_line(f"{code}: {message}", 500)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return "", answer.words
