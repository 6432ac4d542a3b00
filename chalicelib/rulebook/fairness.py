"""Whether those whom few follow are heard like those whom many follow: outcomes and waits by follower decile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median

from chalicelib.model import Decision, Outcome, Post

PARTS = 10


@dataclass(frozen=True, slots=True)
class Heard:
    """One post whose author's followers are known: its outcome, the hours to its promised reply and to the real one."""

    followers: int
    outcome: Outcome
    hours: float | None = None
    answered: float | None = None


@dataclass(frozen=True, slots=True)
class Decile:
    """A tenth of the posts, by how many follow their authors. Shares from 0 to 1.

    `hours` is the median of what was promised, `answered` of what people waited until somebody answered.
    """

    least: int
    most: int
    posts: int
    escalated: float
    recommended: float
    hours: float | None
    answered: float | None = None


def heard(
    post: Post, made: Decision, decided_at: datetime | None = None, answered_at: datetime | None = None
) -> Heard | None:
    """What counts of one decision; None where nobody knows how many follow, or a guard stopped it."""
    if post.author.followers is None or made.guard is not None:
        return None
    begun = post.at or decided_at
    promised, waited = _hours(begun, made.first_reply_due), _hours(begun, answered_at)
    return Heard(post.author.followers, made.outcome, promised, waited if waited is None or waited >= 0 else None)


def _hours(begun: datetime | None, ended: datetime | None) -> float | None:
    return (ended - begun).total_seconds() / 3600 if begun and ended else None


def deciles(posts: Sequence[Heard]) -> list[Decile]:
    """Tenths with equally many posts, fewest followers first; fewer where there are fewer than ten posts."""
    ordered = sorted(posts, key=lambda each: each.followers)
    edges = [len(ordered) * part // PARTS for part in range(PARTS + 1)]
    return [_decile(ordered[start:end]) for start, end in pairwise(edges) if start < end]


def _decile(posts: Sequence[Heard]) -> Decile:
    return Decile(
        posts[0].followers,
        posts[-1].followers,
        len(posts),
        sum(each.outcome is Outcome.ESCALATE for each in posts) / len(posts),
        sum(each.outcome is Outcome.RECOMMEND for each in posts) / len(posts),
        _median(each.hours for each in posts),
        _median(each.answered for each in posts),
    )


def _median(hours: Iterable[float | None]) -> float | None:
    known = [each for each in hours if each is not None]
    return median(known) if known else None
