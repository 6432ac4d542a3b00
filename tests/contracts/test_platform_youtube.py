"""YouTube's hub: verification of intent, the method of the signature, and feeds that are none."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.config import PlatformSettings
from chalicelib.errors import BadHandshake, BadPayload, BadSignature, UnknownTopic
from chalicelib.model import Action, Post
from chalicelib.model.lease import Grant
from chalicelib.platforms.websub import ASKED_SECONDS
from chalicelib.platforms.youtube import TOPIC, YouTube
from chalicelib.ports.platform import Reply, WebhookRequest
from tests.contracts.platform_contract import ARRIVED, FAST, PAYLOADS, SECRET, made, posts_of, request

OURS, FOLLOWED = "UCacme", "UCreviewer"
CHANNELS = YouTube(
    PlatformSettings(secrets=(SECRET,), verify_token="tökén", accounts=frozenset({OURS}), follows=frozenset({FOLLOWED}))
)
ASKED = {
    "token": "tökén",
    "hub.mode": "subscribe",
    "hub.topic": TOPIC + OURS,
    "hub.challenge": "c0ffee<b>",
    "hub.lease_seconds": "432000",
}
BODIES = {file.stem: file.read_bytes() for file in sorted((PAYLOADS / "youtube").glob("*.xml"))}
BOMB = b"""<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa">%s]><feed xmlns="http://www.w3.org/2005/Atom">
<entry><title>&z;</title></entry></feed>"""
LAUGHS = b"".join(
    b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10) for letter in range(ord("b"), ord("z") + 1)
)


def ask(query: dict[str, str], platform: YouTube = CHANNELS) -> Reply:
    return platform.handshake(WebhookRequest("GET", {}, query, b"", ARRIVED))


def granted(query: dict[str, str]) -> Grant | None:
    return CHANNELS.grant(WebhookRequest("GET", {}, query, b"", ARRIVED))


@pytest.mark.parametrize("channel", [OURS, FOLLOWED])
def test_the_hub_gets_its_challenge_back_for_what_we_want(channel: str) -> None:
    reply = ask(ASKED | {"hub.topic": TOPIC + channel})

    assert (reply.status, reply.body) == (200, "c0ffee<b>")
    assert reply.headers == {"content-type": "text/plain", "x-content-type-options": "nosniff"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"hub.topic": TOPIC + "UCstranger"},
        {"hub.topic": OURS},
        {"hub.topic": ""},
        {"token": "token"},
        {"token": ""},
        {"token": "\ud800"},
        {"hub.mode": "unsubscribe"},
        {"hub.mode": "publish"},
        {"hub.challenge": ""},
        {"hub.challenge": "1\r\nset-cookie: a"},
        {"hub.challenge": "1" * 2000},
    ],
)
def test_what_we_do_not_want_is_a_404(wrong: dict[str, str]) -> None:
    with pytest.raises(UnknownTopic) as told:
        ask(ASKED | wrong)

    assert told.value.status == 404


def test_who_subscribes_us_without_our_token_does_not_replace_our_secret_by_theirs() -> None:
    with pytest.raises(BadHandshake):
        ask({name: value for name, value in ASKED.items() if name != "token"})


def test_who_subscribes_by_hand_may_give_the_token_to_the_hub_instead() -> None:
    by_hand = {name: value for name, value in ASKED.items() if name != "token"} | {"hub.verify_token": "tökén"}

    assert ask(by_hand).body == "c0ffee<b>"


@pytest.mark.parametrize("token", [None, ""])
def test_without_a_token_of_ours_nobody_is_answered(token: str | None) -> None:
    for given_token in ("", "None"):
        with pytest.raises(BadHandshake):
            ask(ASKED | {"token": given_token}, YouTube(replace(CHANNELS.settings, verify_token=token)))


def test_the_end_of_a_subscription_that_we_dropped_is_confirmed() -> None:
    reply = ask(ASKED | {"hub.mode": "unsubscribe", "hub.topic": TOPIC + "UCdropped"})

    assert reply.body == "c0ffee<b>"
    assert granted(ASKED | {"hub.mode": "unsubscribe"}) is None


def test_a_denial_is_heard_and_echoes_nothing() -> None:
    query = {"token": "tökén", "hub.mode": "denied", "hub.topic": TOPIC + OURS, "hub.reason": "<b>no</b>"}

    assert (ask(query).status, ask(query).body) == (200, "")
    assert granted(query) == Grant(f"youtube:{TOPIC}{OURS}", None)


@pytest.mark.parametrize(
    ("seconds", "lasts"),
    [
        ("432000", timedelta(days=5)),
        ("", timedelta(seconds=ASKED_SECONDS)),
        ("-1", timedelta(seconds=ASKED_SECONDS)),
        ("٣", timedelta(seconds=ASKED_SECONDS)),
        ("9" * 11, timedelta(days=366)),
        ("9" * 400, timedelta(seconds=ASKED_SECONDS)),
    ],
)
def test_a_grant_lasts_as_long_as_the_hub_says(seconds: str, lasts: timedelta) -> None:
    assert granted(ASKED | {"hub.lease_seconds": seconds}) == Grant(f"youtube:{TOPIC}{OURS}", lasts)


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_the_hub_chooses_how_it_signs(method: str) -> None:
    body = BODIES["upload"]
    mac = hmac.new(SECRET.encode(), body, method).hexdigest()

    CHANNELS.verify(request(body, {"x-hub-signature": f"{method}={mac}"}))


@pytest.mark.parametrize("method", ["md5", "sha224", "sha3_256", "blake2b", "SHA1", "", "sha1 "])
def test_a_method_that_the_standard_does_not_know_is_refused(method: str) -> None:
    body = BODIES["upload"]
    known = method.strip().lower() or "sha1"
    mac = hmac.new(SECRET.encode(), body, known).hexdigest()

    with pytest.raises(BadSignature):
        CHANNELS.verify(request(body, {"x-hub-signature": f"{method}={mac}"}))


def test_one_method_s_digest_is_not_taken_for_another_s() -> None:
    body = BODIES["upload"]
    mac = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()

    for method in ("sha1", "sha384"):
        with pytest.raises(BadSignature):
            CHANNELS.verify(request(body, {"x-hub-signature": f"{method}={mac}"}))


BOMBS = [
    BOMB % LAUGHS,
    BOMB % b'<!ENTITY z SYSTEM "file:///etc/hostname">',
    b'<!DOCTYPE feed SYSTEM "http://127.0.0.1/x.dtd"><feed xmlns="http://www.w3.org/2005/Atom"/>',
    b"",
    b"\x00",
    b"{}",
    b"<feed>",
    b"<feed/>",
    b'<rss version="2.0"/>',
    b'<?xml version="1.0" encoding="no-such"?><feed xmlns="http://www.w3.org/2005/Atom"/>',
    b'<?xml version="1.0" encoding="utf-16"?><feed xmlns="http://www.w3.org/2005/Atom"/>',
    b'<feed xmlns="http://www.w3.org/2005/Atom">\xff\xfe</feed>',
    "<feed xmlns='http://www.w3.org/2005/Atom'>".encode("utf-16") + b"a",
    b"<a>" * 50_000,
]


@pytest.mark.parametrize("bomb", BOMBS, ids=range(len(BOMBS)))
def test_what_is_no_feed_is_a_bad_payload(bomb: bytes) -> None:
    with pytest.raises(BadPayload) as told:
        made(YouTube).parse(request(bomb))

    assert len(str(told.value)) < 200


def test_a_feed_of_great_depth_is_read_in_no_time() -> None:
    deep = BODIES["upload"].replace(b"</feed>", b"<a>" * 100_000 + b"</a>" * 100_000 + b"</feed>")

    assert [post.native_id for post in posts_of(made(YouTube), deep)] == ["aB3-_xYz01Q"]


def test_an_entry_that_cannot_be_read_takes_no_other_with_it() -> None:
    body = BODIES["several-and-a-deletion"].replace(b"<published>2026", b"<published>soon", 1)

    with pytest.raises(BadPayload, match=r"published: expected an ISO 8601 time") as told:
        made(YouTube).parse(request(body))

    assert [post.native_id for post in told.value.posts] == ["aB3-_xYz03Q", "aB3-_xYz04Q"]


@pytest.mark.parametrize("ref", ["", "aB3-_xYz01Q", "yt:video:", "yt:channel:UC1", "yt:video:" + "9" * 300])
def test_a_tombstone_of_nothing_is_a_bad_payload(ref: str) -> None:
    body = BODIES["deleted"].replace(b"yt:video:aB3-_xYz01Q", ref.encode(), 1)

    with pytest.raises(BadPayload):
        made(YouTube).parse(request(body))


def test_whose_a_video_is_nobody_knows_until_a_channel_is_said_to_be_ours() -> None:
    (unknown,) = YouTube(PlatformSettings()).parse(request(BODIES["upload"]))
    (theirs,) = made(YouTube).parse(request(BODIES["upload"]))

    assert (unknown.is_self, theirs.is_self) == (None, False)


def test_an_upload_that_is_told_again_is_the_same_version_and_a_new_title_is_not() -> None:
    (upload,) = posts_of(made(YouTube), BODIES["upload"])
    (again,) = posts_of(made(YouTube), BODIES["upload"].replace(b"11:59:31.552394234", b"13:07:00"))
    (retitled,) = posts_of(made(YouTube), BODIES["title-changed"])

    assert again.version == upload.version != retitled.version
    assert retitled.at is not None
    assert upload.created_at is not None
    assert retitled.at > upload.created_at


@FAST
@given(st.sampled_from(sorted(BODIES)), st.data())
def test_whatever_becomes_of_a_feed_parse_raises_only_bad_payload(name: str, data: Any) -> None:
    body = BODIES[name]
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(start + 40, len(body))))
    put = data.draw(st.binary(max_size=8) | st.sampled_from([b"<", b"&#0;", b"&amp;", b"]]>", b"<yt:videoId/>"]))

    found = posts_of(made(YouTube), body[:start] + put + body[end:])

    assert all(isinstance(post, Post) and post.action in (Action.CREATE, Action.DELETE) for post in found)
