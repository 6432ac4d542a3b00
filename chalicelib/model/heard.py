"""What was heard: of one delivery, and of a platform on one day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from chalicelib.model.post import Post


@dataclass(frozen=True, slots=True)
class Heard:
    """What one delivery held.

    `skipped` counts what is no post, or of a kind that nobody listens to, by type; `problem` says what could not be
    read, and quotes none of it.
    """

    posts: tuple[Post, ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Hearing:
    """What a platform told on one day (UTC), and when last; `kinds` are the types of what was skipped.

    `posted_at` is when the last delivery with a post came.
    """

    platform: str
    at: datetime
    deliveries: int = 0
    posts: int = 0
    skipped: int = 0
    kinds: frozenset[str] = frozenset()
    posted_at: datetime | None = None

    @property
    def day(self) -> date:
        """The day it is counted on."""
        return self.at.date()

    def and_then(self, later: Hearing) -> Hearing:
        """Both together."""
        return Hearing(
            self.platform,
            max(self.at, later.at),
            self.deliveries + later.deliveries,
            self.posts + later.posts,
            self.skipped + later.skipped,
            self.kinds | later.kinds,
            max(filter(None, (self.posted_at, later.posted_at)), default=None),
        )

    def with_kinds(self, kinds: frozenset[str]) -> Hearing:
        """The same, of these types."""
        return replace(self, kinds=kinds)
