"""The stories in the rules, played in memory; a step that came out otherwise is told with its rules' lines, or with all
that came about in the story until then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from chalicelib.cli.story_parts import stage
from chalicelib.errors import Problem
from chalicelib.model import Decision, LineAnswer, RuleTrace
from chalicelib.pipeline.onlooking import Seen
from chalicelib.pipeline.people import People
from chalicelib.pipeline.rehearsal import Surprise, rehearse
from chalicelib.reading import read
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.listening import listenings
from chalicelib.rulebook.story import Story
from chalicelib.rulebook.story_deeds import ACK, Deed, Silencing
from chalicelib.rulebook.story_keys import NOTHING
from chalicelib.rulebook.story_looks import Look
from chalicelib.rulebook.trace import failing
from chalicelib.rulebook.tryout import LONGEST, shown, width_of


@dataclass(frozen=True, slots=True)
class StoryFailure:
    """A step after which other rules matched than expected, with the lines of each rule that was wrong; or a look that
    expected other things, with what came about until then."""

    problem: Problem
    traces: tuple[RuleTrace, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[LineAnswer, ...]:
        """The lines of all these rules."""
        return tuple(line for trace in self.traces for line in trace.lines)

    def __str__(self) -> str:
        traced = (line for trace in self.traces for line in _told(trace))
        return "\n".join([f"FAIL {self.problem}", *traced, *self.told])


def played(stories: Sequence[Story], rulebook: Rulebook, people: People) -> Iterator[StoryFailure]:
    """Play every story; `rulebook` must have been made with `tried=True`."""
    heard = listenings(rulebook.book, tried=True)
    for story in stories:
        for surprise in rehearse(story, rulebook, read, partial(stage, heard, people)):
            yield _failure(surprise, rulebook)


def _failure(surprise: Surprise, rulebook: Rulebook) -> StoryFailure:
    step, story = surprise.step, surprise.story
    if isinstance(step, Deed | Silencing):
        return StoryFailure(Problem(story.file, step.line, _undone(story, step)), told=tuple(_seen(surprise)))
    if isinstance(step, Look):
        return StoryFailure(Problem(story.file, step.line, _looked(surprise, step)), told=tuple(_seen(surprise)))
    assert surprise.decision is not None  # every post has one  # noqa: S101
    came = f"the story '{story.name}' expected {_named(step.expected)}, got {_named(surprise.found)}"
    said = " ".join(step.shown.split())
    text = said if len(said) <= LONGEST else said[: LONGEST - 3] + "..."
    wrong = sorted(set(step.expected) ^ set(surprise.found))
    near = {trace.rule: trace for trace in surprise.decision.lines}
    traces = (near.get(name) or rulebook.explain(read(step.post, step.context), name) for name in wrong)
    message = f'{came} for "{text}"{_because(surprise.decision)}'
    return StoryFailure(Problem(story.file, step.line, message), tuple(trace for trace in traces if trace))


def _undone(story: Story, deed: Deed | Silencing) -> str:
    assert isinstance(deed, Deed)  # a silence needs nothing to be there  # noqa: S101
    if deed.done == ACK:
        return f"the story '{story.name}' has nothing of '{deed.whose}' that people were told and must still take up"
    return f"the story '{story.name}' has no case of '{deed.whose}' that is {deed.done}"


def _looked(surprise: Surprise, look: Look) -> str:
    wanted = _named([str(one) for one in look.expected])
    expected = f"the story '{surprise.story.name}' expected {wanted}"
    came = f"got {_named(surprise.found)} to be told since the last look"
    if not surprise.unsaid:
        return f"{expected}, {came}"
    unsaid = " and ".join(f'"{words}"' for words in surprise.unsaid)
    return f"{expected} to say {unsaid}, {came}, which does not say so"


def _seen(surprise: Surprise) -> Iterator[str]:
    """All that came about in the story, when, and in which words."""
    zone = ZoneInfo(surprise.story.timezone)
    if surprise.seen:
        yield f"  what came about until then, by the time of {zone.key}:"
    for one in surprise.seen:
        yield f"    {one.at.astimezone(zone):%a %Y-%m-%d %H:%M}  {one.what}{_words(one)}"


def _words(seen: Seen) -> str:
    return f": {' / '.join(' '.join(line.split()) for line in seen.words)}" if seen.words else ""


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
