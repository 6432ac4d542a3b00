"""An incident whose team or priority our rules have changed: its owner or its queue, its priority, the own columns.

https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/addtoqueue
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from chalicelib.crm.dataverse_rest import DataverseRest, Record
from chalicelib.crm.moves import Moved, moved

TEAM, PRIORITY, OWNER, QUEUE = "team", "prioritycode", "_ownerid_value", "queue"
OWNERS = {"team": "/teams({})", "user": "/systemusers({})"}


def shown_by(moving: Collection[str]) -> Iterator[str]:
    """The columns that tell what the incident has now."""
    return (OWNER if name == TEAM else name for name in moving)


def values(moving: Mapping[str, Moved], incident: Record) -> dict[str, Any]:
    """What is written into the incident itself."""
    fields: dict[str, Any] = dict(moved({name: move for name, move in moving.items() if name != TEAM}, incident))
    if PRIORITY in fields:
        fields[PRIORITY] = int(fields[PRIORITY])
    owner = _of(OWNERS, moving.get(TEAM))
    if owner and owner.takes(_named(incident.get(OWNER), owner)):
        fields["ownerid@odata.bind"] = bound(owner.now)
    return fields


def enqueue(rest: DataverseRest, number: str, moving: Mapping[str, Moved]) -> None:
    """Into another queue, which takes it out of the one that it is in. Raises Refused, Unavailable."""
    queue = _of((QUEUE,), moving.get(TEAM))
    if queue is None:
        return
    items = rest.all("queueitems", {"$select": "_queueid_value", "$filter": f"_objectid_value eq {number}"})
    if queue.takes(_named(next((item["_queueid_value"] for item in items), None), queue)):
        add_to_queue(rest, number, queue.now)


def add_to_queue(rest: DataverseRest, number: str, queue: str) -> None:
    """Put an incident into `queue GUID`. Raises Refused, Unavailable."""
    target = {"@odata.type": "Microsoft.Dynamics.CRM.incident", "incidentid": number}
    rest.act(f"queues({queue.partition(' ')[2]})", "AddToQueue", {"Target": target})


def bound(owner: str) -> str | None:
    """The address of `team GUID` or `user GUID`; None of a queue, which owns nothing."""
    kind, _, number = owner.partition(" ")
    return OWNERS[kind].format(number) if kind in OWNERS else None


def _of(kinds: Collection[str], move: Moved | None) -> Moved | None:
    """The move, if it is to one of these kinds; of what was of another kind this one is not known."""
    if move is None or move.now.partition(" ")[0] not in kinds:
        return None
    were = (one if one and one.partition(" ")[0] in kinds else None for one in move.were)
    return replace(move, were=frozenset(were))


def _named(number: Any, move: Moved) -> str:
    """As the company's mapping names it, if it does."""
    known = (one for one in (move.now, *move.were) if one)
    return next((one for one in known if one.partition(" ")[2].lower() == str(number).lower()), str(number or ""))
