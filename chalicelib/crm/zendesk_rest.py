"""What both ways into Zendesk share: the login, and what an administrator must have made there."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.rest import JsonRest
from chalicelib.errors import SettingsError
from chalicelib.model import Finding
from chalicelib.transport import Transport


def zendesk(transport: Transport, settings: Mapping[str, str]) -> JsonRest:
    """Zendesk with the API token of a user: https://developer.zendesk.com/api-reference/introduction/security-and-auth/"""
    login = f"{settings['email']}/token:{settings['token']}".encode()
    headers = {"authorization": "Basic " + base64.b64encode(login).decode()}
    return JsonRest(transport, f"crms.{transport.name}.url", settings["url"], lambda: headers)


def numbered(what: str, names: Iterable[str]) -> None:
    """Zendesk tells its own things by number. Raises SettingsError that names those of the company that are none."""
    wrong = sorted({name for name in names if not _is_number(name)})
    if wrong:
        raise SettingsError(f"crm.yml: Zendesk's {what} go by their number, which {', '.join(wrong)} is not")


def number(text: str | None) -> int | None:
    """A reference as Zendesk takes it; None where there is none."""
    return int(text) if text and _is_number(text) else None


def of_the_company(rest: JsonRest, mapping: FieldMapping) -> Iterator[Finding]:
    """Whether the fields and groups of crm.yml are there. Raises Unavailable."""
    for name in sorted({*mapping.fields, *mapping.always}):
        field = _shown(rest, f"/api/v2/ticket_fields/{quote(name, safe='')}", "ticket_field")
        is_there = bool(field and field.get("active", True))
        yield Finding(f"there is a ticket field {name}", is_there, "take the number from Admin, Tickets, Fields")
    for name in sorted(set(mapping.teams.values())):
        group = _shown(rest, f"/api/v2/groups/{quote(name, safe='')}", "group")
        is_there = bool(group and not group.get("deleted"))
        yield Finding(f"there is a group {name}", is_there, "take the number from the group's address in Admin, People")


def _shown(rest: JsonRest, path: str, kind: str) -> Mapping[str, Any] | None:
    answer = rest.look(path, taken=(404,))
    shown: Mapping[str, Any] | None = rest.read(answer).get(kind) if answer.status == 200 else None
    return shown


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()
