"""Stories in rule files: tests in which time passes, played the way live posts go."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chalicelib.cli.main import main
from chalicelib.cli.test import examples
from chalicelib.errors import RulebookError
from chalicelib.model import Action
from chalicelib.rulebook.loader import load
from chalicelib.rulebook.story import Story
from chalicelib.rulebook.story_keys import FIRST_DAY
from chalicelib.rulebook.story_posts import Step

RULES = """format: triage/1
owner: {team: care, contact: "care@acme.example"}
timezone: Australia/Sydney
topics:
  router: {any: [{text has any: ["router", "modem"]}]}
rules:
  - id: spike
    name: Several people report smoke
    status: live
    review by: "2027-02-01"
    why: Early warning.
    when: {all: [{text has any: ["smoke"]}]}
    repeats: {per: topic, at least: 3, within: 30 minutes, then quiet for: 2 hours}
    then: {escalate: {priority: urgent}}
    examples: [{post: "smoke", expect: match}, {post: "fine", expect: no match}]
  - id: help
    name: How do I ...?
    status: live
    review by: "2027-02-01"
    why: Mostly answered by a page.
    when: {all: [{text has any: ["how"]}]}
    then: {recommend: {template: page, at most: 1 per author per 7 days}}
    examples: [{post: "how?", expect: match}, {post: "fine", expect: no match}]
  - id: customers
    name: A customer writes
    status: draft
    review by: "2027-02-01"
    why: A draft is tried as well.
    when: {all: [{author is customer: yes}]}
    then: {escalate: {priority: low}}
stories:
"""


def written(folder: Path, *posts: str) -> Path:
    file = folder / "a.rules.yml"
    lines = "".join(f"      - {{{post}}}\n" for post in posts)
    file.write_text(f"{RULES}  - name: A day\n    posts:\n{lines}", encoding="utf-8")
    return file


def story(folder: Path, *posts: str) -> Story:
    (told,) = load(written(folder, *posts)).stories
    return told


def steps(told: Story) -> list[Step]:
    return [each for each in told.steps if isinstance(each, Step)]


def failures(folder: Path, *posts: str) -> list[str]:
    return [str(failure) for failure in examples(load(written(folder, *posts))).failures]


def test_a_story_of_neighbours_and_a_loud_one_comes_out(tmp_path: Path) -> None:
    assert not failures(
        tmp_path,
        'at: "09:00", from: ana, text: "my router makes smoke", expect: nothing',
        'at: "09:05", from: ana, text: "STILL SMOKE from the router", expect: nothing',
        'at: "09:10", from: bo, text: "Smoke!! from the modem", expect: nothing',
        'at: "09:20", from: cy, text: "smoke, router", expect: spike',
        'at: "09:25", from: di, text: "smoke from my router too", expect: nothing',
        'at: "11:21", from: ed, text: "smoke, router", expect: nothing',
        'at: "11:22", from: flo, text: "smoke, router", expect: nothing',
        'at: "11:23", from: gus, text: "smoke, router", expect: [spike]',
    )


def test_a_step_that_comes_out_otherwise_tells_where_what_and_why(tmp_path: Path) -> None:
    file = tmp_path / "a.rules.yml"
    (told,) = failures(tmp_path, 'at: "09:00", from: ana, text: "my router makes smoke", expect: spike')

    assert told == (
        f"FAIL {file}:34: the story 'A day' expected spike, got nothing for \"my router makes smoke\"\n"
        "  spike (live): no match\n"
        '    all   text has any: ["smoke"]                       yes ("smoke")\n'
        '    repeats 1 of 3 different authors within 30 minutes  no ("router")   <- this line'
    )


def test_a_rule_that_nobody_expected_fails_a_story_too(tmp_path: Path) -> None:
    (told,) = failures(tmp_path, 'at: "09:00", from: ana, text: "how?", expect: nothing')

    assert "expected nothing, got help" in told
    assert "help (live): match" in told


def test_a_rule_that_never_came_near_is_told_with_its_lines(tmp_path: Path) -> None:
    (told,) = failures(tmp_path, 'at: "09:00", from: ana, text: "fine", expect: spike')

    assert told.splitlines()[1:] == [
        "  spike (live): no match",
        '    all   text has any: ["smoke"]                           no   <- this line',
        "    repeats at least 3 different authors within 30 minutes  unknown   <- this line",
    ]


def test_caps_hold_in_stories(tmp_path: Path) -> None:
    assert not failures(
        tmp_path,
        'at: "09:00", from: ana, text: "how?", expect: help',
        'at: "+6 days 09:00", from: ana, text: "how?", expect: nothing',
        'at: "+6 days 09:00", from: bo, text: "how?", expect: help',
        'at: "+7 days 09:00", from: ana, text: "how?", expect: help',
    )


def test_the_whole_example_of_the_rules_page_plays(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "rules/README.md").read_text(encoding="utf-8")
    (shown,) = [part for part in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if part.startswith("topics:")]
    head = 'format: triage/1\nowner: {team: care, contact: "care@acme.example"}\n'
    (tmp_path / "a.rules.yml").write_text(f"{head}{shown}", encoding="utf-8")

    tried = examples(load(tmp_path))

    assert (tried.stories, list(tried.failures)) == (1, [])


def test_drafts_and_what_is_known_of_an_author_are_in_stories(tmp_path: Path) -> None:
    assert not failures(
        tmp_path,
        'at: "09:00", from: ana, text: "hello", author is customer: yes, expect: customers',
        'at: "09:01", from: ana, text: "hello", author is customer: no, expect: nothing',
    )


def test_posts_are_changed_and_taken_back_in_stories(tmp_path: Path) -> None:
    posts = (
        'at: "09:00", from: ana, text: "fine", expect: nothing',
        'at: "09:10", from: ana, text: "how?", action: edit, expect: help',
        'at: "09:20", from: ana, action: delete, expect: nothing',
    )
    first, edit, deletion = (step.post for step in steps(story(tmp_path, *posts)))

    assert not failures(tmp_path, *posts)
    assert first.id == edit.id == deletion.id
    assert (edit.action, edit.text, edit.created_at) == (Action.EDIT, "how?", first.created_at)


def test_a_change_may_name_its_post_by_an_id(tmp_path: Path) -> None:
    told = story(
        tmp_path,
        'at: "09:00", from: ana, id: one, platform: x, text: "fine", expect: nothing',
        'at: "09:01", from: ana, text: "also", expect: nothing',
        'at: "09:10", id: one, text: "how?", action: edit, expect: help',
    )

    assert [step.post.id for step in steps(told)] == ["x:s0.one", "example:s0.1", "x:s0.one"]
    assert steps(told)[2].post.author.id == "ana"


def test_a_post_delivered_twice_in_a_story_counts_once(tmp_path: Path) -> None:
    assert not failures(
        tmp_path,
        'at: "09:00", from: ana, id: one, text: "smoke", expect: nothing',
        'at: "09:01", from: bo, id: two, text: "smoke", expect: nothing',
        'at: "09:00", from: ana, id: one, text: "smoke", expect: nothing',
        'at: "09:02", from: cy, id: three, text: "smoke", expect: spike',
        'at: "09:02", from: cy, id: three, text: "smoke", expect: spike',
    )


def test_times_are_of_the_files_zone_days_after_the_first_and_exact_over_changes_of_the_clock(tmp_path: Path) -> None:
    told = story(
        tmp_path,
        'at: "09:00", text: "a", expect: nothing',
        'at: 9:30:15, text: "b", expect: nothing',
        'at: "+1 day 09:00", text: "c", expect: nothing',
        'at: "+60 days 09:00", text: "d", expect: nothing',
        'at: "2026-03-02 09:00", text: "e", expect: nothing',
        'at: "2026-03-02T09:00+01:00", text: "f", expect: nothing',
    )

    assert FIRST_DAY.weekday() == 0
    assert [step.post.created_at for step in steps(told)] == [
        datetime(2026, 2, 8, 22, 0, tzinfo=UTC),
        datetime(2026, 2, 8, 22, 30, 15, tzinfo=UTC),
        datetime(2026, 2, 9, 22, 0, tzinfo=UTC),
        datetime(2026, 4, 9, 23, 0, tzinfo=UTC),  # summer time in Sydney ended on 5 April
        datetime(2026, 3, 1, 22, 0, tzinfo=UTC),
        datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
    ]


def test_a_story_in_another_file_may_expect_a_rule_of_this(tmp_path: Path) -> None:
    written(tmp_path, 'at: "09:00", from: ana, text: "how?", expect: help')
    head = "".join(RULES.partition("timezone")[0])
    other = '  - {name: Other, posts: [{at: "09:00", text: "how?", expect: help}]}\n'
    (tmp_path / "b.rules.yml").write_text(f"{head}stories:\n{other}", encoding="utf-8")

    assert examples(load(tmp_path)).stories == 2
    assert not examples(load(tmp_path)).failures


def test_a_rule_that_could_not_be_read_is_not_told_as_missing(tmp_path: Path) -> None:
    file = written(tmp_path, 'at: "09:00", text: "how?", expect: help')
    file.write_text(file.read_text().replace("recommend: {template: page", "recomend: {template: page"))

    with pytest.raises(RulebookError) as told:
        load(tmp_path)

    assert not any("expect" in problem.message for problem in told.value.problems)


def test_earshot_test_counts_stories_and_fails_by_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, 'at: "09:00", from: ana, text: "how?", expect: nothing')

    assert main(["test", str(file)]) == 1
    assert "4 examples and 1 story of 3 rules: 1 failed" in capsys.readouterr().out
    assert main(["test", "--json", str(file)]) == 1
    assert '"line": 34' in capsys.readouterr().out
    assert main(["bundle", str(file), "--out", str(tmp_path / "bundle.json")]) == 1


CROSSING = (
    'at: "09:00", from: ana, text: "smoke, router", expect: nothing',
    'at: "09:10", from: bo, text: "smoke, router", expect: nothing',
    'at: "09:20", from: cy, text: "smoke, router", expect: spike',
)
GROWING = tuple(f'at: "09:2{n}", from: more-{n}, text: "smoke, router", expect: nothing' for n in range(1, 4))


def test_a_story_looks_at_what_was_told_when_no_post_came(tmp_path: Path) -> None:
    assert not failures(
        tmp_path,
        *CROSSING,
        'at: "09:20", expect: nothing',
        *GROWING,
        'at: "09:29", expect: nothing',
        'at: "09:30", expect: update spike',
        'at: "09:57", expect: nothing',
        'at: "09:58", expect: all-clear spike',
        'at: "+3 days 09:00", expect: nothing',
    )


def test_a_look_tells_all_there_was_since_the_last_one(tmp_path: Path) -> None:
    assert not failures(tmp_path, *CROSSING, *GROWING, 'at: "12:00", expect: [all-clear spike, update spike]')


def test_a_look_that_finds_something_else_says_what(tmp_path: Path) -> None:
    (told,) = failures(tmp_path, *CROSSING, 'at: "09:54", expect: all-clear spike')

    head, when, what = told.splitlines()
    assert head == (
        f"FAIL {tmp_path / 'a.rules.yml'}:37: the story 'A day' expected all-clear spike, got nothing to be told since "
        "the last look"
    )
    assert when == "  what came about until then, by the time of Australia/Sydney:"
    assert what.startswith("    Mon 2026-02-09 09:20  alert spike: Several people report smoke / 3 different authors")


@pytest.mark.parametrize(
    ("look", "why"),
    [
        (
            "expect: spike",
            "without a post, 'expect' is what came about meanwhile, like 'update my-rule', 'all-clear my-rule', "
            "'overdue my-rule', 'silence my-rule', 'alert my-rule', 'step down my-rule', 'withdrawn my-rule', "
            "'told my-team of alert my-rule', or nothing; 'spike' is not.",
        ),
        ("expect: all-clear spik", "'expect' names 'spik', which is no rule. Did you mean 'spike'?"),
    ],
)
def test_a_look_that_is_none_is_told(tmp_path: Path, look: str, why: str) -> None:
    with pytest.raises(RulebookError) as told:
        story(tmp_path, *CROSSING, f'at: "09:54", {look}')

    assert [problem.message for problem in told.value.problems] == [why]


SECOND = RULES.replace("per: topic, at least: 3, within: 30 minutes, then quiet for: 2 hours", "BLOCK").replace(
    "priority: urgent", "priority: normal, join open case: 14 days"
)


def test_the_second_complaint_of_the_same_author_is_their_own_case_and_no_alert(tmp_path: Path) -> None:
    """`second complaint by the same author within 24 h`, in the same few words, apart by topic too."""
    block = "count: posts, per: [author, topic], at least: 2, within: 24 hours"
    file = tmp_path / "a.rules.yml"
    file.write_text(
        SECOND.replace("BLOCK", block)
        + """  - name: Twice in a day, of one thing, by one person
    posts:
      - {at: "09:00", from: ana, text: "smoke, router", expect: nothing}
      - {at: "10:00", from: bo, text: "smoke, router", expect: nothing}
      - {at: "11:00", from: ana, text: "smoke again, not the modem or so", expect: spike}
      - {at: "+1 day 12:00", from: bo, text: "smoke, router", expect: nothing}
      - {at: "+9 days 12:00", expect: nothing}
""",
        encoding="utf-8",
    )

    assert [str(failure) for failure in examples(load(file)).failures] == []
