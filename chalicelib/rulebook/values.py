"""What stands after a colon, read as the field expects it: numbers, yes and no, durations, dates."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from math import inf, isfinite
from zoneinfo import ZoneInfo, available_timezones

from chalicelib.rulebook.calendars import FIRST, LAST
from chalicelib.rulebook.clock import EXPECTED, duration
from chalicelib.rulebook.notes import Notes, nearest
from chalicelib.rulebook.source import Node

_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
_DAY = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:")
PLAIN = "a duration in words, like '15 minutes', '2 hours' or '14 days'"
_FLAGS = {"yes": True, "no": False}


def number(notes: Notes, node: Node | None, what: str, bounds: tuple[float, float] | None = None) -> float | None:
    """A number in digits; within the bounds, where there are any."""
    word = notes.text(node, what)
    if node is None or word is None:
        return None
    if not _NUMBER.fullmatch(word):
        notes.tell(node.line, f"{what} is a number in digits, like 3 or 2.5; '{word}' is not.")
        return None
    if bounds and not bounds[0] <= float(word) <= bounds[1]:
        notes.tell(node.line, f"{what} is a number {_within(*bounds)}; {word} is not.")
        return None
    return float(word)


def _within(least: float, most: float) -> str:
    return f"from {least:g} to {most:g}" if isfinite(most) else f"of at least {least:g}"


def whole(notes: Notes, node: Node | None, what: str) -> int | None:
    """A count."""
    amount = number(notes, node, what, (0, inf))
    return None if amount is None else int(amount)


def moment(notes: Notes, node: Node | None, what: str) -> datetime | None:
    """An instant in ISO 8601; without a zone where none is written."""
    word = notes.text(node, what)
    if node is None or word is None:
        return None
    try:
        read = datetime.fromisoformat(word)
        if _MOMENT.match(word) and FIRST < read.replace(tzinfo=UTC) < LAST:
            return read
    except ValueError:
        pass  # told below, as is a date that does not exist
    notes.tell(node.line, f'{what} is a time, like "2026-11-20 16:30" or "2026-11-20T05:30:00Z"; \'{word}\' is not.')
    return None


def flag(notes: Notes, node: Node | None, what: str) -> bool | None:
    """Yes or no; nothing else, for `on` and `true` read badly aloud."""
    word = notes.choice(node, what, tuple(_FLAGS))
    return None if word is None else _FLAGS[word]


def length(notes: Notes, node: Node | None, what: str, expected: str = EXPECTED) -> str | None:
    """A duration in words, checked and kept as words."""
    word = notes.text(node, what)
    if node is None or word is None:
        return None
    try:
        duration(word)
    except ValueError as error:
        said = str(error).replace(EXPECTED, expected)
        notes.tell(node.line, f"{what}: {said}; '{word}' is not.")
        return None
    return " ".join(word.split())


def plain_length(notes: Notes, node: Node | None, what: str) -> timedelta | None:
    """A duration that no calendar changes."""
    words = length(notes, node, what, PLAIN)
    if node is None or words is None:
        return None
    read = duration(words)
    if read.business:
        notes.tell(node.line, f"{what} does not know business hours; expected {PLAIN}.")
        return None
    return read.length


def zone(notes: Notes, node: Node | None) -> str | None:
    """The name of a time zone."""
    name = notes.text(node, "'timezone'")
    if node is None or name is None:
        return None
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, KeyError):  # KeyError: ZoneInfoNotFoundError; the others: names that are paths
        hint = nearest(name, available_timezones(), listed=False) or " It reads like Australia/Sydney."
        notes.tell(node.line, f"I don't know the time zone '{name}'.{hint}")
        return None


def day(notes: Notes, node: Node | None, what: str) -> str | None:
    """A date of this century, kept as ISO 8601."""
    word = notes.text(node, what)
    if node is None or word is None:
        return None
    try:
        if _DAY.fullmatch(word):
            return date.fromisoformat(word).isoformat()
    except ValueError:
        pass  # told below: the 30th of February has the form of a date, too
    notes.tell(node.line, f"{what} is a date that exists, like \"2027-02-01\"; '{word}' is not.")
    return None
