"""The stories in the rules, played in memory; a step that came out otherwise is told with its rules' lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from chalicelib.errors import Problem
from chalicelib.model import Decision, LineAnswer, RuleTrace
from chalicelib.pipeline.rehearsal import Stage, Surprise, rehearse
from chalicelib.ports.clock import Clock
from chalicelib.reading import read
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.listening import Listening, listenings
from chalicelib.rulebook.story import NOTHING, Deed, Look, Story
from chalicelib.rulebook.trace import failing
from chalicelib.rulebook.tryout import LONGEST, shown, width_of
from chalicelib.stores.hearings import MemoryHearings
from chalicelib.stores.memory import MemoryStore
from chalicelib.stores.memory_alerts import MemoryAlerts
from chalicelib.stores.memory_back_channel import MemoryBackChannel
from chalicelib.stores.memory_clocks import MemoryClocks
from chalicelib.stores.memory_windows import MemoryWindows


@dataclass(frozen=True, slots=True)
class StoryFailure:
    """A step after which other rules matched than expected, with the lines of each rule that was wrong."""

    problem: Problem
    traces: tuple[RuleTrace, ...]

    @property
    def lines(self) -> tuple[LineAnswer, ...]:
        """The lines of all these rules."""
        return tuple(line for trace in self.traces for line in trace.lines)

    def __str__(self) -> str:
        return "\n".join([f"FAIL {self.problem}", *(line for trace in self.traces for line in _told(trace))])


def played(stories: Sequence[Story], rulebook: Rulebook) -> Iterator[StoryFailure]:
    """Play every story; `rulebook` must have been made with `tried=True`."""
    heard = listenings(rulebook.book, tried=True)
    for story in stories:
        for surprise in rehearse(story, rulebook, read, partial(_stage, heard)):
            yield _failure(surprise, rulebook)


def _stage(heard: Sequence[Listening], clock: Clock) -> Stage:
    store = MemoryStore(clock)
    alerts = MemoryAlerts(store)
    windows = MemoryWindows(clock, alerts=alerts)
    channel = MemoryBackChannel(store, clock)
    return Stage(store, windows, alerts, MemoryClocks(store), channel, MemoryHearings(), heard)


def _failure(surprise: Surprise, rulebook: Rulebook) -> StoryFailure:
    step, story = surprise.step, surprise.story
    if isinstance(step, Deed):
        missed = f"the story '{story.name}' has no case of '{step.whose}' that is {step.happened.value}"
        return StoryFailure(Problem(story.file, step.line, missed), ())
    came = f"the story '{story.name}' expected {_named(step.expected)}, got {_named(surprise.found)}"
    if isinstance(step, Look) or surprise.decision is None:
        return StoryFailure(Problem(story.file, step.line, f"{came} to be told since the last look"), ())
    said = " ".join(step.shown.split())
    text = said if len(said) <= LONGEST else said[: LONGEST - 3] + "..."
    wrong = sorted(set(step.expected) ^ set(surprise.found))
    near = {trace.rule: trace for trace in surprise.decision.lines}
    traces = (near.get(name) or rulebook.explain(read(step.post, step.context), name) for name in wrong)
    message = f'{came} for "{text}"{_because(surprise.decision)}'
    return StoryFailure(Problem(story.file, step.line, message), tuple(trace for trace in traces if trace))


def _because(decision: Decision) -> str:
    return f" ({decision.guard}: no rule is asked)" if decision.guard else ""


def _named(rules: Sequence[str]) -> str:
    return " and ".join(sorted(rules)) or NOTHING


def _told(trace: RuleTrace) -> list[str]:
    width = width_of(trace.lines)
    blamed = failing(trace.lines) if not trace.matched else []
    marked = ("   <- this line" if line in blamed else "" for line in trace.lines)
    lines = [shown(line, width) + mark for line, mark in zip(trace.lines, marked, strict=True)]
    return [f"  {trace.rule} ({trace.status}): {'match' if trace.matched else 'no match'}", *lines]
