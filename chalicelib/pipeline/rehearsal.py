"""Stories rehearsed: posts and minutes go the way of live ones, by the same functions, over parts in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta

from chalicelib.model import Context, Decision, Facts, Post
from chalicelib.pipeline.alerting import next_due, watch
from chalicelib.pipeline.triage import Desk
from chalicelib.ports import Alerts, Clock, Reader, Rulebook, Store, Windows
from chalicelib.rulebook.story import Look, Step, Story

OLDEST = timedelta(days=36500)  # a story tells of any time
MINUTE = timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stage:
    """What a story is played on: made anew for each."""

    store: Store
    windows: Windows
    alerts: Alerts


@dataclass(frozen=True, slots=True)
class Surprise:
    """A step after which other rules matched than expected, or a look at other things told; those have no decision."""

    story: Story
    step: Step | Look
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

    def hear(self, step: Step) -> Decision:
        """One post, decided as a live one."""
        parts, reading = self.set_up, _reading(self.read, step.context)
        desk = Desk(parts.store, self.rulebook, reading, self.clock, OLDEST, {}, parts.windows, alerts=parts.alerts)
        batch = desk.batch([step.post])
        decision = batch.triage(step.post).decision
        batch.settle()
        return decision

    def pass_until(self, until: datetime) -> set[str]:
        """What the minutes up to then tell; those in which nothing is due are not played."""
        told: set[str] = set()
        while (due := next_due(self.set_up.alerts)) is not None and (minute := _whole_minute(due)) <= until:
            self.clock.time = max(self.clock.time, minute)
            told |= {f"{step.kind} {step.alert.rule}" for step in watch(self.set_up.alerts, self.clock)}
        self.clock.time = max(self.clock.time, until)
        return told


def rehearse(story: Story, rulebook: Rulebook, read: Reader, stage: Callable[[Clock], Stage]) -> Iterator[Surprise]:
    """Play a story; each step that came out otherwise. `rulebook` must have been made with `tried=True`."""
    clock = Hand(min(step_at(step) for step in story.steps))
    play = _Play(rulebook, read, stage(clock), clock)
    told: set[str] = set()
    for step in story.steps:
        told |= play.pass_until(step_at(step))
        if isinstance(step, Look):
            if told != set(step.expected):
                yield Surprise(story, step, tuple(sorted(told)))
            told = set()
            continue
        decision = play.hear(step)
        matched = tuple(sorted((*decision.matched, *decision.shadow)))
        if matched != tuple(sorted(set(step.expected))):
            yield Surprise(story, step, matched, decision)


def step_at(step: Step | Look) -> datetime:
    """When a step's post was said, or what was told is looked at."""
    at = step.at if isinstance(step, Look) else step.post.at
    assert at is not None  # every step has its time  # noqa: S101
    return at


def _whole_minute(at: datetime) -> datetime:
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
