"""`earshot export`: everything about one author, and nothing of others."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from chalicelib.cli import export, main
from chalicelib.model import Notice, NoticeKind, notice_key
from chalicelib.stores.memory_erasures import MemoryErasures
from tests.unit.people import NOON, Office, post


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    found = Office()
    parts = SimpleNamespace(store=found.store, erasures=MemoryErasures(found.store), notices=found.store.notices)
    monkeypatch.setattr(export, "wiring", lambda: parts)
    return found


def test_an_author_gets_their_posts_decisions_and_cases_and_nothing_of_others(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.hear(post(1), post(2, "nice weather"), post(3, "refund, says bo", who="bo"))
    office.hear(post(4, "refund, I answer", parent_text="words of bo", quoted_text="words of cy"))

    assert main.main(["export", "forum:ana"]) == 0

    out = capsys.readouterr().out
    found = json.loads(out)
    assert {each["post"]["id"] for each in found["posts"]} == {"forum:1", "forum:2", "forum:4"}
    assert {each["decision"]["outcome"] for each in found["posts"]} == {"escalate", "ignore"}
    assert [case["author_key"] for case in found["cases"]] == ["forum:ana"] * len(found["cases"])
    assert found["cases"][0]["told_to_the_crm"]
    assert not any(words in out for words in ("says bo", "words of bo", "words of cy"))


def test_what_is_remembered_of_them_and_what_people_were_told_of_their_cases_is_there_too(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    (told, *_) = office.hear(post(1), post(2, "how?"))
    assert told.case_id
    key = notice_key(NoticeKind.ALERT, told.case_id)
    office.store.notices.owe(Notice(key, NoticeKind.ALERT, told.case_id, None, "care", (), None, "Ana", (), NOON))

    assert main.main(["export", "forum:ana"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert [case["case_id"] for case in found["records"]["forum:ana"]["open_cases"]] == [
        c["id"] for c in found["cases"]
    ]
    assert [notice["title"] for case in found["cases"] for notice in case["told_to_people"]] == ["Ana"]


def test_a_case_whose_post_has_expired_is_there(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.hear(post(1))
    office.store.expire("forum:1")

    assert main.main(["export", "forum:ana"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert (found["posts"], [case["author_key"] for case in found["cases"]]) == ([], ["forum:ana"])


def test_of_whom_nothing_is_held_is_told_with_1(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.hear(post(1))

    assert main.main(["export", "forum:nobody"]) == 1
    assert json.loads(capsys.readouterr().out)["posts"] == []


def test_an_author_that_is_not_written_as_one_is_refused(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["export", "ana"]) == 2
    assert "platform:id" in capsys.readouterr().err
