"""A stream gone through on a fast clock, with the functions that run live: windows, rules, alerts, the minute.

Nothing is written down but the posts with which an alert is raised, so that memory stays flat.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from chalicelib.cli.progress import Progress
from chalicelib.cli.replay_posts import Heard
from chalicelib.cli.storm_posts import Stream
from chalicelib.cli.time_order import in_time_order
from chalicelib.model import Alert, Decision, Post, Standing
from chalicelib.pipeline.alerting import next_due, watch
from chalicelib.pipeline.casework import entail
from chalicelib.pipeline.raising import with_alerts
from chalicelib.pipeline.rehearsal import Hand, whole_minute
from chalicelib.reading import read
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.rule import Rule, Status
from chalicelib.stores.memory import MemoryStore
from chalicelib.stores.memory_alerts import MemoryAlerts
from chalicelib.stores.memory_windows import MemoryWindows

A_MONTH = timedelta(days=30.4375)
MINUTE = timedelta(minutes=1)
NEAR, STEP = timedelta(hours=3), timedelta(minutes=10)  # around an onset, what the page draws
MOST_DAYS = 20_000


@dataclass
class Storm:
    """What a stream came to. `unraised` are crossings that raise no alert, by rule: of shadow rules, and of one person.

    An alert is about an onset when it was raised not before it, and within `lasts` of it: the latest such. `near` is
    how many posts there were in each ten minutes around each onset.
    """

    source: str
    version: str
    counting: tuple[Rule, ...]
    onsets: Sequence[datetime]
    lasts: timedelta
    alerts: tuple[Alert, ...] = ()
    unraised: Counter[str] = field(default_factory=Counter)
    posts: int = 0
    guarded: int = 0
    nameless: int = 0
    bad: int = 0
    stopped: bool = False
    span: tuple[datetime, datetime] | None = None
    days: Counter[date] = field(default_factory=Counter)
    near: Counter[tuple[datetime, int]] = field(default_factory=Counter)

    def onset_of(self, alert: Alert) -> datetime | None:
        """The onset that an alert is about."""
        return max((at for at in self.onsets if at <= alert.raised_at <= at + self.lasts), default=None)

    def first(self, onset: datetime) -> Alert | None:
        """The first alert about an onset."""
        found = (alert for alert in self.alerts if self.onset_of(alert) == onset)
        return min(found, key=lambda alert: alert.raised_at, default=None)

    @property
    def false_alarms(self) -> list[Alert]:
        """Alerts about no onset."""
        return [alert for alert in self.alerts if self.onset_of(alert) is None]

    @property
    def missed(self) -> list[datetime]:
        """Onsets that no alert is about."""
        return [onset for onset in self.onsets if self.first(onset) is None]

    @property
    def months(self) -> float:
        """How long the stream is; 0 for a single moment."""
        return (self.span[1] - self.span[0]) / A_MONTH if self.span else 0.0

    def note(self, post: Post, at: datetime) -> None:
        """One post more."""
        self.posts += 1
        self.nameless += post.author_key is None
        self.span = (min(at, self.span[0]), max(at, self.span[1])) if self.span else (at, at)
        if at.date() in self.days or len(self.days) < MOST_DAYS:
            self.days[at.date()] += 1
        for onset in self.onsets:
            if abs(at - onset) < NEAR:
                self.near[onset, (at - onset) // STEP] += 1


class Clockwork:
    """The live functions over parts in memory, and a clock that goes from post to post, and stops where one is due."""

    def __init__(self, rulebook: Rulebook, storm: Storm) -> None:
        self._rulebook = rulebook
        self._storm = storm
        self._clock = Hand(datetime.min.replace(tzinfo=UTC))
        self._store = MemoryStore(self._clock)
        self._alerts = MemoryAlerts(self._store)
        self._windows = MemoryWindows(alerts=self._alerts)
        self._minute = self._clock.time
        self._counting = frozenset(rule.id for rule in storm.counting)

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """All alerts, in the order in which they were raised."""
        return tuple(sorted(self._store.alerts.values(), key=lambda alert: (alert.raised_at, alert.rule)))

    def hear(self, heard: Heard, at: datetime) -> None:
        """One post, decided as a live one."""
        self._pass_until(at)
        decision = self._rulebook.decide(read(heard.post, heard.context), trace=False, windows=self._windows)
        if decision.crossed:
            self._raise(heard.post, decision)
        raised = {crossing.rule for crossing in decision.crossed}
        self._storm.unraised.update(({*decision.matched, *decision.shadow} & self._counting) - raised)

    def end(self) -> None:
        """The minutes after the last post, until nothing is due any more."""
        self._windows.settle()
        while (due := next_due(self._alerts)) is not None:
            self._go_on(due)

    def _raise(self, post: Post, decision: Decision) -> None:
        now = self._clock()
        saved = entail(post.without_text(), decision, Standing(), now, timedelta(0))
        self._store.save(with_alerts(saved, self._alerts, now))

    def _pass_until(self, at: datetime) -> None:
        """What is due in the minutes up to then; where no alert is on, nothing is."""
        if at >= self._minute + MINUTE:
            self._minute = at
            self._windows.settle()
            while (due := next_due(self._alerts)) is not None and whole_minute(due) <= at:
                self._go_on(due)
        self._clock.time = max(self._clock.time, at)

    def _go_on(self, due: datetime) -> None:
        self._clock.time = max(self._clock.time, whole_minute(due))
        watch(self._alerts, self._clock)


def go_through(stream: Stream, rulebook: Rulebook, onsets: Sequence[datetime], lasts: timedelta) -> Storm:
    """Every post in the order of time. Ctrl-C ends it early: what was seen until then is told."""
    tried = tuple(rule for rule in rulebook.book.rules if rule.status in (Status.LIVE, Status.SHADOW) and rule.repeats)
    storm = Storm(Path(stream.name).name, rulebook.version, tried, onsets, lasts)
    clockwork = Clockwork(rulebook, storm)
    reading, progress = Progress("read"), Progress("decided")
    try:
        ordered = in_time_order(reading.over(stream, lambda: stream.done))
        _hear(progress.over(ordered, lambda: progress.posts / reading.posts), storm, clockwork)
    except KeyboardInterrupt:
        storm.stopped = True
    finally:
        progress.end()
    clockwork.end()
    storm.alerts, storm.bad = clockwork.alerts, stream.bad
    return storm


def _hear(posts: Iterable[Heard], storm: Storm, clockwork: Clockwork) -> None:
    for heard in posts:
        at = heard.context.now
        if at is None:
            continue  # `Stream` lets none through
        storm.note(heard.post, at)
        if heard.guard:
            storm.guarded += 1
        else:
            clockwork.hear(heard, at)
