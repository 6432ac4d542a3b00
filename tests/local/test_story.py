"""What `make run` promises: the story ends as it should, with and without a CRM, and it stays up until Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from infra.local.roundup import LocalRoundup
from infra.local.samples import ago, facebook_comment
from tests.local.secrecy import told_in

pytestmark = pytest.mark.local
ROOT = Path(__file__).parents[2]


def command(data: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-u", "-m", "infra.local", "--data", str(data), *arguments]


def run(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(data, "--once", *arguments), cwd=ROOT, capture_output=True, text=True, timeout=180, check=False
    )


@pytest.mark.parametrize("crm", ["none", "roundup"])
def test_the_story_ends_as_it_should(tmp_path: Path, crm: str) -> None:
    told = run(tmp_path, "--crm", crm)

    assert (told.returncode, told.stderr) == (0, "")
    assert "The story is as it should be." in told.stdout
    assert told.stdout.count(" 200]") == 28
    assert ("In Roundup (11 issues)" in told.stdout) is (crm == "roundup")
    assert told_in(tmp_path / "logs") == []


def test_a_text_a_handle_or_a_secret_in_a_log_would_be_found(tmp_path: Path) -> None:
    log = tmp_path / "triage_posts.log"
    for leak in ("demo-facebook-app-secret", "My internet is down", "\\u65ad\\u7f51", "'kim_k'"):
        log.write_text(f'{{"message": "post.failed", "why": "{leak}"}}')
        assert told_in(tmp_path, ("My internet is down", "断网")), leak
    log.write_text('{"message": "post.triaged", "post_id": "x:8001"}')
    assert told_in(tmp_path) == []
    log.write_text("")
    assert told_in(tmp_path) == [f"no log in {tmp_path} has a line"]


def test_told_twice_to_a_crm_that_was_there_it_leaves_each_case_once(tmp_path: Path) -> None:
    settings = tmp_path / "settings.json"
    with LocalRoundup(tmp_path, ROOT / ".local" / "roundup-template") as tracker:
        settings.write_text(json.dumps({"crms": {"roundup": tracker.settings}}))
        runs = [run(tmp_path / str(time), "--crm", "roundup", "--settings", str(settings)) for time in range(2)]
        issues = tracker.issues()

    assert [(told.returncode, told.stderr) for told in runs] == [(0, "")] * 2
    assert runs[0].stdout.splitlines()[1] == "  ok       the user and its password are accepted"
    assert len(issues) == len({issue["key"] for issue in issues}) == 11


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "line 1: is no JSON"),
        ("[]", "expected an object with 'platforms'"),
        ('{"crms": {"zendesk": {}}}', "'crms' holds nothing for roundup; docs/crm/roundup.md shows what it should"),
        ('{"crms": {"roundup": {"url": "http://127.0.0.1:9/"}}}', "missing user, password"),
        ('{"crms": {"roundup": {"url": "http://127.0.0.1:9/", "user": "a", "password": "b"}}}', "roundup"),
    ],
)
def test_a_crm_that_cannot_be_reached_is_told_before_anything_starts(tmp_path: Path, content: str, why: str) -> None:
    settings = tmp_path / "settings.json"
    settings.write_text(content)

    told = run(tmp_path, "--crm", "roundup", "--settings", str(settings))

    assert told.returncode == 2
    assert why in told.stderr
    assert "Earshot on this machine" not in told.stdout


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--crm", "zendesk"], "how is zendesk reached? --settings FILE"),
        (["--settings", "settings.json"], "belongs to a CRM"),
        (["--crm", "zendesk", "--settings", "nowhere.json"], "nowhere.json"),
    ],
)
def test_a_crm_and_its_settings_go_together(tmp_path: Path, arguments: list[str], why: str) -> None:
    told = run(tmp_path, *arguments)

    assert told.returncode == 2
    assert why in told.stderr


def test_it_stays_up_hears_what_is_sent_and_ends_at_ctrl_c(tmp_path: Path) -> None:
    data = tmp_path / ".local"
    body = tmp_path / "body.json"
    body.write_text(json.dumps(facebook_comment(90, ("9", "Zoe"), "You double charged me, refund!", ago(1))))
    with subprocess.Popen(
        command(data), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        before = until(running, "It stays up")
        sent = earshot(tmp_path, "send", "facebook", str(body))
        heard = until(running, "facebook:1_90")
        second = subprocess.run(command(data), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
        running.send_signal(signal.SIGINT)
        rest = running.stdout.read()
        errors = running.stderr.read()
        code = running.wait(20)

    assert "The story is as it should be." in before
    assert sent.returncode == 0
    assert "refund-public" in heard
    assert second.returncode == 2
    assert "already running" in second.stderr
    assert (code, errors) == (0, "")
    assert "stopped" in rest
    assert not (data / "cloud.json").exists()


def test_it_does_not_stay_up_when_the_cloud_under_it_has_died(tmp_path: Path) -> None:
    with subprocess.Popen(
        command(tmp_path), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr is not None
        until(running, "It stays up")
        os.kill(ministack(tmp_path), signal.SIGKILL)
        errors = running.stderr.read()
        code = running.wait(20)

    assert code == 2
    assert errors.startswith("make run: ministack has died")


def ministack(data: Path) -> int:
    """The id of the process that works in this folder."""
    found = [entry for entry in Path("/proc").glob("[0-9]*") if works_in(entry, data)]
    return next(int(entry.name) for entry in found if b"ministack" in (entry / "cmdline").read_bytes())


def works_in(process: Path, folder: Path) -> bool:
    try:
        return (process / "cwd").readlink() == folder
    except OSError:  # ended meanwhile, or not ours
        return False


def until(running: subprocess.Popen[str], words: str, seconds: float = 60) -> str:
    """What it printed up to the line with these words."""
    assert running.stdout is not None
    deadline, said = time.monotonic() + seconds, ""
    while words not in said:
        assert time.monotonic() < deadline, said
        line = running.stdout.readline()
        assert line, f"it ended: {said}"
        said += line
    return said


def earshot(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("EARSHOT_", "AWS_"))}
    tool = Path(sys.executable).with_name("earshot")
    return subprocess.run(
        [tool, *arguments], cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False
    )
