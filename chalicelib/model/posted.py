"""How often one author posted: the posts that were heard of them, and the one function that counts one more.

The same function counts in memory (stories, `earshot decide`, replay) and on the table.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from chalicelib.model.window import mark, millis

MOST = 200  # rules may ask for no more, so that older ones need not be remembered
LONGEST = timedelta(days=90)
# Each post by a hash of its id, with when it was said, in milliseconds since 1970.
Heard = Mapping[str, int]


def heard(before: Heard, post_id: str, at: datetime) -> Heard:
    """What is remembered with one post more; the same where this post, or `MOST` later ones, are remembered already."""
    name = mark(post_id)
    if name in before:
        return before
    times = {**before, name: millis(at)}
    latest = max(times.values())
    alive = {each: time for each, time in times.items() if time > latest - LONGEST // timedelta(milliseconds=1)}
    kept = dict(sorted(alive.items(), key=lambda item: (-item[1], item[0]))[:MOST])
    return before if name not in kept else kept


def counts(known: Heard, at: datetime, days: Collection[int]) -> dict[int, int]:
    """For each number of days, how many posts lie in so many days up to this instant, it included; at most `MOST`."""
    end = millis(at)
    day = timedelta(days=1) // timedelta(milliseconds=1)
    return {length: sum(end - length * day < time <= end for time in known.values()) for length in days}
