"""`earshot read`, `send` and `platforms`, as they are called."""

from __future__ import annotations

import io
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from chalicelib.cli.main import main
from chalicelib.config import PlatformSettings
from chalicelib.platforms import PLATFORMS, platform
from tests.contracts.platform_contract import PAYLOADS, SECRET, pairs, request

BODY = PAYLOADS / "mastodon" / "status-with-link.json"


@dataclass
class Webhooks:
    """A web server that keeps what it is sent, and answers with `status`."""

    url: str
    status: int = 200
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def webhooks() -> Iterator[Webhooks]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            here.got.append((self.path, headers, self.rfile.read(int(headers["content-length"]))))
            self.send_response(here.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the test looks at what was kept."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    here = Webhooks(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield here
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, webhooks: Webhooks) -> Path:
    """A folder inside one where the local cloud runs."""
    state = {"url": webhooks.url, "platforms": {"mastodon": {"secrets": [SECRET]}}}
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "cloud.json").write_text(json.dumps(state))
    (tmp_path / "inside").mkdir()
    monkeypatch.chdir(tmp_path / "inside")
    return tmp_path / "inside"


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_read_prints_a_post_a_line(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    accounts = [word for account in ("acme", "99") for word in ("--account", account)]

    for pair in pairs(PAYLOADS / name):
        (file,) = (file for file in (PAYLOADS / name).glob(f"{pair.event}.*") if not file.match("*.posts.json"))
        code = main(["read", name, str(file), *accounts])

        printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert code == 0
        assert [post["id"] for post in printed] == [post["id"] for post in pair.posts]
        assert [post.get("text") for post in printed] == [post.get("text") for post in pair.posts]


def test_read_takes_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(BODY.read_bytes())))

    assert main(["read", "mastodon", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["author"]["handle"] == "mia"


def test_read_of_an_unknown_platform_lists_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "friendster", str(BODY)]) == 2
    assert capsys.readouterr().err == (f"earshot read: no such platform; there are {', '.join(sorted(PLATFORMS))}\n")


def test_read_prints_what_it_can_and_says_where_it_could_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "body.json"
    file.write_text('{"type": "post.created", "data": [{"id": "1"}, {"id": "2", "rating": "five"}]}')

    code = main(["read", "standard-webhooks", str(file)])

    out, err = capsys.readouterr()
    assert (code, json.loads(out)["id"]) == (2, "standard-webhooks:1")
    assert err == "earshot read: standard-webhooks: body.data[1].rating: expected a number\n"


def test_read_of_no_file_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "x", "nowhere.json"]) == 2
    assert "nowhere.json" in capsys.readouterr().err


def test_send_signs_for_the_cloud_that_runs_here(
    folder: Path, webhooks: Webhooks, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["send", "mastodon", str(BODY)]) == 0

    path, headers, body = webhooks.got[0]
    platform("mastodon", PlatformSettings(secrets=(SECRET,))).verify(request(body, headers))
    assert (path, body) == ("/webhooks/mastodon", BODY.read_bytes())
    assert headers["content-type"] == "application/json"
    assert capsys.readouterr().out == "200\n"


@pytest.mark.parametrize("status", [302, 401, 503])
def test_send_tells_of_an_answer_that_is_no_success(
    status: int, folder: Path, webhooks: Webhooks, capsys: pytest.CaptureFixture[str]
) -> None:
    webhooks.status = status

    assert main(["send", "x", str(BODY), "--url", f"{webhooks.url}/hook", "--secret", "s"]) == 1
    assert capsys.readouterr().out == f"{status}\n"
    assert [path for path, _, _ in webhooks.got] == ["/hook"]


def test_send_says_when_nobody_answers(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:  # bound, not listening
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"

        assert main(["send", "x", str(BODY), "--url", url, "--secret", "s"]) == 2

    assert f"nobody answers at {url}: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["send", "x", str(BODY)], "the local cloud has no secret for x: give one with --secret"),
        (["send", "x", str(BODY), "--url", "file:///etc/passwd", "--secret", "s"], "http:// or https://"),
        (["send", "standard-webhooks", str(BODY), "--secret", "not base64!"], "not in the platform's form"),
        (["send", "friendster", str(BODY), "--secret", "s"], "there are "),
        (["send", "x", "nowhere.json", "--secret", "s"], "nowhere.json"),
    ],
)
def test_send_says_what_it_lacks(
    words: list[str], told: str, folder: Path, webhooks: Webhooks, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    assert told in capsys.readouterr().err
    assert webhooks.got == []


def test_send_without_a_cloud_says_how_to_start_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main(["send", "x", str(BODY)]) == 2
    assert "make run" in capsys.readouterr().err


def test_platforms_are_all_off_where_no_cloud_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main(["platforms"]) == 0
    assert " on " not in capsys.readouterr().out


def test_a_cloud_that_was_killed_is_not_running(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as killed:
        killed.wait()
    described = folder.parent / ".local" / "cloud.json"
    described.write_text(json.dumps({**json.loads(described.read_text()), "pid": killed.pid}))

    assert main(["send", "mastodon", str(BODY)]) == 2
    assert "start `make run`" in capsys.readouterr().err
