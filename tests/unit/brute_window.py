"""The count of a window done the slow way: everything remembered, nothing thinned out, post times compared one by one.

It follows the docstring of `model.window.count`, sentence by sentence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.model import Sighting
from chalicelib.model.window import GRACE, STEPS


@dataclass
class BruteWindow:
    """All that ever happened in one window."""

    answers: dict[str, bool] = field(default_factory=dict)
    counted: list[tuple[str, datetime]] = field(default_factory=list)
    latest: datetime | None = None
    quiet_until: datetime | None = None

    def sight(self, seen: Sighting) -> bool:
        if seen.post_id not in self.answers:
            self.answers[seen.post_id] = self._crosses(seen)
        return self.answers[seen.post_id]

    def _crosses(self, seen: Sighting) -> bool:
        is_quiet = self.quiet_until is not None and seen.at <= self.quiet_until
        is_late = self.latest is not None and seen.at < self.latest - GRACE
        if is_quiet or is_late or self._is_counted_already(seen):
            return False
        self.counted.append((seen.who, seen.at))
        self.latest = max(seen.at, self.latest or seen.at)
        if self._most(seen) < seen.terms.at_least:
            return False
        self.quiet_until = self.latest + max(seen.terms.quiet, seen.terms.within / STEPS)
        self.counted.clear()
        return True

    def _is_counted_already(self, seen: Sighting) -> bool:
        step = seen.terms.within / STEPS
        times = [at for who, at in self.counted if who == seen.who]
        return any(at == seen.at or at < seen.at < at + step for at in times)

    def _most(self, seen: Sighting) -> int:
        within = seen.terms.within
        ends = [at for _, at in self.counted if seen.at <= at < seen.at + within]
        return max(len({who for who, at in self.counted if end - within < at <= end}) for end in ends)
