"""The end of quiet hours: what still asks for somebody is told by itself, the rest of what waited as one digest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from chalicelib.model import ASKS, Notice, NoticeKind, Silence, Telling, TellingState, notice_key
from chalicelib.model.notice import unsilenced
from chalicelib.pipeline.taking_up import taken_up_by

if TYPE_CHECKING:
    from chalicelib.pipeline.telling import Desk


def end_quiet(desk: Desk) -> int:
    """See to what waits no longer; how many notices. Raises Unavailable.

    Every channel that holds something is looked at, whatever rules/people.yml says of it by now: it may be quiet no
    more, or not be there.
    """
    # Those that are quiet are looked at too: what was held before November 29, 2026 is not in the list.
    channels = {*desk.notices.holding(), *desk.people.quiet_channels()}
    return sum(_end(desk, channel) for channel in sorted(channels))


def _end(desk: Desk, channel: str) -> int:
    held = desk.notices.held(channel)
    morning = Morning(desk, channel, desk.notices.silences() if held else [], desk.clock())
    due = [notice for notice in held if not morning.waits(notice)]
    told = [notice for notice in due if not morning.lets_go(notice)]
    if told:
        desk.notices.gather(digest(channel, told, morning.zone(told), morning.now), channel, told)
    return len(due)


@dataclass(frozen=True, slots=True)
class Morning:
    """One channel with what it holds, now."""

    desk: Desk
    channel: str
    silences: Sequence[Silence]
    now: datetime

    def waits(self, notice: Notice) -> bool:
        """Whether all its teams here are quiet still."""
        teams = [self.desk.people.team(name) for name in self._teams(notice)]
        return bool(teams) and all(team.waits(notice, self.now) for team in teams)

    def lets_go(self, notice: Notice) -> bool:
        """See to it by itself; False where it belongs into the digest."""
        teams = self._teams(notice)
        if not teams and self._is_told_elsewhere(notice):
            self.desk.notices.hand_out(notice.key)
        elif teams and notice.kind in ASKS and not taken_up_by(self.desk.notices, self.desk.store, notice):
            # As if it were new, or silenced until that is over: `Desk.tell` sees to it, with its own key and repeats.
            self.desk.notices.hand_out(notice.key, self.channel)
            return True
        elif not self._is_silenced(notice, teams) and not self.desk.keeps_open(self.channel):
            return False
        # It has other channels, or a silence, or nobody who reads: a digest would be an incident of its own.
        self.desk.notices.mark(Telling(notice.key, self.channel, TellingState.SILENCED, self.now))
        return True

    def zone(self, told: Sequence[Notice]) -> str:
        """The time zone of who reads it, as far as rules/people.yml tells."""
        teams = (self.desk.people.team(name) for notice in told for name in self._teams(notice))
        known = (calendar.timezone for team in teams if (calendar := team.quiet or team.open))
        return next(known, "UTC")

    def _teams(self, notice: Notice) -> Sequence[str]:
        return self.desk.people.reached(notice.teams).get(self.channel, [])

    def _is_told_elsewhere(self, notice: Notice) -> bool:
        """Its teams were moved, or the channel is gone. Where they have none at all, it is told where it waited."""
        is_gone = self.channel not in self.desk.people.channels
        return is_gone or bool(self.desk.people.reached(notice.teams))

    def _is_silenced(self, notice: Notice, teams: Sequence[str]) -> bool:
        return bool(teams) and not unsilenced(notice, teams, self.silences, self.now)


def digest(channel: str, told: Sequence[Notice], timezone: str, now: datetime) -> Notice:
    """One notice of all of them, in their order, with their times as the clocks of that zone showed them."""
    teams = tuple(dict.fromkeys(team for notice in told for team in notice.teams))
    count = f"{len(told)} notices" if len(told) > 1 else "1 notice"
    at = ZoneInfo(timezone)
    lines = tuple(f"{one.at.astimezone(at):%a %H:%M %Z}  {one.kind.value}: {one.title}" for one in told)
    key = notice_key(NoticeKind.DIGEST, channel, *(notice.key for notice in told))
    return Notice(key, NoticeKind.DIGEST, channel, None, None, teams, None, count, lines, now)
