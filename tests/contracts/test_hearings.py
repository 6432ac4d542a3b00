"""What is written down of what platforms told: the same in memory and in the table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.model import Hearing
from chalicelib.ports.platform import Hearings
from chalicelib.stores.hearings import DynamoHearings, MemoryHearings
from tests.contracts.cloud import Cloud

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(params=["memory", pytest.param("dynamo", marks=pytest.mark.local)])
def hearings(request: pytest.FixtureRequest) -> Hearings:
    if request.param == "memory":
        return MemoryHearings()
    cloud: Cloud = request.getfixturevalue("cloud")
    return DynamoHearings(cloud.wire(), request.getfixturevalue("table"))


def heard(minutes: float, platform: str = "x", **counts: Any) -> Hearing:
    given: dict[str, Any] = {"deliveries": 1, "posts": 2, "skipped": 1, "kinds": frozenset({"like.create"})}
    return Hearing(platform, NOON + timedelta(minutes=minutes), **{**given, **counts})


def test_a_platform_that_never_told_anything_was_never_heard(hearings: Hearings) -> None:
    hearings.add(heard(0))

    assert hearings.last("line") is None


def test_what_several_processes_heard_on_a_day_is_one_count(hearings: Hearings) -> None:
    hearings.add(heard(0))
    hearings.add(heard(1, kinds=frozenset({"follow.followed"}), skipped=3))
    hearings.add(heard(2, posts=0, skipped=0, kinds=frozenset()))

    assert hearings.last("x") == heard(
        2, deliveries=3, posts=4, skipped=4, kinds=frozenset({"like.create", "follow.followed"})
    )


def test_every_day_is_counted_by_itself_and_the_last_is_told(hearings: Hearings) -> None:
    tomorrow = heard(24 * 60, posts=0, skipped=0, kinds=frozenset())
    hearings.add(tomorrow)
    hearings.add(heard(0))

    assert hearings.last("x") == tomorrow


def test_platforms_are_counted_apart(hearings: Hearings) -> None:
    hearings.add(heard(0))
    hearings.add(heard(5, "standard-webhooks"))

    found = hearings.last("x"), hearings.last("standard-webhooks")
    assert [hearing.at.minute for hearing in found if hearing] == [0, 5]


def test_the_last_post_is_told_apart_from_what_was_skipped_since(hearings: Hearings) -> None:
    """Of a day of before posts were noted apart, the last that was told is known."""
    assert hearings.last_post("x") is None

    hearings.add(heard(-3 * 24 * 60))
    assert hearings.last_post("x") == NOON - timedelta(days=3)
    hearings.add(heard(-2 * 24 * 60, posted_at=NOON - timedelta(days=2, minutes=1)))
    hearings.add(heard(-2 * 24 * 60 + 60, posts=0))
    hearings.add(heard(0, posts=0))

    assert hearings.last_post("x") == NOON - timedelta(days=2, minutes=1)
