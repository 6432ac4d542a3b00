"""`earshot secrets` on ministack's Secrets Manager: it writes what is right, keeps what was, and shows nothing."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.cli.main import main
from infra.local.engine import CREDENTIALS, Engine

pytestmark = pytest.mark.local
FACEBOOK = {"secrets": ["hush-one"], "verify_token": "hush-verify", "accounts": ["1002"]}
ROUNDUP = {"url": "https://tracker.example/rest/", "user": "intake", "password": "hush-password"}


@pytest.fixture
def client(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Secrets Manager with an empty secret, as the template makes it."""
    names = ("EARSHOT_TABLE", "EARSHOT_POSTS_QUEUE", "EARSHOT_PARKED_QUEUE", "EARSHOT_SECRET")
    told = {**CREDENTIALS, "AWS_ENDPOINT_URL": engine.url, **dict.fromkeys(names, "settings")}
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    found = engine.client("secretsmanager")
    found.create_secret(Name="settings", SecretString="{}")
    yield found
    found.delete_secret(SecretId="settings", ForceDeleteWithoutRecovery=True)


@pytest.fixture
def earshot(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs `earshot secrets ...` with something on standard input; its exit code and everything it printed."""

    def call(*words: str, given: Any = "") -> tuple[int, str]:
        text = given if isinstance(given, str) else json.dumps(given)
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        code = main(["secrets", *words])
        told = capsys.readouterr()
        assert "hush" not in told.out + told.err
        return code, told.out + told.err

    return call


def held(client: Any, stage: str = "AWSCURRENT") -> Any:
    return json.loads(client.get_secret_value(SecretId="settings", VersionStage=stage)["SecretString"])


def test_settings_are_written_whole_or_by_place_and_only_their_names_are_shown(client: Any, earshot: Any) -> None:
    assert earshot("set", given={"platforms": {"facebook": FACEBOOK}}) == (
        0,
        "platforms.facebook  accounts (1), secrets (1), verify_token  (changed)\n",
    )
    code, told = earshot("set", "crms.roundup", given=ROUNDUP)

    assert (code, told.splitlines()[1]) == (0, "crms.roundup  password, url, user  (changed)")
    assert held(client) == {"platforms": {"facebook": FACEBOOK}, "crms": {"roundup": ROUNDUP}}
    assert earshot("show")[1].count("\n") == 2
    assert earshot("set", "crms.roundup", given="null")[1].splitlines()[-1] == "crms.roundup  (taken away)"


def test_a_file_is_taken_as_standard_input_is(client: Any, earshot: Any, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({"platforms": {"facebook": FACEBOOK}}))

    assert earshot("set", "--from", str(tmp_path / "settings.json"))[0] == 0
    assert held(client)["platforms"]["facebook"] == FACEBOOK
    assert earshot("set", "--from", str(tmp_path / "none.json"))[0] == 2


@pytest.mark.parametrize(
    ("place", "given", "words"),
    [
        ("", {"platforms": {"facebok": FACEBOOK}}, "did you mean 'facebook'?"),
        ("", {"platforms": {"facebook": {**FACEBOOK, "secret": ["hush"]}}}, "did you mean 'secrets'?"),
        ("", {"platform": {}}, "did you mean 'platforms'?"),
        ("platforms.facebook", {"secrets": "hush"}, "platforms.facebook.secrets: expected a list of texts"),
        ("crms.roundup", {"url": "https://hush.example/"}, "crms.roundup: "),
        ("crms.rundup", ROUNDUP, "crms.rundup: there is no such CRM"),
    ],
)
def test_what_is_wrong_is_told_by_its_place_and_not_written(
    client: Any, earshot: Any, place: str, given: Any, words: str
) -> None:
    code, told = earshot("set", *([place] if place else []), given=given)

    assert code == 1
    assert told.startswith("nothing was written:")
    assert words in told
    assert held(client) == {}


@pytest.mark.parametrize(
    ("words", "given", "why"),
    [
        (("set",), '{"platforms": hush}', "line 1 is not JSON"),
        (("set",), "[]", "expected an object with platforms, crms, channels"),
        (("set", "facebook"), "{}", "a place is written GROUP.NAME"),
        (("rotate", "x"), "hush", "platforms.x: it has no secret yet"),
        (("back",), "", "there is nothing to go back to"),
    ],
)
def test_what_cannot_be_understood_changes_nothing(
    client: Any, earshot: Any, words: tuple[str, ...], given: str, why: str
) -> None:
    code, told = earshot(*words, given=given)

    assert (code, why in told) == (2, True), told
    assert held(client) == {}


def test_a_secret_is_rotated_in_two_steps_while_both_are_good(client: Any, earshot: Any) -> None:
    earshot("set", given={"platforms": {"facebook": FACEBOOK}})

    assert "secrets (2)" in earshot("rotate", "facebook", given="hush-two\n")[1]
    assert held(client)["platforms"]["facebook"]["secrets"] == ["hush-two", "hush-one"]
    assert "secrets (2)" in earshot("rotate", "facebook", given="hush-two\n")[1]  # a second time is the same
    assert "secrets (1)" in earshot("retire", "facebook")[1]
    assert held(client)["platforms"]["facebook"]["secrets"] == ["hush-two"]
    assert earshot("rotate", "facebook", given="\n")[0] == 2


def test_what_held_before_a_change_can_hold_again(client: Any, earshot: Any) -> None:
    earshot("set", given={"platforms": {"facebook": FACEBOOK}})
    earshot("retire", "facebook")
    earshot("set", "platforms.facebook", given="null")

    assert held(client, "AWSPREVIOUS")["platforms"]["facebook"] == FACEBOOK
    assert "platforms.facebook" in earshot("back")[1]
    assert held(client)["platforms"]["facebook"] == FACEBOOK
