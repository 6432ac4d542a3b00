"""How often it is written down that a platform was heard: seldom, and never at a sender's expense."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.errors import Unavailable
from chalicelib.model import Hearing
from chalicelib.pipeline.hearing import MOST_KINDS, Ear
from chalicelib.stores.hearings import MemoryHearings

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass
class Counted(MemoryHearings):
    """Hearings that count what is written, and fail first as often as they are told."""

    troubles: int = 0
    written: list[Hearing] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def add(self, hearing: Hearing) -> None:
        if self.troubles:
            self.troubles -= 1
            raise Unavailable("the table does not answer")
        self.written.append(hearing)
        super().add(hearing)


def note(ear: Ear, seconds: float, platform: str = "x", skipped: str | None = None) -> None:
    ear.note(platform, NOON + timedelta(seconds=seconds), 1, {skipped: 1} if skipped else {})


def test_the_first_delivery_is_written_at_once_and_a_storm_once_a_minute() -> None:
    hearings = Counted()
    ear = Ear(hearings)

    for second in range(125):
        note(ear, second, skipped="like")

    assert [(one.deliveries, one.at.second + 60 * one.at.minute) for one in hearings.written] == [
        (1, 0),
        (60, 60),
        (60, 120),
    ]
    found = hearings.last("x")
    assert found is not None
    assert (found.deliveries, found.posts, found.skipped, found.kinds) == (121, 121, 121, frozenset({"like"}))


def test_each_platform_has_its_own_minute() -> None:
    hearings = Counted()
    ear = Ear(hearings)

    for platform in ("x", "line", "x", "line"):
        note(ear, 1, platform)

    assert [one.platform for one in hearings.written] == ["x", "line"]


def test_what_could_not_be_written_is_written_a_minute_later_and_not_tried_before() -> None:
    hearings = Counted(troubles=1)
    ear = Ear(hearings)

    with pytest.raises(Unavailable):
        note(ear, 0)
    note(ear, 59)
    note(ear, 60)

    assert [one.deliveries for one in hearings.written] == [3]


def test_deliveries_around_midnight_are_counted_on_their_days() -> None:
    hearings = Counted()
    ear = Ear(hearings)
    night = 12 * 3600

    for second in (night - 50, night - 1, night + 1, night + 20):
        note(ear, second)

    assert [(one.day.day, one.deliveries) for one in hearings.written] == [(2, 1), (2, 1), (3, 2)]


def test_a_sender_of_ever_new_types_does_not_fill_the_table() -> None:
    hearings = Counted()
    ear = Ear(hearings)

    for number in range(500):
        note(ear, number / 10, skipped=f"type{number}")
    note(ear, 70)

    kinds = hearings.written[-1].kinds
    assert len(kinds) == MOST_KINDS
    assert "others" in kinds
