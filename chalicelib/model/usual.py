"""What is usual at this hour, and how many a rule therefore needs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta

from chalicelib.model.window import Terms, millis

HISTORY = timedelta(weeks=2)
NO_HISTORY = "there are not yet two weeks to compare with"
WEEKS = 4
HOURS_A_WEEK = 168
HOUR = timedelta(hours=1)
_HOUR_MS = 3_600_000


def hour_of(at: datetime) -> int:
    """The number of the UTC hour since 1970."""
    return millis(at) // _HOUR_MS


def same_hours(at: datetime) -> tuple[int, ...]:
    """The same hour of the four weeks before, the latest first."""
    return tuple(hour_of(at) - HOURS_A_WEEK * week for week in range(1, WEEKS + 1))


def needed(terms: Terms, at: datetime, since: datetime | None, posts: Mapping[int, int]) -> int | None:
    """How many a window needs now: `at_least`, or so many times the usual where that is more.

    `posts` are the posts counted in each of `same_hours`, `since` when counting began. None: there are not yet two
    weeks to compare with, and the rule is silent. The usual is the mean of those of the four hours that were counted,
    for the part of an hour that `within` is; it counts posts, also where the rule counts authors.
    """
    if terms.times_usual is None:
        return terms.at_least
    if since is None or at - since < HISTORY:
        return None
    counted = [posts.get(hour, 0) for hour in same_hours(at) if hour >= hour_of(since)]
    usual = sum(counted) / len(counted) * (terms.within / HOUR)
    return max(terms.at_least, math.ceil(terms.times_usual * usual))
