"""Looks of a story: what has come about since the last one, in the few words there are for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from chalicelib.model import Priority
from chalicelib.rulebook.notes import Notes, either, nearest
from chalicelib.rulebook.source import Block, Items, Node, Text
from chalicelib.rulebook.story_keys import expected, moment

KEYS = ("at", "expect", "says")
ALERT, OVERDUE, STEP_DOWN, WITHDRAWN = "alert", "overdue", "step down", "withdrawn"
SAID = ("update", "all-clear", OVERDUE, "silence", ALERT, STEP_DOWN, WITHDRAWN)  # each of a rule
# What a story is silent about unless it tells of any: rules match, and cases come and go, in every story.
ONLY_IF_TOLD_OF = frozenset({ALERT, STEP_DOWN, WITHDRAWN})
LOOKS = "without a post, 'expect' is what came about meanwhile, like {}, or nothing".format(
    ", ".join(f"'{word} my-rule'" for word in SAID)
)
_OVERDUE = re.compile(r"overdue (?P<rule>\S+?)(?: for (?P<team>\S.*?))?(?: as (?P<priority>\S+))?")
_STEP_DOWN = re.compile(r"step down (?P<rule>\S+)(?: to (?P<priority>\S+))?")
_PLAIN = re.compile(rf"(?P<what>{'|'.join(word for word in SAID if word not in (OVERDUE, STEP_DOWN))}) (?P<rule>\S+)")


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that came about, like `overdue refund-public for care-leads`; or that a look expects, which may leave
    out for whom and how pressing."""

    what: str
    rule: str | None
    team: str | None = None
    priority: str | None = None

    @property
    def subject(self) -> str:
        """What a story must tell of, so that it is told of all of it."""
        return self.what

    def covers(self, found: Happening) -> bool:
        """Whether this, as a look says it, is what came about."""
        same = (self.what, self.rule) == (found.what, found.rule)
        said = ((self.team, found.team), (self.priority, found.priority))
        return same and all(mine in (None, theirs) for mine, theirs in said)

    def __str__(self) -> str:
        to = "to" if self.what == STEP_DOWN else "as"
        whose = f" for {self.team}" if self.team else ""
        return f"{self.what} {self.rule}{whose}" + (f" {to} {self.priority}" if self.priority else "")


@dataclass(frozen=True, slots=True)
class Look:
    """A time at which no post comes, and what has come about since the last look; `says` are words that it said."""

    at: datetime
    expected: tuple[Happening, ...]
    line: int
    says: tuple[str, ...] = ()


def is_look(node: Node) -> bool:
    """Whether a step of a story is one: nothing in it is of a post, or what it expects is more than rules' ids."""
    if not isinstance(node, Block):
        return False
    keys = {key.value: value for key, value in node.entries}
    said = keys.get("expect")
    words = said.items if isinstance(said, Items) else [said]
    return {"at", "expect"} <= keys.keys() <= set(KEYS) or any(
        isinstance(one, Text) and " " in one.value for one in words
    )


def look(notes: Notes, node: Node, timezone: str) -> Look | None:
    """One look; None, and noted, where it cannot be read."""
    keys = notes.block(node, "a look", KEYS, ("at", "expect"))
    at, words = moment(notes, keys.get("at"), "'at'", timezone), expected(notes, keys.get("expect"))
    says = _says(notes, keys.get("says"))
    if at is None or words is None:
        return None
    found = [_happening(notes, node.line, said) for said in words]
    if says and not words:
        notes.tell(node.line, "'says' is about what 'expect' names, and here it names nothing.")
        return None
    read = tuple(one for one in found if one is not None)
    return Look(at, read, node.line, says) if len(read) == len(found) else None


def _says(notes: Notes, node: Node | None) -> tuple[str, ...]:
    if node is None or isinstance(node, Items):
        return notes.texts(node, "'says'")
    text = notes.text(node, "'says'")
    return (text,) if text else ()


def _happening(notes: Notes, line: int, said: str) -> Happening | None:
    match = _PLAIN.fullmatch(said) or _OVERDUE.fullmatch(said) or _STEP_DOWN.fullmatch(said)
    if match is None:
        first = STEP_DOWN if said.startswith(f"{STEP_DOWN} ") else said.partition(" ")[0]
        meant = "" if first in SAID else nearest(first, SAID, listed=False)
        notes.tell(line, f"{LOOKS}; '{said}' is not.{meant}")
        return None
    parts = match.groupdict()
    what = parts.get("what") or (OVERDUE if match.re is _OVERDUE else STEP_DOWN)
    priority = parts.get("priority")
    if priority is not None and priority not in list(Priority):
        known = [each.value for each in Priority]
        meant = nearest(priority, known, listed=False)
        notes.tell(line, f"'{said}': a priority is {either(known)}; '{priority}' is not.{meant}")
        return None
    return Happening(what, parts["rule"], parts.get("team"), priority)
