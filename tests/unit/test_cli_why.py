"""`earshot why`: the decision line by line; for one rule, what stood in the way and the least change."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from chalicelib.cli.main import main
from chalicelib.model import Author, Kind, Post
from chalicelib.pipeline.triage import Desk
from chalicelib.reading import read
from chalicelib.rulebook import bundle
from chalicelib.stores.memory import MemoryStore
from tests.unit.people import OLDEST, Watch

RULES = Path(__file__).parents[2] / "rules"
HEAD = """format: triage/1
owner: {team: care, contact: "care@acme.example"}
rules:
"""


def told(capsys: pytest.CaptureFixture[str], *words: object, rules: Path = RULES) -> tuple[int, list[str]]:
    code = main(["why", "--rules", str(rules), *(str(word) for word in words)])
    return code, capsys.readouterr().out.splitlines()


def rule(name: str, words: str, then: str, status: str = "live", more: str = "") -> str:
    return f"""  - id: {name}
    name: {name}
    status: {status}
    review by: "2035-02-01"
    why: Because.
    when: {{all: [{{text has any: {words}}}]}}
    then: {then}{more}
    examples: [{{post: {words}, expect: match}}, {{post: "none of it", expect: no match}}]
""".replace(f"post: {words}", f"post: {words.strip('[]')}")


def written(folder: Path, *rules: str) -> Path:
    (folder / "a.rules.yml").write_text(HEAD + "".join(rules), encoding="utf-8")
    return folder


def test_a_rule_that_did_not_match_is_told_with_what_stood_in_the_way_and_the_least_change(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, lines = told(capsys, "my tax refund", "refund-public")

    assert code == 1
    assert lines[0] == "refund-public (live): no match"
    assert lines[5:8] == [
        "In the way:",
        """    'text has any: ["tax refund", "no refund needed"]' must say no; it said yes (it found "tax refund")""",
        'Drop "tax": then it matches.',
    ]
    assert lines[8] == '    the post is then: "my refund"'
    assert lines[9].startswith("Decided again: escalate, high, for billing-care: ")


def test_several_changes_are_said_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    _, lines = told(capsys, "my tax refund", "bill-question")

    assert 'Drop "refund", add the word "bill" and end it with a question mark: then it matches.' in lines
    assert lines[-1] == "It is shadow: it decides nothing."


def test_the_changed_post_is_there_for_scripts_and_matches_when_it_is_decided(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, lines = told(capsys, "my tax refund", "refund-public", "--json")
    found = json.loads(lines[0])
    file = tmp_path / "post.json"
    file.write_text(json.dumps(found["change"]["post"]))

    assert (code, found["matched"], found["change"]["edits"]) == (1, False, ['drop "tax"'])
    assert found["change"]["decision"]["rule"] == "refund-public"
    assert told(capsys, file, "refund-public")[0] == 0


def test_what_must_be_known_beside_the_post_is_told_apart(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = rule("noise", '["win"]', "{ignore: {reason: noise}}").replace("]}]}", "]}], none: [{author is new: yes}]}")
    text = text.replace('post: "win"', 'post: {text: "win", author is new: no}')
    _, lines = told(capsys, "win", "noise", "--json", rules=written(tmp_path, text))

    assert json.loads(lines[0])["change"]["known"] == {"is_new": False}


def test_a_rule_that_no_small_change_helps_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    impossible = rule("it", '["late"]', "{ignore: {reason: noise}}", "draft").replace(
        "]}]}", ']}], none: [{text has any: ["late"]}]}'
    )
    code, lines = told(capsys, "hi", "it", rules=written(tmp_path, impossible))

    assert (code, lines[-1]) == (1, "No small change to the post was found that makes all of them say otherwise.")


@pytest.mark.thorough
def test_a_rule_that_matched_and_lost_tells_which_won(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = told(capsys, "the worst, refund me 😡, @acme acme", "angry")

    assert (code, lines[-1].startswith("It matches, but 'refund-public' wins: escalate, high")) == (0, True)


def test_a_rule_that_is_overridden_tells_by_which(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    late = rule("late", '["late"]', "{escalate: {priority: high}}")
    noise = rule("noise", '["win"]', "{ignore: {reason: noise}}", more="\n    overrides: [late]")
    _, lines = told(capsys, "win", "late", rules=written(tmp_path, late, noise))

    assert lines[-1] == "It matches, but 'noise' overrides it: ignore: noise (rule noise)"


def test_a_post_that_a_guard_stops_is_told_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "post.json"
    file.write_text(json.dumps({"id": "x:1", "platform": "x", "text": "refund", "is_self": True}))
    _, lines = told(capsys, file, "refund-public")

    assert lines[-1] == "But no rule is asked about this post: own account."


def test_a_rule_past_its_review_is_told_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    late = rule("late", '["late"]', "{escalate: {priority: high}}").replace("2035-02-01", "2026-01-01")
    file = tmp_path / "post.json"
    file.write_text(json.dumps({"id": "x:1", "platform": "x", "text": "late", "created_at": "2026-02-01T00:00:00Z"}))
    _, lines = told(capsys, file, "late", rules=written(tmp_path, late))

    assert lines[-1] == "It matches, but it was to be reviewed by 2026-01-01: since 2026-01-15 it only records."


def test_a_rule_that_counts_posts_is_told_to_need_more_than_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    repeats = "\n    repeats: {at least: 3, within: 30 minutes}"
    late = rule("late", '["late"]', "{escalate: {priority: high}}", more=repeats)
    _, lines = told(capsys, "hi", "late", rules=written(tmp_path, late))

    assert 'Add the word "late": then it matches.' in lines
    assert lines[-1] == "One post is not enough: it asks for at least 3 different authors within 30 minutes."


def test_a_retired_rule_is_not_tried(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    late = rule("late", '["late"]', "{escalate: {priority: high}}", "retired")

    assert main(["why", "--rules", str(written(tmp_path, late)), "hi", "late"]) == 2
    assert "rule 'late' is retired" in capsys.readouterr().err


@pytest.fixture
def decided(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Post:
    """A post that was decided by the shipped rules, and a place whose table knows it."""
    clock = Watch()
    store, rulebook = MemoryStore(clock), bundle.read(engine="plain")
    name: str = getattr(request, "param", "x:7")
    platform = name.partition(":")[0]
    post = Post(id=name, platform=platform, kind=Kind.MENTION, text="Refund me, late as ever", author=Author(id="ana"))
    Desk(store, rulebook, read, clock, OLDEST, {}).batch([post]).triage(post)
    place = SimpleNamespace(store=store)
    monkeypatch.setattr("chalicelib.cli.why_recorded.wiring", lambda: place)
    return post


def test_a_post_that_was_decided_is_told_by_its_record(capsys: pytest.CaptureFixture[str], decided: Post) -> None:
    code, lines = told(capsys, decided.id)

    assert code == 0
    assert lines[0].startswith(f"x:7 version {decided.version}, decided 2026-11-20 12:00:00 UTC by rulebook ")
    assert f"by rulebook {bundle.read(engine='plain').version}; case " in lines[0]
    assert lines[1].startswith("escalate, high, for billing-care: ")
    assert "refund-public (live): match" in lines


def test_a_rule_of_a_recorded_post_is_told_as_it_was_and_as_it_is(
    capsys: pytest.CaptureFixture[str], decided: Post
) -> None:
    was = told(capsys, decided.id, "refund-public")[1]
    never = told(capsys, decided.id, "danger-device")[1]

    assert was[0].startswith("When it was decided, by rulebook ")
    assert was[1] == "refund-public (live): match"
    assert "By the rules as they are here:" in was
    assert never[0].endswith("has no trace of 'danger-device': it did not come near.")
    assert any(line.endswith("then it matches.") for line in never)


def test_a_recorded_decision_speaks_json(capsys: pytest.CaptureFixture[str], decided: Post) -> None:
    _, lines = told(capsys, decided.id, "--json")

    assert json.loads(lines[0])["decision"]["rule"] == "refund-public"


def test_a_post_that_nobody_decided_is_not_taken_for_a_text(capsys: pytest.CaptureFixture[str], decided: Post) -> None:
    assert main(["why", "x:8"]) == 2
    assert "no decision about x:8 is in the table" in capsys.readouterr().err


def test_an_id_without_a_table_at_hand_says_what_is_missing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EARSHOT_TABLE", raising=False)

    assert main(["why", "facebook:1_2"]) == 2
    assert "facebook:1_2 is a post's id, and there is no cloud to talk to" in capsys.readouterr().err


def test_a_word_with_a_colon_is_a_text_where_no_post_has_that_id(
    capsys: pytest.CaptureFixture[str], decided: Post
) -> None:
    assert main(["why", "help:refund", "--rules", str(RULES)]) == 0

    out, err = capsys.readouterr()
    assert 'found "refund"' in out
    assert err == "help:refund is taken for a text: the table knows no post of this id\n"


def test_a_word_with_a_colon_is_a_text_where_there_is_no_table(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EARSHOT_TABLE", raising=False)

    assert main(["why", "help:refund", "--rules", str(RULES)]) == 0
    assert "help:refund is taken for a text: there is no cloud" in capsys.readouterr().err


@pytest.mark.parametrize("decided", ["forum:7"], indirect=True)
def test_a_post_of_a_name_of_its_own_is_told_by_its_record(capsys: pytest.CaptureFixture[str], decided: Post) -> None:
    assert told(capsys, "forum:7")[1][0].startswith(f"forum:7 version {decided.version}, decided 2026-11-20")


def test_what_is_heard_is_told_with_how_strongly_and_by_which_words(capsys: pytest.CaptureFixture[str]) -> None:
    text = "Third time I call, still no answer! I want to speak to a real person"
    _, told_lines = told(capsys, text)

    assert told_lines[1].startswith("heard: complaint 1.00 (third time, ")
    assert "asks for a person (a real person)" in told_lines[1]
    _, told_json = told(capsys, text, "--json")
    heard = json.loads(told_json[0])["heard"]
    assert heard["known"]["complaint"] > 0.9
    assert heard["known"]["thanks"] is False
    assert "third time" in heard["words"]["complaint"]


def test_where_nothing_is_heard_no_line_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    _, told_lines = told(capsys, "4711")

    assert not any(each.startswith("heard") for each in told_lines)
