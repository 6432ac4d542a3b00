"""A calendar as one says it to a colleague: which days, from when to when, where, and when it is closed."""

from __future__ import annotations

from calendar import day_name
from collections.abc import Sequence

from chalicelib.rulebook.aftermath import together
from chalicelib.rulebook.calendars import Calendar, Hours

MOST_DATES = 12


def spoken_calendar(calendar: Calendar) -> str:
    """`Monday to Friday, 09:00 to 17:00, Australia/Sydney; closed on 2026-12-25`."""
    hours = together([_hours(each) for each in calendar.hours])
    return f"{_days(calendar.days)}, {hours}, {calendar.timezone}{_closed(calendar.closed)}"


def _days(days: Sequence[int]) -> str:
    in_a_row = len(days) > 2 and list(days) == list(range(days[0], days[-1] + 1))
    return f"{day_name[days[0]]} to {day_name[days[-1]]}" if in_a_row else together([day_name[day] for day in days])


def _hours(hours: Hours) -> str:
    ends = f"{_clock(hours.closes - 24 * 60)} the next day" if hours.closes > 24 * 60 else _clock(hours.closes)
    return f"{_clock(hours.opens)} to {ends}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _closed(dates: Sequence[str]) -> str:
    if not dates:
        return ""
    if len(dates) <= MOST_DATES:
        return f"; closed on {together(dates)}"
    return f"; closed on {len(dates)} days from {dates[0]} to {dates[-1]}"
