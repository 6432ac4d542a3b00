"""What stories tell of people: who is told, again until somebody takes it up, not while silent, later when quiet."""

from __future__ import annotations

import re
from pathlib import Path
from shutil import copytree
from time import process_time

import pytest

from chalicelib.cli import check
from chalicelib.cli.story_people import people_beside
from chalicelib.cli.test import examples
from chalicelib.errors import RulebookError
from chalicelib.rulebook.loader import load
from tests.unit.test_story_changes import RULES, SMOKE, written

ROOT = Path(__file__).parents[2]
FORM = RULES.replace(
    "stories:",
    """  - id: fire
    name: Something burns
    status: live
    review by: "2037-02-01"
    why: Somebody could be hurt.
    when: {all: [{text has any: ["fire"]}]}
    then: {escalate: {priority: urgent, team: care, tell: [leads], join open case: never}}
    examples: [{post: "fire", expect: match}, {post: "fine", expect: no match}]
stories:""",
)
PEOPLE = """format: people/1
timezone: Australia/Sydney
channels: {room: slack, phone: pagerduty, desk: mail}
teams:
  care: {channels: [room], repeat every: 10 minutes}
  leads: {channels: [desk, phone], quiet hours: {hours: 18:00 to 8:00}, urgent breaks through: no}
"""
FIRE = 'at: "09:00", from: ana, text: "fire!", expect: fire'
LATE = 'at: "17:00", from: ana, text: "refund!", expect: refund'
BOTH = "[told care of alert fire, told leads of alert fire]"


def failures(folder: Path, *posts: str, people: str | None = None) -> list[str]:
    written(folder, *posts, form=FORM)
    if people is not None:
        (folder / "people.yml").write_text(people, encoding="utf-8")
    source = load(folder)
    check.beside(folder, source)
    return [str(failure) for failure in examples(source, people_beside(folder, source)).failures]


def problems(folder: Path, *posts: str, people: str | None = None) -> list[str]:
    with pytest.raises(RulebookError) as told:
        failures(folder, *posts, people=people)
    return [problem.message for problem in told.value.problems]


def test_where_people_yml_names_nobody_each_team_has_a_channel_of_its_own(tmp_path: Path) -> None:
    told = failures(
        tmp_path,
        FIRE,
        f'at: "09:00", expect: {BOTH}, says: "URGENT Alert"',
        'at: "+9 days 09:00", expect: nothing',
    )

    assert told == []


@pytest.mark.parametrize(
    ("look", "got"),
    [
        ("nothing", "expected nothing, got told care of alert fire and told leads of alert fire"),
        ("told care of alert fire", "got told care of alert fire and told leads of alert fire"),
        ("[told care of alert fire, told leads again of alert fire]", "got told care of alert fire and told leads"),
        (
            "[told care of alert fire, told leads of overdue fire]",
            "got told care of alert fire and told leads of alert",
        ),
        (
            "[told care of alert fire, told leads of alert refund]",
            "got told care of alert fire and told leads of alert",
        ),
        (f"{BOTH}, says: Update", 'to say "Update", got told care of alert fire and told leads of alert fire'),
    ],
)
def test_who_is_told_otherwise_fails_a_story_that_tells_of_it(tmp_path: Path, look: str, got: str) -> None:
    (told,) = failures(
        tmp_path, FIRE, f'at: "09:01", expect: {look}', 'at: "10:00", from: bo, text: "fire", expect: fire',
        f'at: "10:01", expect: {BOTH}',
    )  # fmt: skip

    assert got in told
    assert "    Mon 2026-02-09 09:00  told care of alert fire: URGENT Alert: " in told


def test_stories_that_tell_of_nobody_are_not_about_who_is_told(tmp_path: Path) -> None:
    assert failures(tmp_path, FIRE, 'at: "09:01", expect: nothing', people=PEOPLE) == []


def test_each_channel_of_a_team_is_told_and_all_that_people_yml_names_are_looked_for(tmp_path: Path) -> None:
    told = failures(
        tmp_path,
        FIRE,
        'at: "09:05", expect: [told care by room of alert fire, told leads by desk of alert fire, '
        "told leads by phone of alert fire]",
        'at: "09:06", from: bo, text: "fire", expect: fire',
        'at: "09:07", expect: [told care by room of alert fire, told leads by desk of alert fire]',
        people=PEOPLE,
    )

    assert len(told) == 1
    assert "got told care by room of alert fire and told leads by desk of alert fire and told leads by phone" in told[0]


def test_what_asks_is_told_again_until_somebody_takes_it_up_and_whoever_knew_hears_so(tmp_path: Path) -> None:
    told = failures(
        tmp_path,
        FIRE,
        f'at: "09:00", expect: {BOTH}',
        'at: "09:09", expect: nothing',
        'at: "09:10", expect: told care again of alert fire, says: "told 2 times, nobody has taken it up"',
        'at: "09:20", expect: told care again of alert fire, says: told 3 times',
        'at: "09:25", ack: fire',
        'at: "09:25", expect: [told care of taken up fire, told leads of taken up fire], says: by somebody',
        'at: "12:00", expect: nothing',
        people=PEOPLE,
    )

    assert told == []


def test_a_story_fails_where_nobody_takes_it_up_or_somebody_does(tmp_path: Path) -> None:
    look = 'at: "09:30", expect: {}'
    again = failures(tmp_path, FIRE, f'at: "09:01", expect: {BOTH}', look.format("nothing"), people=PEOPLE)
    assert "expected nothing, got told care by room again of alert fire" in again[0]

    taken = 'at: "09:05", ack: ana'
    never = failures(tmp_path, FIRE, taken, look.format("told care again of alert fire"), people=PEOPLE)
    assert "expected told care again of alert fire, got told care by room of alert fire and told care by" in never[0]


def test_what_nobody_was_told_or_somebody_has_taken_up_cannot_be_taken_up(tmp_path: Path) -> None:
    twice = failures(tmp_path, FIRE, 'at: "09:05", ack: fire', 'at: "09:06", ack: fire')
    assert "has nothing of 'fire' that people were told and must still take up" in twice[0]
    assert len(twice) == 1
    assert "'refund'" in failures(tmp_path, LATE, 'at: "17:01", ack: refund')[0]


def test_who_takes_the_case_in_the_crm_has_taken_it_up_without_a_reply(tmp_path: Path) -> None:
    told = failures(
        tmp_path,
        FIRE,
        f'at: "09:01", expect: {BOTH}',
        'at: "09:05", taken: fire',
        'at: "09:06", expect: [told care of taken up fire, told leads of taken up fire]',
        'at: "10:00", expect: nothing',
        people=PEOPLE,
    )

    assert told == []
    # A case is taken, and its reply is overdue all the same; where nobody waits for one, it is not looked for.
    refund = 'at: "09:00", from: ana, text: "refund!", expect: refund'
    taken = [refund, 'at: "09:05", taken: refund']
    assert failures(tmp_path, *taken, 'at: "10:00", expect: overdue refund') == []
    assert failures(tmp_path, *taken, 'at: "10:00", expect: nothing') == []
    assert "no case of 'fire' that is taken" in failures(tmp_path, refund, 'at: "09:05", taken: fire')[0]


def test_who_answers_settles_what_people_were_told(tmp_path: Path) -> None:
    told = failures(
        tmp_path, FIRE, f'at: "09:01", expect: {BOTH}', 'at: "09:05", answered: ana',
        'at: "10:00", expect: [told care of settled fire, told leads of settled fire]', people=PEOPLE,
    )  # fmt: skip

    assert told == []


@pytest.mark.parametrize("end", ["for: 2 hours", 'until: "10:30"'])
def test_nobody_is_told_of_what_is_silenced_and_all_are_when_that_is_over(tmp_path: Path, end: str) -> None:
    told = failures(
        tmp_path,
        f'at: "08:30", silence: fire, {end}',
        FIRE,
        'at: "10:29", expect: nothing',
        'at: "10:30", expect: [told care of alert fire, told leads of alert fire]',
        people=PEOPLE,
    )

    assert told == []


def test_a_silenced_team_is_told_of_nothing_and_others_are(tmp_path: Path) -> None:
    told = failures(
        tmp_path,
        'at: "08:30", silence: team care, until: "+1 days 12:00"',
        FIRE,
        'at: "10:29", expect: told leads of alert fire',
        'at: "10:30", silence: refund, for: 1 hour',
        'at: "10:31", from: bo, text: "fire", expect: fire',
        'at: "10:31", expect: told leads of alert fire',
        people=PEOPLE,
    )

    assert told == []


def test_a_story_fails_where_a_silence_is_missing_or_too_much(tmp_path: Path) -> None:
    silence = 'at: "08:30", silence: fire, for: 2 hours'
    missing = failures(tmp_path, FIRE, 'at: "09:01", expect: nothing', 'at: "09:02", ack: fire')
    assert missing == []  # it tells of nobody
    assert "got nothing" in failures(tmp_path, silence, FIRE, f'at: "09:01", expect: {BOTH}')[0]
    told = failures(tmp_path, silence.replace("fire", "refund"), FIRE, 'at: "09:01", expect: told care of alert fire')
    assert "got told care of alert fire and told leads of alert fire" in told[0]


def test_what_comes_in_quiet_hours_is_told_by_itself_or_as_a_digest_when_they_end(tmp_path: Path) -> None:
    told = failures(
        tmp_path,
        *(post.replace('"09:', '"22:') for post in SMOKE),
        'at: "22:21", expect: told care of alert spike',
        'at: "22:22", ack: spike',
        'at: "+1 days 07:59", expect: [told care of taken up spike, told care of all-clear spike]',
        'at: "+1 days 08:00", expect: nothing',
        'at: "+1 days 22:00", from: ana, text: "fire!", expect: fire',
        'at: "+1 days 22:01", expect: told care of alert fire',
        'at: "+1 days 22:02", ack: fire',
        'at: "+2 days 07:59", expect: told care of taken up fire',
        'at: "+2 days 08:00", expect: told leads of digest, says: ["2 notices", "22:00 AEDT alert: Something burns"]',
        people=PEOPLE.replace("desk, phone", "desk"),
    )

    assert told == []


def test_what_nobody_took_up_by_the_morning_is_told_by_itself(tmp_path: Path) -> None:
    quiet = "[desk], quiet hours: {hours: 18:00 to 8:00}, urgent breaks through: no"
    people = PEOPLE.replace("[room], repeat every: 10 minutes", quiet).replace("desk, phone", "desk")
    posts = ('at: "22:00", from: ana, text: "fire!", expect: fire', 'at: "+1 days 07:59", expect: nothing')
    morning = 'at: "+1 days 08:00", expect: {}'

    assert failures(tmp_path, *posts, morning.format(BOTH), people=people) == []
    (told,) = failures(tmp_path, *posts, morning.format("told leads of digest"), people=people)
    assert "expected told leads of digest, got told care by desk of alert fire and told leads by desk of alert" in told


def test_who_is_told_of_an_overdue_reply_says_that_it_is(tmp_path: Path) -> None:
    told = failures(
        tmp_path,
        LATE,
        'at: "17:30", expect: told care of overdue refund',
        'at: "17:40", expect: told care again of overdue refund',
        'at: "17:45", answered: ana',
        'at: "17:46", expect: told care of settled refund',
        people=PEOPLE,
    )

    assert told == []


def test_what_is_deleted_after_it_was_told_is_told_no_more_until_it_is_asked_anew(tmp_path: Path) -> None:
    told = failures(
        tmp_path,
        LATE,
        'at: "17:30", expect: told care of overdue refund',
        'at: "17:35", from: ana, action: delete, expect: nothing',
        'at: "+1 days 12:00", expect: nothing',
        'at: "+1 days 17:00", from: bo, text: "refund!", expect: refund',
        'at: "+1 days 17:40", expect: [told care of overdue refund, told care again of overdue refund]',
        people=PEOPLE,
    )

    assert told == []


def test_whoever_was_asked_on_the_way_is_told_of_the_end(tmp_path: Path) -> None:
    told = failures(
        tmp_path,
        LATE,
        'at: "17:30", expect: told care of overdue refund',
        'at: "19:00", expect: [told care of overdue refund, told leads of overdue refund]',
        'at: "20:00", expect: told leads of overdue refund, says: urgent priority',
        'at: "20:05", closed: refund',
        'at: "20:06", expect: [told care of settled refund, told leads of settled refund]',
    )

    assert told == []


def test_who_is_told_how_an_alert_goes_on(tmp_path: Path) -> None:
    more = [f'at: "09:2{n}", from: more-{n}, text: "smoke in the kitchen", expect: nothing' for n in range(1, 4)]
    told = failures(
        tmp_path,
        *SMOKE,
        *more,
        'at: "09:29", expect: told care of alert spike',
        'at: "09:30", expect: told care of update spike, says: "6 different authors by now"',
        'at: "10:30", expect: told care of all-clear spike',
    )

    assert told == []


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ("expect: told care of alrt fire", "; 'told care of alrt fire' is not. Did you mean 'alert'?"),
        ("expect: told care fire", "or digest; 'told care fire' is not."),
        ("expect: told care again of digest", "told again is what asks for somebody: alert, overdue or silence."),
        ("expect: told car of alert fire", "'expect' names the team 'car', which no rule names. Did you mean 'care'?"),
        ("expect: told care of alert fir", "'expect' names 'fir', which is no rule. Did you mean 'fire'?"),
        ("expect: tolld care of alert fire", "'tolld care of alert fire' is not. Did you mean 'told'?"),
        ("silence: fir, for: 1 hour", "'silence' names 'fir', which is no rule. Did you mean 'fire'?"),
        ("silence: team car, for: 1 hour", "'silence' names the team 'car', which no rule names. Did you mean 'care'?"),
        ("silence: fire", "a silence has an end: either 'for', like 2 hours, or 'until', like \"14:00\"."),
        ('silence: fire, for: 1 hour, until: "14:00"', "either 'for', like 2 hours, or 'until', like \"14:00\"."),
        ('silence: fire, until: "08:00"', "a silence ends after it begins, and at most 30 days later."),
        ("silence: fire, for: 31 days", "a silence ends after it begins, and at most 30 days later."),
        ("ack: fire, for: 2 hours", "'for' is of a silence, and stands beside 'silence'."),
        ("ack: fire, taken: fire", "answered, closed or taken, or people 'ack' or 'silence' a rule; one at a time."),
    ],
)
def test_what_people_are_told_or_do_and_cannot_be_read_says_what_would_be_right(
    tmp_path: Path, step: str, why: str
) -> None:
    (told,) = problems(tmp_path, FIRE, f'at: "09:30", {step}')

    assert told.endswith(why)


@pytest.mark.parametrize(
    ("look", "why"),
    [
        ("told care by rom of alert fire", "'expect' names the channel 'rom', by which people.yml does not tell "
                                           "'care'. Did you mean 'room'?"),
        ("told leads by room of alert fire", "'expect' names the channel 'room', by which people.yml does not tell "
                                             "'leads'. Known here: desk, phone."),
        ("told other of alert fire", "'expect' tells of the team 'other', to which people.yml gives no channel. "
                                     "Known here: care, leads."),
    ],
)  # fmt: skip
def test_who_could_never_be_told_by_people_yml_is_a_problem(tmp_path: Path, look: str, why: str) -> None:
    rule = FORM.replace("tell: [leads]", "tell: [leads, other]")
    file = tmp_path / "a.rules.yml"
    file.write_text(f"{rule}      - {{{FIRE}}}\n      - {{at: '09:10', expect: {look}}}\n", encoding="utf-8")
    (tmp_path / "people.yml").write_text(PEOPLE, encoding="utf-8")

    with pytest.raises(RulebookError) as told:
        check.beside(tmp_path, load(tmp_path))

    assert [problem.message for problem in told.value.problems] == [why]


def test_nights_and_weekends_of_held_news_take_milliseconds(tmp_path: Path) -> None:
    nights = [f'at: "+{n} days 22:00", from: a{n}, text: "fire", expect: fire' for n in range(30)]
    digests = f'at: "+40 days 09:00", expect: {BOTH}'
    people = PEOPLE.replace(", repeat every: 10 minutes", "")
    began = process_time()

    assert failures(tmp_path, *nights, digests, people=people) == []
    assert process_time() - began < 1.0  # several times what it takes, on a machine that does other things too


def test_the_shipped_stories_and_those_of_the_rules_page_hold_with_the_example_of_people_yml(tmp_path: Path) -> None:
    shipped, page = ROOT / "rules", (ROOT / "rules/README.md").read_text(encoding="utf-8")
    rules = tmp_path / "rules"
    copytree(shipped, rules)
    people = (shipped / "people.yml").read_text(encoding="utf-8")
    (rules / "people.yml").write_text(re.sub("(?m)^# (?=(timezone|channels|teams):| )", "", people), encoding="utf-8")
    (shown,) = [part for part in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if "told product-safety" in part]
    with (rules / "safety.rules.yml").open("a", encoding="utf-8") as file:
        file.write(shown.replace("stories:\n", "\n", 1))

    source = load(rules)
    told = check.beside(rules, source).people

    assert sorted(told.teams) == ["care-duty", "product-safety"]
    assert [str(failure) for failure in examples(source, told).failures] == []
