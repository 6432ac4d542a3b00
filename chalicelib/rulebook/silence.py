"""The block under `silence`: which platforms should speak, and how long they may be silent. Such a rule has no post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from chalicelib.model import Outcome
from chalicelib.rulebook.clock import duration
from chalicelib.rulebook.notes import Notes
from chalicelib.rulebook.rule import Then, Unheard
from chalicelib.rulebook.source import Node, Text
from chalicelib.rulebook.values import length
from chalicelib.rulebook.when import Placed

SILENCE = "silence"
KEYS = ("of", "for")
SHORTEST, LONGEST = timedelta(minutes=10), timedelta(days=30)  # when a platform was heard is known to the minute


def silence(notes: Notes, keys: Mapping[str, Node], placed: Sequence[Placed], then: Then | None) -> Unheard | None:
    """What the block says, or None with what is wrong with it, or with its rule, noted."""
    node = keys.get(SILENCE)
    if node is None:
        return None
    said = notes.block(node, "'silence'", KEYS, KEYS)
    of, lasts = _of(notes, said.get("of")), _for(notes, said.get("for"))
    calendar = _calendar(notes, placed)
    for key in ("repeats", "examples", "overrides"):
        if key in keys:
            notes.tell(keys[key].line, f"a rule with 'silence' has no post, and so no '{key}'. {_INSTEAD[key]}")
    if then is not None and then.outcome is not Outcome.ESCALATE:
        notes.tell(keys["then"].line, "a rule with 'silence' tells somebody: only 'escalate' does.")
    if calendar is not None and lasts is not None and duration(lasts).business:
        notes.tell(node.line, "count business hours, or those of a calendar, not both: say 'for' in plain hours.")
    return Unheard(of, lasts, calendar) if of and lasts else None


_INSTEAD = {
    "repeats": "'for' says how long.",
    "examples": "Show it by a story, with a look like 'silence my-rule'.",
    "overrides": "Nothing matches beside it.",
}


def _of(notes: Notes, node: Node | None) -> tuple[str, ...]:
    if isinstance(node, Text):
        name = notes.text(node, "'of'")
        return (name,) if name else ()
    return tuple(dict.fromkeys(notes.texts(node, "'of'")))


def _for(notes: Notes, node: Node | None) -> str | None:
    lasts = length(notes, node, "'for'")
    if node is None or lasts is None:
        return None
    if not SHORTEST <= duration(lasts).length <= LONGEST:
        notes.tell(node.line, f"'for' is 10 minutes to 30 days; '{lasts}' is not.")
        return None
    return lasts


def _calendar(notes: Notes, placed: Sequence[Placed]) -> str | None:
    """The calendar of the one line that such a rule may have."""
    found: list[str] = []
    for line in placed:
        asks = line.line.asks
        if asks.test != "is within" or line.line.block != "all" or found:
            told = "the only line that a rule with 'silence' can have is one 'time is within' under 'all'."
            notes.tell(line.at, told)
            return None
        found += asks.values
    return found[0] if found else None
