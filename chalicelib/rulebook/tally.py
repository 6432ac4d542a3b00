"""Many posts, each decided by two rulebooks, counted in memory that does not grow with the posts."""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from chalicelib.model import Decision, Post
from chalicelib.rulebook.compare import Change, Compared, Shift, difference, is_acted_on, ruled

SAMPLES_A_CHANGE = 5
MOST_CHANGES = 200
MOST_DAYS = 1500


@dataclass(slots=True)
class Changed:
    """The posts of one change: how many, and a few of them; the same posts give the same few, in any order."""

    posts: int = 0
    _kept: list[tuple[int, int, Compared]] = field(default_factory=list)

    def add(self, found: Compared) -> None:
        """Count one, and keep it if its lot says so."""
        self.posts += 1
        entry = (-_lot(found.post), self.posts, found)
        if len(self._kept) < SAMPLES_A_CHANGE:
            heapq.heappush(self._kept, entry)
        elif entry > self._kept[0]:
            heapq.heapreplace(self._kept, entry)

    @property
    def samples(self) -> list[Compared]:
        """Those that were kept."""
        return [found for _, _, found in sorted(self._kept, reverse=True, key=lambda entry: entry[:2])]


@dataclass(slots=True)
class Side:
    """What one rulebook made of the posts: `rules` decided, `matched` may have lost to others, `shadow` only record."""

    outcomes: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    matched: Counter[str] = field(default_factory=Counter)
    shadow: Counter[str] = field(default_factory=Counter)
    teams: Counter[str] = field(default_factory=Counter)
    priorities: Counter[str] = field(default_factory=Counter)

    def add(self, decision: Decision) -> None:
        """Count one decision."""
        self.outcomes[decision.outcome.value] += 1
        self.rules[ruled(decision)] += 1
        self.matched.update(decision.matched)
        self.shadow.update(decision.shadow)
        if is_acted_on(decision):
            self.teams[decision.team or "nobody"] += 1
            self.priorities[decision.priority.value if decision.priority else "none"] += 1


@dataclass(slots=True)
class Day:
    """The posts of one day."""

    posts: int = 0
    acted_before: int = 0
    acted_after: int = 0
    changed: int = 0


@dataclass(slots=True)
class Tally:
    """Everything counted. `guarded` and `erased` posts were not put to the rules; `renamed` are ignored either way, by
    another rule: nobody would notice, so they are no change. `unlisted` are posts whose change came after 200 others.
    """

    decided: int = 0
    renamed: int = 0
    unlisted: int = 0
    guarded: Counter[str] = field(default_factory=Counter)
    erased: int = 0
    shifts: Counter[Shift] = field(default_factory=Counter)
    aspects: Counter[str] = field(default_factory=Counter)
    before: Side = field(default_factory=Side)
    after: Side = field(default_factory=Side)
    changes: dict[Change, Changed] = field(default_factory=dict)
    days: dict[date, Day] = field(default_factory=dict)

    def add(self, found: Compared) -> None:
        """Count one post that the rules decided."""
        self.decided += 1
        self.before.add(found.before)
        self.after.add(found.after)
        change = difference(found.before, found.after)
        self._count_day(found, change is not None)
        if change is None:
            self.renamed += found.before.rule != found.after.rule
            return
        self.shifts[change.shift] += 1
        self.aspects.update(change.aspects)
        if change in self.changes or len(self.changes) < MOST_CHANGES:
            self.changes.setdefault(change, Changed()).add(found)
        else:
            self.unlisted += 1

    @property
    def posts(self) -> int:
        """All posts there were."""
        return self.decided + self.guarded.total() + self.erased

    @property
    def changed(self) -> int:
        """How many would be handled differently."""
        return self.shifts.total()

    @property
    def share(self) -> float:
        """How many of a hundred decisions change; guards' decisions are none of the rules'."""
        return 100 * self.changed / self.decided if self.decided else 0.0

    def largest(self, shift: Shift) -> Iterator[tuple[Change, Changed]]:
        """The changes of a shift, the most posts first."""
        found = [(change, kept) for change, kept in self.changes.items() if change.shift is shift]
        yield from sorted(found, key=lambda item: (-item[1].posts, item[0]))

    def _count_day(self, found: Compared, changed: bool) -> None:
        at = found.post.at
        if at is None or (at.date() not in self.days and len(self.days) >= MOST_DAYS):
            return
        day = self.days.setdefault(at.date(), Day())
        day.posts += 1
        day.acted_before += is_acted_on(found.before)
        day.acted_after += is_acted_on(found.after)
        day.changed += changed


def _lot(post: Post) -> int:
    """A number that chance gave this version, always the same."""
    named = f"{post.id}\x1f{post.version}".encode("utf-8", "backslashreplace")
    return int.from_bytes(hashlib.blake2b(named, digest_size=8).digest())
