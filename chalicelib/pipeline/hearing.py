"""When each platform was last heard, and how much: known in each process, written down once a minute at most."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from chalicelib.model import Hearing
from chalicelib.ports.platform import Hearings

EVERY = timedelta(minutes=1)
SILENT = timedelta(days=2)  # also a small company's page is spoken to at a weekend
MOST_KINDS = 20  # names of types kept of what one process skipped; a platform has some dozens at most
OTHERS = "others"


class Ear:
    """What one process heard and has not written down yet.

    The first delivery after a quiet minute is written at once, so of a platform that is heard seldom nothing is
    missing; in a storm the last minute of a process that ends is, which the log still holds.
    """

    def __init__(self, hearings: Hearings) -> None:
        self._hearings = hearings
        self._unwritten: dict[tuple[str, date], Hearing] = {}
        self._tried: dict[str, datetime] = {}

    def note(self, platform: str, at: datetime, posts: int, skipped: Mapping[str, int]) -> None:
        """Count one delivery. Raises Unavailable when it is time to write and nobody answers: nothing is lost then,
        and it is tried again after a minute."""
        posted_at = at if posts else None
        heard = Hearing(platform, at, 1, posts, sum(skipped.values()), frozenset(skipped), posted_at)
        key = platform, heard.day
        known = self._unwritten.get(key)
        self._unwritten[key] = _bounded(known.and_then(heard) if known else heard)
        if platform in self._tried and at - self._tried[platform] < EVERY:
            return
        self._tried[platform] = at
        for key in [key for key in self._unwritten if key[0] == platform]:
            self._hearings.add(self._unwritten[key])
            del self._unwritten[key]


def is_silent(last: Hearing, at: datetime) -> bool:
    """Whether a platform that was heard has not been for so long that a person should look."""
    return at - last.at > SILENT


def _bounded(hearing: Hearing) -> Hearing:
    if len(hearing.kinds) <= MOST_KINDS:
        return hearing
    return hearing.with_kinds(frozenset(sorted(hearing.kinds - {OTHERS})[: MOST_KINDS - 1]) | {OTHERS})
