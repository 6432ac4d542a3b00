"""`rules/people.yml`: who is told by which channels, and when not."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chalicelib.channels import KINDS
from chalicelib.cli import company_file
from chalicelib.pipeline.people import People, Team
from chalicelib.rulebook.calendars import Calendar
from chalicelib.rulebook.notes import Notes, nearest
from chalicelib.rulebook.opening import calendar
from chalicelib.rulebook.source import Node
from chalicelib.rulebook.values import flag, plain_length, zone

NAME = "people.yml"
FORMAT = "people/1"
KEYS = ("format", "timezone", "channels", "teams")
TEAM = ("channels", "quiet hours", "only within", "urgent breaks through", "repeat every")
SECONDS = 60.0  # the clock's function looks each minute


@dataclass(frozen=True, slots=True)
class _Known:
    """What a team may name."""

    timezone: str
    channels: Mapping[str, str]
    calendars: Mapping[str, Calendar]


def load(path: Path, teams: Collection[str], calendars: Sequence[Calendar] = ()) -> People:
    """What the file says; nobody is told where there is none. Raises RulebookError with all its problems.

    `teams` are those that the rules name, `calendars` those that their files define.
    """
    named = {one.name: one for one in calendars}
    return company_file.read(path, lambda notes, node: _people(notes, node, teams, named), People())


def _people(notes: Notes, node: Node, teams: Collection[str], calendars: Mapping[str, Calendar]) -> People:
    keys = notes.block(node, "this file", KEYS, ("format",))
    notes.choice(keys.get("format"), "'format'", (FORMAT,))
    channels = _channels(notes, keys.get("channels"))
    known = _Known(zone(notes, keys.get("timezone")) or "UTC", channels, calendars)
    found: dict[str, Team] = {}
    for name, block in notes.entries(keys["teams"], "'teams'") if "teams" in keys else []:
        if name.value not in teams:
            notes.tell(name.line, f"'teams': no rule names '{name.value}'.{nearest(name.value, teams)}")
        found[name.value] = _team(notes, name.value, block, known)
    return People(channels, found)


def _channels(notes: Notes, node: Node | None) -> dict[str, str]:
    """The company's own names, each with its kind; addresses and keys are in the secret, under the same name."""
    found: dict[str, str] = {}
    for name, value in notes.entries(node, "'channels'") if node is not None else []:
        of_kind = notes.choice(value, f"the channel '{name.value}'", tuple(KINDS))
        found[name.value] = of_kind or ""
    return found


def _team(notes: Notes, name: str, node: Node, known: _Known) -> Team:
    keys = notes.block(node, f"the team '{name}'", TEAM, ("channels",))
    breaks_through = flag(notes, keys.get("urgent breaks through"), "'urgent breaks through'")
    if breaks_through is not None and not keys.keys() & {"quiet hours", "only within"}:
        notes.tell(keys["urgent breaks through"].line, f"the team '{name}' has no quiet hours to break through.")
    repeat = plain_length(notes, keys.get("repeat every"), "'repeat every'")
    if repeat is not None and repeat.total_seconds() < SECONDS:
        notes.tell(keys["repeat every"].line, "'repeat every' is at least 1 minute.")
    return Team(
        _named(notes, keys.get("channels"), known.channels),
        quiet=_quiet(notes, keys.get("quiet hours"), known.timezone),
        open=_open(notes, keys.get("only within"), known.calendars),
        urgent_waits=breaks_through is False,
        repeat=repeat,
    )


def _named(notes: Notes, node: Node | None, channels: Mapping[str, str]) -> tuple[str, ...]:
    names = notes.texts(node, "'channels'")
    for name in names:
        if node is not None and name not in channels:
            notes.tell(node.line, f"there is no channel '{name}' in this file.{nearest(name, channels)}")
    return tuple(dict.fromkeys(names))


def _quiet(notes: Notes, node: Node | None, timezone: str) -> Calendar | None:
    """When it is quiet: the hours, and the whole of a day on which nobody works, be it a holiday or `closed`."""
    if node is None:
        return None
    found = calendar(notes, "quiet hours", node, timezone)
    return replace(found, closed=(), whole=found.closed)


def _open(notes: Notes, node: Node | None, calendars: Mapping[str, Calendar]) -> Calendar | None:
    name = notes.text(node, "'only within'")
    if node is None or name is None:
        return None
    if name not in calendars:
        notes.tell(node.line, f"'only within': no rule file has the calendar '{name}'.{nearest(name, calendars)}")
    return calendars.get(name)
