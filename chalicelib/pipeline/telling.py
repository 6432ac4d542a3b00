"""What people are owed, told at once: once a channel, again until somebody takes it up, later when quiet."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from chalicelib.log import Log
from chalicelib.model import ASKS, CLOSES, ENDS, Acknowledgement, Matter, Notice, NoticeKind
from chalicelib.pipeline.circuit import Circuit
from chalicelib.pipeline.looking import Look
from chalicelib.pipeline.past import FOLLOWS, Past, past_of
from chalicelib.pipeline.people import People
from chalicelib.ports.alerting import Channel, Notices
from chalicelib.ports.clock import Clock
from chalicelib.ports.store import Store

ALL_CLEAR = "the all-clear"
PATIENCE = timedelta(seconds=50)  # what a channel did not take is handed out again each minute
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
        had = {telling.channel: telling for telling in self.notices.tellings(key)}
        past = self._begin(notice, is_new=not had)
        look = Look(self, notice, past, self.notices.silences(), self.clock())
        reached = self._reached(notice, past)
        if not reached:
            self.log.warning("notice.unheard", notice=key, teams=notice.teams)  # rules/people.yml names no channel
        done = [look.settle(channel, teams, had.get(channel)) for channel, teams in reached.items()]
        look.leave(telling for channel, telling in had.items() if channel not in reached)
        if all(done):
            self.notices.settle(key)
        return all(done)

    def keeps_open(self, channel: str) -> bool:
        """Whether what is told there opens an incident that stays open until it is closed."""
        from chalicelib import channels  # here: not every function that makes a desk tells

        return channels.keeps_open(self.people.channels.get(channel, ""))

    def send(self, channel: str, notice: Notice, times: int) -> None:
        """Tell one channel. Raises Refused, SettingsError, Unavailable; at once where it did not answer lately."""
        circuit = self.circuits.setdefault(channel, Circuit(self.clock, REST, of=f"the channel {channel}"))
        with circuit.call():
            self.channel(channel).tell(notice, times)

    def _begin(self, notice: Notice, is_new: bool) -> Past | None:
        """Note what it asks, or what it ends; what it goes on with, if that is what it does."""
        if notice.kind in ASKS and is_new:
            self.notices.introduce(notice)
        if notice.kind not in FOLLOWS:
            return None
        matter = self.notices.matter(notice.about)
        if notice.kind in CLOSES and is_new:
            self._close(notice, matter)
        return past_of(self.notices, self.people, notice, matter)

    def _close(self, notice: Notice, matter: Matter) -> None:
        if notice.kind in ENDS:
            self.notices.end(notice.about, notice.at)
        asked_at = max((one.at for one in matter.asked if one.at <= notice.at), default=notice.at)
        self.notices.acknowledge(Acknowledgement(notice.about, notice.by or ALL_CLEAR, notice.at), asked_at)

    def _reached(self, notice: Notice, past: Past | None) -> Mapping[str, Sequence[str]]:
        if notice.kind is NoticeKind.DIGEST and notice.about in self.people.channels:
            return {notice.about: notice.teams}
        reached = self.people.reached(notice.teams)
        if notice.kind is NoticeKind.DIGEST:  # its channel is gone; where incidents stay open, it would open one
            return {name: teams for name, teams in reached.items() if not self.keeps_open(name)}
        if past is not None and notice.kind in CLOSES:  # whoever was asked hears of it, be it a step's other team
            told = past.told_to().items()
            reached |= {name: teams for name, teams in told if name not in reached and (teams or self.keeps_open(name))}
        return reached


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
