"""What a replay came to, as it is told on a terminal, as JSON and on a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from chalicelib.cli.counted import counted
from chalicelib.cli.course import Course, counts
from chalicelib.cli.progress import Progress
from chalicelib.cli.replay_posts import Heard, PostFile, PostTable
from chalicelib.cli.time_order import in_time_order
from chalicelib.reading import read
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.compare import Change, Compared, Shift
from chalicelib.rulebook.tally import Tally
from chalicelib.rulebook.whynot import Reasoned, reasoned


@dataclass(frozen=True, slots=True)
class Edition:
    """One of the two rulebooks, and what the person called it."""

    called: str
    rulebook: Rulebook

    def __str__(self) -> str:
        return f"{self.called}, version {self.rulebook.version}"


@dataclass(frozen=True, slots=True)
class Replayed:
    """Two editions over the same posts. `stopped`: Ctrl-C came before the last post. `samples` are explained."""

    source: str
    before: Edition
    after: Edition
    tally: Tally
    bad: int
    stopped: bool
    samples: Mapping[Change, tuple[Reasoned, ...]]

    @property
    def headline(self) -> str:
        """The answer in one sentence."""
        tally = self.tally
        said = f"Of {counted(tally.posts, 'post')}, "
        if not tally.changed:
            return said + "none would be handled differently."
        parts = ", ".join(f"{tally.shifts[shift]:,} {shift}" for shift in Shift if tally.shifts[shift])
        return f"{said}{tally.changed:,} would be handled differently ({percent(tally.share)}): {parts}."


def go_through(posts: PostFile | PostTable, before: Edition, after: Edition) -> Replayed:
    """Decide every post twice, one at a time. Ctrl-C ends it early: what was seen until then is told.

    Where a rule looks at earlier posts, they are put into the order of time first.
    """
    tally, stopped = Tally(), False
    courses = Course(before.rulebook), Course(after.rulebook)
    in_order = counts(before.rulebook.book) or counts(after.rulebook.book)
    progress = Progress("decided")
    try:
        for heard in _sorted(posts, progress) if in_order else progress.over(posts, lambda: posts.done):
            _count(tally, heard, *courses)
    except KeyboardInterrupt:
        stopped = True
    finally:
        progress.end()
    samples = {change: tuple(_explained(change, kept.samples, before, after)) for change, kept in tally.changes.items()}
    return Replayed(posts.name, before, after, tally, posts.bad, stopped, samples)


def percent(share: float) -> str:
    """A share of a hundred, not rounded to nothing."""
    return "under 0.1 %" if 0 < share < 0.1 else f"{share:.1f} %"


def _sorted(posts: PostFile | PostTable, progress: Progress) -> Iterator[Heard]:
    """All of them are read before the first is decided."""
    reading = Progress("read")
    ordered = in_time_order(reading.over(posts, lambda: posts.done))
    return progress.over(ordered, lambda: progress.posts / reading.posts)


def _count(tally: Tally, heard: Heard, before: Course, after: Course) -> None:
    if heard.guard:
        tally.guarded[heard.guard] += 1
    elif heard.erased:
        tally.erased += 1
    else:
        facts = read(heard.post, heard.context)
        tally.add(Compared(heard.post, heard.context, before.decide(facts), after.decide(facts)))


def _explained(change: Change, samples: Iterable[Compared], before: Edition, after: Edition) -> Iterator[Reasoned]:
    for compared in samples:
        facts = read(compared.post, compared.context)
        yield reasoned(compared, change, facts, before.rulebook, after.rulebook)
