"""JSON over the shared transport: what most CRMs speak, with the two errors that a look-up must not raise."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlencode

from chalicelib.errors import Refused, Unavailable
from chalicelib.transport import Transport, address
from chalicelib.verdict import Answer

Headers = Callable[[], Mapping[str, str]]


class JsonRest:
    """One CRM's interface below `url`. `headers` is asked before each call; `renew` gets new ones after a 401."""

    def __init__(
        self, transport: Transport, where: str, url: str, headers: Headers, renew: Callable[[], None] | None = None
    ) -> None:
        self.base = address(where, url).rstrip("/")
        self._transport = transport
        self._headers = headers
        self._renew = renew
        self.name = transport.name

    def look(self, path: str, query: Mapping[str, str] | None = None, taken: Collection[int] = ()) -> Answer:
        """A GET. Raises Unavailable: that a look-up fails says nothing about the case it is made for."""
        asked = f"{path}?{urlencode(query)}" if query else path
        try:
            return self.send("GET", asked, taken=taken)
        except Refused as error:
            raise Unavailable(
                f"{self.name} cannot be searched: are its url and fields right?", words=str(error)
            ) from None

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        extra: Mapping[str, str] | None = None,
        taken: Collection[int] = (),
    ) -> Answer:
        """Any call; `body` is sent as JSON, always in the same bytes. Raises Refused, Conflict or Unavailable."""
        content = json.dumps(body, separators=(",", ":")).encode() if body is not None else None
        if self._renew is None:
            return self._call(method, path, content, extra, taken)
        answer = self._call(method, path, content, extra, (*taken, 401))
        if answer.status != 401:
            return answer
        self._renew()  # once: whoever knocks on with wrong credentials is locked out
        return self._call(method, path, content, extra, taken)

    def _call(
        self, method: str, path: str, content: bytes | None, extra: Mapping[str, str] | None, taken: Collection[int]
    ) -> Answer:
        headers = {"accept": "application/json", "user-agent": "earshot", **self._headers(), **(extra or {})}
        if content is not None:
            headers.setdefault("content-type", "application/json")
        return self._transport.call(method, f"{self.base}{path}", headers, content, taken)

    def read(self, answer: Answer, kind: type[Any] = dict) -> Any:
        """The JSON of an answer. Raises Unavailable where it is none: a login page or a proxy's stands before it."""
        try:
            data = answer.json()
        except ValueError:
            data = None
        if not isinstance(data, kind):
            raise Unavailable(f"{self.name} answered something that is not its interface: correct the url")
        return data
