"""What people do in a story, with the cases that its posts opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.model import Happened
from chalicelib.rulebook.notes import Notes, either
from chalicelib.rulebook.source import Node
from chalicelib.rulebook.story_keys import moment

DEEDS = {"answered": Happened.ANSWERED, "closed": Happened.CLOSED}


@dataclass(frozen=True, slots=True)
class Deed:
    """What people do in the CRM with the latest case that is `whose`: of who wrote, or of the rule that opened it."""

    at: datetime
    happened: Happened
    whose: str
    line: int


def deed(notes: Notes, node: Node, timezone: str) -> Deed | None:
    """One deed; None, and noted, where it cannot be read."""
    keys = notes.block(node, "what people do in a story", ("at", *DEEDS), ("at",))
    at = moment(notes, keys.get("at"), "'at'", timezone)
    done = {name: notes.text(keys[name], f"'{name}'") for name in DEEDS if name in keys}
    if len(done) != 1:
        notes.tell(node.line, f"a case is {either(DEEDS)}, one at a time.")
        return None
    ((name, whose),) = done.items()
    return Deed(at, DEEDS[name], whose, node.line) if at and whose else None
