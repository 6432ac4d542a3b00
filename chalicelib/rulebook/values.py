"""What stands after a colon, read as the field expects it: numbers, yes and no, durations, dates."""

from __future__ import annotations

import re
from datetime import date, timedelta

from chalicelib.rulebook.clock import EXPECTED, duration
from chalicelib.rulebook.notes import Notes
from chalicelib.rulebook.source import Node

_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
_DAY = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
_FLAGS = {"yes": True, "no": False}


def number(notes: Notes, node: Node | None, what: str) -> float | None:
    """A number in digits."""
    word = notes.text(node, what)
    if node is None or word is None:
        return None
    if not _NUMBER.fullmatch(word):
        notes.tell(node.line, f"{what} is a number in digits, like 3 or 2.5; '{word}' is not.")
        return None
    return float(word)


def flag(notes: Notes, node: Node | None, what: str) -> bool | None:
    """Yes or no; nothing else, for `on` and `true` read badly aloud."""
    word = notes.choice(node, what, tuple(_FLAGS))
    return None if word is None else _FLAGS[word]


def length(notes: Notes, node: Node | None, what: str) -> str | None:
    """A duration in words, checked and kept as words."""
    word = notes.text(node, what)
    if node is None or word is None:
        return None
    try:
        duration(word)
    except ValueError as error:
        notes.tell(node.line, f"{what}: {error}; '{word}' is not.")
        return None
    return " ".join(word.split())


def plain_length(notes: Notes, node: Node | None, what: str) -> timedelta | None:
    """A duration that no calendar changes."""
    words = length(notes, node, what)
    if node is None or words is None:
        return None
    read = duration(words)
    if read.business:
        notes.tell(node.line, f"{what} does not know business hours; expected {EXPECTED.partition(' or ')[0]}.")
        return None
    return read.length


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
