"""Whether those whom few follow are heard like those whom many follow: outcomes and waits by follower decile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median

from chalicelib.model import Decision, Outcome, Post

PARTS = 10


@dataclass(frozen=True, slots=True)
class Heard:
    """One post whose author's followers are known: what happened to it, and the hours to its promised reply."""

    followers: int
    outcome: Outcome
    hours: float | None = None


@dataclass(frozen=True, slots=True)
class Decile:
    """A tenth of the posts, by how many follow their authors. Shares from 0 to 1; `hours` is the median wait."""

    least: int
    most: int
    posts: int
    escalated: float
    recommended: float
    hours: float | None


def heard(post: Post, made: Decision, decided_at: datetime | None = None) -> Heard | None:
    """What counts of one decision; None where nobody knows how many follow, or a guard stopped it."""
    if post.author.followers is None or made.guard is not None:
        return None
    begun = post.at or decided_at
    due = made.first_reply_due
    return Heard(post.author.followers, made.outcome, (due - begun).total_seconds() / 3600 if due and begun else None)


def deciles(posts: Sequence[Heard]) -> list[Decile]:
    """Tenths with equally many posts, fewest followers first; fewer where there are fewer than ten posts."""
    ordered = sorted(posts, key=lambda each: each.followers)
    edges = [len(ordered) * part // PARTS for part in range(PARTS + 1)]
    return [_decile(ordered[start:end]) for start, end in pairwise(edges) if start < end]


def _decile(posts: Sequence[Heard]) -> Decile:
    hours = [each.hours for each in posts if each.hours is not None]
    return Decile(
        posts[0].followers,
        posts[-1].followers,
        len(posts),
        sum(each.outcome is Outcome.ESCALATE for each in posts) / len(posts),
        sum(each.outcome is Outcome.RECOMMEND for each in posts) / len(posts),
        median(hours) if hours else None,
    )
