"""Durations in words and when a reply is due: rules-format 20."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.rulebook.calendars import working_week
from chalicelib.rulebook.clock import due, duration, shown

SYDNEY = "Australia/Sydney"


def local(text: str, zone: str = SYDNEY) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("start", "words", "end"),
    [
        ("2026-11-20T16:30", "2 business hours", "2026-11-23T10:30"),  # Friday to Monday: the format's own example
        ("2026-11-21T12:00", "1 business hour", "2026-11-23T10:00"),  # a Saturday
        ("2026-11-23T07:00", "1 business hour", "2026-11-23T10:00"),  # before they open
        ("2026-11-23T09:00", "8 business hours", "2026-11-23T17:00"),  # until they close, not the next morning
        ("2026-11-23T17:00", "30 business minutes", "2026-11-24T09:30"),
        ("2026-10-02T16:00", "2 business hours", "2026-10-05T10:00"),  # the clocks change on the Sunday between
        ("2026-11-23T10:00", "20 business hours", "2026-11-25T14:00"),
    ],
)
def test_business_hours_are_monday_to_friday_nine_to_five(start: str, words: str, end: str) -> None:
    assert due(local(start), words, working_week(SYDNEY)) == local(end)


def test_plain_hours_pass_over_a_change_of_the_clocks() -> None:
    start = local("2026-10-04T01:30")  # half an hour before Sydney's clocks go forward

    assert due(start, "2 hours", working_week(SYDNEY)) == local("2026-10-04T04:30")


def test_what_is_due_is_due_in_utc() -> None:
    assert due(local("2026-11-20T16:30"), "2 business hours", working_week(SYDNEY)).tzinfo is UTC


@pytest.mark.parametrize("year", [1, 9999])
def test_a_nonsense_time_of_a_platform_is_no_crash(year: int) -> None:
    moment = datetime(year, 12, 31, tzinfo=UTC) if year > 1 else datetime(1, 1, 1, tzinfo=UTC)

    assert due(moment, "2 business hours", working_week("America/New_York")) == moment


@pytest.mark.parametrize(
    ("words", "length"),
    [("1 minute", 60), ("15  minutes", 900), ("2 hours", 7200), ("14 days", 1209600), ("1 week", 604800)],
)
def test_durations_are_words(words: str, length: int) -> None:
    assert duration(words).length == timedelta(seconds=length)


@pytest.mark.parametrize("words", ["1 day", "14 days", "2 hours", "90 minutes", "1 minute"])
def test_a_length_is_shown_in_the_words_it_is_written_in(words: str) -> None:
    assert shown(duration(words).length) == words


def test_no_length_at_all_is_no_minutes() -> None:
    assert shown(timedelta()) == "0 minutes"


@pytest.mark.parametrize("words", ["", "2", "2h", "two hours", "0 days", "-1 day", "1.5 hours", "5000 days", "٣ days"])
def test_what_is_no_duration_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"expected|business"):
        duration(words)
