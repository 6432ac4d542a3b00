"""The few REST calls of Roundup that cases need, with its peculiarities: https://www.roundup-tracker.org/docs/rest.html"""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from chalicelib.errors import Conflict, Refused, Unavailable
from chalicelib.plain import one_line
from chalicelib.transport import Transport, address
from chalicelib.verdict import Answer

Values = Mapping[str, Any]
PAGE = 100
# What Roundup answers, with status 400, to a failure of its own (a locked database, say): its rest.py, _data_decorator.
ITS_OWN_FAILURE = "An error occurred. Please check the server log"


class Issue(NamedTuple):
    """An issue: the ids of its messages, other properties by what they show, and the tag that says so."""

    messages: Sequence[str]
    values: Mapping[str, str]
    tag: str


class RoundupRest:
    """Reads and writes of one tracker. Only a creating or changing call can raise Refused: a look-up judges no case."""

    def __init__(self, settings: Mapping[str, str], transport: Transport) -> None:
        self._base = address("crms.roundup.url", settings["url"]).rstrip("/") + "/data/"
        self._transport = transport
        site = urlsplit(self._base)
        login = f"{settings['user']}:{settings['password']}".encode()
        self._headers = {
            "authorization": "Basic " + base64.b64encode(login).decode(),
            "accept": "application/json",
            "content-type": "application/json",
            "user-agent": "earshot",
            # Roundup refuses changes without these three: its protection against forged cross-site requests.
            "x-requested-with": "rest",
            "origin": f"{site.scheme}://{site.netloc}",
            "referer": self._base.removesuffix("rest/data/"),
        }

    def find(self, kind: str, prop: str, value: str) -> str | None:
        """The id of the oldest item whose property is exactly this, None when there is none. Raises Unavailable."""
        # The colon asks for equality; without it Roundup finds every value that contains this one.
        data = self._look(f"{kind}?{urlencode({prop + ':': value, '@sort': 'id'})}")
        found = data["collection"]
        return str(found[0]["id"]) if found else None

    def priorities(self) -> list[tuple[str, str]]:
        """(name, id) of every priority, the most pressing first. Raises Unavailable."""
        data = self._look("priority?@fields=name&@sort=order")
        return [(str(item["name"]), str(item["id"])) for item in data["collection"]]

    def names(self, kind: str) -> list[str]:
        """The names of every item of a kind, `status` say. Raises Unavailable."""
        return [str(item["name"]) for item in self._look(f"{kind}?@fields=name")["collection"]]

    def issue(self, number: str, properties: Collection[str]) -> Issue:
        """An issue as it is now. Raises Refused (no such issue) or Unavailable."""
        answer = self._call("GET", f"issue/{quote(number)}?@fields={','.join(properties)}&@verbose=2")
        found = dict(_data(answer)["attributes"])
        messages = [str(item["id"]) for item in found.pop("messages", ())]
        return Issue(messages, {name: _shown(name, value) for name, value in found.items()}, answer.headers["etag"])

    def changed(self, since: str, key: str, page: int) -> list[Values]:
        """A page, from 1 on, of the issues that changed since then, the earliest change first. Raises Unavailable."""
        fields = f"status,activity,actor,assignedto,{key}"
        asked = {"activity": f"from {since}", "@fields": fields, "@verbose": "2", "@sort": "activity,id"}
        part = {**asked, "@page_size": str(PAGE), "@page_index": str(page)}
        items: list[Values] = self._look(f"issue?{urlencode(part)}")["collection"]
        return items

    def create(self, kind: str, values: Values) -> str:
        """Create through a post-once link; its id. Raises Conflict (look it up), Refused, Unavailable."""
        # Shorter than we wait: when we have given up, the link is dead, and nothing can come of it any more.
        lifetime = max(1, int(self._transport.read_seconds) - 1)
        link = str(_data(self._call("POST", f"{kind}/@poe", {"lifetime": lifetime}))["link"])
        # Only the token: the address before it is the one people use, which need not be ours.
        token = quote(link.rsplit("/", 1)[-1], safe="")
        return str(_data(self._call("POST", f"{kind}/@poe/{token}", values))["id"])

    def add_message(self, number: str, message: str, shown: Issue, values: Mapping[str, str]) -> None:
        """Link a message to an issue that has not changed since it was read, and write `values`, both or neither.

        Raises Conflict when it has changed, Refused, Unavailable.
        """
        asked = {**values, "messages": [*shown.messages, message]} if values else {"@op": "add", "messages": [message]}
        self._call("PATCH", f"issue/{quote(number)}", asked, {"if-match": shown.tag})

    def set_status(self, issue: str, name: str, etag: str) -> None:
        """Move an issue that has not changed since. Raises Conflict when it has, Refused, Unavailable."""
        self._call("PATCH", f"issue/{quote(issue)}", {"status": name}, {"if-match": etag})

    def _look(self, path: str) -> dict[str, Any]:
        try:
            return _data(self._call("GET", path))
        except Refused as error:
            words = str(error)
            raise Unavailable(
                f"roundup cannot be searched; are its url and schema right? It says: {words}", words=words
            ) from error

    def _call(
        self, method: str, path: str, values: Values | None = None, extra: Mapping[str, str] | None = None
    ) -> Answer:
        body = json.dumps(values).encode() if values is not None else None
        try:
            return self._transport.call(method, self._base + path, {**self._headers, **(extra or {})}, body)
        except Conflict as error:
            raise Conflict(str(error), words=_message(error.words)) from None
        except Refused as error:
            raise _in_its_words(_message(str(error))) from None


def _shown(name: str, value: Any) -> str:
    """A link by what the company calls it: people by their logins, statuses by their names, all else by its id."""
    if isinstance(value, Mapping):
        value = value.get({"assignedto": "username", "status": "name"}.get(name, "id"))
    return "" if value is None else str(value)


def _in_its_words(words: str) -> Refused | Unavailable:
    """What a refusal really means: Roundup answers 400 to a dead link and to its own failures, too."""
    if ITS_OWN_FAILURE in words:
        return Unavailable(f"roundup failed: {ITS_OWN_FAILURE}", words=words)
    if "POE token" in words:
        return Unavailable("roundup: the post-once link is used up or has expired")
    return Refused(words)


def _message(body: str) -> str:
    try:
        return one_line(str(json.loads(body)["error"]["msg"]), 500)
    except (ValueError, KeyError, TypeError):
        return body


def _data(answer: Answer) -> dict[str, Any]:
    try:
        data = answer.json()["data"]
    except (ValueError, KeyError, TypeError):
        data = None
    if not isinstance(data, dict):
        raise Unavailable("roundup answered something that is not its REST interface: correct the url") from None
    return data
