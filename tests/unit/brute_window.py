"""The count of a window done the slow way: everything remembered, nothing thinned out, post times compared one by one.

It follows the docstring of `model.window.count`, sentence by sentence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.model import Sighting
from chalicelib.model.runs import LOUD, STEPS
from chalicelib.model.window import GRACE


@dataclass(frozen=True)
class Counted:
    """One sighting that was counted; `outside`: no earlier and no later one of the same who lay on both its sides.
    `grew`: it lay in no time in which the same who was there without a gap."""

    post_id: str
    who: str
    at: datetime
    outside: bool
    grew: bool


@dataclass
class BruteWindow:
    """All that ever happened in one window."""

    answers: dict[str, bool] = field(default_factory=dict)
    counted: list[Counted] = field(default_factory=list)
    latest: datetime | None = None
    quiet_until: datetime | None = None

    def sight(self, seen: Sighting) -> bool:
        if seen.post_id not in self.answers:
            self.answers[seen.post_id] = self._crosses(seen)
        return self.answers[seen.post_id]

    def _crosses(self, seen: Sighting) -> bool:
        within, chains = seen.terms.within, self._chains(seen)
        chain = [each for chain in chains for each in chain]
        is_quiet = self.quiet_until is not None and seen.at <= self.quiet_until
        is_late = self.latest is not None and seen.at < self.latest - GRACE
        if is_quiet or is_late or self._is_loud(chain, seen):
            return False
        times = [each.at for each in chain]
        outside = not times or not min(times) <= seen.at <= max(times)
        grew = not any(chain[0].at <= seen.at <= chain[-1].at for chain in chains)
        self.counted.append(Counted(seen.post_id, seen.who, seen.at, outside, grew))
        self.latest = max(seen.at, self.latest or seen.at)
        if self._most(seen) < seen.terms.at_least:
            return False
        self.quiet_until = self.latest + max(seen.terms.quiet, within / STEPS)
        self.counted.clear()
        return True

    def _chains(self, seen: Sighting) -> list[list[Counted]]:
        """The counted sightings of the same who that this one hangs together with, none `within` from the next."""
        mine = sorted((each for each in self.counted if each.who == seen.who), key=lambda each: each.at)
        chains: list[list[Counted]] = []
        for each in mine:
            if chains and each.at - chains[-1][-1].at <= seen.terms.within:
                chains[-1].append(each)
            else:
                chains.append([each])
        within = seen.terms.within
        return [chain for chain in chains if chain[0].at - within <= seen.at <= chain[-1].at + within]

    def _is_loud(self, chain: list[Counted], seen: Sighting) -> bool:
        before = [each for each in chain if each.at < seen.at]
        if not before or any(each.at >= seen.at for each in chain):
            return False
        is_close = seen.at < before[-1].at + seen.terms.within / STEPS
        return is_close and sum(each.outside for each in before) >= LOUD

    def _most(self, seen: Sighting) -> int:
        within = seen.terms.within
        ends = [each.at for each in self.counted if seen.at <= each.at < seen.at + within]
        return max(len({each.who for each in self.counted if end - within < each.at <= end}) for end in ends)
