"""What every step of a story may say: when it is, and what is expected of it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.rulebook.notes import Notes
from chalicelib.rulebook.source import Block, Items, Node

NOTHING = "nothing"
FIRST_DAY = date(2026, 2, 9)  # a Monday, a holiday nowhere
EXPECTED = 'a time like "09:00", "+2 days 09:00" or "2026-02-09 09:00"'
_CLOCK = re.compile(r"(?:\+([0-9]{1,4}) days? )?([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")
_DATED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:.+")


def moment(notes: Notes, node: Node | None, what: str, timezone: str) -> datetime | None:
    """A time of a story's days, in UTC; noted where it is none."""
    words = notes.text(node, what)
    if node is None or words is None:
        return None
    zone = ZoneInfo(timezone)
    if match := _CLOCK.fullmatch(words):
        days, hour, minute, second = (int(part or 0) for part in match.groups())
        local = datetime.combine(FIRST_DAY + timedelta(days=days), time(hour, minute, second), zone)
        return local.astimezone(UTC)
    try:
        if _DATED.fullmatch(words):
            read = datetime.fromisoformat(words)
            return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)
    except ValueError:
        pass  # told below: 2026-02-30 has the form of a date, too
    notes.tell(node.line, f"{what} is {EXPECTED}; '{words}' is not.")
    return None


def expected(notes: Notes, node: Node | None) -> tuple[str, ...] | None:
    """What 'expect' says, nothing as an empty one; None, and noted, where it cannot be read."""
    if isinstance(node, Items):
        return notes.texts(node, "'expect'")
    if isinstance(node, Block):
        notes.tell(node.line, "'expect' is a rule's id, nothing, or a list of ids like [one, two].")
        return None
    name = notes.text(node, "'expect'")
    return None if name is None else () if name == NOTHING else (name,)
