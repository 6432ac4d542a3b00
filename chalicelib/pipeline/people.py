"""Who is told by which channels, and when not: what `rules/people.yml` says, as it was published or shipped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from chalicelib.codec import from_json
from chalicelib.model import Notice, Priority
from chalicelib.ports.clock import Clock
from chalicelib.ports.deciding import Rulebooks
from chalicelib.rulebook.bundle import SHIPPED, people_of
from chalicelib.rulebook.calendars import Calendar, is_within

AGE = timedelta(seconds=15)  # as of the rules: a change is everywhere within 30 seconds


@dataclass(frozen=True, slots=True)
class Team:
    """How one team is told. It is quiet within `quiet`, and outside `open`; each None: never for that reason.

    What is urgent breaks through unless `urgent_waits`. What asks for somebody is told again every `repeat` until
    somebody has taken it up; None: once.
    """

    channels: tuple[str, ...]
    quiet: Calendar | None = None
    open: Calendar | None = None
    urgent_waits: bool = False
    repeat: timedelta | None = None

    def is_quiet(self, at: datetime) -> bool:
        """Whether it wants to be left alone now."""
        if self.quiet is not None and is_within(self.quiet, at):
            return True
        return self.open is not None and not is_within(self.open, at)

    def waits(self, notice: Notice, at: datetime) -> bool:
        """Whether the notice must wait for the end of quiet hours."""
        breaks_through = notice.priority is Priority.URGENT and not self.urgent_waits
        return not breaks_through and self.is_quiet(at)


@dataclass(frozen=True, slots=True)
class People:
    """The company's channels by name, with their kinds, and its teams. `everybody`: the channel of whoever has none."""

    channels: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    everybody: str | None = None

    def team(self, name: str) -> Team:
        """How it is told; a team that the file does not name is not."""
        others = (self.everybody,) if self.everybody else ()
        return self.teams.get(name) or Team(others)

    def reached(self, teams: tuple[str, ...]) -> dict[str, list[str]]:
        """The channels by which these teams are told, each with the teams that it reaches."""
        found: dict[str, list[str]] = {}
        for name in teams:
            for channel in self.team(name).channels:
                found.setdefault(channel, []).append(name)
        return found

    def quiet_channels(self) -> list[str]:
        """Those in which something may wait for the end of quiet hours."""
        quiet = (team for team in self.teams.values() if team.quiet or team.open)
        return sorted({channel for team in quiet for channel in team.channels})


def shipped(path: Path = SHIPPED) -> People:
    """Those of the bundle that the functions ship with; nobody where there is none."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return People()
    return _people(text) or People()


def _people(text: str) -> People | None:
    found = people_of(text)
    return from_json(People, found, "people") if found is not None else None


class CurrentPeople:
    """Called, it answers with those of the live version; it looks for another after 15 s, and reads each once."""

    def __init__(self, rulebooks: Rulebooks, clock: Clock) -> None:
        self._rulebooks = rulebooks
        self._clock = clock
        self._looked: datetime | None = None
        self._known: tuple[str | None, People] | None = None

    def __call__(self) -> People:
        """Raises Unavailable, NotFound."""
        now = self._clock()
        if self._known is None or self._looked is None or now - self._looked > AGE:
            live = self._rulebooks.pointer().live
            if self._known is None or self._known[0] != live:
                # A version that was published before people were part of it says nothing of them.
                self._known = live, (_people(self._rulebooks.text(live)) if live else None) or shipped()
            self._looked = now
        return self._known[1]
