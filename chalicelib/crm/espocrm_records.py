"""What is written into EspoCRM beside the text: the attributes of Cases, Tasks and Leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.crm.moves import Moved, moved, moved_list
from chalicelib.crm.rendering import named
from chalicelib.model import Entry
from chalicelib.plain import cut

ENTITIES = {"case": "Case", "task": "Task", "lead": "Lead"}
NOT_STARTED, ENDED_TASK = "Not Started", ("Completed", "Canceled")
LONGEST_LAST_NAME = 100
TEAMS = "teamsIds"
# A name must match `[^<>=]+` (its metadata, app/regExpPatterns.json): what looks like these is let through.
BAD_IN_NAMES = str.maketrans("<>=", "\u2039\u203a\uff1d")


def a_case(subject: str, priority: str | None, entry: Entry) -> dict[str, Any]:
    """A Case, of the contact who is linked."""
    return {"name": _name(subject), "status": "New", "priority": priority, "contactId": entry.customer}


def a_task(subject: str, priority: str | None, entry: Entry, user: str) -> dict[str, Any]:
    """A Task, which must be somebody's."""
    about = {"parentType": "Contact", "parentId": entry.customer} if entry.customer else {}
    return {"name": _name(subject), "status": NOT_STARTED, "priority": priority, "assignedUserId": user, **about}


def a_lead(entry: Entry) -> dict[str, Any]:
    """A Lead, which is a person: the author."""
    who = named(entry.profile.author) if entry.profile else "Unknown author"
    return {"lastName": cut(who, LONGEST_LAST_NAME), "status": "New"}


def moved_of(record: Mapping[str, Any], moving: Mapping[str, Moved]) -> dict[str, Any]:
    """What is written into a record that moves."""
    teams = moved_list(moving.get(TEAMS), record.get(TEAMS) or ())
    others = {name: move for name, move in moving.items() if name != TEAMS}
    return {**moved(others, record), **({TEAMS: teams} if teams else {})}


def _name(subject: str) -> str:
    return subject.translate(BAD_IN_NAMES)
