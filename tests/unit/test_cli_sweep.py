"""`earshot sweep`: off until it is set, and what it says when it ran."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from chalicelib.cli import sweep
from chalicelib.cli.main import main
from chalicelib.compliance import XCompliance
from chalicelib.config import Company, PlatformSettings
from chalicelib.stores.memory import MemoryQueue
from chalicelib.wiring import Wiring
from tests.contracts.fake_x import TOKEN, FakeX
from tests.unit.people import Office

SET = Company(platforms={"x": PlatformSettings(("secret",), compliance_token=TOKEN)})


class Place(Wiring):
    """A stage with an empty table."""

    company = Company()

    def __init__(self, company: Company) -> None:
        super().__init__({})
        office = Office()
        vars(self).update(company=company, store=office.store, queue=MemoryQueue(office.clock))


def run(monkeypatch: pytest.MonkeyPatch, company: Company, *words: str) -> int:
    place = Place(company)
    monkeypatch.setattr(sweep, "wiring", lambda: place)
    return main(["sweep", "x", *words])


def test_it_is_off_until_a_token_is_set(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, Company()) == 2

    assert capsys.readouterr().err == (
        "earshot sweep: platforms.x.compliance_token is not set: without it nothing is asked\n"
    )


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_where_nothing_is_kept_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    with FakeX().running() as x:
        monkeypatch.setattr(XCompliance.__init__, "__defaults__", (x.url, time.monotonic))
        assert run(monkeypatch, SET, *words) == 0

    said: Any = capsys.readouterr().out
    told = json.loads(said) if words else said
    nothing = {"job": None, "status": None, "asked": 0, "gone": None}
    assert told == (nothing if words else "no words of anybody are kept from there: nothing to ask\n")


def test_only_platforms_that_can_be_asked_are_swept(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["sweep", "line"])

    assert ended.value.code == 2
    assert "invalid choice: 'line'" in capsys.readouterr().err
