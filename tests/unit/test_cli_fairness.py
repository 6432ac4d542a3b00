"""`earshot fairness`: tenths of posts by followers, with what happened to them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.cli.main import main
from chalicelib.model import Author, Decision, Kind, Outcome, Post
from chalicelib.rulebook.fairness import Heard, deciles, heard
from tests.unit.people import NOON, Office, post

RULES = Path(__file__).parents[2] / "rules"


def test_tenths_have_equally_many_posts_fewest_followers_first() -> None:
    posts = [Heard(n, Outcome.ESCALATE if n % 2 else Outcome.IGNORE, float(n)) for n in reversed(range(100))]
    found = deciles(posts)

    assert [(each.least, each.most, each.posts) for each in found] == [(n, n + 9, 10) for n in range(0, 100, 10)]
    assert {each.escalated for each in found} == {0.5}
    assert found[0].hours == 4.5


def test_few_posts_make_few_tenths_and_none_make_none() -> None:
    assert [each.posts for each in deciles([Heard(1, Outcome.IGNORE), Heard(2, Outcome.RECOMMEND)])] == [1, 1]
    assert deciles([]) == []


def test_what_people_really_waited_is_told_beside_what_was_promised() -> None:
    asked = Post("x:1", "x", kind=Kind.MENTION, created_at=NOON, author=Author(followers=7))
    made = Decision("x:1", "v", Outcome.ESCALATE, "", first_reply_due=NOON + timedelta(hours=4))

    told = [heard(asked, made, NOON, NOON + timedelta(hours=hours)) for hours in (1, 3)]
    (decile, _) = deciles([each for each in told if each])
    assert (decile.hours, decile.answered) == (4, 1)
    unanswered, before = heard(asked, made, NOON), heard(asked, made, NOON, NOON - timedelta(hours=1))
    assert unanswered and unanswered.answered is None
    assert before and before.answered is None  # a case that was answered before this post came onto it


def test_the_table_tells_when_the_case_of_a_post_was_answered(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    office = Office()
    (saved,) = office.hear(replace(post(1), author=replace(post(1).author, followers=12)))
    assert saved.case_id
    monkeypatch.setattr("chalicelib.cli.fairness.wiring", lambda: office)

    assert main(["fairness", "--since", "2020-01-01"]) == 0
    assert "12 to 12" in capsys.readouterr().out


def test_posts_of_a_file_are_decided_and_a_loud_author_waits_as_long(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "posts.jsonl"
    rows = [
        {"id": f"x:{n}", "platform": "x", "kind": "mention", "text": "@acme I want my refund",
         "created_at": "2026-11-16T01:00:00Z", "author": {"id": str(n), "followers": n * 10_000}}
        for n in range(20)
    ]  # fmt: skip
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows))

    assert main(["fairness", "--rules", str(RULES), "--posts", str(file), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["deciles"]
    assert len(found) == 10
    assert len({(each["escalated"], each["hours"]) for each in found}) == 1


def test_posts_that_tell_no_followers_are_said_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "posts.jsonl"
    file.write_text('{"id": "x:1", "platform": "x", "text": "hi"}\n')

    assert main(["fairness", "--rules", str(RULES), "--posts", str(file)]) == 2
    assert "how many follow" in capsys.readouterr().err
