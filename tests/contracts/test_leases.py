"""How far subscriptions reach: every store of leases keeps the same promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.model.lease import Grant, Lease
from chalicelib.ports.platform import Leases
from chalicelib.stores.leases import DynamoLeases
from chalicelib.stores.memory_leases import MemoryLeases
from tests.contracts.cloud import Cloud
from tests.contracts.conftest import Clock

FEED, OTHER = "youtube:https://hub.example/feed?channel_id=UC1", "youtube:https://hub.example/feed?channel_id=UC2"


@pytest.fixture(params=["memory", pytest.param("dynamo", marks=pytest.mark.local)])
def leases(request: pytest.FixtureRequest, clock: Clock) -> Leases:
    if request.param == "memory":
        return MemoryLeases(clock)
    cloud: Cloud = request.getfixturevalue("cloud")
    return DynamoLeases(cloud.wire(), request.getfixturevalue("table"), clock)


def only(leases: Leases, name: str = FEED) -> Lease:
    (found,) = leases.leases([name])
    return found


def test_of_what_was_never_asked_nothing_is_known(leases: Leases) -> None:
    assert leases.leases([OTHER, FEED]) == [Lease(OTHER), Lease(FEED)]
    assert leases.leases([]) == []


def test_a_claim_is_kept_and_counts_the_tries(leases: Leases, clock: Clock) -> None:
    assert leases.claim(only(leases), "mark")
    first = only(leases)
    assert leases.claim(first, "mark")

    assert (first.tries, first.mark, first.granted_at, first.ends_at) == (1, "mark", None, None)
    assert first.asked_at is not None
    assert first.asked_at <= clock.now
    assert (only(leases).tries, only(leases, OTHER)) == (2, Lease(OTHER))


def test_of_two_that_read_the_same_lease_one_asks(leases: Leases) -> None:
    read = only(leases)
    assert leases.claim(read, "mark")
    assert not leases.claim(read, "mark")

    again = only(leases)
    assert leases.claim(again, "mark")
    assert not leases.claim(again, "mark")


def test_a_grant_ends_when_the_hub_said_and_forgets_the_tries(leases: Leases) -> None:
    leases.claim(only(leases), "mark")
    leases.granted(Grant(FEED, timedelta(days=5)))

    lease = only(leases)
    assert lease.granted_at is not None
    assert (lease.ends_at, lease.tries, lease.mark) == (lease.granted_at + timedelta(days=5), 0, "mark")


def test_a_grant_of_what_was_never_asked_is_not_kept(leases: Leases) -> None:
    leases.granted(Grant(FEED, timedelta(days=5)))
    leases.granted(Grant(FEED, None))

    assert only(leases) == Lease(FEED)


def test_a_denial_takes_the_grant_away_and_nothing_else(leases: Leases) -> None:
    leases.claim(only(leases), "mark")
    before = only(leases)
    leases.granted(Grant(FEED, timedelta(days=5)))
    leases.granted(Grant(FEED, None))

    assert only(leases) == replace(before, tries=0)


def test_asking_again_for_the_same_leaves_the_grant_and_for_something_else_forgets_it(leases: Leases) -> None:
    leases.claim(only(leases), "mark")
    leases.granted(Grant(FEED, timedelta(days=5)))
    granted = only(leases)

    leases.claim(granted, "mark")
    same = only(leases)
    leases.claim(same, "another")
    other = only(leases)

    assert (same.granted_at, same.ends_at) == (granted.granted_at, granted.ends_at)
    assert (other.granted_at, other.ends_at, other.mark) == (None, None, "another")


def test_a_topic_of_any_length_and_script_has_a_lease(leases: Leases) -> None:
    for name in ("youtube:" + "ü" * 3000, "youtube:\ud800"):
        leases.claim(only(leases, name), "mark")
        leases.granted(Grant(name, timedelta(days=1)))

        assert only(leases, name).ends_at is not None
