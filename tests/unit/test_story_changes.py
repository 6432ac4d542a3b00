"""What stories tell of cases: that they step down, are withdrawn, are passed on; and what alerts say."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest

from chalicelib.cli.test import examples
from chalicelib.errors import RulebookError
from chalicelib.rulebook.loader import load

RULES = """format: triage/1
owner: {team: care, contact: "care@acme.example"}
timezone: Australia/Sydney
rules:
  - id: refund
    name: Money back
    status: live
    review by: "2037-02-01"
    why: Promised.
    when: {all: [{text has any: ["refund"]}]}
    then:
      escalate:
        priority: high
        team: care
        first reply within: 30 minutes
        if no reply: [{after: 2 hours, team: leads}, {after: 3 hours, priority: urgent}]
    examples: [{post: "refund", expect: match}, {post: "fine", expect: no match}]
  - id: spike
    name: Several people report smoke
    status: live
    review by: "2037-02-01"
    why: Early warning.
    when: {all: [{text has any: ["smoke"]}]}
    repeats: {at least: 3, within: 30 minutes, then quiet for: 2 hours}
    then: {escalate: {priority: urgent, team: care}}
    examples: [{post: "smoke", expect: match}, {post: "fine", expect: no match}]
stories:
  - name: A day
    posts:
"""
REFUND = 'at: "09:00", from: ana, conversation id: "1", text: "refund!", expect: refund'
THANKS = 'from: ana, conversation id: "1", text: "thank you so much", expect: nothing'
SMOKE = (
    'at: "09:00", from: ana, text: "smoke in the kitchen", expect: nothing',
    'at: "09:10", from: bo, text: "smoke in the kitchen", expect: nothing',
    'at: "09:20", from: cy, text: "smoke in the kitchen", expect: spike',
)


def written(folder: Path, *posts: str, form: str = RULES) -> Path:
    file = folder / "a.rules.yml"
    file.write_text(form + "".join(f"      - {{{post}}}\n" for post in posts), encoding="utf-8")
    return file


def failures(folder: Path, *posts: str) -> list[str]:
    return [str(failure) for failure in examples(load(written(folder, *posts))).failures]


def problems(folder: Path, *posts: str) -> list[str]:
    with pytest.raises(RulebookError) as told:
        load(written(folder, *posts))
    return [problem.message for problem in told.value.problems]


def test_thanks_let_a_case_step_down_once_and_it_says_why(tmp_path: Path) -> None:
    told = failures(
        tmp_path,
        REFUND,
        f'at: "09:10", {THANKS}',
        'at: "09:11", expect: step down refund to normal, says: ["the author says thanks", "from high to normal"]',
        f'at: "09:20", {THANKS}',
        'at: "09:21", expect: nothing',
    )

    assert told == []


@pytest.mark.parametrize(
    ("thanks", "look", "why"),
    [
        ("thank you so much", "nothing", "expected nothing, got step down refund to normal"),
        ("thank you so much", "step down refund to low", "step down refund to low, got step down refund to normal"),
        ("thanks for nothing", "step down refund", "expected step down refund, got nothing"),
        ("thank you so much", "step down spike", "expected step down spike, got step down refund to normal"),
    ],
)
def test_a_case_that_steps_down_otherwise_fails_its_story(tmp_path: Path, thanks: str, look: str, why: str) -> None:
    words = THANKS.replace("thank you so much", thanks)
    # The last look makes it a story of cases that step down, so that the first must say of each.
    last = 'at: "+1 day 09:00", expect: step down refund'
    told = failures(tmp_path, REFUND, f'at: "09:10", {words}', f'at: "09:11", expect: {look}', last)

    assert why in told[0]


def test_stories_that_tell_of_no_step_down_are_not_about_any(tmp_path: Path) -> None:
    assert failures(tmp_path, REFUND, f'at: "09:10", {THANKS}', 'at: "09:11", expect: nothing') == []


def test_what_is_deleted_before_the_crm_has_it_is_withdrawn_and_no_reply_is_overdue(tmp_path: Path) -> None:
    told = failures(
        tmp_path,
        'at: "09:00:10", from: ana, text: "refund!", expect: refund',
        'at: "09:00:50", from: ana, action: delete, expect: nothing',
        'at: "09:01", expect: withdrawn refund',
        'at: "11:00", expect: nothing',
        'at: "12:00", from: bo, text: "refund!", expect: refund',
        'at: "12:30", expect: overdue refund',
    )

    assert told == []


@pytest.mark.parametrize(
    ("deleted", "look", "why"),
    [
        ("09:00:50", "nothing", "expected nothing, got withdrawn refund"),
        ("09:10:00", "withdrawn refund", "expected withdrawn refund, got nothing"),  # the CRM has it
    ],
)
def test_a_case_that_is_withdrawn_or_not_fails_a_story_that_says_otherwise(
    tmp_path: Path, deleted: str, look: str, why: str
) -> None:
    told = failures(
        tmp_path,
        'at: "09:00:10", from: ana, text: "refund!", expect: refund',
        f'at: "{deleted}", from: ana, action: delete, expect: nothing',
        f'at: "09:11", expect: {look}',
        'at: "10:00:10", from: bo, text: "refund!", expect: refund',
        'at: "10:00:20", from: bo, action: delete, expect: nothing',
        'at: "10:01", expect: withdrawn refund',
    )

    assert len(told) == 1
    assert why in told[0]


def test_a_step_of_an_overdue_reply_says_whose_the_case_is_and_how_pressing(tmp_path: Path) -> None:
    told = failures(
        tmp_path,
        REFUND,
        'at: "09:30", expect: overdue refund for care as high',
        'at: "11:00", expect: overdue refund for leads',
        'at: "12:00", expect: overdue refund as urgent, says: "No reply within 3 hours"',
    )

    assert told == []


@pytest.mark.parametrize("look", ["overdue refund for care", "overdue refund for leads as urgent", "overdue spike"])
def test_a_step_for_others_than_expected_fails_and_tells_all_there_was(tmp_path: Path, look: str) -> None:
    (told,) = failures(tmp_path, REFUND, 'at: "10:00", expect: overdue refund', f'at: "11:00", expect: {look}')

    assert f"expected {look}, got overdue refund for leads as high to be told since the last look\n" in told
    assert "  what came about until then, by the time of Australia/Sydney:\n" in told
    assert "    Mon 2026-02-09 09:30  overdue refund for care as high: " in told
    assert "    Mon 2026-02-09 11:00  overdue refund for leads as high: " in told
    assert "No reply within 2 hours: now for leads." in told


def test_what_an_alert_says_is_looked_at_number_by_number(tmp_path: Path) -> None:
    more = [f'at: "09:2{n}", from: more-{n}, text: "smoke in the kitchen", expect: nothing' for n in range(1, 4)]
    told = failures(
        tmp_path,
        *SMOKE,
        'at: "09:20", expect: alert spike, says: ["3 different authors within 30 minutes", "Several people"]',
        *more,
        'at: "09:30", expect: update spike, says: ["6 different authors by now", "3 when it was last told", kitchen]',
        'at: "10:30", expect: all-clear spike, says: nothing more of this for 30 minutes',
    )

    assert told == []


def test_words_that_an_alert_does_not_say_fail_its_story(tmp_path: Path) -> None:
    (told,) = failures(tmp_path, *SMOKE, 'at: "09:21", expect: alert spike, says: [4 different authors, smoke]')

    assert "expected alert spike to say \"4 different authors\", got alert spike" in told  # fmt: skip
    assert "which does not say so\n" in told
    assert "3 different authors within 30 minutes; 3 are an alert." in told


def test_a_story_of_alerts_says_of_each(tmp_path: Path) -> None:
    (told, later) = failures(
        tmp_path, *SMOKE, 'at: "09:21", expect: nothing', 'at: "11:00", expect: [alert spike, all-clear spike]'
    )

    assert "expected nothing, got alert spike" in told
    assert "expected alert spike and all-clear spike, got all-clear spike" in later
    assert failures(tmp_path, *SMOKE, 'at: "09:21", expect: nothing') == []


@pytest.mark.parametrize(
    ("look", "why"),
    [
        ("overdue refund for car", "'expect' names the team 'car', which no rule names. Did you mean 'care'?"),
        ("overdue refund as hig", "'overdue refund as hig': a priority is urgent, high, normal or low; 'hig' is not. "
                                  "Did you mean 'high'?"),
        ("step down refund to lo", "'step down refund to lo': a priority is urgent, high, normal or low; 'lo' is not. "
                                   "Did you mean 'low'?"),
        ("withdrawn refnd", "'expect' names 'refnd', which is no rule. Did you mean 'refund'?"),
        ("withdraw refund", "or nothing; 'withdraw refund' is not. Did you mean 'withdrawn'?"),
        ("stepdown refund", "or nothing; 'stepdown refund' is not. Did you mean 'step down'?"),
        ("nothing, says: more", "'says' is about what 'expect' names, and here it names nothing."),
    ],
)  # fmt: skip
def test_a_look_that_cannot_be_read_says_what_would_be_right(tmp_path: Path, look: str, why: str) -> None:
    (told,) = problems(tmp_path, REFUND, f'at: "09:30", expect: {look}')

    assert told.endswith(why)


def test_a_team_is_not_missed_while_a_rule_cannot_be_read(tmp_path: Path) -> None:
    file = written(tmp_path, REFUND, 'at: "11:00", expect: overdue refund for leads')
    file.write_text(file.read_text().replace("priority: high\n", "priority: hi\n"), encoding="utf-8")

    with pytest.raises(RulebookError) as told:
        load(file)

    assert not any("leads" in problem.message for problem in told.value.problems)


def test_a_story_of_cases_takes_milliseconds(tmp_path: Path) -> None:
    posts = [f'at: "09:{n:02}", from: a{n}, text: "refund!", expect: refund' for n in range(60)]
    source = load(written(tmp_path, *posts, 'at: "+9 days 09:00", expect: overdue refund'))
    began = process_time()

    assert examples(source).failures == ()
    assert process_time() - began < 1.0  # ten times what it takes, on a machine that does other things too
