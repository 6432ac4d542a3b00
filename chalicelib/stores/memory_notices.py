"""What is owed to people, in one process's memory: the fake beside the real one, with the same promises."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from threading import RLock

from chalicelib.model import Acknowledgement, Matter, Notice, Silence, Telling, TellingState
from chalicelib.ports.clock import Clock
from chalicelib.stores import keys
from chalicelib.stores.notice_items import waits_in

MOST_HELD = 99
Place = tuple[str, str]  # a notice's key, and the channel; of what is not yet told anywhere, an empty one


class MemoryNotices:
    """ports.alerting.Notices. `handed_out` is its stream: the keys of notices that were owed or woken since last
    asked."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = RLock()
        self._notices: dict[str, Notice] = {}
        self._tellings: dict[Place, Telling] = {}
        self._waiting: dict[Place, tuple[str, datetime]] = {}  # as in the table's index `owing`
        self._matters: dict[str, Matter] = {}
        self._acknowledged: dict[str, Acknowledgement] = {}
        self._silences: dict[str, Silence] = {}
        self._woken: list[str] = []

    def handed_out(self) -> list[str]:
        """The keys of the notices that are owed anew, in order, each once."""
        with self._lock:
            woken, self._woken = list(dict.fromkeys(self._woken)), []
            return woken

    def next_again(self) -> datetime | None:
        """When the next of them is to be told once more; None where none is."""
        return min((at for where, at in self._waiting.values() if where == keys.AGAIN), default=None)

    def everything(self) -> list[Notice]:
        """All notices there ever were, in the order in which they were owed."""
        return list(self._notices.values())

    def reword(self, reworded: Callable[[Notice], Notice]) -> None:
        """Every notice as an erasure leaves it; nobody is woken by that."""
        with self._lock:
            self._notices = {key: reworded(notice) for key, notice in self._notices.items()}
            for about, matter in self._matters.items():
                self._matters[about] = replace(matter, asked=tuple(map(reworded, matter.asked)))

    def owe(self, notice: Notice) -> bool:
        with self._lock:
            if notice.key in self._notices:
                return False
            self._notices[notice.key] = notice
            self._waiting[notice.key, ""] = keys.PEOPLE, self._clock()
            self._woken.append(notice.key)
            return True

    def find(self, key: str) -> Notice | None:
        return self._notices.get(key)

    def is_owed(self, key: str) -> bool:
        return (key, "") in self._waiting

    def introduce(self, notice: Notice) -> None:
        with self._lock:
            before = self.matter(notice.about)
            asked = {**{each.key: each for each in before.asked}, notice.key: replace(notice, lines=())}
            in_order = sorted(asked.values(), key=lambda each: (each.at, each.key))
            self._matters[notice.about] = replace(before, asked=tuple(in_order))

    def end(self, about: str, at: datetime) -> None:
        with self._lock:
            before = self.matter(about)
            self._matters[about] = replace(before, ended_at=max(before.ended_at or at, at))

    def matter(self, about: str) -> Matter:
        return self._matters.get(about, Matter())

    def tellings(self, key: str) -> list[Telling]:
        with self._lock:
            return [self._tellings[place] for place in sorted(self._tellings) if place[0] == key]

    def mark(self, telling: Telling) -> None:
        with self._lock:
            place = telling.key, telling.channel
            self._tellings[place] = telling
            self._waiting.pop(place, None)
            if waits := waits_in(telling):
                self._waiting[place] = waits

    def settle(self, key: str) -> None:
        with self._lock:
            self._waiting.pop((key, ""), None)

    def held(self, channel: str) -> list[Notice]:
        with self._lock:
            oldest = sorted(self._held(channel), key=lambda telling: telling.at)[:MOST_HELD]
            found = [self._notices[telling.key] for telling in oldest]
        return sorted(found, key=lambda notice: (notice.at, notice.key))

    def holding(self) -> set[str]:
        return {telling.channel for telling in self._tellings.values() if telling.state is TellingState.HELD}

    def hand_out(self, key: str, channel: str | None = None) -> None:
        with self._lock:
            place = key, channel or ""
            is_held = channel is not None and self._waiting.get(place, ("",))[0] == keys.held(channel)
            if is_held or (channel is None and key in self._notices):
                self._waiting[place] = keys.PEOPLE, self._clock()
                self._woken.append(key)

    def gather(self, digest: Notice, channel: str, held: Sequence[Notice]) -> bool:
        with self._lock:
            waiting = {telling.key: telling for telling in self._held(channel)}
            if digest.key in self._notices or any(notice.key not in waiting for notice in held):
                return False
            for notice in held:
                self.mark(replace(waiting[notice.key], state=TellingState.TOLD, at=self._clock(), times=1))
            return self.owe(digest)

    def wake(self, owed_since: datetime) -> int:
        with self._lock:
            now = self._clock()
            latest = {keys.AGAIN: now, keys.PEOPLE: owed_since}
            due = [place for place, (where, at) in self._waiting.items() if where in latest and at <= latest[where]]
            self._waiting |= dict.fromkeys(due, (keys.PEOPLE, now))
            self._woken += [key for key, _ in due]
            return len(due)

    def acknowledge(self, given: Acknowledgement, asked_at: datetime) -> bool:
        with self._lock:
            had = self._acknowledged.get(given.about)
            if had is not None and had.at >= asked_at:
                return False
            self._acknowledged[given.about] = given
            return True

    def acknowledged(self, about: str) -> Acknowledgement | None:
        return self._acknowledged.get(about)

    def silence(self, silence: Silence) -> None:
        self._silences.setdefault(silence.id, silence)

    def silences(self) -> list[Silence]:
        return sorted(self._silences.values(), key=lambda silence: silence.until, reverse=True)

    def end_silence(self, name: str, who: str) -> bool:
        with self._lock:
            silence = self._silences.get(name)
            if silence is None or silence.ended_by is not None:
                return False
            self._silences[name] = replace(silence, ended_by=who)
            return True

    def _held(self, channel: str) -> list[Telling]:
        waiting = [place for place, (where, _) in self._waiting.items() if where == keys.held(channel)]
        return [self._tellings[place] for place in waiting]
