"""Reddit's bridge against a Reddit of ours over HTTP: what is new, changed and gone, once."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.config import PlatformSettings
from chalicelib.errors import BadPayload, Unavailable
from chalicelib.model import Post
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.standard_webhooks import StandardWebhooks
from chalicelib.ports.platform import WebhookRequest
from infra.bridges import reddit
from infra.bridges.forwarding import Stopped
from infra.bridges.reddit import OVERLAP_SECONDS, Bridge, run
from infra.bridges.reddit_api import Reddit
from infra.bridges.reddit_things import things
from infra.bridges.remembering import Memory

NOW = 1_772_366_400
AGENT, APP = "server:acme.earshot:1.0 (by /u/acme)", ("id", "secret")


def submission(number: int, title: str, at: int = NOW - 60, **more: Any) -> dict[str, Any]:
    data = {
        "name": f"t3_{number}",
        "title": title,
        "selftext": "",
        "author": "rosa",
        "author_fullname": "t2_rosa",
        "created_utc": float(at),
        "permalink": f"/r/acme/comments/{number}/x/",
        "edited": False,
        "removed_by_category": None,
    }
    return {"kind": "t3", "data": data | more}


def comment(number: int, body: str, at: int = NOW - 60, **more: Any) -> dict[str, Any]:
    data = submission(number, "", at)["data"] | {"name": f"t1_{number}", "body": body, "link_id": "t3_1"}
    return {"kind": "t1", "data": {**data, "parent_id": "t3_1", **more}}


@dataclass
class FakeReddit:
    """Lists newest first, a page of a hundred at a time; `faults` are answered first."""

    things: list[dict[str, Any]] = field(default_factory=list)
    faults: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    tokens: int = 0

    def __enter__(self) -> FakeReddit:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"reddit": self}))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str, authorization: str) -> tuple[int, Any]:
        self.asked.append(path)
        if self.faults:
            return self.faults.pop(0), {}
        if path == "/login":
            self.tokens += 1
            return 200, {"access_token": f"token-{self.tokens}"}
        if authorization != f"Bearer token-{self.tokens}":
            return 401, {}
        return 200, self._listing(urlsplit(path).path, parse_qs(urlsplit(path).query))

    def _listing(self, path: str, query: dict[str, list[str]]) -> Any:
        if path == "/api/info":
            names = query["id"][0].split(",")
            return {"kind": "Listing", "data": {"children": [t for t in self.things if t["data"]["name"] in names]}}
        kind = {"new": "t3", "comments": "t1"}[path.rpartition("/")[2]]
        there = [t for t in self.things if t["kind"] == kind and t["data"]["author"] != "[deleted]"]
        newest = sorted(there, key=lambda t: -t["data"]["created_utc"])
        names = [t["data"]["name"] for t in newest]
        start = names.index(query["after"][0]) + 1 if "after" in query else 0
        page = newest[start : start + 100]
        more = page[-1]["data"]["name"] if start + 100 < len(newest) else None
        return {"kind": "Listing", "data": {"children": page, "after": more}}


class _Handler(BaseHTTPRequestHandler):
    reddit: FakeReddit

    def _serve(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", "0")))
        self.reddit.agents.add(self.headers["user-agent"])
        status, body = self.reddit.answer(self.path, self.headers["authorization"])
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.send_header("Retry-After", "7")
        self.end_headers()
        self.wfile.write(raw)

    do_GET = do_POST = _serve

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def site() -> Iterator[FakeReddit]:
    with FakeReddit() as running:
        yield running


@dataclass
class Told:
    """Earshot's end: the bodies, and the posts as the generic endpoint reads them."""

    bodies: list[bytes] = field(default_factory=list)

    def __call__(self, body: bytes) -> None:
        self.bodies.append(body)

    @property
    def posts(self) -> list[Post]:
        endpoint = StandardWebhooks(PlatformSettings())
        at = datetime.fromtimestamp(NOW, UTC)
        return [post for body in self.bodies for post in endpoint.parse(WebhookRequest("POST", {}, {}, body, at))]

    @property
    def news(self) -> list[tuple[str, str]]:
        return [(post.action.value, post.native_id) for post in self.posts]


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    found = Memory(tmp_path / "reddit.sqlite")
    yield found
    found.close()


@pytest.fixture
def bridge(site: FakeReddit, memory: Memory, told: Told) -> Bridge:
    return Bridge(Reddit(APP, AGENT, site.url, f"{site.url}/login"), ["acme", "internet"], ("acme",), memory, told)


def test_what_is_new_and_holds_a_word_is_told_in_the_order_it_was_said(
    site: FakeReddit, bridge: Bridge, told: Told
) -> None:
    site.things = [
        submission(3, "Nothing"),
        submission(2, "ACME &amp; me: Rückzahlung?", NOW - 30, selftext="Seit März 😤"),
        comment(1, "acme again", NOW - 50, parent_id="t1_0"),
    ]

    bridge.round(NOW)

    first, second = told.posts
    assert (first.id, first.kind, first.in_reply_to, first.conversation_id) == (
        "reddit:t1_1",
        "comment",
        "t1_0",
        "t3_1",
    )
    assert (second.id, second.kind, second.conversation_id) == ("reddit:t3_2", "post", "t3_2")
    assert second.text == "ACME &amp; me: Rückzahlung?\nSeit März 😤", "as it stands: raw_json is asked for"
    assert second.created_at == datetime.fromtimestamp(NOW - 30, UTC)
    assert second.permalink == "https://www.reddit.com/r/acme/comments/2/x/"
    assert (second.author.id, second.author.handle) == ("t2_rosa", "rosa")
    assert all("raw_json=1" in path for path in site.asked if path != "/login")
    assert site.agents == {AGENT}


def test_nothing_is_told_twice(site: FakeReddit, bridge: Bridge, told: Told) -> None:
    site.things = [submission(1, "acme")]
    for minute in range(5):
        bridge.round(NOW + 60 * minute)

    assert told.news == [("create", "t3_1")]


def test_what_was_said_while_the_bridge_was_away_is_found_page_by_page(
    site: FakeReddit, bridge: Bridge, told: Told
) -> None:
    bridge.round(NOW)
    site.things = [comment(number, "acme", NOW + number) for number in range(1, 131)]
    bridge.round(NOW + 7200)

    assert told.news == [("create", f"t1_{number}") for number in range(1, 131)]


def test_more_than_reddit_lists_is_said_to_be_lost(
    site: FakeReddit, bridge: Bridge, caplog: pytest.LogCaptureFixture
) -> None:
    site.things = [comment(number, "hello", NOW - number % 500) for number in range(1200)]

    bridge.round(NOW)

    assert "the rest is lost" in caplog.text


def test_an_edit_is_told_once_with_its_time(site: FakeReddit, bridge: Bridge, told: Told) -> None:
    site.things = [comment(1, "acme")]
    bridge.round(NOW)
    site.things = [comment(1, "acme, solved", edited=float(NOW + 30))]
    for minute in (1, 2):
        bridge.round(NOW + 60 * minute)

    assert told.news == [("create", "t1_1"), ("edit", "t1_1")]
    assert told.posts[1].text == "acme, solved"
    assert told.posts[1].edited_at == datetime.fromtimestamp(NOW + 30, UTC)


@pytest.mark.parametrize(
    "then",
    [
        [],
        [comment(1, "[deleted]", author="[deleted]")],
        [comment(1, "[removed]")],
        [comment(1, "acme", removed_by_category="moderator")],
    ],
)
def test_what_is_gone_is_told_once(site: FakeReddit, bridge: Bridge, told: Told, then: list[dict[str, Any]]) -> None:
    site.things = [comment(1, "acme")]
    bridge.round(NOW)
    site.things = then
    for minute in (1, 2):
        bridge.round(NOW + OVERLAP_SECONDS + 60 * minute)

    assert told.news == [("create", "t1_1"), ("delete", "t1_1")]
    assert told.posts[1].text is None


def test_a_round_that_fails_is_made_up_for_by_the_next(site: FakeReddit, bridge: Bridge, told: Told) -> None:
    site.things = [comment(1, "acme")]
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 4:
            raise Stopped

    site.faults = [429, 200, 503]
    site.things = [comment(1, "acme", int(datetime.now(UTC).timestamp()))]
    with pytest.raises(Stopped):
        run(bridge, 0.0, wait)

    assert waits[0] == 7, "as long as Reddit asks for"
    assert told.news == [("create", "t1_1")]


def test_a_token_that_has_ended_is_asked_for_again(site: FakeReddit, bridge: Bridge, told: Told) -> None:
    bridge.round(NOW)
    site.tokens += 1  # what was given out before counts no more
    site.things = [comment(1, "acme", NOW)]
    with pytest.raises(Unavailable):
        bridge.round(NOW + 60)
    bridge.round(NOW + 120)

    assert told.news == [("create", "t1_1")]


def test_a_reddit_that_is_not_there_is_unavailable(memory: Memory, told: Told) -> None:
    with pytest.raises(Unavailable, match="Reddit does not answer"):
        Bridge(Reddit(APP, AGENT, "http://127.0.0.1:1", "http://127.0.0.1:1"), ["a"], (), memory, told).round(NOW)


def test_without_words_everything_is_told(site: FakeReddit, memory: Memory, told: Told) -> None:
    site.things = [comment(1, "hello")]
    everything = Bridge(Reddit(APP, AGENT, site.url, f"{site.url}/login"), ["acme"], (), memory, told)
    everything.round(NOW)

    assert told.news == [("create", "t1_1")]


@pytest.mark.parametrize(
    "wrong", [{"data": {"children": [{"kind": "t1", "data": {}}]}}, {"data": []}, {"data": {"children": 7}}]
)
def test_a_listing_that_is_none_is_told(wrong: Any) -> None:
    with pytest.raises(BadPayload):
        things(Foreign(wrong))


def test_what_is_missing_in_the_environment_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setenv("EARSHOT_BRIDGE_SECRET", "whsec_YnJpZGdlLXNlY3JldA==")
    monkeypatch.delenv("REDDIT_CLIENT_ID", raising=False)
    monkeypatch.setenv("REDDIT_CLIENT_SECRET", "s")
    words = ["--to", "https://a.example", "--subreddit", "acme", "--agent", AGENT, "--state", str(tmp_path / "state")]

    assert reddit.main(words) == 2
    assert "not set: REDDIT_CLIENT_ID (docs/platforms/reddit.md)" in capsys.readouterr().err
