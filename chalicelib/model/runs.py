"""When those who are counted were seen, as runs of time, and the stretch in which most of them are together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LOUD, STEPS = 10, 20


@dataclass(frozen=True, slots=True)
class Run:
    """One who's times, from the first to the last of them, without a gap of more than `within`. Milliseconds.

    `times` is how often it grew.
    """

    who: str
    first: int
    last: int
    times: int = 1


@dataclass(frozen=True, slots=True)
class Together:
    """How many different whos are in one stretch: it holds its end, and not its beginning, which is `within` before."""

    count: int
    end: int


def counted(runs: tuple[Run, ...], who: str, at: int, within: int, share: int) -> tuple[tuple[Run, ...], Together]:
    """The runs with one more sighting, if it is in the share, and those who are together around it."""
    if _is_in(who, share):
        runs = _with(runs, Run(who, at, at), within)
    found = most_together([run for run in runs if _is_in(run.who, share)], at, within)
    return runs, Together(share * found.count, found.end)


def most_together(runs: Sequence[Run], at: int, within: int) -> Together:
    """The most different whos in any stretch that holds this time: a stretch ends with a sighting, or here. Of several
    with as many, the first."""
    ends = sorted({at, *(run.first for run in runs if at <= run.first < at + within)})
    return max((Together(len({run.who for run in _in(runs, end, within)}), end) for end in ends), key=_count)


def began(runs: Sequence[Run], end: int, within: int) -> int:
    """When the first sighting was in the stretch with this end, as far as runs tell: never later than it was."""
    return min((max(run.first, end - within + 1) for run in _in(runs, end, within)), default=end)


def _in(runs: Sequence[Run], end: int, within: int) -> list[Run]:
    return [run for run in runs if run.first <= end < run.last + within]


def _count(together: Together) -> int:
    return together.count


def _is_in(who: str, share: int) -> bool:
    return int(who, 16) % share == 0


def _with(runs: tuple[Run, ...], new: Run, within: int) -> tuple[Run, ...]:
    """The runs with one more sighting; the same where it adds nothing."""
    mine, at = [run for run in runs if run.who == new.who], new.first
    for run in mine:
        if run.first <= at <= run.last or (run.times >= LOUD and run.last < at < run.last + within // STEPS):
            return runs
    touching = [run for run in mine if run.first - within <= at <= run.last + within]
    return (*(run for run in runs if run not in touching), _joined([*touching, new]))


def _joined(runs: Sequence[Run]) -> Run:
    first, last = min(run.first for run in runs), max(run.last for run in runs)
    return Run(runs[0].who, first, last, sum(run.times for run in runs))
