"""The posts that stand as evidence of a crossing: the latest of those that were counted in its stretch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.model.growth import LONGEST_SAMPLE, MOST_SAMPLES


@dataclass(frozen=True, slots=True)
class Sample:
    """A post that was counted: its id, and when it was said, in milliseconds since 1970."""

    id: str
    at: int


def with_post(samples: Sequence[Sample], post_id: str, at: int, since: int) -> tuple[Sample, ...]:
    """The latest with one more, the latest first; those that were said at `since` or before it count no more."""
    new = () if len(post_id) > LONGEST_SAMPLE else (Sample(post_id, at),)
    others = (each for each in samples if each.id != post_id)
    alive = [each for each in (*new, *others) if each.at > since]
    return tuple(sorted(alive, key=lambda each: -each.at))[:MOST_SAMPLES]


def evidence(samples: Sequence[Sample], post_id: str, at: int, since: int) -> tuple[Sample, ...]:
    """As `with_post`, and the post that crosses is there in any case, though later ones were counted before it."""
    found = with_post(samples, post_id, at, since)
    if len(post_id) > LONGEST_SAMPLE or any(each.id == post_id for each in found):
        return found
    return (*found[: MOST_SAMPLES - 1], Sample(post_id, at))
