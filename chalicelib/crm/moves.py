"""What our own rules have changed of a case, as fields of its record in a CRM: from what, and to what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.crm.mapping import FieldMapping
from chalicelib.model import Case, Entry

Word = Callable[[Case], str | None]  # what the CRM calls something of a case; None where it has no word for it
SHIFTING = ("team", "priority")  # of what `fields` may ask for


@dataclass(frozen=True, slots=True)
class Moved:
    """A field's value, and those that it had by our doing; None among these: one of the CRM's own, unknown to us."""

    now: str
    were: frozenset[str | None]

    def takes(self, shown: str) -> bool:
        """Whether it is to be written: what it never was by our doing people have chosen, and it stays."""
        return shown != self.now and (None in self.were or shown in self.were)


def moves(
    case: Case, entry: Entry, team: tuple[str, Word], priority: tuple[str, Word], mapping: FieldMapping
) -> dict[str, Moved]:
    """What moves with an entry, by the names of the record's fields; `team` and `priority` are two of them.

    Where the CRM says by the back channel that people have given the case to others, it moves only between teams whose
    counterparts are known: there the field itself tells.
    """
    found = {name: _moved(word, case, entry) for name, word in (team, priority)}
    if case.assigned_to and (to := found[team[0]]):
        found[team[0]] = replace(to, were=to.were - {None})
    own = (name for name, ours in mapping.fields.items() if ours in SHIFTING and name not in found)
    found |= {name: _moved(_own(name, entry, mapping), case, entry) for name in tuple(own)}
    return {name: move for name, move in found.items() if move is not None}


def moved(moving: Mapping[str, Moved], shown: Mapping[str, Any]) -> dict[str, str]:
    """Those of the fields that are to be written, given what the record shows in them."""
    return {name: move.now for name, move in moving.items() if move.takes(_text(shown.get(name)))}


def moved_list(move: Moved | None, there: Sequence[str]) -> list[str] | None:
    """What is written where a record has several teams: ours makes room, the others stay; None: all stay."""
    if move is None or move.now in there:
        return None
    had = [team for team in there if team in move.were]
    if not had and None not in move.were:
        return None  # people have taken it away
    return [move.now, *(team for team in there if team not in had)]


def _moved(word: Word, case: Case, entry: Entry) -> Moved | None:
    now = word(case)
    were = frozenset(word(past) for past in _past(case, entry)) - {now}
    return Moved(now, were) if now is not None and were else None


def _past(case: Case, entry: Entry) -> Iterator[Case]:
    """The case as it was before each shift, and after it."""
    for shift in entry.shifts:
        if shift.team != shift.was_team:
            yield replace(case, team=shift.was_team)
            yield replace(case, team=shift.team)
        if shift.priority != shift.was_priority:
            yield replace(case, priority=shift.was_priority)
            yield replace(case, priority=shift.priority)


def _own(name: str, entry: Entry, mapping: FieldMapping) -> Word:
    """A field of the company's own; one that had no value was left empty."""
    return lambda case: mapping.custom(case, entry).get(name, "")


def _text(value: Any) -> str:
    return "" if value is None or value is False else str(value)
