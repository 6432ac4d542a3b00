"""What was usual of late, and how many chance alone does not make of it: for rules that cannot wait for two weeks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import repeat

from chalicelib.model.usual import NO_HISTORY
from chalicelib.model.window import GRACE, Terms, millis

SLOT = timedelta(minutes=5)
SLOTS_AN_HOUR = 12
SPANS = (24 * SLOTS_AN_HOUR, 3 * SLOTS_AN_HOUR)  # in slots: the last day, and the last three hours
CHANCE = 1e-4  # of one stretch of length `within`; of ten minutes there are 4,320 a month
NOTHING_YET = "there is nothing yet to compare with"
_SLOT_MS = 300_000
_MANY = 400.0  # from so many expected on, the sum over all smaller numbers is left to a formula
_DEVIATIONS = 3.719  # beyond so many of the normal distribution lies `CHANCE`


def slot_of(at: datetime) -> int:
    """The number of the five minutes since 1970."""
    return millis(at) // _SLOT_MS


def until(terms: Terms, at: datetime) -> int:
    """The slot before which all lies that a window is compared with: nothing of the window, nothing still to come."""
    return (millis(at) - (terms.within + GRACE) // timedelta(milliseconds=1)) // _SLOT_MS


def lately(end: int) -> range:
    """The slots of the last day."""
    return range(end - SPANS[0], end)


def needed_lately(terms: Terms, end: int, since: datetime | None, posts: Mapping[int, int]) -> int | None:
    """How many a window needs now: `at_least`, or what is beyond chance at `times_lately` the rate of late, if more.

    `posts` are the posts counted in each slot of `lately(end)`, `since` when counting began. The rate is that of the
    last day or that of the last three hours, whichever needs more; of time that was not counted, nothing is known.
    None: nothing was counted before `end`, and the rule is silent. It counts posts, also where the rule counts authors.
    """
    if terms.times_lately is None:
        return terms.at_least
    counted = end * _SLOT_MS - millis(since) if since else 0
    if counted <= 0:
        return None
    within = terms.within // timedelta(milliseconds=1)
    needs = [terms.at_least]
    for span in SPANS:
        found = sum(map(posts.get, range(end - span, end), repeat(0)))
        length = min(counted, span * _SLOT_MS)
        needs.append(beyond_chance(found * terms.times_lately, within / length))
    return max(needs)


def higher(usual: int | None, of_late: int | None) -> int | str:
    """The higher of two bars; or why a rule is silent, where one of them is not known."""
    if usual is None:
        return NO_HISTORY
    return NOTHING_YET if of_late is None else max(usual, of_late)


@lru_cache(maxsize=4096)
def beyond_chance(found: float, share: float) -> int:
    """The least number that chance reaches in `share` of the time in which `found` posts came less often than `CHANCE`.

    Posts come at a steady, unknown rate (Poisson), of which only `found` is known; so what comes next is distributed
    as a negative binomial with `found + 1` (Bayes, a flat prior; Gelman et al., Bayesian Data Analysis, 2.6). A short
    past needs more than a long one of the same rate: an hour in which nothing came says little, a quiet day says much.
    """
    size, odds = found + 1, share / (1 + share)
    expected = size * share
    if expected > _MANY:
        spread = math.sqrt(expected * (1 + share))
        return math.ceil(expected + _DEVIATIONS * spread + (_DEVIATIONS**2 - 1) / 6 * (1 + 2 * share)) + 1
    number, likely = 0, math.exp(-size * math.log1p(share))
    total = likely
    while 1 - total > CHANCE:
        likely *= (size + number) / (number + 1) * odds
        number += 1
        total += likely
    return number + 1
