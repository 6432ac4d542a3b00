"""How settings of a rule with `or times lately` fare: on calm streams and on events, thinned, shifted, and mixed.

    python -m tests.benchmarks.storms --calm posts.jsonl --event times.txt 2012-09-05T14:42 --event ...

A calm stream is posts, an event one ISO time a line with its true onset. Nothing of them is kept. The windows are those
that run live; a setting is counted beside all others in one pass.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from statistics import median

from chalicelib.cli.storm_posts import Stream, moment
from chalicelib.model import Answer, Sighting, Terms
from chalicelib.stores.memory_windows import MemoryWindows

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
QUIET = 2 * HOUR
NEVER = 1e9  # minutes, of an onset that no alert follows
SHIPPED = [(4, 5, 2.0), (6, 30, 2.0)]
GRID = [
    (least, within, times)
    for within, least, times in product((5, 10, 30), (3, 4, 6), (1.5, 2.0, 3.0))
]  # fmt: skip
Posts = list[tuple[datetime, str]]
Setting = tuple[int, int, float]


@dataclass(frozen=True)
class Event:
    """A stream in which something began at `onset`."""

    posts: Posts
    onset: datetime


def main() -> None:
    """Print the tables of docs/benchmarks.md."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--calm", required=True)
    parser.add_argument("--event", nargs=2, action="append", required=True, metavar=("FILE", "ONSET"))
    args = parser.parse_args()
    calm = _posts(args.calm)
    events = [Event(_posts(name), moment(onset)) for name, onset in args.event]
    print("## The grid: median delay in minutes, alerts before the onset, false alarms in the calm stream")
    _grid(calm, events)
    print("## The shipped settings on streams that were changed")
    _calm(calm)
    _events(events)
    _outages(calm)


def _posts(name: str) -> Posts:
    stream = Stream(name, frozenset(), print)
    return sorted((heard.post.at, heard.post.author_key or heard.post.id) for heard in stream if heard.post.at)


def alerts(posts: Posts, settings: Sequence[Setting]) -> dict[Setting, list[datetime]]:
    """When each setting would raise one."""
    windows, raised = MemoryWindows(), {each: list[datetime]() for each in settings}
    terms = {each: Terms(each[0], each[1] * MINUTE, QUIET, times_lately=each[2]) for each in settings}
    for number, (at, who) in enumerate(posts):
        seen = [Sighting(f"{each}", f"{each}", f"x:{number}", who, at, terms[each]) for each in settings]
        for each, counted in zip(settings, windows.sight(seen), strict=True):
            if counted.answer is Answer.YES:
                raised[each].append(at)
    return raised


def delay(raised: Sequence[datetime], onset: datetime) -> float:
    """From the onset to the first alert, in minutes."""
    return min(((at - onset) / MINUTE for at in raised if at >= onset), default=NEVER)


def _grid(calm: Posts, events: Sequence[Event]) -> None:
    false = alerts(calm, GRID)
    found = [(alerts(event.posts, GRID), event.onset) for event in events]
    for each in GRID:
        delays = [delay(raised[each], onset) for raised, onset in found]
        early = sum(at < onset for raised, onset in found for at in raised[each])
        print(f"{_named(each)}  {_minutes(median(delays)):>6}  early {early}  false {len(false[each])}")


def _calm(calm: Posts) -> None:
    for name, posts in _changed(calm):
        months = (posts[-1][0] - posts[0][0]) / DAY / 30.4375
        raised = alerts(posts, SHIPPED)
        said = ", ".join(f"{_named(each)}: {len(at) / months:.2f}" for each, at in raised.items())
        print(f"calm, {name}: {len(posts)} posts, false alarms a month: {said}")


def _changed(calm: Posts) -> Iterator[tuple[str, Posts]]:
    yield "as it is", calm
    for share, seed in product((0.5, 0.25, 0.1), range(3)):
        yield f"{share:.0%} of it ({seed})", thinned(calm, share, seed)
    for times in (2, 3, 4):
        yield f"{times} weeks at once", _weeks_at_once(calm, times)
    for hours in (6, 12, 18):
        yield (
            f"each other day {hours} h later",
            sorted((at + (hours * HOUR if at.toordinal() % 2 else timedelta()), who) for at, who in calm),
        )


def thinned(posts: Posts, share: float, seed: int) -> Posts:
    """So many of them, chosen by chance."""
    dice = random.Random(seed)  # noqa: S311
    return [each for each in posts if dice.random() < share]


def _weeks_at_once(calm: Posts, times: int) -> Posts:
    """The stream laid over itself, a week, two weeks ... later: a company so many times as large."""
    last = calm[-1][0] - (times - 1) * 7 * DAY
    laid = ((at - week * 7 * DAY, f"{who}/{week}") for week in range(times) for at, who in calm)
    return sorted(each for each in laid if calm[0][0] <= each[0] <= last)


def _events(events: Sequence[Event]) -> None:
    for name, share in (("as they are", 1.0), ("50 % of them", 0.5), ("25 % of them", 0.25)):
        for label, keep in (("whole", False), ("after the onset", True)):
            seeds = range(1 if share == 1 else 5)
            delays = [_median(events, share, seed, keep) for seed in seeds]
            print(f"events, {name} ({label}): median delay {_minutes(median(delays))}, of {len(delays)} times")


def _median(events: Sequence[Event], share: float, seed: int, keep: bool) -> float:
    """The median of the first alert by any of the shipped settings; `keep` thins only what came after the onset."""
    delays = []
    for event in events:
        chosen = set(thinned(event.posts, share, seed))
        posts = [each for each in event.posts if each in chosen or (keep and each[0] < event.onset)]
        raised = alerts(posts, SHIPPED).values()
        delays.append(min(delay(at, event.onset) for at in raised))
    return median(delays)


def _outages(calm: Posts) -> None:
    for times in (3, 5, 10, 20):
        found = [_outage(calm, times, seed) for seed in range(24)]
        within = [each for each in found if each <= 60]
        share = f"found {len(within)} of {len(found)}, median {_minutes(median(found))}"
        print(f"outage of an hour, {times} times the mean of the day before: {share}")


def _outage(calm: Posts, times: int, seed: int) -> float:
    """Somewhere in the calm stream, an hour in which others write, so many times as many as on the day before."""
    dice = random.Random(seed)  # noqa: S311
    onset = calm[0][0] + 5 * DAY + dice.random() * (calm[-1][0] - calm[0][0] - 6 * DAY)
    near = [each for each in calm if onset - 3 * DAY <= each[0] <= onset + 2 * HOUR]
    an_hour = sum(onset - DAY <= at < onset for at, _ in near) / 24
    at, added = onset, list[tuple[datetime, str]]()
    while (at := at + HOUR * dice.expovariate((times - 1) * an_hour)) < onset + HOUR:
        added.append((at, f"hit-{len(added)}"))
    raised = alerts(sorted([*near, *added]), SHIPPED).values()
    return min(delay(each, onset) for each in raised)


def _named(setting: Setting) -> str:
    least, within, times = setting
    return f"at least {least} within {within} min, lately {times:g}"


def _minutes(length: float) -> str:
    return "never" if length >= NEVER / 2 else f"{length:.1f}" if length < 120 else f"{length / 60:.0f} h"


if __name__ == "__main__":
    main()
