"""Wishes to be forgotten over HTTP: Meta's deletion callback, its page, and TikTok's deleted accounts."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

import app
from chalicelib import platforms
from chalicelib.config import PlatformSettings, company
from chalicelib.errors import BadPayload, BadSignature, NotFound, Unavailable
from chalicelib.model import Author
from chalicelib.model.erasure import ARRIVES, BY_HAND, Erasure
from chalicelib.pipeline import wishes
from chalicelib.pipeline.erasure import erase
from chalicelib.pipeline.hearing import Ear
from chalicelib.platforms.signed_request import signed_request
from chalicelib.ports.platform import Platform
from chalicelib.stores.hearings import MemoryHearings
from chalicelib.stores.memory import MemoryQueue, MemoryStore
from chalicelib.stores.memory_erasures import MemoryErasures
from chalicelib.wiring import now
from infra.local.gateway import routes_of
from infra.local.proxy import HttpRequest, event
from tests.contracts.platform_contract import ARRIVED, FAST, made, request
from tests.unit.people import Office, Watch, post
from tests.unit.test_app import Lambda

SECRET, OLD = "app-secret", "old-app-secret"
SETTINGS = company(
    {"platforms": {name: {"secrets": [SECRET, OLD]} for name in ("facebook", "messenger", "mastodon", "tiktok")}}
)


@dataclass
class Wires:
    """What app.py asks of its wiring, in memory."""

    clock: Watch = field(default_factory=Watch)
    queue: MemoryQueue = field(init=False)
    erasures: Any = field(init=False)

    def __post_init__(self) -> None:
        self.store = MemoryStore(self.clock)
        self.queue = MemoryQueue(self.clock)
        self.erasures = MemoryErasures(self.store)
        self.ear = Ear(MemoryHearings())

    def platform(self, name: str) -> Platform:
        if name not in SETTINGS.platforms:
            raise NotFound("no such platform")
        return platforms.platform(name, SETTINGS.platforms[name], SETTINGS.platforms)


@pytest.fixture
def wires(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wires]:
    found = Wires()
    monkeypatch.setattr(app, "wiring", found)
    yield found


def packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def form(secret: str = SECRET, **said: Any) -> bytes:
    """As Meta posts it."""
    payload = packed(
        json.dumps({"algorithm": "HMAC-SHA256", "issued_at": 1291836800, "user_id": "218471"} | said).encode()
    )
    signature = packed(hmac.new(secret.encode(), payload.encode(), hashlib.sha256).digest())
    return urlencode({"signed_request": f"{signature}.{payload}"}).encode()


def ask(method: str, target: str, body: bytes = b"", **headers: str) -> dict[str, Any]:
    """Through Chalice, as API Gateway would; the path is as behind a stage."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    kind |= {"Host": "hooks.acme.example", "X-Forwarded-Proto": "https"}
    call = event(HttpRequest(method, target, list((kind | headers).items()), body), routes_of("app.app"))
    assert call is not None
    call["requestContext"]["path"] = f"/prod{target}"
    answer: dict[str, Any] = app.app(call, Lambda())
    return answer


def test_a_wish_is_noted_and_answered_with_a_page_that_tells_how_far_it_is(wires: Wires) -> None:
    answer = ask("POST", "/webhooks/facebook/deletion", form())

    told = json.loads(answer["body"])
    assert answer["statusCode"] == 200
    assert told["url"] == f"https://hooks.acme.example/prod/deletions/{told['confirmation_code']}"
    assert re.fullmatch("[0-9a-f]{24}", told["confirmation_code"])
    assert wires.erasures.find(told["confirmation_code"]).author_keys == ("facebook:218471", "messenger:218471")
    page = ask("GET", f"/deletions/{told['confirmation_code']}")
    assert "has started" in page["body"]
    wires.clock.time = now() + ARRIVES * 2
    erase(wires.erasures, wires.queue, wires.clock, lambda: False)
    assert "found nothing of yours" in ask("GET", f"/deletions/{told['confirmation_code']}")["body"]


def test_the_page_is_html_that_a_browser_runs_nothing_of_and_tells_nobodys_id(wires: Wires) -> None:
    code = json.loads(ask("POST", "/webhooks/facebook/deletion", form())["body"])["confirmation_code"]
    page = ask("GET", f"/deletions/{code}")
    headers = {name.lower(): value for name, value in page["headers"].items()}

    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert "218471" not in page["body"]
    assert "<script" not in page["body"]
    assert 'lang="en"' in page["body"]


def test_the_same_wish_twice_is_one_with_one_code_and_after_a_new_secret_still_valid(wires: Wires) -> None:
    first, second = (ask("POST", "/webhooks/facebook/deletion", form())["body"] for _ in range(2))

    assert first == second
    assert len(wires.erasures.under_way()) == 1
    assert ask("POST", "/webhooks/facebook/deletion", form(OLD))["statusCode"] == 200


@pytest.mark.parametrize(
    "body", [form("stranger"), b"", b"signed_request=", b"signed_request=.", b"\xff", b"{}", b"signed_request=a.b"]
)
def test_a_strangers_wish_is_a_401_and_nothing_is_noted(wires: Wires, body: bytes) -> None:
    answer = ask("POST", "/webhooks/facebook/deletion", body)

    assert (answer["statusCode"], answer["body"]) == (401, "BadSignature")
    assert wires.erasures.under_way() == []


def test_who_passes_on_no_wishes_has_no_callback(wires: Wires) -> None:
    for name in ("mastodon", "tiktok", "friendster"):
        assert ask("POST", f"/webhooks/{name}/deletion", form())["statusCode"] == 404


@pytest.mark.parametrize("code", ["0" * 24, "x", "..", "0" * 65, "%00", quote("<script>")])
@pytest.mark.usefixtures("wires")
def test_a_code_that_is_none_is_a_404_that_repeats_nothing(code: str) -> None:
    answer = ask("GET", f"/deletions/{code}")

    assert (answer["statusCode"], answer["body"]) == (404, "NotFound")


def test_a_table_that_does_not_answer_makes_the_platform_ask_again(wires: Wires) -> None:
    class Down:
        def ask(self, erasure: Erasure) -> bool:
            raise Unavailable("table: timeout")

    wires.erasures = Down()

    assert ask("POST", "/webhooks/facebook/deletion", form())["statusCode"] == 503


def test_the_log_tells_that_somebody_asked_and_not_who(wires: Wires, caplog: pytest.LogCaptureFixture) -> None:
    ask("POST", "/webhooks/facebook/deletion", form())

    told = "".join(str(vars(record)) for record in caplog.records)
    assert "deletion.asked" in told
    assert "218471" not in told


@pytest.mark.parametrize(
    "said", [{"algorithm": "HMAC-SHA1"}, {"algorithm": None}, {"algorithm": ["HMAC-SHA256"]}], ids=str
)
def test_no_other_algorithm_is_believed(said: dict[str, Any]) -> None:
    with pytest.raises(BadSignature):
        made(platforms.PLATFORMS["facebook"], SECRET).deletion(request(form(**said)))


def test_a_wish_that_names_nobody_is_told_as_unreadable() -> None:
    with pytest.raises(BadPayload, match="user_id is missing"):
        made(platforms.PLATFORMS["facebook"], SECRET).deletion(request(form(user_id=None)))


def test_any_of_our_secrets_holds_and_the_payload_may_say_anything() -> None:
    delivery = request(form(more="ü"))

    found = signed_request(delivery, ("other", SECRET))
    assert found is not None
    assert found.value["more"] == "ü"
    assert signed_request(delivery, ("other",)) is None
    assert signed_request(delivery, ()) is None
    assert signed_request(delivery, ("",)) is None


@pytest.mark.thorough
@FAST
@given(st.binary(max_size=80) | st.text(max_size=40).map(lambda text: f"signed_request={text}".encode()))
def test_whatever_bytes_come_a_wish_is_believed_only_when_it_is_signed(body: bytes) -> None:
    with pytest.raises(BadSignature):
        made(platforms.PLATFORMS["instagram"], SECRET).deletion(request(body))


def tiktok(reason: Any, event_: str = "authorization.removed", **more: Any) -> bytes:
    content = json.dumps({"reason": reason})
    return json.dumps(
        {
            "client_key": "k",
            "event": event_,
            "create_time": 1772300000,
            "user_openid": "o-1",
            "content": content,
            **more,
        }
    ).encode()


def test_whose_tiktok_account_is_deleted_is_forgotten(wires: Wires) -> None:
    hers = post(1, author=Author(id="o-1"))
    office = Office(clock=wires.clock)
    office.store, wires.erasures = wires.store, MemoryErasures(wires.store)
    office.hear(hers)
    body = tiktok(2)
    signed = made(platforms.PLATFORMS["tiktok"], SECRET).sign(body, now())

    for _ in range(2):  # TikTok delivers at least once
        assert ask("POST", "/webhooks/tiktok", body, **signed)["statusCode"] == 200

    (asked,) = wires.erasures.under_way()
    assert asked.author_keys == ("tiktok:o-1",)


@pytest.mark.parametrize(
    "body",
    [
        tiktok(1),
        tiktok(2, "video.publish.completed"),
        tiktok("2"),
        tiktok(2, user_openid=None),
        b"authorization.removed",
    ],
)
def test_nobody_is_forgotten_for_anything_less(body: bytes) -> None:
    assert made(platforms.PLATFORMS["tiktok"]).forgets(request(body)) is None


def test_a_deleted_account_that_names_nobody_is_parked_for_a_person() -> None:
    with pytest.raises(BadPayload, match="user_openid"):
        made(platforms.PLATFORMS["tiktok"]).parse(request(tiktok(2, user_openid=None)))


def test_other_platforms_deliveries_demand_nothing() -> None:
    for kind in platforms.PLATFORMS.values():
        if kind.name != "tiktok":
            assert kind(PlatformSettings((SECRET,))).forgets(request(tiktok(2))) is None


@pytest.mark.parametrize(
    ("posts", "told"),
    [(0, "We found nothing of yours"), (1, "we had deleted one post or message,"), (7, "we had deleted 7 posts")],
)
def test_the_page_tells_what_was_deleted_and_when(posts: int, told: str) -> None:
    erasures = MemoryErasures(MemoryStore(Watch()))
    erasures.ask(Erasure("a" * 24, "facebook", ARRIVED, (), posts, None, ARRIVED))
    page = wishes.page(erasures, "a" * 24).body

    assert told in page
    assert "You asked for it on 1 March 2026, 12:00 UTC" in page
    assert "under the id that Facebook gave us for you" in page


def test_the_page_of_a_wish_that_no_platform_passed_on_names_none() -> None:
    erasures = MemoryErasures(MemoryStore(Watch()))
    erasures.ask(Erasure("a" * 24, BY_HAND, ARRIVED))

    assert "What we keep under the names that you gave us is being deleted." in wishes.page(erasures, "a" * 24).body
