"""Named calendars: weekdays and hours in a time zone, less closed days. Holidays are compiled in, as dates."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from chalicelib.words import fold

DAY = 24 * 60
TICK = timedelta(microseconds=1)
WEEK = 7
LONGEST = timedelta(days=3650)
# What a platform's nonsense lies outside of, and every calendar reaches.
FIRST, LAST = datetime(2, 1, 1, tzinfo=UTC), datetime(9900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when, in minutes of the local day; `closes` lies on the next day where it is above 1440."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """When it is open. `days`: weekdays, 0 is Monday. `closed`: ISO dates, sorted; hours that begin on one are not.

    `whole`: ISO dates, sorted, on which it is open from midnight to midnight, whatever weekday they are.
    """

    name: str
    timezone: str
    days: tuple[int, ...]
    hours: tuple[Hours, ...]
    closed: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()


@cache
def working_week(timezone: str) -> Calendar:
    """What business hours are where no calendar says otherwise: Monday to Friday, 9 to 17."""
    return Calendar("Monday to Friday, 9 to 17", timezone, (0, 1, 2, 3, 4), (Hours(9 * 60, 17 * 60),))


def opened(calendars: Sequence[Calendar], at: datetime | None) -> tuple[str, ...] | None:
    """The folded names of those that were open; None where the instant is not known, or none is asked about."""
    if not calendars or at is None or not FIRST < at < LAST:
        return None
    return tuple(fold(calendar.name) for calendar in calendars if is_within(calendar, at))


def is_within(calendar: Calendar, at: datetime) -> bool:
    """Whether the calendar is open at this instant; its end is not within. Exact over changes of the clocks."""
    today = at.astimezone(ZoneInfo(calendar.timezone)).date()
    days = (today - timedelta(days=1), today)  # hours that pass midnight began yesterday
    return any(opens <= at < closes for day in days for opens, closes in openings(calendar, day))


def business_due(calendar: Calendar, start: datetime, left: timedelta) -> datetime:
    """The UTC instant at which this much open time has passed since `start`; ten years later at the latest."""
    start = start.astimezone(UTC)
    day = start.astimezone(ZoneInfo(calendar.timezone)).date() - timedelta(days=1)
    reached = start
    for number in range(LONGEST.days):
        for opens, closes in openings(calendar, day + timedelta(days=number)):
            begins = max(opens, reached)
            if begins + left <= closes:
                return begins + left
            left -= max(closes - begins, timedelta())
            reached = max(closes, reached)
    return start + LONGEST


def openings(calendar: Calendar, day: date) -> Iterator[tuple[datetime, datetime]]:
    """The hours that begin on this local day, as UTC instants, in order of their beginnings; they may overlap.

    Where clocks go back, hours go on until they show their end for the last time; where clocks jump over the beginning
    or the end, that is the jump. Hours that lie whole within a jump are left out.
    """
    zone = ZoneInfo(calendar.timezone)
    whole = (Hours(0, DAY),) if _has(calendar.whole, day) else ()
    is_open = day.weekday() in calendar.days and not _has(calendar.closed, day)
    for hours in (*whole, *(calendar.hours if is_open else ())):
        opens, closes = _first(_local(day, hours.opens), zone), _last(_local(day, hours.closes), zone)
        if opens < closes:
            yield opens, closes


def next_edge(calendar: Calendar, after: datetime) -> datetime | None:
    """The first instant after this one at which hours of it begin or end; None where there is none within a year."""
    today = after.astimezone(ZoneInfo(calendar.timezone)).date()
    for number in range(-1, 366):
        days = (today + timedelta(days=number), today + timedelta(days=number + 1))  # hours may pass midnight
        edges = [edge for day in days for hours in openings(calendar, day) for edge in hours if edge > after]
        if edges:
            return min(edges)
    return None


def _local(day: date, minute: int) -> datetime:
    return datetime.combine(day + timedelta(days=minute // DAY), time(minute % DAY // 60, minute % 60))


def _first(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant from which clocks show this time or a later one."""
    return _jump(local, zone) or local.replace(tzinfo=zone).astimezone(UTC)


def _last(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant from which clocks never again show an earlier time."""
    before = local - TICK  # where 02:00 is twice, 01:59:59 may be once
    return _jump(before, zone) or before.replace(tzinfo=zone, fold=1).astimezone(UTC) + TICK


def _jump(local: datetime, zone: ZoneInfo) -> datetime | None:
    """The instant at which clocks jump over this local time; None where they show it."""
    shown = local.replace(tzinfo=zone)
    before, after = shown.utcoffset(), shown.replace(fold=1).utcoffset()
    if before is None or after is None or before >= after:
        return None
    early, late = ((local - offset).replace(tzinfo=UTC) for offset in (after, before))
    while late - early > TICK:  # the offset is still that before the jump at `early`, and that after it at `late`
        middle = early + (late - early) // 2
        early, late = (early, middle) if middle.astimezone(zone).utcoffset() == after else (middle, late)
    return late


def _has(dates: Sequence[str], day: date) -> bool:
    shown = day.isoformat()
    index = bisect_left(dates, shown)
    return index < len(dates) and dates[index] == shown
