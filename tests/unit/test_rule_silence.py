"""Rules about posts that do not come: `silence`, from the file to the minute in which it is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.cli.main import main
from chalicelib.cli.test import examples
from chalicelib.errors import RulebookError
from chalicelib.model import Move, Moved, Published
from chalicelib.rulebook import bundle
from chalicelib.rulebook.listening import CurrentListenings, listenings
from chalicelib.rulebook.loader import Source, load
from chalicelib.rulebook.rule import Unheard
from chalicelib.rulebook.spoken import hears
from chalicelib.stores.memory_rulebooks import MemoryRulebooks

HEAD = """format: triage/1
owner: {team: care, contact: "care@acme.example"}
timezone: Australia/Sydney
calendars:
  office hours: {days: monday to friday, hours: 9:00 to 17:00}
rules:
"""
RULE = """  - id: facebook-silent
    name: Nothing is heard from Facebook
    status: live
    review by: "2027-02-01"
    why: A page that falls silent has lost its subscription.
    WHEN
    silence: {of: facebook, for: 2 hours}
    then: {escalate: {priority: high, team: social-desk, tell: [it-duty]}}
"""
WITHIN = "when: {all: [{time is within: office hours}]}"


def written(folder: Path, rule: str = RULE, story: str = "", when: str = "") -> Path:
    file = folder / "a.rules.yml"
    told = f"stories:\n  - name: A day\n    posts:\n{story}" if story else ""
    file.write_text(HEAD + rule.replace("    WHEN\n", f"    {when}\n" if when else "") + told, encoding="utf-8")
    return file


def source(folder: Path, rule: str = RULE, when: str = "") -> Source:
    return load(written(folder, rule, when=when))


def problems(folder: Path, rule: str, when: str = "") -> list[str]:
    with pytest.raises(RulebookError) as told:
        source(folder, rule, when)
    return [str(problem).partition("a.rules.yml:")[2] for problem in told.value.problems]


def failures(folder: Path, *steps: str, when: str = "", rule: str = RULE) -> list[str]:
    story = "".join(f"      - {{{step}}}\n" for step in steps)
    return [str(failure) for failure in examples(load(written(folder, rule, story, when))).failures]


def test_a_platform_that_falls_silent_is_told_once_and_all_clear_when_it_speaks(tmp_path: Path) -> None:
    assert not failures(
        tmp_path,
        'at: "09:00", platform: x, text: "hello", expect: nothing',
        'at: "09:00", platform: facebook, text: "hello", expect: nothing',
        'at: "10:59", expect: nothing',
        'at: "11:00", expect: silence facebook-silent',
        'at: "15:00", expect: nothing',
        'at: "15:01", platform: facebook, text: "hello", expect: nothing',
        'at: "15:02", expect: all-clear facebook-silent',
        'at: "17:01", expect: silence facebook-silent',
    )


def test_a_platform_that_was_never_heard_is_not_known_to_be_silent(tmp_path: Path) -> None:
    assert not failures(
        tmp_path,
        'at: "09:00", platform: x, text: "hello", expect: nothing',
        'at: "+3 days 09:00", expect: nothing',
    )


@pytest.mark.parametrize(
    ("when", "rule"), [(WITHIN, RULE), ("", RULE.replace("for: 2 hours", "for: 2 business hours"))]
)
def test_only_the_hours_of_a_calendar_count(tmp_path: Path, when: str, rule: str) -> None:
    """Last heard on a Friday at 16:50: the two hours are over on Monday at 10:50."""
    assert not failures(
        tmp_path,
        'at: "+4 days 16:50", platform: facebook, text: "hello", expect: nothing',
        'at: "+7 days 10:49", expect: nothing',
        'at: "+7 days 10:50", expect: silence facebook-silent',
        when=when,
        rule=rule,
    )


def test_the_night_in_which_clocks_change_is_as_long_as_it_is(tmp_path: Path) -> None:
    """In Sydney the hour from 2:00 comes twice on 2026-04-05: from 1:30 to the second 2:30 are two hours."""
    assert not failures(
        tmp_path,
        'at: "2026-04-05 01:30", platform: facebook, text: "hello", expect: nothing',
        'at: "2026-04-05T02:29:00+10:00", expect: nothing',
        'at: "2026-04-05T02:30:00+10:00", expect: silence facebook-silent',
    )


def test_the_rule_is_read_and_spoken_and_comes_back_from_its_bundle(tmp_path: Path) -> None:
    found = source(tmp_path, RULE.replace("of: facebook", "of: [facebook, x]"), WITHIN)
    (rule,) = found.book.silences

    assert found.book.rules == ()
    assert rule.unheard == Unheard(("facebook", "x"), "2 hours", "office hours")
    assert hears(rule, {}) == "no post comes from facebook or x for 2 hours, counted during office hours"
    assert bundle.rules_of(bundle.dumps(found.book)) == found.book
    assert [one.window for one in listenings(found.book)] == [
        "facebook-silent/silence/facebook",
        "facebook-silent/silence/x",
    ]


@pytest.mark.parametrize(
    ("rule", "when", "told"),
    [
        (RULE.replace("2 hours", "5 minutes"), "", "12: 'for' is 10 minutes to 30 days; '5 minutes' is not."),
        (RULE.replace("for: 2 hours", "fore: 2 hours"), "", "12: 'silence' has no 'for'."),
        (
            RULE,
            'when: {any: [{text has any: ["smoke"]}]}',
            "12: the only line that a rule with 'silence' can have is one 'time is within' under 'all'.",
        ),
        (
            RULE.replace("2 hours", "2 business hours"),
            WITHIN,
            "13: count business hours, or those of a calendar, not both: say 'for' in plain hours.",
        ),
        (
            RULE + '    examples: [{post: "hello", expect: no match}]\n',
            "",
            "14: a rule with 'silence' has no post, and so no 'examples'. Show it by a story, with a look like "
            "'silence my-rule'.",
        ),
        (
            RULE.replace("escalate: {priority: high, team: social-desk, tell: [it-duty]}", "ignore: {reason: quiet}"),
            "",
            "13: a rule with 'silence' tells somebody: only 'escalate' does.",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, rule: str, when: str, told: str) -> None:
    assert told in problems(tmp_path, rule, when)


def test_a_rule_that_is_not_live_listens_only_in_its_stories(tmp_path: Path) -> None:
    found = source(tmp_path, RULE.replace("status: live", "status: shadow"))

    assert listenings(found.book) == ()
    assert len(listenings(found.book, tried=True)) == 1


def test_past_its_review_it_stops_as_other_rules_do(tmp_path: Path) -> None:
    (one,) = listenings(source(tmp_path).book)

    assert one.acts(datetime(2027, 2, 15, tzinfo=UTC))
    assert not one.acts(datetime(2027, 2, 16, tzinfo=UTC))


def test_a_version_is_read_once(tmp_path: Path) -> None:
    class Counting(MemoryRulebooks):
        asked = 0

        def text(self, version: str) -> str:
            self.asked += 1
            return super().text(version)

    rulebooks, text = Counting(), bundle.dumps(source(tmp_path).book)
    now = datetime(2026, 2, 9, tzinfo=UTC)
    rulebooks.add(Published("v1", 1, len(text), "ana", "why", now), text)
    rulebooks.move(Move(1, Moved.PUBLISHED, "v1", None, None, "ana", "why", now))
    current = CurrentListenings(rulebooks)

    assert [one.platform for one in (*current(), *current())] == ["facebook", "facebook"]
    assert rulebooks.asked == 1
    assert current()[0].span == timedelta(hours=2)


@pytest.mark.parametrize(
    ("name", "said"), [("facebok", " Did you mean 'facebook'?"), ("forum", None)], ids=["misspelt", "not there"]
)
def test_a_rule_that_waits_for_what_is_no_platform_is_refused(
    name: str, said: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, RULE.replace("of: facebook", f"of: [x, {name}]"))

    codes = [main(["check", str(tmp_path)]), main(["bundle", str(tmp_path), "--out", str(tmp_path / "out.json")])]

    out = capsys.readouterr().out
    assert codes == [1, 1]
    assert f"a.rules.yml:7: rule 'facebook-silent' waits for '{name}', which is no platform.{said or ''}" in out
    assert "(a warning)" not in out
    assert not (tmp_path / "out.json").exists()


def test_a_retired_rule_may_have_waited_for_a_platform_that_is_no_more(tmp_path: Path) -> None:
    written(tmp_path, RULE.replace("status: live", "status: retired").replace("of: facebook", "of: orkut"))

    assert main(["check", str(tmp_path)]) == 0
