"""Durations in words, and when a first reply is due. UTC inside, the rule file's time zone for business hours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

OPENS, CLOSES = time(9), time(17)
SATURDAY = 5
LONGEST = timedelta(days=3650)
FIRST, LAST = datetime(2, 1, 1, tzinfo=UTC), datetime(9900, 1, 1, tzinfo=UTC)
_DURATION = re.compile(r"([1-9][0-9]{0,5}) (business )?(minute|hour|day|week)s?")
_UNITS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
EXPECTED = "a duration in words, like '15 minutes', '2 hours', '14 days' or '2 business hours'"


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time; `business` counts only Monday to Friday, 9 to 17, in some time zone."""

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


def due(start: datetime, words: str, timezone: str) -> datetime:
    """The UTC instant that lies this duration after `start`; exact over changes of the clocks."""
    wanted = duration(words)
    if not FIRST < start < LAST:  # a platform's nonsense; no calendar reaches further
        return start
    if not wanted.business:
        return start.astimezone(UTC) + wanted.length
    return _business_due(start.astimezone(ZoneInfo(timezone)), wanted.length)


def _business_due(start: datetime, left: timedelta) -> datetime:
    day = start.date()
    while True:
        opens = max(datetime.combine(day, OPENS, start.tzinfo).astimezone(UTC), start.astimezone(UTC))
        closes = datetime.combine(day, CLOSES, start.tzinfo).astimezone(UTC)
        if day.weekday() < SATURDAY and opens < closes:
            if opens + left <= closes:
                return opens + left
            left -= closes - opens
        day += timedelta(days=1)
