"""How many posts there were before, in one process's memory: what `stores.tallies` is on the table."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from chalicelib.model import Sighting
from chalicelib.model.lately import SPANS, higher, needed_lately, slot_of, until
from chalicelib.model.usual import HOURS_A_WEEK, WEEKS, hour_of, needed
from chalicelib.model.window import Terms

MOST_HOURS = HOURS_A_WEEK * WEEKS + 2
MOST_SLOTS = 2 * SPANS[0]


class Past:
    """The posts of one window: the hours of four weeks, the slots of two days. Older ones are forgotten."""

    def __init__(self) -> None:
        self._hours: Counter[int] = Counter()
        self._slots: Counter[int] = Counter()
        self._lately: tuple[int, Terms, int | None] | None = None

    def needed(self, sighting: Sighting, since: datetime) -> int | str:
        """Count one post more, and how many are needed now; or why the rule is silent."""
        terms, at = sighting.terms, sighting.at
        if terms.times_usual is not None:
            _count(self._hours, hour_of(at), MOST_HOURS)
        if terms.times_lately is not None:
            _count(self._slots, slot_of(at), MOST_SLOTS)
        return higher(needed(terms, at, since, self._hours), self._needed_lately(terms, at, since))

    def _needed_lately(self, terms: Terms, at: datetime, since: datetime) -> int | None:
        end = until(terms, at)
        if self._lately is None or self._lately[:2] != (end, terms):
            self._lately = (end, terms, needed_lately(terms, end, since, self._slots))
        return self._lately[2]


def _count(posts: Counter[int], number: int, most: int) -> None:
    """One more; of the numbers that come to be there, the oldest go."""
    posts[number] += 1
    if len(posts) > most:
        del posts[next(iter(posts))]
