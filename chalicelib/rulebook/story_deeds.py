"""What people do in a story: with the cases that its posts opened, with what they were told, and that they are not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.model import Happened
from chalicelib.model.notice import LONGEST_SILENCE
from chalicelib.rulebook.notes import Notes, either
from chalicelib.rulebook.source import Node
from chalicelib.rulebook.story_keys import moment
from chalicelib.rulebook.values import plain_length

IN_CRM = {"answered": Happened.ANSWERED, "closed": Happened.CLOSED, "taken": Happened.REASSIGNED}
ENDS_WAITING = ("answered", "closed")  # who takes a case has not replied yet
ACK = "ack"
DEEDS = (*IN_CRM, ACK)
SILENCE, FOR, UNTIL = "silence", "for", "until"
KEYS = ("at", *DEEDS, SILENCE, FOR, UNTIL)
_TEAM = "team "


@dataclass(frozen=True, slots=True)
class Deed:
    """What people do with the latest case or alert that is `whose`: of who wrote, or of the rule that opened it.

    `done` is one of `IN_CRM`, or `ACK`: taken up as by `earshot ack`.
    """

    at: datetime
    done: str
    whose: str
    line: int


@dataclass(frozen=True, slots=True)
class Silencing:
    """Until then nobody is told of a rule, or a team of nothing, as by `earshot silence`."""

    at: datetime
    until: datetime
    rule: str | None
    team: str | None
    line: int


def deed(notes: Notes, node: Node, timezone: str) -> Deed | Silencing | None:
    """One deed; None, and noted, where it cannot be read."""
    keys = notes.block(node, "what people do in a story", KEYS, ("at",))
    at = moment(notes, keys.get("at"), "'at'", timezone)
    done = [name for name in (*DEEDS, SILENCE) if name in keys]
    if done == [SILENCE]:
        return _silencing(notes, node, keys, at, timezone)
    if stray := keys.keys() & {FOR, UNTIL}:
        notes.tell(node.line, f"'{min(stray)}' is of a silence, and stands beside 'silence'.")
        return None
    if len(done) != 1:
        notes.tell(node.line, f"a case is {either(IN_CRM)}, or people 'ack' or 'silence' a rule; one at a time.")
        return None
    whose = notes.text(keys[done[0]], f"'{done[0]}'")
    return Deed(at, done[0], whose, node.line) if at and whose else None


def _silencing(notes: Notes, node: Node, keys: dict[str, Node], at: datetime | None, timezone: str) -> Silencing | None:
    if (FOR in keys) == (UNTIL in keys):
        notes.tell(node.line, "a silence has an end: either 'for', like 2 hours, or 'until', like \"14:00\".")
        return None
    until = moment(notes, keys.get(UNTIL), f"'{UNTIL}'", timezone)
    length = plain_length(notes, keys.get(FOR), f"'{FOR}'")
    if at is not None and length is not None:
        until = at + length
    what = notes.text(keys[SILENCE], f"'{SILENCE}'")
    if at is None or until is None or what is None:
        return None
    if not at < until <= at + LONGEST_SILENCE:
        notes.tell(node.line, f"a silence ends after it begins, and at most {LONGEST_SILENCE.days} days later.")
        return None
    if what.startswith(_TEAM):
        return Silencing(at, until, None, what.removeprefix(_TEAM).strip(), node.line)
    return Silencing(at, until, what, None, node.line)
