"""What people are owed, told at once: once a channel, again until somebody takes it up, later when quiet."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chalicelib.errors import Refused, SettingsError, Unavailable
from chalicelib.log import Log
from chalicelib.model import Case, CaseStatus, Notice, NoticeKind, Silence, Telling, TellingState, notice_key
from chalicelib.pipeline.circuit import Circuit
from chalicelib.pipeline.people import People
from chalicelib.ports.alerting import Channel, Notices
from chalicelib.ports.clock import Clock
from chalicelib.ports.store import Store

ASKS = frozenset({NoticeKind.ALERT, NoticeKind.OVERDUE, NoticeKind.SILENCE})  # for somebody who takes it up
REPEATS_FOR = timedelta(days=1)
ALL_CLEAR = "the all-clear"
CRM = "somebody in the CRM"
REST = timedelta(seconds=30)  # of a channel that did not answer three times
PAUSES = (1.0, 3.0)  # seconds: a blip is over by then; for longer the minute's round hands it out again


@dataclass(frozen=True, slots=True)
class Desk:
    """What tells people. `channel` makes the company's channel of that name. Raises SettingsError."""

    notices: Notices
    people: People
    channel: Callable[[str], Channel]
    store: Store
    clock: Clock
    log: Log
    circuits: dict[str, Circuit] = field(default_factory=dict)

    def tell(self, key: str) -> bool:
        """Tell this notice wherever it is due; whether all that is due is told. Raises Unavailable: the table's.

        A channel that does not answer keeps no other from being told. Called twice, it tells nothing twice, unless it
        was cut off between a channel's answer and our note of it: then channels that know no key hear it again.
        """
        notice = self.notices.find(key)
        if notice is None:  # forgotten
            return True
        self._begin(notice)
        round_ = _Round(self, notice, self.notices.silences(), self.clock())
        told = {telling.channel: telling for telling in self.notices.tellings(key)}
        reached = self._reached(notice)
        if not reached:
            self.log.warning("notice.unheard", notice=key, teams=notice.teams)  # rules/people.yml names no channel
        done = [round_.settle(channel, teams, told.get(channel)) for channel, teams in reached.items()]
        if all(done):
            self.notices.settle(key)
        return all(done)

    def send(self, channel: str, notice: Notice, times: int) -> None:
        """Tell one channel. Raises Refused, SettingsError, Unavailable; at once where it did not answer lately."""
        circuit = self.circuits.setdefault(channel, Circuit(self.clock, REST))
        with circuit.call():
            self.channel(channel).tell(notice, times)

    def _begin(self, notice: Notice) -> None:
        if notice.kind in ASKS:
            self.notices.introduce(notice)
        if notice.kind is NoticeKind.ALL_CLEAR:
            self.notices.acknowledge(notice.about, ALL_CLEAR)

    def _reached(self, notice: Notice) -> Mapping[str, Sequence[str]]:
        if notice.kind is NoticeKind.DIGEST:
            return {notice.about: notice.teams}
        return self.people.reached(notice.teams)


@dataclass(frozen=True, slots=True)
class _Round:
    """One look at one notice."""

    desk: Desk
    notice: Notice
    silences: Sequence[Silence]
    now: datetime

    def settle(self, channel: str, teams: Sequence[str], had: Telling | None) -> bool:
        """See to one channel; whether nothing is left to do there now."""
        if had is None:
            return self._first(channel, teams)
        if had.again_at is None or had.again_at > self.now:
            return True
        return self._again(channel, teams, had)

    def _first(self, channel: str, teams: Sequence[str]) -> bool:
        heard = [name for name in teams if not any(one.covers(self.notice, name, self.now) for one in self.silences)]
        is_digest = self.notice.kind is NoticeKind.DIGEST
        if not heard and not is_digest:
            self.desk.notices.mark(Telling(self.notice.key, channel, TellingState.SILENCED, self.now))
            return True
        if not is_digest and all(self.desk.people.team(name).waits(self.notice, self.now) for name in heard):
            self.desk.notices.mark(Telling(self.notice.key, channel, TellingState.HELD, self.now))
            return True
        return self._tell(channel, heard, 1)

    def _again(self, channel: str, teams: Sequence[str], had: Telling) -> bool:
        if self._is_taken_up() or self.now - self.notice.at > REPEATS_FOR:
            self.desk.notices.mark(replace(had, again_at=None))
            return True
        heard = [name for name in teams if not any(one.covers(self.notice, name, self.now) for one in self.silences)]
        if all(self.desk.people.team(name).waits(self.notice, self.now) for name in heard):
            self.desk.notices.mark(replace(had, again_at=self._again_at(teams)))
            return True
        return self._tell(channel, heard, had.times + 1)

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

    def _again_at(self, teams: Sequence[str]) -> datetime | None:
        lengths = [length for name in teams if (length := self.desk.people.team(name).repeat)]
        return self.now + min(lengths) if lengths and self.notice.kind in ASKS else None

    def _is_taken_up(self) -> bool:
        if self.desk.notices.acknowledged(self.notice.about):
            return True
        case = self.desk.store.case(self.notice.case_id) if self.notice.case_id else None
        if case is None or not is_taken_up(case, self.notice.at):
            return False
        acknowledge(self.desk.notices, self.notice, CRM, self.now)
        return True


def is_taken_up(case: Case, since: datetime) -> bool:
    """Whether somebody has answered, closed or taken the case in the CRM since then."""
    answered = case.answered_at is not None and case.answered_at >= since
    return answered or case.status is not CaseStatus.OPEN or case.assigned_to is not None


def acknowledge(notices: Notices, first: Notice, who: str, now: datetime) -> bool:
    """Note that somebody has taken up what this notice is about, and tell whoever was told; False: somebody had."""
    if notices.acknowledged(first.about):
        return False
    notices.owe(
        replace(
            first,
            key=notice_key(NoticeKind.ACKNOWLEDGED, first.about),
            kind=NoticeKind.ACKNOWLEDGED,
            title=f"{first.title} (by {who})",
            lines=(),
            at=now,
        )
    )
    return notices.acknowledge(first.about, who)


def tell_patiently(
    desk: Desk, keys: Sequence[str], left: Callable[[], float], pause: Callable[[float], None] = time.sleep
) -> int:
    """Tell all of these; how many wait for a channel that does not answer. Raises Unavailable: the table's.

    Those that wait are tried again after a second and after three more, while `left()` seconds allow it; then the
    minute's round hands them out. Nothing else waits for them.
    """
    waiting = _waiting(desk, list(dict.fromkeys(keys)), left)
    for seconds in PAUSES:
        if not waiting or left() < seconds:
            break
        pause(seconds)
        waiting = _waiting(desk, waiting, left)
    return len(waiting)


def _waiting(desk: Desk, keys: Sequence[str], left: Callable[[], float]) -> list[str]:
    return [key for key in keys if left() < 0 or not desk.tell(key)]


def end_quiet(desk: Desk) -> int:
    """Tell what waited for the end of quiet hours, one digest a channel; how many notices. Raises Unavailable."""
    return sum(_gather(desk, channel) for channel in desk.people.quiet_channels())


def _gather(desk: Desk, channel: str) -> int:
    now = desk.clock()
    held = [notice for notice in desk.notices.held(channel) if not _still_waits(desk.people, notice, channel, now)]
    if not held or not desk.notices.gather(_digest(channel, held, now), channel, held):
        return 0
    return len(held)


def _still_waits(people: People, notice: Notice, channel: str, now: datetime) -> bool:
    teams = [people.team(name) for name in people.reached(notice.teams).get(channel, [])]
    return bool(teams) and all(team.waits(notice, now) for team in teams)


def _digest(channel: str, held: Sequence[Notice], now: datetime) -> Notice:
    teams = tuple(dict.fromkeys(team for notice in held for team in notice.teams))
    count = f"{len(held)} notices" if len(held) > 1 else "1 notice"
    told = tuple(f"{notice.at:%a %H:%M} UTC  {notice.kind.value}: {notice.title}" for notice in held)
    key = notice_key(NoticeKind.DIGEST, channel, *(notice.key for notice in held))
    return Notice(key, NoticeKind.DIGEST, channel, None, None, teams, None, count, told, now)
