"""Replies that are overdue, told by stories: exact over changes of the clocks, weekends and holidays."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest

from chalicelib.cli.main import main
from chalicelib.cli.test import examples
from chalicelib.errors import RulebookError
from chalicelib.rulebook.loader import load

RULES = """format: triage/1
owner: {{team: care, contact: "care@acme.example"}}
timezone: {zone}
business hours: office
calendars:
  office: {{days: monday to friday, hours: 9:00 to 17:00, holidays: {{country: {country}}}}}
rules:
  - id: refund
    name: Money back
    status: live
    review by: "2037-02-01"
    why: Promised.
    when: {{all: [{{text has any: ["refund"]}}]}}
    then:
      escalate:
        priority: normal
        first reply within: {within}
        if no reply: {steps}
    examples: [{{post: "refund", expect: match}}, {{post: "fine", expect: no match}}]
stories:
  - name: A day
    posts:
"""
ONE = "{after: 4 hours, team: leads, priority: high}"


def written(folder: Path, *posts: str, zone: str = "Australia/Sydney", country: str = "AU", within: str = "30 minutes",
            steps: str = ONE) -> Path:  # fmt: skip
    file = folder / "a.rules.yml"
    told = "".join(f"      - {{{post}}}\n" for post in posts)
    file.write_text(RULES.format(zone=zone, country=country, within=within, steps=steps) + told, encoding="utf-8")
    return file


def failures(file: Path) -> list[str]:
    return [str(failure) for failure in examples(load(file)).failures]


REFUND = 'from: ana, text: "refund!", expect: refund'


def test_a_complaint_and_then_no_reply_for_thirty_minutes(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        f'at: "09:00", {REFUND}',
        'at: "09:29", expect: nothing',
        'at: "09:30", expect: overdue refund',
        'at: "12:59", expect: nothing',
        'at: "13:00", expect: overdue refund',
        'at: "+9 days 13:00", expect: nothing',
    )

    assert failures(file) == []


def test_who_replies_in_time_hears_of_nothing_and_joining_restarts_no_clock(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        f'at: "09:00", {REFUND}',
        f'at: "09:20", {REFUND}',
        'at: "09:30", expect: overdue refund',
        'at: "09:45", answered: ana',
        'at: "+1 day 09:00", expect: nothing',
        'at: "+1 day 09:00", from: bo, text: "refund", expect: refund',
        'at: "+1 day 09:10", closed: refund',
        'at: "+2 days 09:00", expect: nothing',
    )

    assert failures(file) == []


@pytest.mark.parametrize(
    ("place", "said", "before", "due"),
    [
        # Friday 16:30 and two business hours: Monday 10:30.
        ("Australia/Sydney AU", "2026-11-20 16:30", "2026-11-23 10:29", "2026-11-23 10:30"),
        # Over the change to summer time (Sunday 2026-10-04) and back (2026-04-05; Monday 6 April is Easter Monday).
        ("Australia/Sydney AU", "2026-10-02 16:30", "2026-10-05 10:29", "2026-10-05 10:30"),
        ("Australia/Sydney AU", "2026-04-02 16:30", "2026-04-07 10:29", "2026-04-07 10:30"),
        ("Europe/Berlin DE", "2026-03-27 16:30", "2026-03-30 10:29", "2026-03-30 10:30"),
        ("Europe/Berlin DE", "2026-10-23 16:30", "2026-10-26 10:29", "2026-10-26 10:30"),
        ("America/New_York US", "2026-03-06 16:30", "2026-03-09 10:29", "2026-03-09 10:30"),
        ("America/New_York US", "2026-10-30 16:30", "2026-11-02 10:29", "2026-11-02 10:30"),
        # Holidays: Christmas Day and the day after in Germany, then a weekend; Thanksgiving.
        ("Europe/Berlin DE", "2026-12-24 16:30", "2026-12-28 10:29", "2026-12-28 10:30"),
        ("America/New_York US", "2026-11-25 16:30", "2026-11-27 10:29", "2026-11-27 10:30"),
    ],
)
def test_business_hours_are_exact_over_weekends_holidays_and_changes_of_the_clocks(
    tmp_path: Path, place: str, said: str, before: str, due: str
) -> None:
    zone, country = place.split()
    file = written(
        tmp_path,
        f'at: "{said}", {REFUND}',
        f'at: "{before}", expect: nothing',
        f'at: "{due}", expect: overdue refund',
        zone=zone,
        country=country,
        within="2 business hours",
        steps="{after: 30 business hours, team: leads}",
    )

    assert failures(file) == []


@pytest.mark.parametrize(
    ("zone", "said", "before", "due"),
    [
        ("Australia/Sydney", "2026-10-04 01:30", "2026-10-04 06:29", "2026-10-04 06:30"),  # 2:00 is 3:00
        ("Australia/Sydney", "2026-04-05 01:30", "2026-04-05 04:29", "2026-04-05 04:30"),  # 3:00 is 2:00
        ("Europe/Berlin", "2026-03-29 01:30", "2026-03-29 06:29", "2026-03-29 06:30"),
        ("Europe/Berlin", "2026-10-25 01:30", "2026-10-25 04:29", "2026-10-25 04:30"),
        ("America/New_York", "2026-03-08 01:30", "2026-03-08 06:29", "2026-03-08 06:30"),
        ("America/New_York", "2026-11-01 00:30", "2026-11-01 03:29", "2026-11-01 03:30"),
    ],
)
def test_plain_hours_are_hours_when_the_clocks_go_forward_and_back(
    tmp_path: Path, zone: str, said: str, before: str, due: str
) -> None:
    file = written(
        tmp_path,
        f'at: "{said}", {REFUND}',
        f'at: "{before}", expect: nothing',
        f'at: "{due}", expect: overdue refund',
        zone=zone,
        within="4 hours",
        steps="{after: 9 hours, team: leads}",
    )

    assert failures(file) == []


def test_steps_come_in_their_order_and_each_once(tmp_path: Path) -> None:
    steps = "[{after: 1 hour, team: leads}, {after: 2 hours, priority: high}, {after: 3 hours, priority: urgent}]"
    looks = [f'at: "{hour}:{minute}", expect: {told}' for hour in ("10", "11", "12")
             for minute, told in (("00", "overdue refund"), ("30", "nothing"))]  # fmt: skip
    file = written(tmp_path, f'at: "09:00", {REFUND}', 'at: "09:30", expect: overdue refund', *looks, steps=steps)

    assert failures(file) == []


def test_what_came_otherwise_is_told_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(
        tmp_path, f'at: "09:00", {REFUND}', 'at: "09:20", expect: overdue refund', 'at: "09:25", answered: nobody'
    )

    assert main(["test", str(file)]) == 1

    told = capsys.readouterr().out
    assert f"{file}:24: the story 'A day' expected overdue refund, got nothing to be told since the last look" in told
    assert f"{file}:25: the story 'A day' has no case of 'nobody' that is answered" in told


@pytest.mark.parametrize(
    ("post", "told"),
    [
        ('at: "09:00", answered: ana, closed: ana', "a case is answered, closed or taken, or people"),
        ('at: "09:00", answered: ana, expect: nothing', "I don't know 'expect' in what people do in a story."),
        ('at: "09:00", expect: overdu refund', "or nothing; 'overdu refund' is not."),
        ('at: "09:00", expect: overdue refnd', "'expect' names 'refnd', which is no rule. Did you mean 'refund'?"),
    ],
)
def test_what_cannot_be_played_is_refused(tmp_path: Path, post: str, told: str) -> None:
    with pytest.raises(RulebookError) as caught:
        load(written(tmp_path, f'at: "08:00", {REFUND}', post))

    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ("[{after: 2 hours, team: a}, {after: 1 hour, team: b}]", "in the order of time; '1 hour' comes sooner."),
        ("{after: 1 hour, priority: low}", "only raises the priority; 'low' is not above 'normal'."),
        ("[{after: 1 hour, priority: urgent}, {after: 2 hours, priority: high}]", "'high' is not above 'urgent'."),
        ("[]", "'if no reply' is empty."),
        ("{after: 1 hour}", "says when, but not what"),
    ],
)
def test_steps_that_make_no_sense_are_refused(tmp_path: Path, steps: str, told: str) -> None:
    with pytest.raises(RulebookError) as caught:
        load(written(tmp_path, f'at: "08:00", {REFUND}', steps=steps))

    assert told in str(caught.value)


def test_business_hours_may_follow_hours_and_what_is_due_first_comes_first(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        f'at: "2026-11-20 16:30", {REFUND}',
        'at: "2026-11-20 20:30", expect: overdue refund',
        'at: "2026-11-23 10:29", expect: nothing',
        'at: "2026-11-23 10:30", expect: overdue refund',
        within="2 business hours",
    )

    assert failures(file) == []


def test_a_story_of_a_year_takes_milliseconds(tmp_path: Path) -> None:
    source = load(written(tmp_path, f'at: "09:00", {REFUND}', 'at: "+360 days 09:00", expect: overdue refund'))
    began = process_time()

    assert examples(source).failures == ()
    assert process_time() - began < 0.5  # twenty times what it takes, on a machine that does other things too
