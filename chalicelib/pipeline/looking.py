"""One look at one notice: what is to be done with it in each channel now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.errors import Refused, SettingsError, Unavailable
from chalicelib.model import ASKS, CLOSES, Notice, NoticeKind, Silence, Telling, TellingState
from chalicelib.model.notice import CRM, unsilenced
from chalicelib.pipeline.past import Past
from chalicelib.pipeline.taking_up import acknowledge, taken_up_by

if TYPE_CHECKING:
    from chalicelib.pipeline.telling import Desk

REPEATS_FOR = timedelta(days=1)
GLANCE = timedelta(minutes=5)  # from one look at a silence to the next


@dataclass(frozen=True, slots=True)
class Look:
    """One notice, now. `past`: what it goes on with; None where it begins something."""

    desk: Desk
    notice: Notice
    past: Past | None
    silences: Sequence[Silence]
    now: datetime

    def settle(self, channel: str, teams: Sequence[str], had: Telling | None) -> bool:
        """See to one channel; whether nothing is left to do there now."""
        if had is None:
            return self._follow(channel, teams, self.past) if self.past else self._first(channel, teams)
        if had.state is TellingState.HELD:
            return self._held(channel, teams, had)
        if had.again_at is None or had.again_at > self.now:
            return True
        return self._again(channel, teams, had)

    def leave(self, tellings: Iterable[Telling]) -> None:
        """Repeat none of these: their channels do not reach its teams any more."""
        for telling in tellings:
            if telling.again_at is not None:
                self.desk.notices.mark(replace(telling, again_at=None))

    def _follow(self, channel: str, teams: Sequence[str], past: Past) -> bool:
        """News of what was asked before: told where that was told, and after it."""
        if past.is_owed(channel):
            return False
        if self.desk.keeps_open(channel):
            return self._follow_incident(channel, teams, past)
        state = past.state(channel)
        if state is TellingState.HELD:  # the digest has both
            return self._mark(channel, TellingState.HELD)
        if state is TellingState.SILENCED and self.notice.kind in CLOSES:  # nobody heard of it there
            return self._mark(channel, TellingState.SILENCED)
        if self.notice.kind is NoticeKind.UPDATE and past.is_overtaken:  # it was late here, and the end tells more
            return self._mark(channel, TellingState.SILENCED)
        # What was refused there or is forgotten is ended all the same: its end is readable without it.
        return self._first(channel, teams)

    def _follow_incident(self, channel: str, teams: Sequence[str], past: Past) -> bool:
        """Where an incident stays open until it is closed: its end is no noise, so nothing keeps it waiting.

        What was refused there or silenced opened none. Of what is forgotten nobody knows: closing what is not open does
        no harm.
        """
        if self.notice.kind in CLOSES:
            is_open = past.was_told(channel) or not past.asked
            return self._tell(channel, teams, 1) if is_open else self._mark(channel, TellingState.SILENCED)
        if past.is_ended:  # it would open an incident that nothing closes
            return self._mark(channel, TellingState.SILENCED)
        if past.state(channel) is TellingState.HELD:
            return self._mark(channel, TellingState.HELD)
        if not self._first(channel, teams):
            return False
        return self._known_by_its_news(channel, past)

    def _known_by_its_news(self, channel: str, past: Past) -> bool:
        """An update opens the incident where the alert was silenced: that counts as told there, so that it ends."""
        has = next((one for one in self.desk.notices.tellings(self.notice.key) if one.channel == channel), None)
        if past.asked and not past.was_told(channel) and has is not None and has.was_told:
            key = past.asked[-1].key
            self.desk.notices.mark(Telling(key, channel, TellingState.TOLD, self.now, times=1))
        return True

    def _held(self, channel: str, teams: Sequence[str], had: Telling) -> bool:
        """Told by itself once quiet hours are over, unless it was taken up or ended: that, the digest has."""
        if self.notice.kind in ASKS and not self._is_taken_up():
            return self._first(channel, teams, had.at)
        self.desk.notices.mark(had)  # should it have been handed out, it waits on
        return True

    def _first(self, channel: str, teams: Sequence[str], since: datetime | None = None) -> bool:
        if self.notice.kind is NoticeKind.DIGEST:
            return self._tell(channel, teams, 1)
        heard = self._hearing(teams)
        if not heard:
            return self._silence(channel, teams)
        if all(self.desk.people.team(name).waits(self.notice, self.now) for name in heard):
            self.desk.notices.mark(Telling(self.notice.key, channel, TellingState.HELD, since or self.now))
            return True
        return self._tell(channel, heard, 1)

    def _silence(self, channel: str, teams: Sequence[str]) -> bool:
        """Kept from it; what asks for somebody is looked at again, as a silence may be ended before its time."""
        over = [one.until for one in self.silences if any(one.covers(self.notice, name, self.now) for name in teams)]
        again = min([*over, self.now + GLANCE])
        is_asked = self.notice.kind in ASKS and again - self.notice.at <= REPEATS_FOR
        silenced = Telling(self.notice.key, channel, TellingState.SILENCED, self.now)
        self.desk.notices.mark(replace(silenced, again_at=again if is_asked else None))
        return True

    def _again(self, channel: str, teams: Sequence[str], had: Telling) -> bool:
        if self._is_taken_up() or self.now - self.notice.at > REPEATS_FOR:
            self.desk.notices.mark(replace(had, again_at=None))
            return True
        if had.state is TellingState.SILENCED:
            return self._first(channel, teams)
        heard = self._hearing(teams)
        if all(self.desk.people.team(name).waits(self.notice, self.now) for name in heard):
            self.desk.notices.mark(replace(had, again_at=self._again_at(teams)))
            return True
        return self._tell(channel, heard, had.times + 1)

    def _mark(self, channel: str, state: TellingState) -> bool:
        self.desk.notices.mark(Telling(self.notice.key, channel, state, self.now))
        return True

    def _tell(self, channel: str, teams: Sequence[str], times: int) -> bool:
        told = Telling(self.notice.key, channel, TellingState.TOLD, self.now, times, self._again_at(teams))
        try:
            self.desk.send(channel, self.notice, times)
        except Refused as refusal:
            told = replace(told, state=TellingState.REFUSED, again_at=None, words=str(refusal))
            # Its words stand in the table only.
            self.desk.log.error("notice.untold", notice=self.notice.key, channel=channel, why="refused for good")
        except SettingsError as trouble:
            self.desk.log.error("notice.untold", notice=self.notice.key, channel=channel, why=str(trouble))
            return False
        except Unavailable as trouble:
            self.desk.log.warning("notice.waits", notice=self.notice.key, channel=channel, why=str(trouble))
            return False
        self.desk.notices.mark(told)
        return True

    def _hearing(self, teams: Sequence[str]) -> list[str]:
        """Those that no silence keeps it from."""
        return unsilenced(self.notice, teams, self.silences, self.now)

    def _again_at(self, teams: Sequence[str]) -> datetime | None:
        lengths = [length for name in teams if (length := self.desk.people.team(name).repeat)]
        return self.now + min(lengths) if lengths and self.notice.kind in ASKS else None

    def _is_taken_up(self) -> bool:
        who = taken_up_by(self.desk.notices, self.desk.store, self.notice)
        if who == CRM:
            acknowledge(self.desk.notices, self.notice, CRM, self.now)
        return who is not None
