"""Stories rehearsed: their posts go the way of live posts, through the same desk, over parts in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from chalicelib.model import Context, Decision, Facts, Post
from chalicelib.pipeline.triage import Desk
from chalicelib.ports import Clock, Reader, Rulebook, Store, Windows
from chalicelib.rulebook.story import Step, Story

OLDEST = timedelta(days=36500)  # a story tells of any time


@dataclass(frozen=True, slots=True)
class Stage:
    """What a story is played on: made anew for each."""

    store: Store
    windows: Windows


@dataclass(frozen=True, slots=True)
class Surprise:
    """A step after which other rules matched than expected."""

    story: Story
    step: Step
    matched: tuple[str, ...]
    decision: Decision


@dataclass
class Hand:
    """A clock that goes as far as the story has come, and never back."""

    time: datetime

    def __call__(self) -> datetime:
        return self.time


def rehearse(story: Story, rulebook: Rulebook, read: Reader, stage: Callable[[Clock], Stage]) -> Iterator[Surprise]:
    """Play a story; each step that came out otherwise. `rulebook` must have been made with `tried=True`."""
    clock = Hand(min(step_at(step) for step in story.steps))
    set_up = stage(clock)
    for step in story.steps:
        clock.time = max(clock.time, step_at(step))
        desk = Desk(set_up.store, rulebook, _reading(read, step.context), clock, OLDEST, {}, set_up.windows)
        decision = desk.batch([step.post]).triage(step.post).decision
        matched = tuple(sorted((*decision.matched, *decision.shadow)))
        if matched != tuple(sorted(set(step.expected))):
            yield Surprise(story, step, matched, decision)


def step_at(step: Step) -> datetime:
    """When a step's post was said."""
    at = step.post.at
    assert at is not None  # every step has its time  # noqa: S101
    return at


def _reading(read: Reader, told: Context) -> Reader:
    """Reads with what the story says is known beside the post, over what the desk knows."""
    nothing = Context()
    said = {each.name: getattr(told, each.name) for each in fields(Context)}
    known = {name: value for name, value in said.items() if value != getattr(nothing, name) and name != "now"}

    def reading(post: Post, context: Context) -> Facts:
        return read(post, replace(context, **known))

    return reading
