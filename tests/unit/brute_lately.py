"""What a window needs by what was of late, done the slow way: all posts are looked at again, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from chalicelib.model import Sighting
from chalicelib.model.lately import NOTHING_YET, beyond_chance
from chalicelib.model.window import GRACE

FIVE = timedelta(minutes=5)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def needed_by_hand(heard: Sequence[Sighting]) -> int | str:
    """Of the last of these, which arrived one after the other; or why it is silent."""
    now = heard[-1]
    terms = now.terms
    assert terms.times_lately is not None
    start = now.at - terms.within - GRACE
    end = start - (start - EPOCH) % FIVE
    since = heard[0].at
    if since >= end:
        return NOTHING_YET
    needs = [terms.at_least]
    for span in (timedelta(hours=24), timedelta(hours=3)):
        before = [each for each in heard if each.window == now.window and end - span <= each.at < end]
        share = terms.within / min(span, end - since)
        needs.append(beyond_chance(len(before) * terms.times_lately, share))
    return max(needs)
