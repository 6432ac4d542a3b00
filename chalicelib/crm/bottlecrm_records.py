"""What is written into a BottleCRM Case beside its notes."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from chalicelib.crm.bottlecrm_rest import Record
from chalicelib.crm.moves import Moved, moved, moved_list
from chalicelib.plain import cut, one_line

LONGEST_NAME = 64
TEAMS, PRIORITY = "teams", "priority"


def unique_name(subject: str, key: str) -> str:
    """At most 64 characters, and unique: names are compared, whatever the case, among all there are."""
    end = f" [{key.replace('-', '')[-12:]}]"
    return cut(one_line(subject, LONGEST_NAME), LONGEST_NAME - len(end)) + end


def moved_of(record: Record, moving: Mapping[str, Moved]) -> dict[str, Any]:
    """What is written into a Case that moves; of its own fields those that are not named stay."""
    teams = moved_list(moving.get(TEAMS), [str(team["id"]) for team in record[TEAMS]]) if TEAMS in moving else None
    others = {name: move for name, move in moving.items() if name != TEAMS}
    values = moved(others, {**(record.get("custom_fields") or {}), PRIORITY: record[PRIORITY]})
    known = {PRIORITY: values.pop(PRIORITY, None), TEAMS: teams, "custom_fields": values}
    return {name: value for name, value in known.items() if value}


def is_id(text: str | None) -> bool:
    """Whether it is one of BottleCRM's."""
    with suppress(ValueError):
        return bool(UUID(text or ""))
    return False
