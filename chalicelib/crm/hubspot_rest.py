"""HubSpot's objects by their unique properties, its limits, and the parts of an answer that says 207.

https://developers.hubspot.com/docs/api-reference/error-handling
https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlencode

from chalicelib.crm.rest import JsonRest
from chalicelib.errors import Conflict, Refused, Unavailable
from chalicelib.plain import one_line
from chalicelib.transport import Transport
from chalicelib.verdict import Answer, retry_after

OBJECTS = "/crm/v3/objects"
BUSY, LOCKED, MOVED = 429, 423, 477  # the last two are of HubSpot's own: a locked record, an account on its way
NOT_NOW = ("RATE_LIMITS", "CONCURRENT_MODIFICATION", "INTERNAL_ERROR")
THERE_ALREADY = ("CONFLICT", "OBJECT_ALREADY_EXISTS")
DAILY_SECONDS, SHORT_SECONDS, LOCKED_SECONDS = 3600.0, 11.0, 2.0
PAGE = 100
Thing = Mapping[str, Any]


class HubSpotRest:
    """Reads and upserts of one account. Only a changing call can raise Refused: a look-up judges no case."""

    def __init__(self, url: str, token: str, transport: Transport) -> None:
        headers = {"authorization": f"Bearer {token}"}
        self._transport = transport
        self._rest = JsonRest(transport, "crms.hubspot.url", url, lambda: headers)

    def find(self, kind: str, key: str, prop: str = "", properties: str = "hs_object_id") -> Thing | None:
        """The object with this key in a unique property (without one: with this id). Raises Unavailable."""
        asked = {"properties": properties, **({"idProperty": prop} if prop else {})}
        answer = self._look("GET", f"{OBJECTS}/{kind}/{key}?{urlencode(asked)}", taken=(404,))
        return None if answer.status == 404 else self._read(answer)

    def upsert(self, kind: str, key: str, prop: str, values: Mapping[str, str]) -> str:
        """The id of the object with this key, made now or by a call that was quicker. Raises Refused, Unavailable."""
        one = {"id": key, "idProperty": prop, "properties": values, "objectWriteTraceId": key}
        try:
            answer = self._ask("POST", f"{OBJECTS}/{kind}/batch/upsert", {"inputs": [one]})
            return _only_part(self._read(answer), answer)
        except Conflict:
            found = self.find(kind, key, prop)
            if found is None:
                raise
            return str(found["id"])

    def change(self, kind: str, number: str, values: Mapping[str, str]) -> None:
        """Raises Refused, Conflict, Unavailable."""
        self._ask("PATCH", f"{OBJECTS}/{kind}/{number}", {"properties": values})

    def associate(self, kind: str, number: str, with_kind: str, with_number: str) -> None:
        """May be repeated. Raises Refused, Unavailable."""
        self._ask("PUT", f"/crm/v4/objects/{kind}/{number}/associations/default/{with_kind}/{with_number}")

    def read_many(self, kind: str, prop: str, keys: Collection[str]) -> list[Thing]:
        """Those objects that have one of the keys in a unique property. Raises Unavailable."""
        inputs = [{"id": key} for key in keys]
        asked = {"idProperty": prop, "properties": [prop], "propertiesWithHistory": [], "inputs": inputs}
        found: list[Thing] = self._read(self._look("POST", f"{OBJECTS}/{kind}/batch/read", asked))["results"]
        return found

    def search(self, kind: str, asked: Mapping[str, Any], skip: int = 0) -> list[Thing]:
        """A page of what a search finds, without the first `skip`; its index runs late. Raises Unavailable."""
        body = {**asked, "limit": PAGE, "after": str(skip)}
        found: list[Thing] = self._read(self._look("POST", f"{OBJECTS}/{kind}/search", body))["results"]
        return found

    def listed(self, path: str) -> list[Thing]:
        """Everything below an address that lists it whole. Raises Unavailable."""
        found: list[Thing] = self._read(self._look("GET", path))["results"]
        return found

    def _read(self, answer: Answer) -> Any:
        return self._rest.read(answer)

    def _look(self, method: str, path: str, body: Any = None, taken: Collection[int] = ()) -> Answer:
        try:
            return self._ask(method, path, body, taken)
        except Refused as error:
            why = "hubspot cannot be searched: are its url and properties right?"
            raise Unavailable(why, words=str(error)) from None

    def _ask(self, method: str, path: str, body: Any = None, taken: Collection[int] = ()) -> Answer:
        answer = self._rest.send(method, path, body, taken=(*taken, BUSY, LOCKED, MOVED))
        asked = retry_after(answer.headers.get("retry-after")) or 0.0
        if answer.status == BUSY:
            least = DAILY_SECONDS if b'"DAILY"' in answer.body else SHORT_SECONDS
            raise self._transport.rest("has had its calls", max(asked, least))
        if answer.status in (LOCKED, MOVED):
            raise self._transport.rest(f"is busy with this account ({answer.status})", max(asked, LOCKED_SECONDS))
        return answer


def _only_part(data: Thing, answer: Answer) -> str:
    """The id in an answer about one object, which is there or among the errors."""
    if data.get("results"):
        return str(data["results"][0]["id"])
    error: Thing = next(iter(data.get("errors") or []), {})
    category, words = error.get("category"), one_line(str(error.get("message", answer.words)), 500)
    if category in THERE_ALREADY:
        raise Conflict("hubspot has it already", words=words)
    if category in NOT_NOW:
        raise Unavailable("hubspot could not do it now", words=words)
    raise Refused(words)
