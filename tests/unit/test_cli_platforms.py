"""`earshot platforms`: what an operator sees of each platform."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.cli import platforms
from chalicelib.cli.main import main
from chalicelib.config import Company, PlatformSettings
from chalicelib.model import Hearing
from chalicelib.platforms import PLATFORMS
from chalicelib.stores.hearings import MemoryHearings
from chalicelib.wiring import Wiring, now

COMPANY = Company(
    platforms={
        "x": PlatformSettings(("new", "old")),
        "facebook": PlatformSettings(("app secret",)),
        "line": PlatformSettings(("secret",), on=False),
    }
)


class Place(Wiring):
    """A stage with three platforms set."""

    company = COMPANY

    def __init__(self) -> None:
        super().__init__({})
        self.hearings = MemoryHearings()


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Place:
    monkeypatch.chdir(tmp_path)  # where no local cloud runs
    place = Place()
    monkeypatch.setattr(platforms, "wiring", lambda: place)
    return place


def rows(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["platforms", "--json", *words]) == 0
    found = map(json.loads, capsys.readouterr().out.splitlines())
    return {row["platform"]: row for row in found}


@pytest.mark.usefixtures("place")
def test_every_platform_is_listed_with_what_it_lacks(capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys)

    assert sorted(found) == sorted(PLATFORMS)
    assert [name for name, row in found.items() if row["on"]] == ["facebook", "x"]
    assert (found["x"]["secrets"], found["x"]["missing"]) == (2, [])
    assert found["facebook"]["missing"] == ["verify_token"]
    assert found["slack"]["missing"] == ["secrets"]
    assert found["x"]["guide"] == "docs/platforms/x.md"


@pytest.mark.usefixtures("place")
def test_the_address_for_the_console_is_whole_where_somebody_says_where_we_are(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = rows(capsys)["x"]["url"]
    monkeypatch.setenv("EARSHOT_URL", "https://abc.execute-api.example/api/")
    by_environment = rows(capsys)["x"]["url"]
    by_word = rows(capsys, "--url", "https://hooks.acme.example")["x"]["url"]

    assert nowhere == "/webhooks/x"
    assert by_environment == "https://abc.execute-api.example/api/webhooks/x"
    assert by_word == "https://hooks.acme.example/webhooks/x"


def test_what_was_heard_today_is_counted_and_what_was_heard_before_is_only_dated(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    before = now() - timedelta(days=3)
    place.hearings.add(Hearing("x", now(), 4, 3, 2, frozenset({"like.create"})))
    place.hearings.add(Hearing("facebook", before, 9, 9, 9, frozenset({"feed.reaction.add"})))

    found = rows(capsys)

    assert found["x"]["today"] == {"deliveries": 4, "posts": 3, "skipped": 2}
    assert found["x"]["skipped_types"] == ["like.create"]
    assert found["facebook"]["last_heard"] == before.isoformat()
    assert found["facebook"]["today"] == {"deliveries": 0, "posts": 0, "skipped": 0}
    assert found["line"]["last_heard"] is None


def test_a_person_reads_it_in_words(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    at = now()
    place.hearings.add(Hearing("x", at, 4, 3, 2, frozenset({"like.create"})))

    assert main(["platforms", "--url", "https://hooks.acme.example"]) == 0

    lines = capsys.readouterr().out.splitlines()
    x = lines.index(
        f"x                  on   2 secrets, last heard {at:%Y-%m-%d %H:%M}; today 3 posts, 2 skipped (like.create)"
    )
    assert lines[x + 1].strip() == "https://hooks.acme.example/webhooks/x"
    assert "line               off  switched off; see docs/platforms/line.md" in lines
    assert "slack              off  has no secrets; see docs/platforms/slack.md" in lines
    assert any("1 secret, never heard; has no verify_token: see docs/platforms/facebook.md" in line for line in lines)


def test_no_secret_is_shown(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    main(["platforms"])
    main(["platforms", "--json"])

    shown = capsys.readouterr().out
    assert not [secret for one in place.company.platforms.values() for secret in one.secrets if f'"{secret}"' in shown]
    assert "app secret" not in shown


def test_without_a_cloud_the_list_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EARSHOT_TABLE", raising=False)

    assert main(["platforms"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(PLATFORMS) + 1
    assert lines[-1].startswith("no cloud to ask what is on")


def test_what_is_set_wrong_is_told_beside_what_works(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = {"platforms.x": "platforms.x.on: expected true or false", "platforms.facebok": "platforms.facebok: no such"}
    place.company = replace(COMPANY, platforms={"facebook": COMPANY.platforms["facebook"]}, wrong=wrong)

    code = main(["platforms"])
    shown, told = capsys.readouterr()

    assert code == 1
    assert "x                  503  platforms.x.on: expected true or false; see docs/platforms/x.md\n" in shown
    assert "facebook           on " in shown
    assert told.splitlines() == list(wrong.values())

    assert main(["platforms", "--json"]) == 1
    found = {row["platform"]: row for row in map(json.loads, capsys.readouterr().out.splitlines())}
    assert (found["x"]["on"], found["x"]["wrong"]) == (False, wrong["platforms.x"])
    assert found["facebook"]["wrong"] is None
