"""`earshot ack` and `earshot silence`, over notices in memory."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.cli.main import main
from chalicelib.model import Move, Moved, Notice, NoticeKind, Outcome, Priority, Published, notice_key
from chalicelib.pipeline.people import People, Team
from chalicelib.rulebook import bundle
from chalicelib.rulebook.rule import Book, Then
from chalicelib.stores.memory_notices import MemoryNotices
from chalicelib.stores.memory_rulebooks import MemoryRulebooks
from tests.unit.people import NOON, Watch
from tests.unit.rulebooks import rule


class Place:
    """Where the verbs work."""

    def __init__(self, notices: MemoryNotices) -> None:
        self.notices = notices
        self.rulebooks = MemoryRulebooks()
        self.people = People(teams={"safety": Team(()), "care-duty": Team(())})
        book = Book(rules=(rule("spike"), rule("outage")), silences=(rule("facebook-silent"),))
        self.publish(bundle.dumps(book))

    def publish(self, text: str) -> None:
        """Live from now on."""
        version = json.loads(text)["version"]
        self.rulebooks.add(Published(version, 2, len(text), "ana", "why", NOON), text)
        revision = self.rulebooks.pointer().revision + 1
        self.rulebooks.move(Move(revision, Moved.PUBLISHED, version, None, None, "ana", "why", NOON))


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Place:
    clock = Watch()
    place = Place(MemoryNotices(clock))
    for verb in ("ack", "silence"):
        monkeypatch.setattr(f"chalicelib.cli.{verb}.wiring", lambda: place)
        monkeypatch.setattr(f"chalicelib.cli.{verb}.now", clock)
    return place


@pytest.fixture
def notices(place: Place) -> MemoryNotices:
    return place.notices


def test_who_takes_it_up_first_is_told_so_and_the_second_who_was_first(
    notices: MemoryNotices, capsys: pytest.CaptureFixture[str]
) -> None:
    notices.introduce(Notice(notice_key("1"), NoticeKind.ALERT, "a1", None, "safety", (), None, "Smoke", (), NOON))

    assert main(["ack", "a1", "--who", "ana"]) == 0
    assert main(["ack", "a1", "--who", "bo"]) == 1

    first, second = capsys.readouterr().out.splitlines()
    assert first == "Smoke: taken up by ana, 2026-11-20 12:00 UTC"
    assert second == f"{first}; that stands"
    (told,) = notices.everything()
    assert (told.kind, told.title, told.teams) == (NoticeKind.ACKNOWLEDGED, "Smoke (by ana)", ("safety",))


def test_what_is_asked_again_can_be_taken_up_again_and_whoever_was_told_hears_of_either(
    notices: MemoryNotices, capsys: pytest.CaptureFixture[str]
) -> None:
    first = Notice(notice_key("1"), NoticeKind.OVERDUE, "c1", None, "safety", (), None, "Smoke", (), NOON)
    notices.introduce(first)
    assert main(["ack", "c1", "--who", "ana"]) == 0
    later = replace(first, key=notice_key("2"), team="leads", at=NOON + timedelta(hours=1))
    notices.introduce(later)

    assert main(["ack", "c1", "--who", "bo"]) == 0
    assert main(["ack", "c1", "--who", "cy"]) == 1

    assert "taken up by bo" in capsys.readouterr().out.splitlines()[1]
    assert [(told.title, told.teams) for told in notices.everything()] == [
        ("Smoke (by ana)", ("safety",)),
        ("Smoke (by bo)", ("leads",)),
    ]


def test_what_nobody_was_told_of_cannot_be_taken_up(notices: MemoryNotices, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ack", "none", "--json"]) == 2

    assert "nobody was told of 'none'" in capsys.readouterr().err


def test_a_silence_is_kept_listed_and_ended(notices: MemoryNotices, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["silence"]) == 0
    assert main(["silence", "--rule", "spike", "--until", "2 hours", "--why", "we know", "--who", "ana"]) == 0
    assert main(["silence", "--team", "safety", "--until", "2026-11-21T09:00+11:00", "--why", "moving", "--json"]) == 0

    none, rule, team = capsys.readouterr().out.splitlines()
    assert none == "nothing is silenced"
    assert rule.endswith("rule spike                silent    until 2026-11-20 14:00 UTC  ana: we know")
    assert json.loads(team)["until"] == "2026-11-20T22:00:00Z"
    name = rule.split()[0]
    assert main(["silence", "--end", name, "--who", "cy"]) == 0
    assert main(["silence", "--end", name]) == 1
    assert main(["silence"]) == 0

    told = capsys.readouterr().out
    assert f"{name} is ended\nthere is no silence '{name}' that lasts" in told
    assert "ended by cy" in told
    assert [silence.until - NOON for silence in notices.silences()][1] > timedelta(hours=2)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--rule", "spike"], "a silence has an end and a reason"),
        (["--until", "1 hour"], "what is to be silent?"),
        (["--rule", "r", "--why", "w", "--until", "soon"], "'soon' is neither"),
        (["--rule", "r", "--why", "w", "--until", "2026-11-21T09:00"], "has no zone"),
        (["--rule", "r", "--why", "w", "--until", "2026-11-19T09:00Z"], "is past"),
        (["--rule", "r", "--why", "w", "--until", "2 business hours"], "business hours are of a calendar"),
        (["--rule", "spkie", "--why", "w", "--until", "1 hour"], "no live rule 'spkie'. Did you mean 'spike'?"),
        (["--rule", "facebook-silence", "--why", "w", "--until", "1 hour"], "Did you mean 'facebook-silent'?"),
        (["--rule", "", "--why", "w", "--until", "1 hour"], "no live rule ''"),
        (["--team", "saftey", "--why", "w", "--until", "1 hour"], "has no team 'saftey'. Did you mean 'safety'?"),
        (["--team", "", "--why", "w", "--until", "1 hour"], "rules/people.yml has no team ''"),
        (["--rule", "spike", "--why", " ", "--until", "1 hour"], "a silence has an end and a reason"),
        (["--rule", "spike", "--why", "w", "--until", "1 hour", "--who", ""], "who silences it? Give --who a name"),
        (["--end", "x", "--who", " "], "who ends it?"),
        (["--rule", "spike", "--why", "w", "--until", "31 days"], "at most 30 days ahead"),
        (["--rule", "spike", "--why", "w", "--until", "3650 days"], "at most 30 days ahead"),
        (["--rule", "spike", "--why", "w", "--until", "2036-11-20T09:00Z"], "at most 30 days ahead"),
    ],
)
def test_a_silence_that_is_not_clear_is_not_kept(
    notices: MemoryNotices, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    assert main(["silence", *words]) == 2

    assert told in capsys.readouterr().err
    assert notices.silences() == []


def test_a_silence_of_any_live_rule_is_kept_for_thirty_days_at_most(notices: MemoryNotices) -> None:
    assert main(["silence", "--rule", "facebook-silent", "--until", "30 days", "--why", "moving"]) == 0

    assert [silence.rule for silence in notices.silences()] == ["facebook-silent"]


def test_where_people_name_no_team_it_is_one_of_the_rules(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.people = People({"here": "file"}, everybody="here")
    told = rule("spike", then=Then(Outcome.ESCALATE, Priority.HIGH, "care", ("legal",)))
    place.publish(bundle.dumps(Book(rules=(told,))))

    assert main(["silence", "--team", "legal", "--until", "1 hour", "--why", "w"]) == 0
    assert main(["silence", "--team", "legla", "--until", "1 hour", "--why", "w"]) == 2

    assert "no rule names a team 'legla'. Did you mean 'legal'?" in capsys.readouterr().err


def test_rules_that_cannot_be_read_keep_nobody_from_silencing_them(place: Place) -> None:
    place.publish(json.dumps({"format": "earshot-rulebook/9", "version": "9"}))

    assert main(["silence", "--rule", "spike", "--until", "1 hour", "--why", "w"]) == 0


def test_nobody_takes_anything_up(notices: MemoryNotices, capsys: pytest.CaptureFixture[str]) -> None:
    notices.introduce(Notice(notice_key("1"), NoticeKind.ALERT, "a1", None, "safety", (), None, "Smoke", (), NOON))

    assert main(["ack", "a1", "--who", "  "]) == 2

    assert "who takes it up? Give --who a name" in capsys.readouterr().err
    assert notices.acknowledged("a1") is None
