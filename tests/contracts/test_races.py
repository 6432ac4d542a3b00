"""Two functions at the same posts at once, as when the queue hands out again what the first is still slow at."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from chalicelib.model import Action, Post
from chalicelib.pipeline import triage
from chalicelib.ports.store import Store
from tests.unit.people import OLDEST, ThreeWords, Watch, post, read

POSTS = (
    post(1),
    post(2, "still no refund"),
    post(1, "refund!!", action=Action.EDIT, edited_at=post(1).created_at),
    post(3, "smoke, refund"),
)


def desk(store: Store, minutes: int = 0) -> triage.Desk:
    """One function, whose clock may be wrong."""
    clock = Watch()
    clock.time += timedelta(minutes=minutes)
    return triage.Desk(store, ThreeWords(), read, clock, OLDEST, {})


def test_two_functions_at_the_same_posts_decide_each_once_and_owe_nothing_twice(store: Store) -> None:
    slow, quick = (desk(store, minutes).batch(POSTS) for minutes in (0, 7))

    for each in POSTS:
        assert [batch.triage(each).first for batch in (slow, quick)] == [True, False]

    assert [len(store.recorded(f"forum:{number}")) for number in (1, 2, 3)] == [2, 1, 1]
    assert _told(store) == [["forum:1", "forum:2", "forum:1"], ["forum:3"]]


def test_a_function_that_comes_back_late_changes_nothing(store: Store) -> None:
    slow, quick = (desk(store, minutes).batch(POSTS) for minutes in (7, 0))
    for each in POSTS:
        quick.triage(each)
    before = _told(store)

    assert [slow.triage(each).first for each in POSTS] == [False] * 4
    assert _told(store) == before


@pytest.mark.parametrize("order", list(permutations(range(3)))[1:])
def test_one_post_decided_meanwhile_by_another_function_is_joined_not_forgotten(
    store: Store, order: tuple[int, ...]
) -> None:
    posts = [post(number, "refund") for number in (1, 2, 3)]
    batches = [desk(store).batch(posts) for _ in posts]

    for place in order:
        assert batches[place].triage(posts[place]).first

    assert [len(told) for told in _told(store)] == [3]
    assert [len(store.standings([each])[0].open_cases) for each in posts] == [1, 1, 1]


def test_a_deletion_that_another_function_carries_out_meanwhile_is_not_undone(store: Store) -> None:
    deletion: Post = post(1, None, action=Action.DELETE)
    slow = desk(store).batch([post(1)])
    desk(store).batch([deletion]).triage(deletion)

    triaged = slow.triage(post(1))

    assert (triaged.decision.guard, triaged.case_id) == ("deleted", None)
    assert [record.post.text for record in store.recorded("forum:1")] == [None, None]
    assert list(store.cases()) == []


def _told(store: Store) -> list[list[str]]:
    """The posts that each case owes, in order, the oldest case first."""
    return [[owed.post_id for owed in store.owed(case.id)] for case in reversed(list(store.cases()))]
