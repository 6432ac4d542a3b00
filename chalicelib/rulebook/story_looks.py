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
ALERT, OVERDUE, STEP_DOWN, WITHDRAWN, TOLD = "alert", "overdue", "step down", "withdrawn", "told"
SAID = ("update", "all-clear", OVERDUE, "silence", ALERT, STEP_DOWN, WITHDRAWN)  # each of a rule
# What a story is silent about unless it tells of any: rules match, and cases come and go, in every story.
ONLY_IF_TOLD_OF = frozenset({ALERT, STEP_DOWN, WITHDRAWN, TOLD})
DIGEST = "digest"
TOLD_AGAIN = (ALERT, OVERDUE, "silence")  # until somebody takes it up
TOLD_OF = (*TOLD_AGAIN, "update", "all-clear", "taken up", "settled")  # each of a rule
LOOKS = "without a post, 'expect' is what came about meanwhile, like {}, or nothing".format(
    ", ".join([*(f"'{word} my-rule'" for word in SAID), "'told my-team of alert my-rule'"])
)
_PEOPLE = "people are told like 'told my-team by my-channel again of alert my-rule' or 'told my-team of digest'"
_OVERDUE = re.compile(r"overdue (?P<rule>\S+?)(?: for (?P<team>\S.*?))?(?: as (?P<priority>\S+))?")
_STEP_DOWN = re.compile(r"step down (?P<rule>\S+)(?: to (?P<priority>\S+))?")
_TOLD = re.compile(
    rf"told (?P<team>\S.*?)(?: by (?P<channel>\S.*?))??(?P<again> again)? of "
    rf"(?:(?P<kind>{'|'.join(TOLD_OF)}) (?P<rule>\S+)|{DIGEST})"
)
_PLAIN = re.compile(rf"(?P<what>{'|'.join(word for word in SAID if word not in (OVERDUE, STEP_DOWN))}) (?P<rule>\S+)")


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that came about, like `overdue refund-public for care-leads`; or that a look expects, which may leave
    out for whom and how pressing, and by which channel.

    Where people were told, `of` is of which kind of news, and `again` whether that channel had heard it before.
    """

    what: str
    rule: str | None
    team: str | None = None
    priority: str | None = None
    of: str | None = None
    channel: str | None = None
    again: bool = False

    def covers(self, found: Happening) -> bool:
        """Whether this, as a look says it, is what came about."""
        mine, theirs = ((one.what, one.rule, one.of, one.again) for one in (self, found))
        said = ((self.team, found.team), (self.priority, found.priority), (self.channel, found.channel))
        return mine == theirs and all(one in (None, other) for one, other in said)

    def implies(self, found: Happening) -> bool:
        """Whether who says this has said that, too: whoever is told of something new, it has come about."""
        return not self.again and (self.what, self.of, self.rule) == (TOLD, found.what, found.rule)

    def __str__(self) -> str:
        if self.what == TOLD:
            return self._told()
        to = "to" if self.what == STEP_DOWN else "as"
        whose = f" for {self.team}" if self.team else ""
        return f"{self.what} {self.rule}{whose}" + (f" {to} {self.priority}" if self.priority else "")

    def _told(self) -> str:
        by = f" by {self.channel}" if self.channel and self.channel != self.team else ""
        again = " again" if self.again else ""
        return f"{self.what} {self.team}{by}{again} of {self.of}" + (f" {self.rule}" if self.rule else "")


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
    if said.startswith(f"{TOLD} "):
        return _telling(notes, line, said)
    match = _PLAIN.fullmatch(said) or _OVERDUE.fullmatch(said) or _STEP_DOWN.fullmatch(said)
    if match is None:
        first = STEP_DOWN if said.startswith(f"{STEP_DOWN} ") else said.partition(" ")[0]
        meant = "" if first in SAID else nearest(first, (*SAID, TOLD), listed=False)
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


def _telling(notes: Notes, line: int, said: str) -> Happening | None:
    match = _TOLD.fullmatch(said)
    if match is None:
        kinds = (*TOLD_OF, DIGEST)
        meant = nearest((said.rpartition(" of ")[2].split() or [""])[0], kinds, listed=False)
        notes.tell(line, f"{_PEOPLE}, of {either(kinds)}; '{said}' is not.{meant}")
        return None
    parts = match.groupdict()
    again = parts["again"] is not None
    if again and parts["kind"] not in TOLD_AGAIN:
        notes.tell(line, f"'{said}': told again is what asks for somebody: {either(TOLD_AGAIN)}.")
        return None
    return Happening(TOLD, parts["rule"], parts["team"], None, parts["kind"] or DIGEST, parts["channel"], again)
