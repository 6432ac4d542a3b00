"""What `earshot crm check espocrm` looks at: the rights and the fields that the adapter needs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from chalicelib.crm.rest import JsonRest
from chalicelib.model import Finding

NEEDED = ("create", "read", "edit", "stream")
LINKS = ("Id", "Ids", "Name")  # a link's attributes are named after its field


def our_user(rest: JsonRest) -> Iterator[Finding]:
    """Whether the key's user may write Cases and their streams. Raises Unavailable."""
    user = rest.read(rest.look("/api/v1/App/user"))
    yield Finding("the API key is accepted", True)
    rights = ((user.get("acl") or {}).get("table") or {}).get("Case")
    for action in NEEDED:
        remedy = f"grant {action} on Cases in the role of the API user"
        yield Finding(f"the API user has {action} on Cases", _grants(rights, action), remedy)


def fields_there(rest: JsonRest, kind: str, asked: Collection[str]) -> Iterator[Finding]:
    """Whether an entity has these fields. Raises Unavailable."""
    fields = rest.read(rest.look("/api/v1/Metadata", {"key": f"entityDefs.{kind}.fields"}))
    for name in sorted(asked):
        is_there = name in fields or any(name.removesuffix(end) in fields for end in LINKS if name.endswith(end))
        remedy = "add it in the Entity Manager (its name gets a c in front), or correct the name in the settings"
        yield Finding(f"{kind} has the field {name}", is_there, remedy)


def _grants(rights: Any, action: str) -> bool:
    """`false` where the role has nothing, `true` where the entity knows no levels, else a level an action."""
    return rights.get(action) not in (None, "no", False) if isinstance(rights, dict) else bool(rights)
