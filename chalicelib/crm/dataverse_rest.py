"""Dataverse's Web API: tables by ids of ours, created once by a condition, and questions in OData.

https://learn.microsoft.com/power-apps/developer/data-platform/webapi/perform-conditional-operations-using-web-api
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from chalicelib.crm.rest import JsonRest
from chalicelib.crm.token import ClientToken
from chalicelib.errors import Refused, Unavailable
from chalicelib.transport import Transport

API = "/api/data/v9.2"
ONCE = {"if-none-match": "*"}
NO_SUCH_RECORD = "0x80040217"
PAGE, MOST_PAGES = 500, 100
Record = Mapping[str, Any]


class DataverseRest:
    """Reads and creations of one environment. Only a changing call can raise Refused: a look-up judges no case."""

    def __init__(self, settings: Mapping[str, str], transport: Transport) -> None:
        url = settings["url"].rstrip("/")
        login = f"{settings['login_url'].rstrip('/')}/{quote(settings['tenant'], safe='')}/oauth2/v2.0/token"
        form = {
            "client_id": settings["client_id"],
            "client_secret": settings["client_secret"],
            "scope": f"{url}/.default",
        }
        self._token = ClientToken(transport, "crms.dataverse.login_url", login, form)
        self._rest = JsonRest(transport, "crms.dataverse.url", url, self._headers, self._token.forget)

    def find(self, table: str, key: str, columns: str) -> Record | None:
        """The record with this id, None when there is none. Raises Unavailable."""
        answer = self._rest.look(f"{API}/{table}({key})?{_query({'$select': columns})}", taken=(404,))
        if answer.status == 404 and NO_SUCH_RECORD.encode() not in answer.body.lower():
            raise Unavailable(f"dataverse has no table {table} at this url", words=answer.words)
        record: Record = self._rest.read(answer)
        return None if answer.status == 404 else record

    def create_once(self, table: str, key: str, values: Record) -> bool:
        """Whether it was made now; False where a record with this id is there. Raises Refused, Unavailable."""
        known = {name: value for name, value in values.items() if value not in (None, "")}
        answer = self._rest.send("PATCH", f"{API}/{table}({key})", known, ONCE, taken=(412,))
        return answer.status != 412

    def change(self, table: str, key: str, values: Record, tag: str = "*") -> None:
        """Never makes one; with its tag, only if nobody has changed it since. Raises Refused, Conflict, Unavailable."""
        self._rest.send("PATCH", f"{API}/{table}({key})", values, {"if-match": tag})

    def act(self, on: str, action: str, values: Record) -> None:
        """A bound action. Raises Refused, Unavailable."""
        self._rest.send("POST", f"{API}/{on}/Microsoft.Dynamics.CRM.{action}", values)

    def ask(self, path: str, query: Mapping[str, str] | None = None) -> Record:
        """One answer. Raises Unavailable."""
        answer: Record = self._rest.read(self._rest.look(f"{API}/{path}" + (f"?{_query(query)}" if query else "")))
        return answer

    def all(self, table: str, query: Mapping[str, str]) -> Iterator[Record]:
        """What a question finds; texts in its filter are `quoted`. Raises Unavailable."""
        for number, page in enumerate(self.pages(table, query)):
            if number >= MOST_PAGES:
                raise Unavailable(f"dataverse: more of {table} than can be looked through")
            yield from page

    def pages(self, table: str, query: Mapping[str, str]) -> Iterator[Sequence[Record]]:
        """The same page by page, none of them empty. Raises Unavailable."""
        path = f"{API}/{table}?{_query(query)}"
        while path:
            page = self._page(path)
            if page["value"]:
                yield page["value"]
            following = urlsplit(str(page.get("@odata.nextLink", "")))  # our host, whatever theirs is behind a proxy
            path = f"{following.path}?{following.query}" if following.query else ""

    def _page(self, path: str) -> Record:
        try:
            answer = self._rest.send("GET", path, extra={"prefer": f"odata.maxpagesize={PAGE}"})
        except Refused as error:
            why = "dataverse cannot be searched: are its url and columns right?"
            raise Unavailable(why, words=str(error)) from None
        page: Record = self._rest.read(answer)
        return page

    def _headers(self) -> Mapping[str, str]:
        return {"authorization": f"Bearer {self._token()}", "odata-version": "4.0", "odata-maxversion": "4.0"}


def quoted(text: str) -> str:
    """A text as an OData filter writes it: a quote of a person's does not end it."""
    return "'" + text.replace("'", "''") + "'"


def _query(query: Mapping[str, str]) -> str:
    # A space as %20: that a plus is one is a custom of forms, not of addresses.
    return urlencode(query, quote_via=quote, safe="$,")
