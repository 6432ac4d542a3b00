"""What rule authors run: check, test, decide, why, bundle, schema."""

from __future__ import annotations

import io
import json
import shutil
import sys
from pathlib import Path

import pytest

from chalicelib.cli.main import main

RULES = Path(__file__).parents[2] / "rules"
BROKEN = Path(__file__).parents[1] / "rules" / "broken"


@pytest.fixture
def failing(tmp_path: Path) -> Path:
    """Rules of which one example does not come out."""
    text = (RULES / "billing.rules.yml").read_text(encoding="utf-8")
    wrong = text.replace('so I bought an Acme SIM", expect: no match', 'so I bought an Acme SIM", expect: match')
    (tmp_path / "billing.rules.yml").write_text(wrong, encoding="utf-8")
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = main([str(word) for word in words])
    out, err = capsys.readouterr()
    return code, out, err


def posts(folder: Path, *items: object) -> Path:
    file = folder / "posts.jsonl"
    file.write_text("".join(f"{item if isinstance(item, str) else json.dumps(item)}\n" for item in items))
    return file


def test_check_is_content_with_the_shipped_rules(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told(capsys, "check", RULES)

    assert (code, "no problems" in out) == (0, True)


def test_check_tells_problems_with_file_and_line(capsys: pytest.CaptureFixture[str]) -> None:
    file = BROKEN / "unknown-test.rules.yml"
    code, out, _ = told(capsys, "check", file)

    assert code == 1
    assert out.startswith(f"{file}:9: I don't know the test 'text contains any'. Did you mean 'text has any'?\n")


def test_check_speaks_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told(capsys, "check", BROKEN / "wrong-priority.rules.yml", "--json")

    assert (code, json.loads(out)["problems"][0]["line"]) == (1, 10)


def test_check_of_a_folder_that_is_not_there_could_not_run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, err = told(capsys, "check", tmp_path / "nowhere")

    assert (code, "there is no folder" in err) == (2, True)


def test_check_warns_of_a_review_that_is_past(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = (RULES / "billing.rules.yml").read_text(encoding="utf-8").replace("2027-02-01", "2024-02-01")
    (tmp_path / "billing.rules.yml").write_text(text, encoding="utf-8")
    code, out, _ = told(capsys, "check", tmp_path)

    assert (code, "was to be reviewed by 2024-02-01. Since 2024-02-15 it only records." in out) == (0, True)


def test_the_examples_of_the_shipped_rules_come_out(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told(capsys, "test", RULES)

    assert (code, ", 8 known mistakes" in out and "0 failed" in out) == (0, True)


def test_a_failing_example_shows_each_line_and_the_one_to_blame(
    capsys: pytest.CaptureFixture[str], failing: Path
) -> None:
    code, out, _ = told(capsys, "test", failing)
    head, *lines = out.splitlines()

    assert code == 1
    assert head.startswith(f"FAIL {failing}/billing.rules.yml:")
    assert head.endswith(
        """'refund-public' expected match, got no match for "My tax refund arrived so I bought an Acme SIM\""""
    )
    assert lines[0].split() == ["all", "text", "has", "any:", "refund", "words", "yes", '("refund")']
    assert lines[1].endswith('yes ("tax refund")   <- this line')
    assert lines[3].endswith("unknown")


def test_failing_examples_speak_json(capsys: pytest.CaptureFixture[str], failing: Path) -> None:
    code, out, _ = told(capsys, "test", failing, "--json")
    (failure,) = json.loads(out)["failures"]

    assert (code, failure["lines"][1]["found"]) == (1, ["tax refund"])


def test_decide_gives_a_decision_a_post(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = posts(
        tmp_path,
        {"id": "x:1", "platform": "x", "kind": "mention", "text": "Refund me \ud83d", "unheard_of": 1},
        {"id": "x:2", "platform": "x", "text": "Refund me", "is_self": True},
        {"id": "x:3", "platform": "x"},
    )
    code, out, _ = told(capsys, "decide", "--rules", RULES, file)
    first, second, third = map(json.loads, out.splitlines())

    assert code == 0
    assert first.keys() == {
        "post_id", "decision", "rule", "reason", "priority", "team", "tell", "matched", "shadow", "rulebook",
    }  # fmt: skip
    assert (first["decision"], first["rule"], first["matched"]) == ("escalate", "refund-public", ["refund-public"])
    assert (second["decision"], second["rule"], second["reason"]) == ("ignore", None, "own account")
    assert first["rulebook"] == second["rulebook"] != ""
    assert (third["decision"], third["reason"]) == ("ignore", "no rule")


def test_decide_counts_what_repeats_by_the_posts_times(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    said = [
        {"id": f"x:{who}", "platform": "x", "text": "smoke from the router", "author": {"id": who},
         "created_at": f"2026-03-02T09:{minute}:00Z"}
        for minute, who in ((10, "ana"), (20, "bo"), (15, "cy"), (16, "di"))
    ]  # fmt: skip
    file = tmp_path / "storm.jsonl"
    file.write_text("".join(f"{json.dumps(each)}\n" for each in said))

    _, out, _ = told(capsys, "decide", "--rules", RULES, file)

    matched = [json.loads(line)["matched"] for line in out.splitlines()]
    assert ["danger-spike" in each for each in matched] == [False, False, True, False]


def test_decide_recommends_to_an_author_as_often_as_a_cap_allows(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "help.rules.yml").write_text("""format: triage/1
owner: {team: care, contact: "care@acme.example"}
rules:
  - id: help
    name: Help
    status: live
    review by: "2035-02-01"
    why: Once is enough.
    when: {all: [{text has any: [help]}]}
    then: {recommend: {template: help-page, at most: 1 per author per 7 days}}
    examples: [{post: help, expect: match}, {post: thanks, expect: no match}]
""")
    days = ((1, "ana"), (2, "ana"), (2, "bo"), (9, "ana"))
    said = [
        {"id": f"x:{n}", "platform": "x", "text": "help", "created_at": f"2026-11-{day:02}", "author": {"id": who}}
        for n, (day, who) in enumerate(days)
    ]
    _, out, _ = told(capsys, "decide", "--rules", tmp_path, posts(tmp_path, *said))

    found = [json.loads(line) for line in out.splitlines()]
    assert [each["decision"] for each in found] == ["recommend", "ignore", "recommend", "recommend"]
    assert found[1]["reason"] == "Help: at most 1 per author per 7 days"


def test_decide_with_trace_holds_the_lines(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = posts(tmp_path, {"id": "x:1", "platform": "x", "kind": "mention", "text": "Refund me"})
    _, out, _ = told(capsys, "decide", "--rules", RULES, "--trace", file)
    trace = next(each for each in json.loads(out)["lines"] if each["rule"] == "refund-public")

    assert (trace["rule"], trace["matched"], trace["lines"][0]["found"]) == ("refund-public", True, ["refund"])


def test_a_bad_line_is_told_and_the_good_ones_are_decided(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    good = {"id": "x:1", "platform": "x", "text": "secret words"}
    file = posts(tmp_path, "{", good, {"id": "x:2"}, "", "[" * 100_000, {**good, "rating": "secret"}, good)
    code, out, err = told(capsys, "decide", "--rules", RULES, file)

    assert (code, len(out.splitlines())) == (2, 2)
    assert [line.removeprefix(f"{file}:").split(":")[0] for line in err.splitlines()] == ["1", "3", "5", "6"]
    assert "secret" not in err


def test_decide_reads_standard_input_as_it_comes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = json.dumps({"id": "x:1", "platform": "x", "text": "hi"})
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{line}\n".encode())))
    code, out, _ = told(capsys, "decide", "--rules", RULES, "-")

    assert (code, json.loads(out)["post_id"]) == (0, "x:1")


def test_decide_refuses_broken_rules(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, err = told(capsys, "decide", "--rules", BROKEN / "tab.rules.yml", posts(tmp_path))

    assert (code, out, "there is a Tab" in err) == (2, "", True)


def test_why_shows_the_decision_and_the_lines_that_made_it(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told(capsys, "why", "--rules", RULES, "CHARGED TWICE again")
    head, *rules = out.splitlines()

    assert code == 0
    assert head.startswith("escalate, high, for billing-care: Someone wants their money back")
    assert "refund-public (live): match" in rules


def test_why_of_an_unknown_rule_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = told(capsys, "why", "--rules", RULES, "hi", "refund-publik")

    assert (code, "Did you mean 'refund-public'?" in err) == (2, True)


def test_why_of_a_rule_like_none_names_them_all(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = told(capsys, "why", "--rules", RULES, "hi", "qqq")

    assert (code, "There are angry, asks-for-a-person, bad-review, " in err) == (2, True)


def test_why_does_not_take_a_file_that_is_missing_for_a_text(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = told(capsys, "why", "--rules", RULES, "charged-twice.json")

    assert (code, out, "there is no file 'charged-twice.json'" in err) == (2, "", True)


def test_why_does_not_take_json_for_a_text(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = told(capsys, "why", "--rules", RULES, '{"text": "charged twice", "kind": "dm"}')

    assert (code, out, "from standard input with -" in err) == (2, "", True)


def test_a_file_that_is_missing_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = told(capsys, "decide", "--rules", RULES, "nowhere.jsonl")

    assert (code, err) == (2, "earshot decide: there is no file 'nowhere.jsonl'\n")


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("decide", "--rules", RULES, RULES), f"'{RULES}' is a folder"),
        (("bundle", RULES, "--out", "nowhere/b.json"), "there is no folder 'nowhere'"),
        (("book", RULES, "--html", "nowhere/b.html"), "there is no folder 'nowhere'"),
        (("replay", "--posts", "nowhere/p.jsonl", "--against", RULES), "there is no folder 'nowhere'"),
    ],
)
def test_what_cannot_be_opened_is_told_in_words(
    capsys: pytest.CaptureFixture[str], words: tuple[object, ...], said: str
) -> None:
    code, out, err = told(capsys, *words)

    assert (code, out, err) == (2, "", f"earshot {words[0]}: {said}\n")


@pytest.mark.thorough
def test_bundle_and_book_speak_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    _, out, _ = told(capsys, "bundle", RULES, "--out", tmp_path / "b.json", "--json")
    assert json.loads(out)["version"] == json.loads((tmp_path / "b.json").read_text())["version"]

    _, out, _ = told(capsys, "book", RULES, "--json")
    rules = [entry["rule"]["id"] for chapter in json.loads(out)["chapters"] for entry in chapter["entries"]]
    assert "refund-public" in rules


def test_bundle_writes_what_ships(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = told(capsys, "bundle", RULES, "--out", tmp_path / "b.json")

    assert (code, json.loads((tmp_path / "b.json").read_text())["version"] in out) == (0, True)


def test_bundle_writes_nothing_where_an_example_fails(capsys: pytest.CaptureFixture[str], failing: Path) -> None:
    code, out, _ = told(capsys, "bundle", failing, "--out", failing / "b.json")

    assert (code, "FAIL" in out, (failing / "b.json").exists()) == (1, True, False)


@pytest.mark.thorough
def test_bundle_gives_up_no_rule_that_was_in_use_and_wakes_no_retired_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rules, out = tmp_path / "rules", tmp_path / "b.json"
    shutil.copytree(RULES, rules)
    billing = rules / "billing.rules.yml"
    text = billing.read_text(encoding="utf-8")
    assert told(capsys, "bundle", rules, "--out", out)[0] == 0

    billing.write_text(text.replace("id: bill-question", "id: bill-riddle"), encoding="utf-8")
    code, said, _ = told(capsys, "bundle", rules, "--out", out)
    assert (code, "rule 'bill-question' was in use and is gone. Put it back as retired" in said) == (1, True)

    billing.write_text(text.replace("status: shadow", "status: retired"), encoding="utf-8")
    assert told(capsys, "bundle", rules, "--out", out)[0] == 0
    billing.write_text(text, encoding="utf-8")
    code, said, _ = told(capsys, "bundle", rules, "--out", out)
    assert (code, "rule 'bill-question' was retired. Ids are never used again" in said) == (1, True)


def test_bundle_writes_nothing_where_rules_are_broken(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    shutil.copy(BROKEN / "tab.rules.yml", tmp_path)
    code, _, _ = told(capsys, "bundle", tmp_path, "--out", tmp_path / "b.json")

    assert (code, (tmp_path / "b.json").exists()) == (1, False)


def test_schema_prints_a_schema(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told(capsys, "schema")

    assert (code, json.loads(out)["title"]) == (0, "Earshot rule file")
