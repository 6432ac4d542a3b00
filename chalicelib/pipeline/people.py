"""Who is told by which channels, and when not: what `rules/people.yml` says, as it was shipped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from chalicelib.codec import from_json
from chalicelib.model import Notice, Priority
from chalicelib.rulebook.calendars import Calendar, is_within

SHIPPED = Path(__file__).with_name("people.json")


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
    """What `earshot bundle` wrote."""
    return from_json(People, json.loads(path.read_text(encoding="utf-8")), "people")
