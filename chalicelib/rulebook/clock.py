"""Durations in words, and when a first reply is due. UTC inside, a calendar's time zone for business hours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from chalicelib.rulebook.calendars import FIRST, LAST, LONGEST, Calendar, business_due

_DURATION = re.compile(r"([1-9][0-9]{0,5}) (business )?(minute|hour|day|week)s?")
_UNITS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
_SIZES = (("day", 1440), ("hour", 60), ("minute", 1))
EXPECTED = "a duration in words, like '15 minutes', '2 hours', '14 days' or '2 business hours'"


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time; `business` counts only the hours in which a calendar is open."""

    length: timedelta
    business: bool = False

    @property
    def pressing(self) -> timedelta:
        """For comparing: business hours stretch over nights, a day of eight hours over three times its length."""
        return self.length * 3 if self.business else self.length


@cache
def duration(words: str) -> Duration:
    """What the words say. Raises ValueError with what was expected."""
    match = _DURATION.fullmatch(" ".join(words.split()))
    if match is None:
        raise ValueError(f"expected {EXPECTED}")
    amount, business, unit = match.groups()
    length = int(amount) * _UNITS[unit]
    if business and unit not in ("minute", "hour"):
        raise ValueError("business time is counted in minutes or hours, like '8 business hours' for a working day")
    if length > LONGEST:
        raise ValueError("expected a duration of at most ten years")
    return Duration(length, bool(business))


def due(start: datetime, words: str, calendar: Calendar) -> datetime:
    """The UTC instant that lies this duration after `start`; exact over changes of the clocks."""
    wanted = duration(words)
    if not FIRST < start < LAST:  # a platform's nonsense; no calendar reaches further
        return start
    return business_due(calendar, start, wanted.length) if wanted.business else start.astimezone(UTC) + wanted.length


def shown(length: timedelta) -> str:
    """A length of time in words, in the largest unit that fits: `2 hours`, `90 minutes`."""
    minutes = int(length.total_seconds() // 60)
    unit, size = next((name, size) for name, size in _SIZES if minutes % size == 0 and (minutes or size == 1))
    amount = minutes // size
    return f"{amount} {unit}{'s' if amount != 1 else ''}"
