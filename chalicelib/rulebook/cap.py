"""`at most`: how often one author is recommended the same thing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from chalicelib.model import Answer, LineAnswer, Post, Recommended
from chalicelib.rulebook.clock import duration

BLOCK = "at most"
MOST = 20
LONGEST = timedelta(days=365)  # an author's record is kept for 400 days
EXPECTED = f"'at most' reads like '1 per author per 7 days' (1 to {MOST}, at most {LONGEST.days} days)"
_CAP = re.compile(r"([1-9][0-9]?) per author per (.+)")


@dataclass(frozen=True, slots=True)
class Cap:
    """So many times within so long, by the posts' own times."""

    times: int
    within: timedelta


@cache
def cap(words: str) -> Cap:
    """What the words say. Raises ValueError with what was expected."""
    match = _CAP.fullmatch(" ".join(words.split()))
    if match is None or int(match[1]) > MOST:
        raise ValueError(EXPECTED)
    try:
        within = duration(match[2])
    except ValueError:
        raise ValueError(EXPECTED) from None
    if within.business or within.length > LONGEST:
        raise ValueError(EXPECTED)
    return Cap(int(match[1]), within.length)


def capped(words: str | None, rule_id: str, post: Post, recommended: Sequence[Recommended]) -> LineAnswer | None:
    """The line that says no where the author was recommended this as often as the words allow, else None.

    Another version of the same post is no other recommendation. None also where nobody knows who wrote, or when.
    """
    if words is None or post.at is None or post.author_key is None:
        return None
    allowed, at = cap(words), post.at
    before = [each for each in recommended if each.rule == rule_id and each.post_id != post.id]
    times = sum(at - each.at < allowed.within for each in before)
    return LineAnswer(BLOCK, f"{words}: {times} before", Answer.NO) if times >= allowed.times else None
