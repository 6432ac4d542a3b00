"""Named calendars: when they are open, what business hours mean by them, and how files write them."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.errors import RulebookError
from chalicelib.model import Context, Decision
from chalicelib.reading import read
from chalicelib.rulebook import bundle
from chalicelib.rulebook.calendars import Calendar, Hours, business_due, is_within, openings
from chalicelib.rulebook.loader import load
from tests.unit.rulebooks import post

SYDNEY, BERLIN = "Australia/Sydney", "Europe/Berlin"
HEAD = 'format: triage/1\nowner: {team: care, contact: "care@acme.example"}\ntimezone: Australia/Sydney\n'
OFFICE = "calendars:\n  office hours: {days: monday to friday, hours: 9:00 to 17:00}\n"
ZONES = st.sampled_from([SYDNEY, BERLIN, "UTC", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia"])


def rule(when: str = "{has media: no}", then: str = "{escalate: {priority: normal}}") -> str:
    return f"""rules:
  - id: it
    name: It
    status: live
    review by: "2035-02-01"
    why: Because.
    when: {{all: [{when}]}}
    then: {then}
    examples: [{{post: {{text: a, created at: "2026-11-20 12:00"}}, expect: match}},
               {{post: {{text: a, media: [b]}}, expect: no match}}]
"""


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.rules.yml").write_text(text, encoding="utf-8")
    return folder


def calendar(folder: Path, block: str) -> Calendar:
    return load(written(folder, a=f"{HEAD}calendars:\n  it: {block}\n")).book.calendars[0]


def local(text: str, zone: str = SYDNEY) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def decided(folder: Path, at: datetime | None) -> Decision:
    return bundle.compiled(load(folder).book, "plain").decide(read(post("hi", created_at=at), Context()))


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-20T09:00", True),
        ("2026-11-20T08:59:59", False),
        ("2026-11-20T16:59:59", True),
        ("2026-11-20T17:00", False),
        ("2026-11-21T12:00", False),
    ],
)
def test_a_rule_holds_while_its_calendar_is_open(at: str, is_open: bool, tmp_path: Path) -> None:
    written(tmp_path, a=HEAD + OFFICE + rule("{time is within: office hours}"))

    assert (decided(tmp_path, local(at)).rule == "it") is is_open


@pytest.mark.parametrize("at", [None, datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)])
def test_a_post_of_no_time_is_neither_within_nor_without(at: datetime | None, tmp_path: Path) -> None:
    written(tmp_path, a=HEAD + OFFICE + rule("{time is within: office hours}"))
    rulebook = bundle.compiled(load(tmp_path).book, "plain")
    trace = rulebook.explain(read(post("hi", created_at=at), Context()), "it")

    assert trace is not None
    assert trace.lines[0].answer == "unknown"


def test_both_engines_and_the_bundle_know_the_calendar(tmp_path: Path) -> None:
    book = load(written(tmp_path, a=HEAD + OFFICE + rule("{time is within: Office Hours}".lower()))).book
    text = bundle.dumps(book)
    durable = bundle.loads(text)
    inside, outside = (
        read(post("x", created_at=local(at)), Context()) for at in ("2026-11-20T09:30", "2026-11-20T20:00")
    )

    assert durable.book == book
    assert [durable.decide(facts).rule for facts in (inside, outside)] == ["it", None]
    durable.close()


@pytest.mark.parametrize(
    ("block", "open_at", "closed_at"),
    [
        ("{hours: 22:00 to 06:00}", "2026-11-21T03:00", "2026-11-21T06:00"),
        ("{days: [friday], hours: 22:00 to 06:00}", "2026-11-21T03:00", "2026-11-22T03:00"),  # Friday's night
        ("{days: saturday to monday}", "2026-11-23T23:59", "2026-11-24T00:00"),
        ("{days: [Sat, sun]}", "2026-11-22T00:00", "2026-11-23T00:00"),
        ("{hours: [9:00 to 12:30, 13:30 to 17:00]}", "2026-11-20T13:30", "2026-11-20T12:30"),
        ("{days: monday, hours: 18:00 - 24:00}", "2026-11-23T23:59", "2026-11-24T00:00"),
        ("{days: [friday], timezone: Europe/Berlin}", "2026-11-21T09:59", "2026-11-20T09:59"),
        ('{days: monday to friday, closed: ["2026-11-20"]}', "2026-11-19T12:00", "2026-11-20T12:00"),
        ("{days: monday to friday, holidays: {country: AU}}", "2027-01-25T12:00", "2027-01-26T12:00"),  # Australia Day
        ("{days: [tuesday], holidays: {country: AU, subdivision: VIC}}", "2026-11-10T12:00", "2026-11-03T12:00"),
    ],
)  # fmt: skip
def test_a_calendar_is_days_and_hours_less_what_is_closed(
    block: str, open_at: str, closed_at: str, tmp_path: Path
) -> None:
    found = calendar(tmp_path, block)

    assert is_within(found, local(open_at))
    assert not is_within(found, local(closed_at))


def test_holidays_of_a_part_of_a_country_are_those_of_the_part(tmp_path: Path) -> None:
    victoria = calendar(tmp_path, "{days: [tuesday], holidays: {country: AU, subdivision: VIC}}")

    assert "2026-11-03" in victoria.closed  # Melbourne Cup Day
    assert "2026-11-03" not in calendar(tmp_path, "{days: [tuesday], holidays: {country: AU, subdivision: NSW}}").closed


CALENDARS = st.builds(
    Calendar,
    st.just("it"),
    ZONES,
    st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    st.sampled_from([
        (Hours(540, 1020),), (Hours(0, 1440),), (Hours(90, 150),), (Hours(1320, 1800),),
        (Hours(540, 750), Hours(810, 1020)),
    ]),
    st.sampled_from([(), ("2026-04-05", "2026-10-05"), ("2011-12-31",)]),
)  # fmt: skip
# Around changes of the clocks, and the day that Samoa never had.
MOMENTS = st.sampled_from(["2026-04-04", "2026-10-03", "2026-03-28", "2026-10-24", "2026-11-20", "2011-12-29"])


def shows(at: datetime, found: Calendar) -> bool:
    """Whether a clock on the wall, read at this instant, shows a time at which the calendar is open."""
    wall = at.astimezone(ZoneInfo(found.timezone))
    now = wall.hour * 60 + wall.minute
    for ago in (0, 1):
        day = wall.date() - timedelta(days=ago)
        if day.weekday() in found.days and day.isoformat() not in found.closed:
            minute = now + ago * 1440
            if any(hours.opens <= minute < hours.closes for hours in found.hours):
                return True
    return False


@pytest.mark.thorough
@settings(max_examples=60, deadline=None)
@given(CALENDARS, MOMENTS, st.integers(0, 3 * 1440))
def test_open_is_what_the_clock_on_the_wall_says(found: Calendar, day: str, minute: int) -> None:
    at = datetime.combine(date.fromisoformat(day), time(), UTC) + timedelta(minutes=minute)

    # An hour that the clocks show twice is one stretch of time; what begins in it begins at the first.
    assert is_within(found, at) is shows(at, found) or _is_shown_twice_or_never(at, found)


def _is_shown_twice_or_never(at: datetime, found: Calendar) -> bool:
    zone = ZoneInfo(found.timezone)
    around = [(at + timedelta(hours=hours)).astimezone(zone).utcoffset() for hours in (-3, 3)]
    return around[0] != around[1]


@pytest.mark.thorough
@settings(max_examples=20, deadline=None)
@given(CALENDARS, MOMENTS, st.integers(0, 2 * 1440), st.integers(1, 600))
def test_business_time_passes_only_while_it_is_open(found: Calendar, day: str, minute: int, length: int) -> None:
    start = datetime.combine(date.fromisoformat(day), time(), UTC) + timedelta(minutes=minute)
    end = business_due(found, start, timedelta(minutes=length))
    passed = sum(
        is_within(found, start + timedelta(minutes=step)) for step in range(int((end - start).total_seconds() // 60))
    )

    assert passed == length
    assert is_within(found, end - timedelta(seconds=1))


# As `9:00 to 17:00`, over both changes of 2026 in each zone: an hour, half an hour, none at all.
CHANGES = {
    BERLIN: ("2026-03-29T01:00", "2026-10-25T01:00"),
    "America/New_York": ("2026-03-08T07:00", "2026-11-01T06:00"),
    "Australia/Lord_Howe": ("2026-04-04T15:00", "2026-10-03T15:30"),
    "Asia/Kolkata": ("2026-03-29T01:00", "2026-10-25T01:00"),
}
TIMES = st.sampled_from([0, 60, 90, 105, 119, 120, 121, 135, 150, 165, 179, 180, 181, 240, 540, 1320])
AROUND = timedelta(hours=40)


@st.composite
def around_changes(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    """A calendar with hours at night, and a change of its clocks."""
    name = draw(st.sampled_from(sorted(CHANGES)))
    opens, closes = draw(st.lists(TIMES, min_size=2, max_size=2, unique=True))
    hours = Hours(opens, closes if closes > opens else closes + 1440)
    found = Calendar("it", name, tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=5)))), (hours,))
    return found, datetime.fromisoformat(draw(st.sampled_from(CHANGES[name]))).replace(tzinfo=UTC)


def walked(found: Calendar, since: datetime, until: datetime) -> set[datetime]:
    """The minutes in which it is open, by what a clock on the wall showed in each of them, walked in UTC.

    From the first that shows its beginning or later, until none that follows shows a time before its end.
    """
    zone, minute = ZoneInfo(found.timezone), timedelta(minutes=1)
    count = int((until - since) / minute)
    wall = [(at := since + step * minute, at.astimezone(zone).replace(tzinfo=None)) for step in range(count)]
    open_in: set[datetime] = set()
    days = {shown.date() for _, shown in wall} | {wall[0][1].date() - timedelta(days=1)}
    for day in days:
        if day.weekday() not in found.days:
            continue
        for hours in found.hours:
            begin, end = (datetime.combine(day, time()) + m * minute for m in (hours.opens, hours.closes))
            first = next((at for at, shown in wall if shown >= begin), until)
            last = max((at for at, shown in wall if shown < end), default=since - minute)
            open_in |= {at for at, _ in wall if first <= at <= last}
    return open_in


@pytest.mark.thorough
@settings(max_examples=60, deadline=None)
@given(around_changes())
def test_it_opens_and_closes_with_the_clocks_on_the_wall_where_they_change(drawn: tuple[Calendar, datetime]) -> None:
    found, change = drawn
    minutes = [change + timedelta(minutes=step) for step in range(-600, 601)]

    expected = walked(found, change - AROUND, change + AROUND)

    assert [is_within(found, at) for at in minutes] == [at in expected for at in minutes]


@pytest.mark.thorough
@settings(max_examples=60, deadline=None)
@given(around_changes(), st.integers(0, 600), st.integers(1, 900))
def test_business_time_is_the_minutes_that_were_open_where_clocks_change(
    drawn: tuple[Calendar, datetime], before: int, length: int
) -> None:
    found, change = drawn
    start = change - timedelta(minutes=before)
    open_in = sorted(at for at in walked(found, start - AROUND, start + 3 * AROUND) if at >= start)[:length]

    if len(open_in) == length:
        assert business_due(found, start, timedelta(minutes=length)) == open_in[-1] + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("hours", "day", "opens", "closes"),
    [
        (Hours(1320, 1590), "2026-10-24", "20:00", "01:30"),  # 22:00 to 2:30: until the second 2:30
        (Hours(150, 360), "2026-10-25", "00:30", "05:00"),  # 2:30 to 6:00: from the first 2:30
        (Hours(60, 120), "2026-10-25", "23:00", "00:00"),  # 1:00 to 2:00: the second 2:00 is an hour after its end
        (Hours(150, 360), "2026-03-29", "01:00", "04:00"),  # the jump, at which clocks show 3:00
        (Hours(60, 150), "2026-03-29", "00:00", "01:00"),
        (Hours(60, 120), "2026-03-29", "00:00", "01:00"),
        (Hours(180, 360), "2026-03-29", "01:00", "04:00"),
    ],
)
def test_what_begins_or_ends_where_berlins_clocks_change(hours: Hours, day: str, opens: str, closes: str) -> None:
    ((begin, end),) = openings(Calendar("it", BERLIN, tuple(range(7)), (hours,)), date.fromisoformat(day))

    assert (f"{begin:%H:%M}", f"{end:%H:%M}") == (opens, closes)


def test_hours_that_the_clocks_jump_over_are_none() -> None:
    found = Calendar("it", BERLIN, tuple(range(7)), (Hours(125, 170),))

    assert list(openings(found, date(2026, 3, 29))) == []
    assert len(list(openings(found, date(2026, 3, 30)))) == 1


def test_an_hour_that_the_clocks_skip_is_no_hour_of_business() -> None:
    night = Calendar("night", SYDNEY, tuple(range(7)), (Hours(60, 240),))
    lengths = {
        day: sum((end - start for start, end in openings(night, date(2026, 10, day))), timedelta()) for day in (3, 4)
    }

    assert lengths == {3: timedelta(hours=3), 4: timedelta(hours=2)}  # 4 October: 02:00 is 03:00


def test_business_time_of_a_calendar_that_hardly_opens_ends_after_ten_years() -> None:
    rare = Calendar("rare", "UTC", (0,), (Hours(0, 1),))
    start = datetime(2026, 1, 1, tzinfo=UTC)

    assert business_due(rare, start, timedelta(days=3650)) == start + timedelta(days=3650)


PRESSING = "{escalate: {priority: normal, first reply within: 2 business hours}}"
LATE = OFFICE.replace("17:00", "17:00, closed: [2026-11-23]")
FRIDAY = local("2026-11-20T16:30")


@pytest.mark.parametrize(
    ("head", "due"),
    [
        (HEAD, "2026-11-23T10:30"),  # Monday to Friday, 9 to 17
        (HEAD + LATE, "2026-11-23T10:30"),  # a calendar that nobody named for business
        (HEAD + LATE + "business hours: office hours\n", "2026-11-24T10:30"),
        (HEAD + LATE.replace("office hours", "business hours"), "2026-11-24T10:30"),
    ],
)
def test_business_hours_are_those_of_the_calendar_that_the_file_names(head: str, due: str, tmp_path: Path) -> None:
    written(tmp_path, a=head + rule(then=PRESSING))

    assert decided(tmp_path, FRIDAY).first_reply_due == local(due)


def test_a_calendar_of_another_file_serves_where_it_is_named(tmp_path: Path) -> None:
    written(tmp_path, a=HEAD + "business hours: office hours\n" + rule(then=PRESSING), z=HEAD + LATE)

    assert decided(tmp_path, FRIDAY).first_reply_due == local("2026-11-24T10:30")


def test_a_calendar_of_the_same_name_in_two_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match="the calendar 'office hours' is already written in"):
        load(written(tmp_path, a=HEAD + OFFICE, b=HEAD + OFFICE))


def test_the_time_of_an_example_is_of_the_files_zone_unless_it_says(tmp_path: Path) -> None:
    text = HEAD + OFFICE + rule("{time is within: office hours}")
    (found,) = load(written(tmp_path, a=text)).rules

    assert found.examples[0].post.created_at == local("2026-11-20T12:00")


@pytest.mark.local
def test_deciding_by_a_calendar_imports_no_holidays(tmp_path: Path) -> None:
    text = HEAD + OFFICE.replace("17:00}", "17:00, holidays: {country: AU}}") + rule("{time is within: office hours}")
    bundle.write(load(written(tmp_path, a=text)).book, tmp_path / "b.json")
    code = (
        "import sys; from pathlib import Path; from chalicelib.rulebook import bundle;"
        "bundle.read(Path(sys.argv[1])); print([name for name in ('holidays', 'yaml') if name in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "b.json")], capture_output=True, text=True, check=True
    )

    assert shown.stdout.strip() == "[]"
