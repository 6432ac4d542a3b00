"""Bluesky's bridge without a network: what of the stream is for us, and that no death of it loses a frame."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.config import PlatformSettings
from chalicelib.errors import BadPayload, SettingsError
from chalicelib.model import Action
from chalicelib.platforms.bluesky import Bluesky
from chalicelib.ports.platform import WebhookRequest
from infra.bridges import bluesky, frames
from infra.bridges.bluesky import run
from infra.bridges.forwarding import Endpoint, Stopped, pause_after, secret_of
from infra.bridges.frames import Frame, Interest
from infra.bridges.jetstream import CursorRefused
from infra.bridges.listening import Bridge
from infra.bridges.remembering import Memory, Place
from tests.contracts.platform_contract import PAYLOADS

US, ROSA, CY = "did:plc:acme", "did:plc:rosa", "did:plc:cy"
FOR_US = Interest(frozenset({US}), ("acme", "Müller & Söhne"))
OLD, NEW = "wss://old.example/subscribe", "wss://new.example/xrpc/network.bsky.jetstream.subscribeEvents"
T = 1_772_366_395_000_000
BODIES = {file.stem: file.read_bytes() for file in (PAYLOADS / "bluesky").glob("*.json") if ".posts" not in file.name}


def post(text: str = "acme!", key: str = "1", did: str = ROSA, operation: str = "create", **more: Any) -> str:
    """A commit on the old wire, as far into the stream as its key says."""
    commit: dict[str, Any] = {"operation": operation, "collection": "app.bsky.feed.post", "rkey": key}
    if operation != "delete":
        commit["record"] = {"$type": "app.bsky.feed.post", "text": text, **more}
    number = int(key)
    return json.dumps({"did": did, "time_us": T + number, "cursor": number, "kind": "commit", "commit": commit})


def gone(did: str = ROSA, status: str = "deleted", number: int = 90) -> str:
    account = {"active": False, "did": did, "status": status}
    return json.dumps({"did": did, "time_us": T + number, "cursor": number, "kind": "account", "account": account})


def on_the_new_wire(old: str) -> str:
    """The same event as the new wire would send it."""
    frame = json.loads(old)
    kind, number = frame["kind"], frame["cursor"]
    inside = frame["commit"] if kind == "commit" else {"account": frame["account"]}
    seen = datetime.fromtimestamp(T / 1e6, UTC).isoformat().replace("+00:00", f".{number:06d}Z")
    names = {"$type": f"network.bsky.jetstream.subscribeEvents#{kind}", "seq": number, "did": frame["did"]}
    return json.dumps({"$type": "message", "payload": {**names, "time": seen, "witnessedAt": seen, **inside}})


def covers(record: dict[str, Any], did: str = ROSA) -> bool:
    commit = {"operation": "create", "collection": "app.bsky.feed.post", "rkey": "1", "record": record}
    frame = frames.read(json.dumps({"did": did, "time_us": T, "kind": "commit", "commit": commit}))
    assert frame is not None
    return FOR_US.covers(frame)


@dataclass
class Told:
    """Earshot's end: what came, read as the endpoint reads it; it dies before the `dies_at`-th."""

    bodies: list[bytes] = field(default_factory=list)
    dies_at: int | None = None

    def __call__(self, body: bytes) -> None:
        if len(self.bodies) + 1 == self.dies_at:
            raise Stopped
        self.bodies.append(body)

    @property
    def posts(self) -> list[tuple[str, Action]]:
        sender = Bluesky(PlatformSettings())
        read = [sender.parse(WebhookRequest("POST", {}, {}, body, datetime.now(UTC))) for body in self.bodies]
        return [(post.id.rpartition("/")[2], post.action) for (post,) in read]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bluesky.sqlite"


@pytest.fixture
def memory(file: Path) -> Iterator[Memory]:
    found = Memory(file)
    yield found
    found.close()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def bridge(memory: Memory, told: Told) -> Bridge:
    return Bridge(OLD, FOR_US, memory, told)


@pytest.mark.parametrize(
    "record",
    [
        {"text": "ACME, mein Router glüht"},
        {"text": "is #acme down?"},
        {"text": "nie wieder Mu\u0308ller & So\u0308hne!"},
        {"text": "", "facets": [{"features": [{"$type": "app.bsky.richtext.facet#mention", "did": US}]}]},
        {"text": "same", "reply": {"root": {"uri": f"at://{CY}/c/1"}, "parent": {"uri": f"at://{US}/c/2"}}},
        {"text": "same", "reply": {"root": {"uri": f"at://{US}/c/1"}, "parent": {"uri": f"at://{CY}/c/2"}}},
        {"text": "ach ja?", "embed": {"record": {"uri": f"at://{US}/app.bsky.feed.post/3"}}},
        {"text": "ach ja?", "embed": {"media": {}, "record": {"record": {"uri": f"at://{US}/app.bsky.feed.post/3"}}}},
    ],
)
def test_what_names_answers_or_quotes_us_or_holds_a_word_is_for_us(record: dict[str, Any]) -> None:
    assert covers(record)
    assert not covers(record, did=US), "but not our own"


@pytest.mark.parametrize(
    "record",
    [
        {"text": "acmeology"},
        {"text": "hello"},
        {},
        {"text": "", "facets": [{"features": [{"$type": "app.bsky.richtext.facet#link", "uri": US}]}]},
        {"text": "", "facets": [{"features": [{"$type": "app.bsky.richtext.facet#mention", "did": CY}]}]},
        {"text": "", "reply": {"parent": {"uri": f"at://{CY}/c/{US}"}}},
    ],
)
def test_all_else_is_not(record: dict[str, Any]) -> None:
    assert not covers(record)


@pytest.mark.parametrize("name", sorted(BODIES))
def test_a_bridge_and_the_endpoint_see_the_same_in_a_frame(name: str) -> None:
    frame = frames.read(BODIES[name])
    posts = json.loads((PAYLOADS / "bluesky" / f"{name}.posts.json").read_bytes())

    assert frame is not None
    assert [f"bluesky:{frame.uri}"] * bool(frame.operation) == [post["id"] for post in posts]
    assert frame.time_us == 1_772_366_395_123_456
    assert frame.cursor in (None, 4711, 4712)


@pytest.mark.parametrize("old", [post(), post(operation="update"), post(operation="delete"), gone(), gone(status="?")])
def test_both_wires_say_the_same(old: str) -> None:
    first, second = frames.read(old), frames.read(on_the_new_wire(old))

    assert first is not None
    assert second is not None
    names = ("did", "time_us", "cursor", "operation", "uri", "gone")
    assert [getattr(first, name) for name in names] == [getattr(second, name) for name in names]
    assert first.record.value == second.record.value


@pytest.mark.parametrize(
    ("message", "frame"),
    [
        ('{"did": "a", "time_us": 7, "kind": "identity"}', Frame("a", 7)),
        ('{"$type": "message", "payload": {"$type": "x#info", "name": "OutdatedCursor"}}', None),
        ("{}", None),
    ],
)
def test_what_is_no_post_has_a_place_in_the_stream_or_is_passed_over(message: str, frame: Frame | None) -> None:
    found = frames.read(message)

    assert (found and (found.did, found.time_us, found.operation)) == (frame and (frame.did, frame.time_us, None))


def test_what_is_for_us_is_forwarded_as_it_came_and_the_rest_is_not(bridge: Bridge, told: Told) -> None:
    for message in (
        post("acme 🔥"),
        post("nice weather", "2"),
        post("acme", "3", did=US),
        gone(CY),
        "[]",
        b"\xff",
        "{}",
    ):
        bridge.hear(message)

    assert told.bodies == [post("acme 🔥").encode()]
    assert (bridge.seen, bridge.told) == (4, 1)


def test_an_edit_and_a_deletion_follow_what_was_forwarded_and_nothing_else(bridge: Bridge, told: Told) -> None:
    bridge.hear(post())
    bridge.hear(post("never mind", operation="update"))
    bridge.hear(post("never mind", "2", operation="update"))
    bridge.hear(post(operation="delete"))
    bridge.hear(post(operation="delete"))
    bridge.hear(post(key="2", operation="delete"))

    assert told.posts == [("1", Action.CREATE), ("1", Action.EDIT), ("1", Action.DELETE)]


@pytest.mark.parametrize("status", ["deleted", "takendown", "suspended", "deactivated"])
def test_an_account_that_is_gone_takes_what_was_forwarded_of_it_along(bridge: Bridge, told: Told, status: str) -> None:
    for message in (post(key="1"), post(key="2"), post(key="3", did=CY), gone(status=status), gone(status=status)):
        bridge.hear(message)

    assert told.posts[3:] == [("1", Action.DELETE), ("2", Action.DELETE)]


@pytest.mark.parametrize("frame", [gone(status="throttled"), gone().replace("false", "true")])
def test_an_account_that_is_still_there_keeps_its_posts(bridge: Bridge, told: Told, frame: str) -> None:
    bridge.hear(post())
    bridge.hear(frame)

    assert told.posts == [("1", Action.CREATE)]


def test_a_bridge_that_dies_before_any_of_its_posts_loses_none_and_doubles_none(file: Path) -> None:
    stream = [post(key="1"), post("x", "2"), post(key="3"), post(key="1", operation="delete"), post(key="5"), gone()]
    whole = _walk(stream, file.with_name("whole.sqlite"), Told())

    for death in range(1, len(whole) + 1):
        place = file.with_name(f"{death}.sqlite")
        first = _walk(stream, place, Told(dies_at=death))
        second = _walk(stream, place, Told())

        assert len(first) == death - 1
        assert list(dict.fromkeys(first + second)) == whole, "in the same order"


def _walk(stream: list[str], file: Path, told: Told) -> list[tuple[str, Action]]:
    """One process: what the server replays from the cursor on, which includes the cursor's own frame."""
    memory = Memory(file)
    bridge = Bridge(OLD, FOR_US, memory, told)
    place = memory.place()
    at = next(
        (number for number, frame in enumerate(stream) if place and json.loads(frame)["cursor"] == place.cursor), 0
    )
    try:
        for frame in stream[at:]:
            bridge.hear(frame)
    except Stopped:
        pass
    finally:
        memory.close()
    return told.posts


def test_where_the_stream_goes_on_is_the_server_s_own_cursor(bridge: Bridge, memory: Memory) -> None:
    now = T / 1e6
    assert bridge.url(now) == f"{OLD}?wantedCollections=app.bsky.feed.post"
    bridge.hear(post(key="41"))

    assert bridge.url(now).endswith("&cursor=41")
    other = Bridge(NEW, FOR_US, memory, Told())
    start = f"{NEW}?collections=app.bsky.feed.post&kinds=commit&kinds=account&cursor="
    assert other.url(now) == f"{start}{T + 41 - 60_000_000}", "a minute earlier, since servers' clocks differ"


def test_a_server_without_cursors_goes_on_by_the_time(bridge: Bridge) -> None:
    bridge.hear(post(key="41").replace('"cursor": 41, ', ""))

    assert bridge.url(T / 1e6).endswith(f"&cursor={T + 41}")


def test_hours_that_no_server_keeps_are_told_of(bridge: Bridge, caplog: pytest.LogCaptureFixture) -> None:
    bridge.hear(post())
    bridge.url(T / 1e6 + 35 * 3600)
    assert not caplog.records

    bridge.url(T / 1e6 + 40 * 3600)

    assert "away for 40 hours" in caplog.text


def test_a_stream_that_breaks_is_taken_up_again_and_again_until_somebody_ends_it(bridge: Bridge, told: Told) -> None:
    waits: list[float] = []

    def once(message: str, error: type[Exception] | None = None) -> Iterator[str]:
        yield message
        if error:
            raise error

    streams = iter([once(post(key="1"), ConnectionError), once(post(key="2"), CursorRefused), once(post(key="3"))])
    asked: list[str] = []

    def messages(url: str) -> Iterable[str]:
        asked.append(url)
        return next(streams, iter(['{"$type": "error", "error": "ConsumerTooSlow"}']))

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 4:
            raise Stopped

    with pytest.raises(Stopped):
        run(bridge, messages, wait)

    assert [key for key, _ in told.posts] == ["1", "2", "3"]
    assert [url.partition("&cursor=")[2] for url in asked] == ["", "1", str(T + 2), "3"]


def test_the_frame_at_the_cursor_comes_again_and_is_not_told_again(bridge: Bridge, told: Told) -> None:
    bridge.hear(post(key="7"))
    bridge.url(T / 1e6)
    bridge.hear(post(key="7"))
    bridge.hear(post(key="8"))

    assert [key for key, _ in told.posts] == ["7", "8"]


def test_the_pauses_between_tries_lie_between_half_a_second_and_a_minute(bridge: Bridge) -> None:
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 9:
            raise Stopped

    with pytest.raises(Stopped):
        run(bridge, lambda url: iter(()), wait)

    assert all(0.5 <= seconds <= 60 for seconds in waits)


def test_what_the_stream_holds_stands_in_no_line_of_the_log(bridge: Bridge, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    odd = post("zebrafinch", "2").replace('"zebrafinch"', '["zebrafinch"]')
    for message in (post("acme zebrafinch"), '{"zebrafinch": ', odd, '{"did": ["zebrafinch"]}'):
        bridge.hear(message)
    with pytest.raises(Stopped):
        run(bridge, lambda url: iter(()), _stop)

    assert caplog.records
    assert "zebrafinch" not in caplog.text


def _stop(seconds: float) -> None:
    raise Stopped


def test_the_pauses_grow_to_a_minute() -> None:
    assert [pause_after(tries) for tries in (0, 1, 5, 6, 1000)] == [1, 2, 32, 60, 60]


def test_what_is_written_together_is_written_or_not(memory: Memory) -> None:
    with pytest.raises(KeyError), memory.together():
        memory.note("at://a/b/1", "a", 7)
        raise KeyError

    assert not memory.knows("at://a/b/1")


def test_what_nobody_keeps_any_more_is_forgotten(memory: Memory) -> None:
    memory.note("at://a/b/1", "a", 1_000)
    memory.note("at://a/b/2", "a", 1_000_000_000)

    memory.clear(1_000_000_000)

    assert memory.told_of("a") == ["at://a/b/2"]


def test_there_is_one_place_however_often_it_moves(memory: Memory, file: Path) -> None:
    for number in range(3):
        memory.move(Place(OLD, None if number == 1 else number, T + number))

    assert memory.place() == Place(OLD, 2, T + 2)
    with sqlite3.connect(file) as other:
        assert other.execute("SELECT count(*) FROM place").fetchone() == (1,)
    other.close()


@pytest.mark.parametrize(("to", "secret"), [("ftp://a.example", "whsec_QWNtZQ=="), ("https://a.example", "whsec_")])
def test_an_address_or_a_secret_that_is_none_is_told_at_once(to: str, secret: str) -> None:
    with pytest.raises(SettingsError):
        Endpoint("bluesky", to, secret, _stop)


def test_the_secret_is_in_the_environment(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("EARSHOT_BRIDGE_SECRET", raising=False)
    monkeypatch.setattr("signal.signal", lambda *_: None)

    assert bluesky.main(["--to", "https://a.example", "--state", ":memory:"]) == 2
    assert "EARSHOT_BRIDGE_SECRET is not set" in capsys.readouterr().err
    with pytest.raises(SettingsError):
        secret_of({})


def test_an_error_frame_ends_the_stream() -> None:
    with pytest.raises(BadPayload, match="ends the stream"):
        frames.read('{"$type": "error", "error": "ConsumerTooSlow", "message": "zebrafinch"}')
