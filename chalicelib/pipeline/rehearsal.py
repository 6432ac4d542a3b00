"""Stories rehearsed: posts and minutes go the way of live ones, by the same functions, over parts in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta

from chalicelib.model import Action, Case, Context, CrmEvent, Decision, Facts, Hearing, Post
from chalicelib.pipeline import alerting, listening
from chalicelib.pipeline.clocks import keep_clocks
from chalicelib.pipeline.triage import Desk
from chalicelib.ports.alerting import Alerts
from chalicelib.ports.clock import Clock
from chalicelib.ports.crm import BackChannel, Clocks
from chalicelib.ports.deciding import Reader, Rulebook, Windows
from chalicelib.ports.platform import Hearings
from chalicelib.ports.store import Store
from chalicelib.rulebook.calendars import LAST
from chalicelib.rulebook.listening import Listening
from chalicelib.rulebook.story import Deed, Look, Step, Story

OLDEST = timedelta(days=36500)  # a story tells of any time
MINUTE = timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stage:
    """What a story is played on: made anew for each."""

    store: Store
    windows: Windows
    alerts: Alerts
    clocks: Clocks
    channel: BackChannel
    hearings: Hearings
    listenings: Sequence[Listening] = ()


@dataclass(frozen=True, slots=True)
class Surprise:
    """A step after which other rules matched than expected, or a look at other things told, or a deed without a case;
    only the first has a decision."""

    story: Story
    step: Step | Look | Deed
    found: tuple[str, ...]
    decision: Decision | None = None


@dataclass
class Hand:
    """A clock that goes as far as the story has come, and never back."""

    time: datetime

    def __call__(self) -> datetime:
        return self.time


@dataclass(frozen=True, slots=True)
class _Play:
    """The functions of one story: what decides posts, and the minute's round."""

    rulebook: Rulebook
    read: Reader
    set_up: Stage
    clock: Hand
    waits_for_replies: bool

    def hear(self, step: Step) -> Decision:
        """One post, decided as a live one."""
        parts, reading = self.set_up, _reading(self.read, step.context)
        desk = Desk(parts.store, self.rulebook, reading, self.clock, OLDEST, {}, parts.windows, alerts=parts.alerts)
        batch = desk.batch([step.post])
        decision = batch.triage(step.post).decision
        batch.settle()
        if step.post.action is Action.CREATE:
            now = self.clock()
            parts.hearings.add(Hearing(step.post.platform, now, 1, 1, posted_at=now))
        return decision

    def pass_until(self, until: datetime) -> set[str]:
        """What the minutes up to then tell; those in which nothing is due are not played."""
        told: set[str] = set()
        while (due := self._next_due()) is not None and (minute := whole_minute(due)) <= until:
            self.clock.time = max(self.clock.time, minute)
            told |= {f"{step.kind} {step.alert.rule}" for step in self._alerts()}
            if self.waits_for_replies:
                told |= {f"overdue {late.rule}" for late in keep_clocks(self.set_up.clocks, self.clock)}
        self.clock.time = max(self.clock.time, until)
        return told

    def _alerts(self) -> list[alerting.Step]:
        parts = self.set_up
        heard = listening.listen(parts.alerts, parts.hearings, parts.listenings, self.clock)
        return [*alerting.watch(parts.alerts, self.clock), *heard]

    def do(self, deed: Deed) -> bool:
        """What people do in the CRM, heard from there; False where there is no such case."""
        mine = (case for case in self.set_up.store.cases() if deed.whose in (case.rule, _author(case)))
        case = next(mine, None)
        if case is None:
            return False
        self.set_up.store.mark_started(case.id)
        event = CrmEvent(f"{deed.line}", deed.happened, self.clock(), case.id)
        self.set_up.channel.heed("story", event)
        return True

    def _next_due(self) -> datetime | None:
        waits = next(self.set_up.clocks.due(LAST), None) if self.waits_for_replies else None
        reply = waits.next_late.due if waits and waits.next_late else None
        parts = self.set_up
        silence = listening.next_due(parts.alerts, parts.hearings, parts.listenings)
        return min(filter(None, (alerting.next_due(parts.alerts), silence, reply)), default=None)


def _author(case: Case) -> str | None:
    return case.author_key.partition(":")[2] if case.author_key else None


def rehearse(story: Story, rulebook: Rulebook, read: Reader, stage: Callable[[Clock], Stage]) -> Iterator[Surprise]:
    """Play a story; each step that came out otherwise. `rulebook` must have been made with `tried=True`."""
    clock = Hand(min(step_at(step) for step in story.steps))
    play = _Play(rulebook, read, stage(clock), clock, story.is_about_replies)
    told: set[str] = set()
    for step in story.steps:
        told |= play.pass_until(step_at(step))
        if isinstance(step, Look):
            if told != set(step.expected):
                yield Surprise(story, step, tuple(sorted(told)))
            told = set()
            continue
        if isinstance(step, Deed):
            if not play.do(step):
                yield Surprise(story, step, ())
            continue
        decision = play.hear(step)
        matched = tuple(sorted((*decision.matched, *decision.shadow)))
        if matched != tuple(sorted(set(step.expected))):
            yield Surprise(story, step, matched, decision)


def step_at(step: Step | Look | Deed) -> datetime:
    """When a step's post was said, what was told is looked at, or people did something."""
    at = step.post.at if isinstance(step, Step) else step.at
    assert at is not None  # every step has its time  # noqa: S101
    return at


def whole_minute(at: datetime) -> datetime:
    """The first whole minute that is not before."""
    return at + (_EPOCH - at) % MINUTE


def _reading(read: Reader, told: Context) -> Reader:
    """Reads with what the story says is known beside the post, over what the desk knows."""
    nothing = Context()
    said = {each.name: getattr(told, each.name) for each in fields(Context)}
    known = {name: value for name, value in said.items() if value != getattr(nothing, name) and name != "now"}

    def reading(post: Post, context: Context) -> Facts:
        return read(post, replace(context, **known))

    return reading
