"""Who is told, as `rules/people.yml` says it: read whole or told with file and line, shipped and read back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copy
from zoneinfo import ZoneInfo

import pytest

from chalicelib.cli import people_file
from chalicelib.cli.main import main
from chalicelib.codec import from_json, to_json
from chalicelib.errors import RulebookError
from chalicelib.model import Move, Moved, Published
from chalicelib.pipeline.people import CurrentPeople, People, Team, shipped
from chalicelib.rulebook import bundle
from chalicelib.rulebook.calendars import working_week
from chalicelib.rulebook.rule import Book
from chalicelib.stores.memory_rulebooks import MemoryRulebooks
from tests.unit.people import Watch

RULES = Path(__file__).parents[2] / "rules"
TEAMS = ("product-safety", "care-duty", "brand-duty")
OFFICE = working_week("Australia/Sydney")
WHOLE = """\
format: people/1
timezone: Australia/Sydney
channels: {safety-room: slack, on-call: pagerduty}
teams:
  product-safety:
    channels: [safety-room, on-call]
    repeat every: 10 minutes
  care-duty:
    channels: [safety-room]
    quiet hours: {hours: 18:00 to 8:00}
    urgent breaks through: no
  brand-duty: {channels: [safety-room], only within: "Monday to Friday, 9 to 17"}
"""


def load(tmp_path: Path, text: str) -> People:
    path = tmp_path / "people.yml"
    path.write_text(text, encoding="utf-8")
    return people_file.load(path, TEAMS, [OFFICE])


def problems(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(RulebookError) as caught:
        load(tmp_path, text)
    return [f"{problem.line}: {problem.message}" for problem in caught.value.problems]


def test_everything_in_the_file_is_read(tmp_path: Path) -> None:
    people = load(tmp_path, WHOLE)

    assert people.channels == {"safety-room": "slack", "on-call": "pagerduty"}
    assert people.team("product-safety").channels == ("safety-room", "on-call")
    assert people.team("product-safety").repeat == timedelta(minutes=10)
    assert people.team("care-duty").urgent_waits
    assert people.team("nobody").channels == ()
    assert people.quiet_channels() == ["safety-room"]


@pytest.mark.parametrize(
    ("utc", "is_quiet"),
    [
        ("2026-10-02T08:30", True),  # 18:30 in Sydney, UTC+10
        ("2026-10-02T21:59", True),
        ("2026-10-02T22:00", False),
        ("2026-10-04T07:30", True),  # the clocks went forward that night: 18:30 again, UTC+11
        ("2026-10-04T20:59", True),
        ("2026-10-04T21:00", False),
    ],
)
def test_quiet_hours_follow_the_clocks_on_the_wall(tmp_path: Path, utc: str, is_quiet: bool) -> None:
    at = datetime.fromisoformat(utc).replace(tzinfo=UTC)

    assert load(tmp_path, WHOLE).team("care-duty").is_quiet(at) is is_quiet


HOLIDAYS = (
    "{hours: 18:00 to 8:00, days: monday to friday, holidays: {country: AU, subdivision: NSW}, closed: [2026-12-24]}"
)


@pytest.mark.parametrize(
    ("sydney", "is_quiet"),
    [
        ("2026-12-23T12:00", False),
        ("2026-12-23T23:59", True),
        ("2026-12-24T12:00", True),  # a Thursday that is listed
        ("2026-12-25T12:00", True),
        ("2026-12-25T22:00", True),
        ("2026-12-26T07:59", True),  # a Saturday, and Boxing Day
        ("2026-12-26T23:59", True),
        ("2026-12-27T12:00", False),  # a Sunday that is neither: these hours are of working days
        ("2026-12-28T12:00", True),  # Boxing Day's own Monday
        ("2026-12-29T07:59", True),  # the night of a holiday is as any night
        ("2026-12-29T08:00", False),
    ],
)
def test_on_holidays_and_days_that_are_listed_it_is_quiet_all_day(tmp_path: Path, sydney: str, is_quiet: bool) -> None:
    people = load(tmp_path, WHOLE.replace("{hours: 18:00 to 8:00}", HOLIDAYS))
    at = datetime.fromisoformat(sydney).replace(tzinfo=ZoneInfo("Australia/Sydney")).astimezone(UTC)

    assert from_json(People, to_json(people), "people").team("care-duty").is_quiet(at) is is_quiet


def test_only_within_a_calendar_is_quiet_on_its_holidays(tmp_path: Path) -> None:
    closed = Team((), open=replace(OFFICE, closed=("2026-12-25",)))

    assert closed.is_quiet(datetime(2026, 12, 25, 1, tzinfo=UTC))
    assert not closed.is_quiet(datetime(2026, 12, 24, 1, tzinfo=UTC))


def test_only_within_a_calendar_is_quiet_outside_of_it(tmp_path: Path) -> None:
    team = load(tmp_path, WHOLE).team("brand-duty")

    assert team.is_quiet(datetime(2026, 11, 21, 1, tzinfo=UTC))  # a Saturday
    assert not team.is_quiet(datetime(2026, 11, 20, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("format: people/2", "1: 'format' must be people/1; 'people/2' is not. Did you mean 'people/1'?"),
        ("format: people/1\nteam: {}", "2: I don't know 'team' in this file. Did you mean 'teams'?"),
        (
            "format: people/1\nchannels: {room: slak}",
            "2: the channel 'room' must be slack, teams, pagerduty, mail, sns or file; 'slak' is not. "
            "Did you mean 'slack'?",
        ),
        (
            "format: people/1\nchannels: {room: slack}\nteams: {product-safty: {channels: [room]}}",
            "3: 'teams': no rule names 'product-safty'. Did you mean 'product-safety'?",
        ),
        (
            "format: people/1\nchannels: {room: slack}\nteams:\n  care-duty: {channels: [rom]}",
            "4: there is no channel 'rom' in this file. Did you mean 'room'?",
        ),
        ("format: people/1\nteams:\n  care-duty: {repeat every: 1 hour}", "3: the team 'care-duty' has no 'channels'."),
        (
            "format: people/1\nchannels: {a: sns}\nteams:\n  care-duty: {channels: [a], urgent breaks through: yes}",
            "4: the team 'care-duty' has no quiet hours to break through.",
        ),
        (
            "format: people/1\nchannels: {a: sns}\nteams:\n  care-duty: {channels: [a], only within: office hours}",
            "4: 'only within': no rule file has the calendar 'office hours'. Known here: Monday to Friday, 9 to 17.",
        ),
        (
            "format: people/1\nchannels: {a: sns}\n"
            "teams:\n  care-duty: {channels: [a], quiet hours: {hours: 25:00 to 8:00}}",
            "4: 'hours' reads like 9:00 to 17:00; '25:00 to 8:00' does not.",
        ),
        ("", "1: this file is empty."),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_the_nearest_word(tmp_path: Path, text: str, told: str) -> None:
    assert told in problems(tmp_path, text)


def test_without_a_file_nobody_is_told(tmp_path: Path) -> None:
    assert people_file.load(tmp_path / "people.yml", TEAMS) == People()


def test_what_is_shipped_is_read_back(tmp_path: Path) -> None:
    people = load(tmp_path, WHOLE)

    bundle.write(Book(), tmp_path / "bundle.json", to_json(people))

    assert shipped(tmp_path / "bundle.json") == people
    assert shipped(tmp_path / "none.json") == People()


def test_what_the_functions_ship_with_is_what_the_rules_folder_says() -> None:
    assert people_file.load(RULES / "people.yml", ()) == People()
    assert shipped() == People()


def published(rulebooks: MemoryRulebooks, text: str) -> str:
    """The same as `earshot publish` does; the version."""
    version, now = str(json.loads(text)["version"]), Watch()()
    rulebooks.add(Published(version, 1, len(text), "ana", "why", now), text)
    revision = rulebooks.pointer().revision + 1
    rulebooks.move(Move(revision, Moved.PUBLISHED, version, rulebooks.pointer().live, None, "ana", "why", now))
    return version


def test_those_of_the_live_version_are_told_within_15_seconds_and_go_back_with_it(tmp_path: Path) -> None:
    rulebooks, clock = MemoryRulebooks(), Watch()
    current, people = CurrentPeople(rulebooks, clock), load(tmp_path, WHOLE)
    before = current()
    first = published(rulebooks, bundle.dumps(Book(), to_json(people)))
    early = current()
    clock.time += timedelta(seconds=15)
    live = current()
    published(rulebooks, bundle.dumps(Book(), to_json(People())))
    clock.time += timedelta(seconds=16)
    nobody = current()
    now = clock()
    rulebooks.move(Move(3, Moved.ROLLED_BACK, first, rulebooks.pointer().live, None, "ana", "too quiet", now))
    clock.time += timedelta(seconds=16)

    assert (before, early, live, nobody, current()) == (People(), People(), people, People(), people)


def test_a_version_that_says_nothing_of_people_leaves_those_that_were_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    rulebooks, those = MemoryRulebooks(), People({"room": "slack"})
    monkeypatch.setattr("chalicelib.pipeline.people.shipped", lambda: those)
    published(rulebooks, bundle.dumps(Book()))

    assert CurrentPeople(rulebooks, Watch())() == those


def test_check_tells_of_both_files_beside_the_rules_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy(RULES / "praise.rules.yml", tmp_path)
    (tmp_path / "crm.yml").write_text("format: crm/2", encoding="utf-8")
    (tmp_path / "people.yml").write_text("format: people/2", encoding="utf-8")

    assert main(["check", str(tmp_path)]) == 1

    told = capsys.readouterr().out
    assert "crm.yml:1" in told
    assert "people.yml:1" in told
    assert "2 problems" in told
