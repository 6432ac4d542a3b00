"""A viral day on paper: which limit binds first, how the queue grows and drains, which keys get hot.

    .venv/bin/python -m infra.scale --posts-per-second 20000 [--usual 200] [--hours 3] [--seed 1]

Nothing is called. What a post costs in requests and time is what `earshot cost` reckons with (counted in a run); limits
are AWS's published defaults for us-east-1 (infra/scale_limits.py). docs/scale.md has the tables and says what to turn.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from infra.scale_limits import BATCH, Day, Load, crm_calls, loads, seconds_a_batch

AUTHORS = 2_000_000
ZIPF = 0.7  # how much louder the loudest are: a long tail, with a bot or two at its head
CLOSELY = 20_000  # ranks that are summed one by one
SHOWN_EVERY = 900  # seconds
RISE_SECONDS, FALL_SECONDS = 600.0, 2400.0


@dataclass(frozen=True, slots=True)
class Minute:
    """How things stand at one moment: posts that come each second, that wait for their decision, how long the next will
    wait, and what is owed to the CRM."""

    second: int
    arriving: float
    waiting: float
    delay: float
    owed: float


def arrivals(day: Day, hours: float, luck: random.Random) -> Iterator[float]:
    """Posts in each second: the usual, and a wave that rises in minutes and falls by half in forty, with its noise."""
    for second in range(int(hours * 3600)):
        since = second - 600
        up = 1 - 2.0 ** (-since / (RISE_SECONDS / 4)) if since > 0 else 0.0
        wave = up * (1.0 if since < RISE_SECONDS else 2.0 ** (-(since - RISE_SECONDS) / FALL_SECONDS))
        mean = day.usual + (day.peak - day.usual) * wave
        yield max(luck.gauss(mean, mean**0.5), 0.0)


def queue(day: Day, hours: float, seed: str) -> list[Minute]:
    """The posts' queue, second by second, drained by as many functions as there may be; and the CRM's."""
    luck, waiting, owed, found = random.Random(seed), 0.0, 0.0, []  # noqa: S311
    drained, told = day.concurrency * BATCH / seconds_a_batch(), day.crm_rate / crm_calls()
    for second, arriving in enumerate(arrivals(day, hours, luck)):
        decided = min(waiting + arriving, drained)
        waiting += arriving - decided
        owed = max(owed + decided * day.crm_share - told, 0.0)
        found.append(Minute(second, arriving, waiting, waiting / drained, owed))
    return found


def hot_authors(day: Day, seed: str) -> list[tuple[str, float, float]]:
    """The loudest authors at the peak: posts a second, and how much of what one group can get through that is."""
    luck = random.Random(seed)  # noqa: S311
    weights = [1 / rank**ZIPF for rank in range(1, CLOSELY + 1)]
    whole = sum(weights) + (AUTHORS ** (1 - ZIPF) - CLOSELY ** (1 - ZIPF)) / (1 - ZIPF)
    most = BATCH / seconds_a_batch()  # a group is decided by one function at a time
    found = []
    for rank in (1, 2, 10, 100, 1000):
        rate = day.peak * weights[rank - 1] / whole * luck.uniform(0.9, 1.1)
        found.append((f"author no. {rank}", rate, rate / most))
    return found


def told(day: Day, hours: float, seed: str) -> Iterator[str]:
    """The page."""
    found = loads(day)
    yield f"{day.usual:,.0f} posts a second usually, {day.peak:,.0f} at the peak, {day.crm_share:.0%} to the CRM\n"
    yield f"{'what':<46} {'needed':>12} {'limit':>12} {'used':>7}  what to turn"
    yield from (_line(load) for load in found)
    first = next((load for load in found if load.share > 1), None)
    yield f"\nBinds first: {first.what}" if first else "\nNothing binds."
    yield f"\n{'minute':>8} {'arriving/s':>12} {'waiting':>12} {'delay':>8} {'owed to the CRM':>16}"
    minutes = queue(day, hours, seed)
    for each in minutes[::SHOWN_EVERY]:
        queued = f"{each.waiting:>12,.0f} {each.delay:>6,.0f} s {each.owed:>16,.0f}"
        yield f"{each.second // 60:>8} {each.arriving:>12,.0f} {queued}"
    yield "\nHot keys at the peak (more than 100 %: that author's posts wait for each other):"
    yield from (f"  {name:<20} {rate:>8.2f} posts/s {share:>8.0%}" for name, rate, share in hot_authors(day, seed))


def _line(load: Load) -> str:
    return f"{load.what:<46} {load.needed:>12,.0f} {load.limit:>12,.0f} {load.share:>7.0%}  {load.turn}"


def main() -> int:
    """Print it. 1 when something binds."""
    parser = argparse.ArgumentParser(prog="python -m infra.scale", description=__doc__.partition("\n")[0])
    parser.add_argument("--posts-per-second", type=float, default=1000, help="at the peak (1000)")
    parser.add_argument("--usual", type=float, help="before and after (a hundredth of the peak)")
    parser.add_argument("--crm-share", type=float, default=0.05, help="of the posts that open a case (.05)")
    parser.add_argument("--posts-a-delivery", type=float, default=1, help="that a delivery brings (1)")
    parser.add_argument("--concurrency", type=int, default=900, help="functions that may decide at once (900)")
    parser.add_argument("--crm-rate", type=float, default=100, help="calls a second that the CRM takes (100)")
    parser.add_argument("--hours", type=float, default=3, help="how long to look (3)")
    parser.add_argument("--seed", default="1", help="of the noise (1)")
    args = parser.parse_args()
    usual = args.usual if args.usual is not None else args.posts_per_second / 100
    day = Day(args.posts_per_second, usual, args.crm_share, args.posts_a_delivery, args.concurrency, args.crm_rate)
    print("\n".join(told(day, args.hours, args.seed)))
    return int(any(load.share > 1 for load in loads(day)))


if __name__ == "__main__":
    sys.exit(main())
