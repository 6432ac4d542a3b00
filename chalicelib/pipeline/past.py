"""What a notice goes on with: what was asked about the same before, and what each channel has of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.model import CLOSES, Matter, Notice, NoticeKind, Telling, TellingState
from chalicelib.pipeline.people import People
from chalicelib.ports.alerting import Notices

FOLLOWS = CLOSES | {NoticeKind.UPDATE}


@dataclass(frozen=True, slots=True)
class Past:
    """What people were asked before a notice that goes on with it, and each channel's part, in order.

    `is_ended`: nothing was asked since it ended; `is_overtaken`: it ended after the notice was written.
    """

    notices: Notices
    people: People
    asked: Sequence[Notice]
    tellings: Mapping[str, Sequence[Telling]]
    is_ended: bool
    is_overtaken: bool = False

    def was_told(self, channel: str) -> bool:
        """Whether the channel knows of any of it."""
        return any(telling.was_told for telling in self._of(channel))

    def state(self, channel: str) -> TellingState | None:
        """What became of it there, and of several what weighs most: told, then held, then silenced; None where it was
        refused, forgotten or is not known there."""
        if self.was_told(channel):
            return TellingState.TOLD
        states = {telling.state for telling in self._of(channel)}
        return next((state for state in (TellingState.HELD, TellingState.SILENCED) if state in states), None)

    def is_owed(self, channel: str) -> bool:
        """Whether any of it is to be told there and was not yet. What was refused for good or is forgotten is owed no
        more: nobody would wait for an end of that."""
        had = {telling.key for telling in self._of(channel)}
        missing = (notice for notice in self.asked if notice.key not in had)
        return any(channel in self.people.reached(one.teams) and self.notices.is_owed(one.key) for one in missing)

    def told_to(self) -> dict[str, list[str]]:
        """The channels that know of it, each with the teams that it reaches there now."""
        found: dict[str, list[str]] = {}
        for notice in self.asked:
            reached = self.people.reached(notice.teams)
            told = (name for name in self.tellings if self._knows(name, notice) and name in self.people.channels)
            for name in told:
                found.setdefault(name, []).extend(reached.get(name, []))
        return {name: list(dict.fromkeys(teams)) for name, teams in found.items()}

    def _knows(self, channel: str, notice: Notice) -> bool:
        return any(telling.key == notice.key and telling.was_told for telling in self._of(channel))

    def _of(self, channel: str) -> Sequence[Telling]:
        return self.tellings.get(channel, ())


def past_of(notices: Notices, people: People, notice: Notice, matter: Matter) -> Past:
    """What was asked until then: one query for each. Raises Unavailable."""
    asked = [one for one in matter.asked if one.at <= notice.at]
    tellings: dict[str, list[Telling]] = {}
    for one in asked:
        for telling in notices.tellings(one.key):
            tellings.setdefault(telling.channel, []).append(telling)
    is_overtaken = matter.ended_at is not None and notice.at <= matter.ended_at
    return Past(notices, people, asked, tellings, matter.is_ended, is_overtaken)
