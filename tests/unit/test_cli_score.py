"""`earshot score`: agreement with labels, who "us" is, and what never reaches a rule. All posts here are ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.cli.main import main
from chalicelib.rulebook.agreement import Measured

RULES = """format: triage/1
owner: {team: care, contact: "care@acme.example"}
rules:
  - id: refund
    name: Somebody wants money back
    status: live
    review by: "2035-02-01"
    why: It is theirs.
    when: {all: [{text has any: [refund]}, {mentions us: yes}]}
    then: {escalate: {priority: normal, team: care, first reply within: 1 day}}
    examples: [{post: refund, expect: match}, {post: thanks, expect: no match}]
  - id: junk
    name: Junk
    status: live
    review by: "2035-02-01"
    why: Nobody needs it.
    when: {all: [{text has any: [junk]}]}
    then: {ignore: {reason: spam}}
    examples: [{post: junk, expect: match}, {post: thanks, expect: no match}]
"""


@pytest.fixture
def score(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    (tmp_path / "a.rules.yml").write_text(RULES)

    def scored(*lines: dict[str, Any] | str, options: tuple[str, ...] = (), label: str = "task.bad") -> tuple[int, str]:
        file = tmp_path / "posts.jsonl"
        file.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
        code = main(["score", "--rules", str(tmp_path), str(file), "--label", label, *options])
        told = capsys.readouterr()
        return code, told.out + told.err

    return scored


def line(text: str, label: object, **parts: object) -> dict[str, Any]:
    return {"id": text, "platform": "x", "text": text, "brand": "Acme Mobile", "task": {"bad": label}} | parts


def test_agreement_is_counted_per_class_and_per_rule(score: Any) -> None:
    posts = [line("@acmemobile refund", 1), line("@acmemobile refund?", 0), line("@acmemobile hi", 0), line("hm", 1)]
    code, out = score(*posts, options=("--json",))
    found = json.loads(out)

    assert code == 0
    assert found["classes"]["escalate"] == {
        "f1": 0.5, "precision": 0.5, "recall": 0.5, "labelled": 2, "decided": 2
    }  # fmt: skip
    assert found["rules"] == [{"rule": "refund", "decided": 2, "right": 1}]
    assert {(each["label"], each["decided"]) for each in found["worst"]} == {
        ("escalate", "not escalate"), ("not escalate", "escalate")
    }  # fmt: skip


def test_us_is_the_brand_of_the_line_without_its_spaces(score: Any) -> None:
    _, out = score(line("@acmemobile refund", 1), line("@other refund", 0), options=("--json",))

    assert json.loads(out)["classes"]["escalate"]["f1"] == 1


def test_handles_that_begin_with_the_brand_are_ours_too(score: Any) -> None:
    posts = [line("@AcmeMobileHelp refund", 1), line("@acmeother refund", 0), line("@ana refund", 0, brand="An")]
    _, out = score(*posts, options=("--json",))

    assert json.loads(out)["classes"]["escalate"]["f1"] == 1


def test_a_reason_can_be_asked_for(score: Any) -> None:
    _, out = score(line("junk", 1), line("hm", 0), options=("--json", "--positive", "ignore:spam"))

    assert json.loads(out)["classes"]["ignore:spam"]["f1"] == 1


def test_labels_that_are_outcomes_are_compared_three_ways(score: Any) -> None:
    posts = [
        line("@acmemobile refund", 0, decision={"value": "escalate"}),
        line("hm", 0, decision={"value": "recommend"}),
        line("so", 0, decision={"value": "ignore"}),
        line("no label", 0),
    ]
    _, out = score(*posts, options=("--json",), label="decision.value")
    found = json.loads(out)

    assert (found["posts"], found["left_out"]) == (3, 1)
    assert found["macro_f1"] == pytest.approx((1 + 0 + 2 / 3) / 3, abs=1e-4)


def test_only_leaves_lines_out(score: Any) -> None:
    posts = [line("@acmemobile refund", 1, task={"bad": 1, "sure": 1}), line("hm", 1, task={"bad": 1, "sure": 0})]
    _, out = score(*posts, options=("--json", "--only", "task.sure"))

    assert (json.loads(out)["posts"], json.loads(out)["left_out"]) == (1, 1)


def test_the_lines_tell_the_worst_misses_with_why_and_the_page_runs_nothing(score: Any, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    _, out = score(line("<script>alert(1)</script> hm", 1), options=("--html", str(page)))

    assert "people say escalate, decided not escalate" in out
    assert "no rule matches" in out
    assert "<script>" not in page.read_text()
    assert "&lt;script&gt;" in page.read_text()


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("{", "posts.jsonl:1: this line is not JSON"),
        ("[]", "posts.jsonl:1: a line holds one post"),
        ('{"task": {"bad": "secret"}}', "posts.jsonl:1: task.bad is to be 0 or 1"),
        ('{"id": "1"}', "no line of"),
    ],
)
def test_a_file_that_cannot_be_scored_is_told_and_not_quoted(score: Any, bad: str, says: str) -> None:
    code, out = score(bad)

    assert (code, says in out, "secret" in out) == (2, True, False)


def test_shares_of_nothing_are_nothing() -> None:
    assert (Measured(0, 0, 0).f1, Measured(0, 0, 0).precision, Measured(0, 0, 0).recall) == (0, 0, 0)


def test_cards_and_telephones_are_hidden_where_posts_are_shown(score: Any) -> None:
    _, out = score(line("@acmemobile my card is 4111 1111 1111 1111", 1), line("hm", 0))

    assert "my card is •••" in out
    assert "4111" not in out


def test_an_empty_file_is_told(score: Any) -> None:
    code, out = score()

    assert code == 2
    assert "there is no post in" in out


def test_a_label_that_is_nowhere_is_told_with_those_there_are(score: Any) -> None:
    posts = [line("hm", 1, decision={"value": "ignore", "why": "so"})]
    code, out = score(*posts, label="task.complaint")

    assert code == 2
    assert "has task.complaint; the first has task.bad, decision.value\n" in out
