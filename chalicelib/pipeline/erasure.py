"""Forgetting authors: what they wrote is taken back as if they had deleted it, and then who wrote it is dropped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.model import Action, Post
from chalicelib.model.erasure import ARRIVES, Erasure, Stretch
from chalicelib.ports.clock import Clock
from chalicelib.ports.deciding import PostQueue
from chalicelib.ports.store import Erasures


def erase(erasures: Erasures, queue: PostQueue, clock: Clock, is_late: Callable[[], bool]) -> list[Erasure]:
    """Go on with every erasure that was asked for; those that are done now. Raises Unavailable.

    Once `is_late`, the next call goes on where this one stopped. A stretch that was begun and not noted is gone through
    again, which changes nothing any more. The decisions' skeletons stay: what was decided, by which rule, and when.
    What comes later than the search, out of a backlog or the dead letters, is not kept (`standing.is_forgotten`).
    """
    done: list[Erasure] = []
    for erasure in erasures.under_way():
        erasures.mark(erasure)  # at once, so that nothing late is kept while or after the table is searched
        if clock() - erasure.asked_at < ARRIVES:
            continue
        ended = _search(erasures, queue, erasure, clock, is_late)
        if ended:
            done.append(ended)
    return done


def _search(
    erasures: Erasures, queue: PostQueue, erasure: Erasure, clock: Clock, is_late: Callable[[], bool]
) -> Erasure | None:
    """The erasure when it is done; None when there is no time left, or somebody else is at it."""
    while not is_late():
        stretch = erasures.search(erasure)
        # Noted before they are forgotten: after a death in between they are found no more, and count twice at worst.
        counted = _counted(erasure, stretch)
        if counted != erasure and not erasures.advance(erasure, counted):
            return None
        _forget(erasures, queue, erasure, stretch, clock())
        after = replace(counted, cursor=stretch.cursor) if stretch.cursor else _end(erasures, counted, clock())
        if not erasures.advance(counted, after):
            return None
        if after.done_at:
            return after
        erasure = after
    return None


def _counted(erasure: Erasure, stretch: Stretch) -> Erasure:
    posts = len({written.post_id for written in stretch.posts})
    return replace(erasure, posts=erasure.posts + posts, cases=erasure.cases + len(stretch.cases))


def _forget(erasures: Erasures, queue: PostQueue, erasure: Erasure, stretch: Stretch, now: datetime) -> None:
    _take_back(queue, stretch, now)
    for written in stretch.posts:
        erasures.forget(written.post_id)
    for case_id in stretch.cases:
        erasures.forget_in_case(case_id, erasure.author_keys)


def _end(erasures: Erasures, erasure: Erasure, now: datetime) -> Erasure:
    for author_key in erasure.author_keys:
        # Those that were opened behind the search; the record is dropped after them, since it alone names them.
        for case_id in erasures.remembered(author_key):
            erasures.forget_in_case(case_id, erasure.author_keys)
        erasures.forget_author(author_key)
    # Where nothing was found the ids stay until it expires: the author may have another one, which a person looks for.
    return replace(erasure, author_keys=() if erasure.found else erasure.author_keys, cursor=None, done_at=now)


def _take_back(queue: PostQueue, stretch: Stretch, now: datetime) -> None:
    """As deletions, and first: the CRM is told of those that it knows, and no later version comes back."""
    unique = {written.post_id: written for written in stretch.posts}
    queue.put(
        [
            Post(of.post_id, of.platform, action=Action.DELETE, account_id=of.account_id, delivered_at=now)
            for of in unique.values()
        ]
    )
