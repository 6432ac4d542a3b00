"""`earshot forget`."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from chalicelib.cli import forget, main
from chalicelib.model.erasure import ARRIVES
from chalicelib.pipeline.erasure import erase
from chalicelib.stores.memory import MemoryQueue
from chalicelib.stores.memory_erasures import MemoryErasures
from chalicelib.wiring import now
from tests.unit.people import Office, Watch, post


@pytest.fixture
def office() -> Office:
    return Office(clock=Watch(now()))


@pytest.fixture
def erasures(office: Office, monkeypatch: pytest.MonkeyPatch) -> MemoryErasures:
    found = MemoryErasures(office.store)
    monkeypatch.setattr(forget, "wiring", lambda: SimpleNamespace(erasures=found))
    return found


def finish(office: Office, erasures: MemoryErasures) -> None:
    office.clock.time += ARRIVES * 2
    erase(erasures, MemoryQueue(office.clock), office.clock, lambda: False)


def test_an_author_is_forgotten_and_the_code_tells_how_far_it_is(
    office: Office, erasures: MemoryErasures, capsys: pytest.CaptureFixture[str]
) -> None:
    office.hear(post(1), post(2, who="bo"))

    assert main.main(["forget", "forum:ana", "--json"]) == 0
    code = json.loads(capsys.readouterr().out)["code"]
    assert main.main(["forget"]) == 0
    assert "under way" in capsys.readouterr().out
    finish(office, erasures)
    assert main.main(["forget", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert (listed["code"], listed["state"], listed["posts"]) == (code, "done", 1)
    assert "ana" not in str(listed)
    assert [office.store.recorded(f"forum:{number}")[0].post.text is None for number in (1, 2)] == [True, False]


def test_a_wish_that_found_nothing_is_shown_with_the_id_for_a_person_to_look_after(
    office: Office, erasures: MemoryErasures, capsys: pytest.CaptureFixture[str]
) -> None:
    main.main(["forget", "facebook:app-1"])
    finish(office, erasures)
    capsys.readouterr()

    assert main.main(["forget"]) == 1
    told = capsys.readouterr().out
    assert "found nothing" in told
    assert "facebook:app-1" in told


def test_where_nobody_asked_that_is_said(erasures: MemoryErasures, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["forget"]) == 0
    assert capsys.readouterr().out == "nobody asked to be forgotten\n"
    assert main.main(["forget", "--json"]) == 0
    assert capsys.readouterr().out == ""
    assert erasures.everything() == []


@pytest.mark.parametrize("author", ["ana", ":ana", "forum:", ""])
def test_what_is_no_author_is_told_and_nothing_is_noted(
    erasures: MemoryErasures, capsys: pytest.CaptureFixture[str], author: str
) -> None:
    assert main.main(["forget", "forum:bo", author]) == 2
    assert "platform:id" in capsys.readouterr().err
    assert erasures.everything() == []


def test_what_was_erased_is_told_in_a_receipt_that_is_the_same_whenever_it_is_asked_for(
    office: Office, erasures: MemoryErasures, capsys: pytest.CaptureFixture[str]
) -> None:
    office.hear(post(1), post(2), post(3, who="bo"))
    main.main(["forget", "forum:ana", "--json"])
    code = json.loads(capsys.readouterr().out)["code"]

    assert main.main(["forget", "--receipt", code]) == 2
    assert "still under way" in capsys.readouterr().err
    finish(office, erasures)
    given = []
    for _ in range(2):
        assert main.main(["forget", "--receipt", code]) == 0
        given.append(json.loads(capsys.readouterr().out))

    assert given[0] == given[1]
    assert (given[0]["posts"], given[0]["code"], len(given[0]["sha256"])) == (2, code, 64)
    assert "ana" not in str(given[0])
    assert any("other people's posts" in kept for kept in given[0]["kept"])
    assert main.main(["forget", "--receipt", "beef"]) == 2
