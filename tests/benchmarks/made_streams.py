"""Streams of our own making, of what no public stream holds: outages at companies of several sizes, campaigns, bursts.

`python -m tests.benchmarks.made_streams [SEEDS]` takes all of them through the shipped rules, as `earshot storm` does,
and prints delays and false alarms. Posts come by chance (Poisson) around a daily curve, with quiet weekends; the texts
are ours, so what rules hear in them says little of what they hear in life.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from chalicelib.cli.replay_books import named
from chalicelib.cli.storm_posts import Stream
from chalicelib.cli.stormed import Storm, go_through

RULES = Path(__file__).parents[2] / "rules"
START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TALK = (
    "Hm",
    "When do you open",
    "Nice one",
    "My parcel came",
    "Which plan is best",
    "It was late again",
    "Thanks a lot",
)
DOWN = (
    "The app is down",
    "Is it just me or can't I log in",
    "Not working since ten minutes",
    "No connection here",
    "Server error",
)
LASTS = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Said:
    """One post."""

    at: datetime
    who: str
    text: str


def busy(at: datetime) -> float:
    """How many times the mean comes at an hour: a seventh at six in the morning, nearly two at six in the evening."""
    by_day = 1 + 0.85 * math.cos((at.hour + at.minute / 60 - 18) * math.tau / 24)
    return by_day * (0.6 if at.weekday() >= 5 else 1.16)


def posts(
    dice: random.Random, a_day: float, days: float, more: Callable[[datetime], float] = lambda at: 1
) -> Iterator[Said]:
    """What comes by itself: so many a day in the mean, `more(at)` times as many at a time; one in fifty says that
    something is down."""
    at, most = START, 3.0
    while at < START + days * DAY:
        most = max(3.0, 3 * more(at))
        at += timedelta(days=dice.expovariate(a_day * most))
        if dice.random() < busy(at) * more(at) / most:
            text = dice.choice(DOWN if dice.random() < 0.02 else TALK)
            yield Said(at, f"author-{dice.randrange(10**9)}", text)


def wave(
    dice: random.Random, onset: datetime, a_day: float, times: float, *, lasts: timedelta = HOUR, words: float = 0.0
) -> Iterator[Said]:
    """What comes besides: `times` - 1 of what is usual then, from the onset on; `words` of them say what is wrong."""
    at = onset
    while True:
        at += timedelta(days=dice.expovariate(a_day * busy(onset) * (times - 1)))
        if at > onset + lasts:
            return
        yield Said(at, f"wave-{dice.randrange(10**9)}", dice.choice(DOWN if dice.random() < words else TALK))


def storm(stream: list[Said], *onsets: datetime) -> Storm:
    """The stream through the shipped rules."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "stream.jsonl"
        file.write_text("".join(f"{line(number, said)}\n" for number, said in enumerate(stream)), encoding="utf-8")
        rulebook = named(str(RULES))
        try:
            return go_through(Stream(str(file), frozenset(), print), rulebook, onsets, LASTS)
        finally:
            rulebook.close()


def line(number: int, said: Said) -> str:
    """As a file of posts has it."""
    author = {"id": said.who, "handle": said.who}
    post = {
        "id": f"x:{number}",
        "platform": "x",
        "kind": "mention",
        "text": said.text,
        "created_at": said.at.isoformat(),
    }
    return json.dumps({**post, "language": "en", "author": author})


# Nothing of these should be told, or at most once a month.
def calm(dice: random.Random, a_day: float, days: float) -> list[Said]:
    """A company on which nothing falls."""
    return list(posts(dice, a_day, days))


def growing(dice: random.Random, a_day: float, days: float) -> list[Said]:
    """5 % more each week."""
    return list(posts(dice, a_day, days, lambda at: 1.05 ** ((at - START) / (7 * DAY))))


def loud(dice: random.Random, a_day: float, days: float) -> list[Said]:
    """One author with 60 posts in ten minutes, every second day."""
    stream = list(posts(dice, a_day, days))
    for day in range(1, int(days), 2):
        begins = START + (day + dice.random()) * DAY
        stream += [
            Said(begins + timedelta(seconds=10 * each), f"loud-{day}", dice.choice(TALK + DOWN)) for each in range(60)
        ]
    return stream


def breathing(dice: random.Random, a_day: float, days: float) -> list[Said]:
    """A programme each evening at eight about which people write: twice as many for an hour."""
    return list(posts(dice, a_day, days, lambda at: 2 if at.hour == 20 else 1))


# These are waves that are no outage; they are told, and the rules say so under `known mistakes`.
def campaign(dice: random.Random, a_day: float, days: float) -> list[Said]:
    """On the tenth day at noon five times as many, for six hours."""
    return [*posts(dice, a_day, days), *wave(dice, START + 9.5 * DAY, a_day, 5, lasts=6 * HOUR)]


def late(dice: random.Random, a_day: float, days: float) -> list[Said]:
    """On the tenth day at noon what half of the posters wrote in an hour comes within a minute, as if written then."""
    stream, begins = list(posts(dice, a_day, days)), START + 9.5 * DAY

    def delayed(said: Said) -> Said:
        held = begins - HOUR <= said.at < begins and dice.random() < 0.5
        return Said(begins + timedelta(seconds=60 * dice.random()), said.who, said.text) if held else said

    return list(map(delayed, stream))


@dataclass(frozen=True, slots=True)
class Outage:
    """An hour long, on the last day but one; `words` is the share of its posts that say what is the matter."""

    a_day: float
    days: float
    times: float
    words: float

    def made(self, dice: random.Random, hour: int) -> tuple[list[Said], datetime]:
        """The stream, and when it began."""
        onset = START + (int(self.days) - 1) * DAY + (hour + dice.random()) * HOUR
        more = wave(dice, onset, self.a_day, self.times, words=self.words)
        return [*posts(dice, self.a_day, self.days), *more], onset

    def told(self, seeds: int) -> str:
        """How soon, by night, in the morning and in the evening."""
        delays, before = [], 0
        for seed in range(seeds):
            for hour in (3, 11, 18):
                stream, onset = self.made(random.Random(100 * seed + hour), hour)  # noqa: S311
                heard = storm(stream, onset)
                first = heard.first(onset)
                delays.append((first.raised_at - onset) / timedelta(minutes=1) if first else math.inf)
                before += len([alert for alert in heard.alerts if alert.raised_at < onset])
        soon = [delay for delay in delays if delay <= 60]
        middle = f"median {median(delays):.1f} min" if len(soon) * 2 > len(delays) else "median never"
        name = f"{self.a_day} a day | outage, {self.times} times, {self.words:.0%} say it"
        return f"{name} | told within the hour {len(soon)} of {len(delays)}, {middle}; {before} before"


CALM = {"calm": calm, "grows 5 % a week": growing, "one loud author": loud, "twice as many each evening": breathing}
NO_OUTAGE = {"a campaign, five times for six hours": campaign, "half of an hour's posts at once": late}


def main(seeds: int) -> None:
    """All of them, over so many seeds."""
    for a_day, days in ((5, 60), (60, 30), (300, 30), (3000, 8)):
        for name, make in {**CALM, **NO_OUTAGE}.items():
            made = [storm(make(random.Random(seed), a_day, max(days, 12))) for seed in range(seeds)]  # noqa: S311
            rate = sum(len(each.alerts) for each in made) / sum(each.months for each in made)
            rules = sorted({alert.rule for each in made for alert in each.alerts})
            print(f"{a_day} a day | {name} | {rate:.2f} alerts a month | {', '.join(rules)}", flush=True)
        for times in (3, 10):
            for words in (0.0, 0.5):
                print(Outage(a_day, min(days, 12), times, words).told(seeds), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
