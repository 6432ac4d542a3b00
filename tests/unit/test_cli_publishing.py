"""`earshot publish`, `versions` and `rollback`: who makes which rules decide, why, and the way back."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.cli import cause, why_recorded
from chalicelib.cli.main import main
from chalicelib.codec import from_json, to_json
from chalicelib.errors import Conflict, SettingsError
from chalicelib.model import Decision, Declined, Move, Moved, Otherwise, Outcome, Pointer, Post, Published, Recorded
from chalicelib.rulebook import bundle, gate
from chalicelib.rulebook.gate import Examined, Sample
from chalicelib.stores.memory_rulebooks import MemoryRulebooks

RULE = """
  - id: {id}
    name: A rule
    status: live
    review by: "2027-02-01"
    why: For a test.
    when: {{all: [{{text has any: [{words}]}}]}}
    then: {{escalate: {{priority: {priority}, team: care}}}}
    examples: [{{post: "{example}", expect: match}}, {{post: "nothing", expect: no match}}]
"""
Told = Callable[[], str]


@pytest.fixture
def rulebooks(monkeypatch: pytest.MonkeyPatch) -> MemoryRulebooks:
    """Where the verbs publish; the gate finds nothing (tests/unit/test_rule_gate.py tries it)."""
    rulebooks = MemoryRulebooks()
    for verb in ("publish", "versions", "rollback"):
        monkeypatch.setattr(f"chalicelib.cli.{verb}.published_rulebooks", lambda: (rulebooks, rulebooks.pointer()))
    monkeypatch.setattr(gate, "examine", lambda text, samples: Examined((), len(list(samples)), 0.1))
    return rulebooks


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    return lambda: capsys.readouterr().out


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A folder with one rule about refunds."""
    write(tmp_path)
    return tmp_path


def write(folder: Path, *more: str, words: str = "refund", priority: str = "high", example: str = "refund!") -> None:
    rules = [RULE.format(id="refund", words=words, priority=priority, example=example)]
    rules += [RULE.format(id=name, words=name, priority="low", example=name) for name in more]
    head = 'format: triage/1\nowner: {team: care, contact: "care@acme.example"}\nrules:'
    (folder / "care.rules.yml").write_text(head + "".join(rules), encoding="utf-8")


def publish(rules: Path, why: str = "a reason", *more: str) -> int:
    return main(["publish", str(rules), "--why", why, "--who", "ana", *more])


@pytest.fixture
def three(rulebooks: MemoryRulebooks, rules: Path) -> list[str]:
    """Three versions published one after the other."""
    found: list[str] = []
    for more in ((), ("second",), ("second", "third")):
        write(rules, *more)
        publish(rules, f"number {len(found) + 1}")
        found.append(str(rulebooks.pointer().live))
    return found


def test_published_rules_are_live_with_who_and_why(rulebooks: MemoryRulebooks, rules: Path, told: Told) -> None:
    assert publish(rules, "  because of\n refunds ") == 0

    (published,) = rulebooks.published()
    assert rulebooks.pointer() == Pointer(1, published.version)
    assert (published.rules, published.who, published.why) == (1, "ana", "because of refunds")
    assert bundle.loads(rulebooks.text(published.version), "plain").version == published.version
    assert published.size == len(rulebooks.text(published.version).encode())
    assert f"Version {published.version} (1 rule) is live" in told()


def test_what_changed_against_the_live_version_is_told(rulebooks: MemoryRulebooks, rules: Path, told: Told) -> None:
    write(rules, "old")
    publish(rules)
    live = rulebooks.pointer().live
    told()
    write(rules, "new", words="refund, money", priority="low")

    assert publish(rules) == 0
    assert told().splitlines()[1:5] == [
        f"Against {live}, the live version:",
        "  added    rule     new",
        "  removed  rule     old",
        "  changed  rule     refund (when, then)",
    ]


PEOPLE = "format: people/1\nchannels: {room: slack}\nteams:\n  care: {channels: [room]}\n"


def test_who_is_told_travels_with_the_rules_and_that_it_changes_is_told(
    rulebooks: MemoryRulebooks, rules: Path, told: Told
) -> None:
    publish(rules)
    first = rulebooks.pointer().live
    told()
    (rules / "people.yml").write_text(PEOPLE)

    assert publish(rules) == 0

    live = rulebooks.pointer().live
    assert told().splitlines()[1:3] == [
        f"Against {first}, the live version:",
        "  people.yml: who is told, or how, is another",
    ]
    assert bundle.people_of(rulebooks.text(str(live))) == {
        "channels": {"room": "slack"},
        "teams": {"care": {"channels": ["room"], "urgent_waits": False}},
    }
    assert publish(rules) == 0
    assert f"Nothing differs from {live}." in told()


def test_who_is_told_is_checked_before_anything_is_published(
    rulebooks: MemoryRulebooks, rules: Path, told: Told
) -> None:
    (rules / "people.yml").write_text(PEOPLE.replace("  care:", "  caer:"))

    assert publish(rules) == 1

    assert "no rule names 'caer'. Did you mean 'care'?" in told()
    assert rulebooks.pointer().live is None


def test_publishing_what_is_live_changes_nothing(rulebooks: MemoryRulebooks, rules: Path, told: Told) -> None:
    publish(rules, "first")
    told()

    assert publish(rules, "again") == 0
    assert "is live already; nothing was changed" in told()
    assert [move.why for move in rulebooks.moves()] == ["first"]


def test_rules_with_problems_are_not_published(rulebooks: MemoryRulebooks, rules: Path, told: Told) -> None:
    (rules / "care.rules.yml").write_text("format: triage/1\nrools: []\n")

    assert publish(rules) == 1
    assert "care.rules.yml:2" in told()
    assert (rulebooks.published(), rulebooks.pointer()) == ([], Pointer())


def test_rules_whose_example_fails_are_not_published(rulebooks: MemoryRulebooks, rules: Path, told: Told) -> None:
    write(rules, example="something else")

    assert publish(rules) == 1
    assert "expected match, got no match" in told()
    assert (rulebooks.published(), rulebooks.pointer()) == ([], Pointer())


@pytest.mark.parametrize("as_json", [[], ["--json"]])
def test_rules_that_the_gate_refuses_are_not_published(
    rulebooks: MemoryRulebooks, rules: Path, told: Told, monkeypatch: pytest.MonkeyPatch, as_json: list[str]
) -> None:
    crash = "durable_rules crashed (SIGSEGV), at a post"
    monkeypatch.setattr(gate, "examine", lambda *_: Examined((crash,), 0, 0.1))

    assert publish(rules, "why", *as_json) == 1

    said = told()
    assert json.loads(said) == {"refused": [crash]} if as_json else f"REFUSED {crash}\n" in said
    assert (rulebooks.published(), rulebooks.pointer()) == ([], Pointer())


def test_the_gate_tries_every_example_and_the_posts_that_are_given(
    rulebooks: MemoryRulebooks, rules: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given: list[Sample] = []

    def examine(text: str, samples: Iterable[Sample]) -> Examined:
        given.extend(samples)
        return Examined((), len(given), 0.1)

    monkeypatch.setattr(gate, "examine", examine)
    posts = tmp_path / "posts.jsonl"
    posts.write_text('{"id": "x:1", "platform": "x", "text": "hi"}\n')

    publish(rules, "why", "--posts", str(posts))

    assert [sample.post.text for sample in given] == ["refund!", "nothing", "hi"]
    assert [sample.name.rpartition("/")[2] for sample in given][2] == "posts.jsonl:1"
    assert given[0].name.startswith("the example ")


def test_an_id_that_meant_another_rule_is_not_published_again(
    rulebooks: MemoryRulebooks, rules: Path, told: Told
) -> None:
    for more in (("second",), (), ("third",)):
        write(rules, *more)
        assert publish(rules) == 0
    live = rulebooks.pointer().live
    write(rules, "second", "third")
    assert publish(rules, "the same again") == 0
    write(rules, "third")
    publish(rules)
    text = (rules / "care.rules.yml").read_text(encoding="utf-8")
    (rules / "care.rules.yml").write_text(text + RULE.format(id="second", words="x", priority="low", example="x"))
    told()

    assert publish(rules) == 1
    said = told()
    assert "care.rules.yml:22: rule 'second' was another in version" in said
    assert "Ids are never used again: give it a new one.\nNothing was published.\n" in said
    assert rulebooks.pointer().live == live


def test_a_retired_rule_is_not_published_as_a_live_one(rulebooks: MemoryRulebooks, rules: Path, told: Told) -> None:
    text = (rules / "care.rules.yml").read_text(encoding="utf-8")
    (rules / "care.rules.yml").write_text(text.replace("status: live", "status: retired"), encoding="utf-8")
    assert publish(rules, "it had its day") == 0
    told()
    write(rules)

    assert publish(rules, "again", "--json") == 1
    (refused,) = json.loads(told())["refused"]
    assert refused.endswith("care.rules.yml:4: rule 'refund' was retired. Ids are never used again: give it a new one.")
    assert len(rulebooks.moves()) == 1


def test_a_rule_that_was_rolled_back_is_published_mended(rulebooks: MemoryRulebooks, rules: Path) -> None:
    publish(rules)
    write(rules, "new")
    publish(rules)
    main(["rollback", "--why", "too loud", "--who", "bo"])
    write(rules, "new", words="refund, money")
    text = (rules / "care.rules.yml").read_text(encoding="utf-8")
    (rules / "care.rules.yml").write_text(text.replace("[new]", "[new, newer]"), encoding="utf-8")

    assert publish(rules, "mended") == 0


def test_over_a_live_version_that_cannot_be_used_sound_rules_are_published(
    rulebooks: MemoryRulebooks, rules: Path
) -> None:
    publish(rules)
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    rulebooks.add(Published("baadf00d", 1, 3, "eve", "by hand", now), "{}")
    rulebooks.move(Move(2, Moved.PUBLISHED, "baadf00d", None, None, "eve", "by hand", now))
    write(rules, words="refund, money")

    assert publish(rules, "sound again") == 0
    assert rulebooks.pointer().live not in (None, "baadf00d")


def test_a_line_that_is_no_post_is_named_and_nothing_published(
    rulebooks: MemoryRulebooks, rules: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "posts.jsonl").write_text('{"id": "x:1", "platform": "x"}\nnonsense\n')

    assert publish(rules, "why", "--posts", str(tmp_path / "posts.jsonl")) == 2
    assert "posts.jsonl:2: this line is not JSON" in capsys.readouterr().err
    assert rulebooks.published() == []


def test_who_comes_second_is_told_who_was_faster(
    rulebooks: MemoryRulebooks, rules: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Move(1, Moved.PUBLISHED, "ccc333", None, None, "bo", "the outage", datetime(2026, 11, 20, 9, tzinfo=UTC))

    def meanwhile(text: str, samples: Any) -> Examined:
        rulebooks.move(other)
        return Examined((), 0, 0.1)

    monkeypatch.setattr(gate, "examine", meanwhile)

    assert publish(rules) == 2
    said = capsys.readouterr().err
    assert "bo was faster: since 2026-11-20 09:00:00 UTC ccc333 is live (published: the outage)" in said
    assert rulebooks.pointer() == Pointer(1, "ccc333")


def test_a_shadow_version_leaves_the_live_one_live(rulebooks: MemoryRulebooks, rules: Path, told: Told) -> None:
    publish(rules)
    live = rulebooks.pointer().live
    write(rules, "new")

    assert publish(rules, "try it", "--shadow") == 0

    pointer = rulebooks.pointer()
    assert (pointer.live, pointer.revision) == (live, 2)
    assert pointer.shadow == rulebooks.published()[0].version
    assert "runs beside the live one and acts on nothing" in told()


def test_a_shadow_version_that_is_published_is_a_shadow_no_more(rulebooks: MemoryRulebooks, rules: Path) -> None:
    publish(rules)
    write(rules, "new")
    publish(rules, "try it", "--shadow")
    shadow = rulebooks.pointer().shadow

    publish(rules, "it was right")

    assert rulebooks.pointer().live == shadow
    assert rulebooks.pointer().shadow is None


def test_another_version_published_leaves_the_shadow_running(rulebooks: MemoryRulebooks, rules: Path) -> None:
    publish(rules)
    write(rules, "new")
    publish(rules, "try it", "--shadow")
    shadow = rulebooks.pointer().shadow
    write(rules, "other")

    publish(rules)

    assert rulebooks.pointer().shadow == shadow


def test_a_shadow_ends_by_a_rollback_of_its_own(rulebooks: MemoryRulebooks, rules: Path, told: Told) -> None:
    publish(rules)
    write(rules, "new")
    publish(rules, "try it", "--shadow")
    before = rulebooks.pointer()

    assert main(["rollback", "--shadow", "--why", "seen enough", "--who", "bo"]) == 0
    assert main(["rollback", "--shadow", "--why", "seen enough", "--who", "bo"]) == 0

    assert rulebooks.pointer() == Pointer(3, before.live, before.live_before)
    assert f"Version {before.shadow} runs no more.\nThere is no shadow version" in told()


def test_a_rollback_goes_to_what_was_live_before_and_then_further_back(
    rulebooks: MemoryRulebooks, three: list[str], told: Told
) -> None:
    first, second, _ = three
    for to in (second, first, None):
        assert main(["rollback", "--why", "worse", "--who", "bo"]) == 0
        assert rulebooks.pointer().live == to

    assert [move.what for move in rulebooks.moves()] == [Moved.ROLLED_BACK] * 3 + [Moved.PUBLISHED] * 3
    assert f"Version {second} is live again. Functions take it within 30 seconds.\n" in told()


def test_before_what_was_shipped_there_is_nothing(
    rulebooks: MemoryRulebooks, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rollback", "--why", "worse", "--who", "bo"]) == 2
    assert "there is nothing before these" in capsys.readouterr().err
    assert rulebooks.moves() == []


def test_a_rollback_may_name_its_version_by_its_beginning_or_as_shipped(
    rulebooks: MemoryRulebooks, three: list[str]
) -> None:
    main(["rollback", three[0][:8], "--why", "worse", "--who", "bo"])
    assert rulebooks.pointer().live == three[0]
    assert rulebooks.pointer().live_before == three[2]

    main(["rollback", "shipped", "--why", "worse", "--who", "bo"])
    assert rulebooks.pointer().live is None


def test_a_version_that_is_not_there_is_told(
    rulebooks: MemoryRulebooks, three: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = rulebooks.pointer()

    assert main(["rollback", "404", "--why", "worse", "--who", "bo"]) == 2
    assert "there is no version '404': `earshot versions` lists them" in capsys.readouterr().err
    assert rulebooks.pointer() == before


def test_a_rollback_to_what_is_live_changes_nothing(rulebooks: MemoryRulebooks, three: list[str], told: Told) -> None:
    assert main(["rollback", three[2], "--why", "worse", "--who", "bo"]) == 0
    assert "is live already; nothing was changed" in told()
    assert len(rulebooks.moves()) == 3


def test_versions_tells_what_is_live_who_published_what_and_why(
    rulebooks: MemoryRulebooks, three: list[str], told: Told
) -> None:
    main(["rollback", "--why", "too loud", "--who", "bo"])
    rulebooks.take(4, f"{three[1]} durable")
    rulebooks.decline(Declined(three[2], 3, "it does not load (ValueError)", datetime(2026, 11, 20, 9, tzinfo=UTC)))
    told()

    assert main(["versions"]) == 0

    lines = told().splitlines()
    assert [line.partition(" ")[0] for line in lines if not line.startswith(" ")] == three[::-1]
    assert lines[0].endswith("ana: number 3")
    assert lines[1] == "    declined by a function at 2026-11-20 09:00 UTC: it does not load (ValueError)"
    assert lines[2].split()[1] == "live"
    assert lines[3].endswith("UTC, rolled back by bo: too loud")
    assert lines[4] == "    decides in running functions (durable)"


def test_versions_tells_what_no_function_has_taken_yet(three: list[str], told: Told) -> None:
    main(["versions"])

    assert "    no function has taken it yet\n" in told()


def test_versions_before_the_first_says_what_decides(rulebooks: MemoryRulebooks, told: Told) -> None:
    assert main(["versions"]) == 0
    assert told().splitlines() == [
        "live: what the functions ship with",
        "no versions; `earshot publish` makes the first",
    ]
    assert main(["versions", "--history"]) == 0
    assert told() == "nothing was published yet\n"


def test_the_history_holds_every_move_the_last_first(three: list[str], told: Told) -> None:
    main(["rollback", "shipped", "--why", "too loud", "--who", "bo"])
    told()

    main(["versions", "--history"])

    lines = told().splitlines()
    assert [line.split()[:2] for line in lines] == [["4", "shipped"], ["3", three[2]], ["2", three[1]], ["1", three[0]]]
    assert lines[0].endswith("rolled back by bo: too loud")


def test_everything_is_told_as_json_too(rulebooks: MemoryRulebooks, rules: Path, told: Told) -> None:
    publish(rules, "first", "--json")
    published = json.loads(told())
    assert (published["moved"], published["published"]["who"], published["shadow"]) == (True, "ana", False)
    write(rules, "new")
    publish(rules, "second", "--json")
    assert json.loads(told())["changed"] == [{"how": "added", "what": "rule", "id": "new"}]

    main(["rollback", "--why", "worse", "--who", "bo", "--json"])
    assert json.loads(told())["what"] == "rolled back"
    main(["versions", "--json"])
    listed = json.loads(told())
    assert listed["pointer"]["live"] == published["published"]["version"]
    assert [len(listed[name]) for name in ("versions", "moves", "declined")] == [2, 3, 0]


def test_a_reason_is_needed_and_not_an_empty_one(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in ([], ["--why", "  "], ["--why", "x" * 501]):
        with pytest.raises(SystemExit) as left:
            main(["publish", str(rules), *words])
        assert left.value.code == 2
    assert "expected 1 to 500 characters" in capsys.readouterr().err


def test_who_it_was_is_this_computers_user_or_must_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    args = argparse.Namespace(who=None, why="a reason")
    monkeypatch.setattr("getpass.getuser", lambda: "carla")
    assert cause.cause(args).who == "carla"

    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 4711")

    monkeypatch.setattr("getpass.getuser", nobody)
    with pytest.raises(SettingsError, match="give --who NAME"):
        cause.cause(args)


def test_without_a_cloud_it_says_where_to_get_one(
    rules: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EARSHOT_TABLE", raising=False)

    assert publish(rules) == 2
    assert "start `make run`" in capsys.readouterr().err


def test_a_pointer_that_moved_under_a_rollback_is_told(
    rulebooks: MemoryRulebooks, three: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(move: Move) -> None:
        raise Conflict("the pointer was moved meanwhile")

    monkeypatch.setattr(rulebooks, "move", lost)

    assert main(["rollback", "--why", "worse", "--who", "bo"]) == 2
    assert "ana was faster" in capsys.readouterr().err


def test_why_tells_what_the_shadow_version_decided_otherwise(told: Told) -> None:
    other = Otherwise("bbb222", Outcome.IGNORE, "noise")
    decision = Decision("x:1", "v1", Outcome.ESCALATE, "money", rule="refund", rulebook="aaa111", otherwise=other)
    kept = from_json(Recorded, to_json(Recorded(Post("x:1", "x"), decision, datetime(2026, 11, 20, 9, tzinfo=UTC))))

    why_recorded.tell([kept], as_json=False)

    assert "The shadow version bbb222 decides otherwise: ignore (rule noise)" in told()
