"""Alerts the slow way: every arrival remembered, and from it what each crossing's alert must come to.

It follows the docstrings of `model.window.count` and `model.growth`, sentence by sentence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.model import Sighting
from chalicelib.model.growth import MOST_SAMPLES
from chalicelib.model.window import GRACE
from tests.unit.brute_window import BruteWindow, Counted


@dataclass
class BruteAlert:
    """One crossing: when that was said which made it cross, the latest time counted then, until when it was quiet, who
    made it cross, the posts that are its evidence, the latest first, and what arrived since that belongs to it."""

    post_id: str
    since: datetime
    at: datetime
    quiet_until: datetime
    whos: set[str]
    posts: tuple[str, ...]
    arrived: list[tuple[datetime, Sighting]] = field(default_factory=list)

    def by(self, when: datetime) -> tuple[datetime, set[str]]:
        """Until when something came without a gap, and who were there, of what had arrived by then."""
        last, near = self._near(when)
        return last, self.whos | {seen.who for seen in near}

    def posts_by(self, when: datetime) -> set[str]:
        """The posts that may be shown by then: its evidence, and what came without a gap."""
        return {*self.posts, *(seen.post_id for seen in self._near(when)[1])}

    def _near(self, when: datetime) -> tuple[datetime, list[Sighting]]:
        there = [seen for at, seen in self.arrived if at <= when]
        first, last = self.since, self.at
        while True:
            near = [seen for seen in there if first - seen.terms.within <= seen.at <= last + seen.terms.within]
            times = [first, last, *(seen.at for seen in near)]
            if (min(times), max(times)) == (first, last):
                return last, near
            first, last = min(times), max(times)


@dataclass
class BruteAlerts:
    """All alerts of one window, in the order in which they are raised."""

    window: BruteWindow = field(default_factory=BruteWindow)
    alerts: list[BruteAlert] = field(default_factory=list)

    def arrive(self, when: datetime, seen: Sighting) -> None:
        known, counted = seen.post_id in self.window.answers, list(self.window.counted)
        if self.window.sight(seen) and not known:
            assert self.window.latest is not None
            assert self.window.quiet_until is not None
            whos = {each.who for each in counted if each.at > seen.at - seen.terms.within} | {seen.who}
            posts = _evidence([*counted, Counted(seen.post_id, seen.who, seen.at, outside=True, grew=True)], seen)
            crossed = BruteAlert(seen.post_id, seen.at, self.window.latest, self.window.quiet_until, whos, posts)
            self.alerts.append(crossed)
        if alert := self._whose(seen):
            alert.arrived.append((when, seen))

    def _whose(self, seen: Sighting) -> BruteAlert | None:
        """Of whose quiet it is; of the last where it was said after all of them."""
        for alert in self.alerts:
            if seen.at <= alert.quiet_until:
                return alert if seen.at >= alert.at - GRACE else None
        late = self.window.latest is None or seen.at < self.window.latest - GRACE
        return None if late or not self.alerts else self.alerts[-1]


def _evidence(counted: list[Counted], crossing: Sighting) -> tuple[str, ...]:
    """The latest five that were said in the first stretch with the most whos, or after it; the one that crosses is."""
    within = crossing.terms.within
    ends = sorted({each.at for each in counted if crossing.at <= each.at < crossing.at + within})
    most = max(ends, key=lambda end: len({each.who for each in counted if end - within < each.at <= end}))
    there = [each for each in reversed(counted) if each.grew and each.at > most - within]
    latest = [each.post_id for each in sorted(there, key=lambda each: each.at, reverse=True)]
    if crossing.post_id in latest[:MOST_SAMPLES]:
        return tuple(latest[:MOST_SAMPLES])
    return (*latest[: MOST_SAMPLES - 1], crossing.post_id)
