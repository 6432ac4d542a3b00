"""Random histories of sightings: few authors and many, out of order, delivered twice, hours apart."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from chalicelib.model import Sighting, Terms

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def history(dice: random.Random) -> list[Sighting]:
    """One window's sightings in the order of their arrival."""
    return [seen for _, seen in arrivals(dice)]


def arrivals(dice: random.Random) -> list[tuple[datetime, Sighting]]:
    """One window's sightings as they arrive, and when."""
    terms = Terms(dice.randint(2, 6), dice.choice((1, 4, 10, 30, 60)) * MINUTE, dice.choice((0, 5, 30, 120)) * MINUTE)
    authors, counts_posts = dice.choice((1, 2, 5, 40)), dice.random() < 0.3
    spread = dice.choice((2, 20, 200, 2000))
    seconds = sorted(dice.randrange(spread * 60) for _ in range(dice.randint(1, 60)))
    arrivals = []
    for number, second in enumerate(seconds):
        post_id, at = f"x:{number}", START + timedelta(seconds=second)
        who = post_id if counts_posts else f"x:author-{dice.randrange(authors)}"
        delays = [dice.choice((0, 0, 0, 30, 200, 290, 310, 900)) for _ in range(dice.choice((1, 1, 1, 2, 3)))]
        seen = Sighting("rule", "rule/router", post_id, who, at, terms)
        arrivals += [(second + delay, dice.random(), seen) for delay in delays]
    in_order = sorted(arrivals, key=lambda each: each[:2])
    return [(START + timedelta(seconds=second), seen) for second, _, seen in in_order]


def waves(dice: random.Random, terms: Terms, hours: int) -> list[Sighting]:
    """So many hours of two windows' sightings, some hours ten times as many as others; late by less than the grace."""
    coming: list[tuple[float, Sighting]] = []
    second = 0.0
    while second < hours * 3600:
        rate = dice.choice((0.5, 1, 5)) if dice.random() < 0.9 else 40
        until = second + dice.choice((600, 3600, 10_800))
        while second < until:
            second += dice.expovariate(rate / 3600)
            window, number = dice.choice(("late/router", "late/phone")), len(coming)
            at = START + timedelta(seconds=int(second))
            seen = Sighting("late", window, f"x:{number}", f"x:author-{dice.randrange(50)}", at, terms)
            coming.append((second + dice.choice((0, 0, 30, 290)), seen))
    return [seen for _, seen in sorted(coming, key=lambda each: each[0])]
