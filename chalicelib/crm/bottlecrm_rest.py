"""BottleCRM's interface over HTTP: its look-ups, and the ways in which it says no."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from chalicelib.crm.rendering import marker
from chalicelib.crm.rest import JsonRest
from chalicelib.errors import Refused, Unavailable
from chalicelib.plain import cut
from chalicelib.transport import Transport
from chalicelib.verdict import Answer

MOST_MERGES, LONGEST_NOTE = 5, 10_000
NO_TOKEN = b"Organization context"  # 403: what a wrong, revoked or expired token is told
EVERY = {"slim": "true", "include_deleted": "true", "show_merged": "true", "ordering": "created_at"}
Record = Mapping[str, Any]


class BottleRest:
    """Calls of one installation. Raise Refused or Unavailable; a look-up raises Unavailable only."""

    def __init__(self, transport: Transport, url: str, token: str) -> None:
        headers = {"authorization": f"Bearer {token}"}
        self._transport = transport
        self._rest = JsonRest(transport, "crms.bottlecrm.url", url, lambda: headers)

    def look(self, path: str, **query: str) -> Record:
        """What a list or a record shows."""
        return self.read(self.ask("GET", f"{path}?{urlencode(query)}"))

    def ask(self, method: str, path: str, body: Any = None, taken: Collection[int] = ()) -> Answer:
        """One call. A wrong token is a 403 here: then it is left alone for a while, as others are after a 401."""
        if method == "GET":
            answer = self._rest.look(path, taken=(403, *taken))
        else:
            answer = self._rest.send(method, path, body, taken=(403, *taken))
        if answer.status != 403:
            return answer
        if NO_TOKEN in answer.body:
            raise self._transport.deny("does not accept our token (403): correct it")
        raise Unavailable("bottlecrm forbids this to our user (403): grant it there", words=answer.words)

    def read(self, answer: Answer) -> Record:
        """The JSON of an answer. Raises Unavailable where it is none, or says inside that it failed."""
        data: Record = self._rest.read(answer)
        if data.get("error"):
            raise Unavailable("bottlecrm says that it failed", words=answer.words)
        return data

    def cases(self, **query: str) -> list[Record]:
        """Cases in any state that our user may see, oldest first: at most ten."""
        found: list[Record] = self.look("/api/cases/", **query, **EVERY)["cases"]
        return found

    def shown(self, number: str) -> Record:
        """A Case with its notes; of one that was merged, the Case it was merged into."""
        for _ in range(MOST_MERGES):
            answer = self.ask("GET", f"/api/cases/{quote(number, safe='')}/", taken=(404,))
            if answer.status == 404:
                raise Refused("bottlecrm: the case was deleted there, or merged into one that our user cannot see")
            shown = self.read(answer)
            if "redirect_to" not in shown:
                return shown
            number = str(shown["redirect_to"])
        raise Unavailable("bottlecrm: the case was merged over and over")

    def fields(self, kind: str) -> frozenset[str]:
        """The keys of the custom fields that a kind of record has."""
        found = self.look("/api/custom-fields/", target_model=kind)["definitions"]
        return frozenset(str(one["key"]) for one in found if one["target_model"] == kind and one["is_active"])

    def has_team(self, number: str) -> bool:
        """Whether there is a team of this id."""
        return self.ask("GET", f"/api/teams/{number}/", taken=(404,)).status == 200


def fitted(text: str, key: str) -> str:
    """A note of at most 10,000 characters; the mark at its end stays whole."""
    mark = f"\n\n{marker(key)}"
    return text if len(text) <= LONGEST_NOTE else cut(text.removesuffix(mark), LONGEST_NOTE - len(mark)) + mark


def notes(shown: Record, key: str) -> Iterator[str]:
    """The ids of the entry's notes, those included that somebody has made public."""
    there = (*shown["internal_notes"], *shown["comments"])
    return (str(note["id"]) for note in there if str(note["comment"]).rstrip().endswith(marker(key)))
