"""What every platform must keep, and the bodies it is held against: tests/payloads/<platform>/<event>.json."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.codec import from_json, to_json
from chalicelib.config import PlatformSettings
from chalicelib.errors import BadHandshake, BadPayload, BadSignature
from chalicelib.model import Post
from chalicelib.platforms.base import BasePlatform
from chalicelib.platforms.ed25519 import Ed25519
from chalicelib.ports.platform import WebhookRequest

PAYLOADS = Path(__file__).parents[1] / "payloads"
ARRIVED = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRET, OLD_SECRET, STRANGERS = "whsec_QWNtZSByb3V0ZXJz", "whsec_QWNtZSBwaG9uZXM=", "whsec_bm90IEFjbWU="
ACCOUNTS = frozenset({"acme", "99", "770000000000001", "30000000000000001"})
FAST = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)

HEADER_TEXT = st.text(st.characters(codec=None), max_size=40)  # half surrogates included
SCALARS: list[Any] = [
    None,
    True,
    0,
    -1,
    10**39,
    1.5,
    -0.0,
    "",
    "x",
    "\ud83d",
    "7" * 300,
    "2026-03-01",
    "0001-01-01T00:00+23:59",
]
JUNK = st.sampled_from([*SCALARS, [], {}, *([item] for item in SCALARS), *({"id": item} for item in SCALARS), [[{}]]])


def made(kind: type[BasePlatform], *secrets: str) -> BasePlatform:
    """The platform as the company has set it."""
    in_its_form = tuple(secret_for(kind, secret) for secret in secrets)
    return kind(PlatformSettings(in_its_form, accounts=ACCOUNTS, handles=frozenset({"acme"})))


def secret_for(kind: type[BasePlatform], secret: str) -> str:
    """A secret of these tests in the platform's form: for key pairs a seed, which makes both keys."""
    is_a_pair = isinstance(kind.scheme, Ed25519) and len(secret) > len("whsec_")
    return f"seed:{hashlib.sha256(secret.encode()).hexdigest()}" if is_a_pair and secret.isascii() else secret


def is_xml(body: bytes) -> bool:
    """Some platforms send Atom: what is junk and what is a bomb is another matter there."""
    return body.lstrip().startswith(b"<")


def rewritten(body: bytes) -> bytes:
    """The same content in other bytes."""
    return body.replace(b">", b" >", 1) if is_xml(body) else json.dumps(json.loads(body), indent=7).encode()


def request(body: bytes, headers: dict[str, str] | None = None) -> WebhookRequest:
    """A delivery, arrived when all of them do."""
    return WebhookRequest("POST", headers or {}, {}, body, ARRIVED)


def posts_of(platform: BasePlatform, body: bytes) -> list[Post]:
    """What is read from it, wholly or not."""
    try:
        return platform.parse(request(body))
    except BadPayload as error:
        return list(error.posts)


@dataclass(frozen=True)
class Pair:
    """A body and what is to be read from it."""

    event: str
    body: bytes
    posts: list[Any]


def pairs(folder: Path) -> list[Pair]:
    """All pairs of a platform's folder."""
    bodies = sorted(file for file in folder.glob("*.*") if not file.name.endswith(".posts.json"))
    return [
        Pair(file.stem, file.read_bytes(), json.loads(file.with_suffix(".posts.json").read_text())) for file in bodies
    ]


class PlatformContract:
    """Subclass it, and give it the fixtures `kind` (the platform's class) and `folder` (its payloads)."""

    @pytest.fixture
    def body(self, folder: Path) -> bytes:
        return pairs(folder)[0].body

    @pytest.fixture
    def signed(self, kind: type[BasePlatform], body: bytes) -> dict[str, str]:
        return made(kind, SECRET).sign(body, ARRIVED)

    def test_it_has_bodies_to_be_held_against(self, kind: type[BasePlatform], folder: Path) -> None:
        known = pairs(folder)

        assert len(known) >= 6, f"write bodies and their posts into tests/payloads/{kind.name}/"
        assert any(pair.posts for pair in known)
        assert any(not pair.posts for pair in known), "one of them of no interest"

    def test_every_body_is_read_as_written_beside_it(self, kind: type[BasePlatform], folder: Path) -> None:
        for pair in pairs(folder):
            read = made(kind).parse(request(pair.body))

            assert [to_json(post) for post in read] == pair.posts, pair.event
            assert [from_json(Post, item) for item in pair.posts] == read
            assert all(post.delivered_at and post.native_id for post in read)

    def test_its_own_signature_holds(self, kind: type[BasePlatform], body: bytes, signed: dict[str, str]) -> None:
        assert all(name == name.lower() for name in signed)
        made(kind, SECRET).verify(request(body, signed))

    def test_a_secret_being_rotated_holds(self, kind: type[BasePlatform], body: bytes, signed: dict[str, str]) -> None:
        made(kind, OLD_SECRET, SECRET).verify(request(body, signed))
        made(kind, SECRET, OLD_SECRET).verify(request(body, signed))

    @pytest.mark.parametrize("secrets", [(), ("",), (STRANGERS,), ("\udcff",)])
    def test_without_the_right_secret_nothing_holds(
        self, kind: type[BasePlatform], body: bytes, signed: dict[str, str], secrets: tuple[str, ...]
    ) -> None:
        refuses(made(kind, *secrets), request(body, signed))

    def test_a_signature_made_with_an_empty_key_does_not_hold(self, kind: type[BasePlatform], body: bytes) -> None:
        forged = kind.scheme.signed(b"", body, ARRIVED)

        refuses(made(kind, "", "whsec_"), request(body, forged))

    def test_a_changed_body_does_not_hold(self, kind: type[BasePlatform], body: bytes, signed: dict[str, str]) -> None:
        if kind.scheme.digest is None:
            pytest.skip("it signs no body: its header is the secret")
        for changed in (body + b" ", body[:-1], b"", rewritten(body)):
            refuses(made(kind, SECRET), request(changed, signed))

    def test_a_missing_or_broken_header_does_not_hold(
        self, kind: type[BasePlatform], body: bytes, signed: dict[str, str]
    ) -> None:
        header, good = kind.scheme.header, signed[kind.scheme.header]
        bare = [good.removeprefix(kind.scheme.prefix)] if kind.scheme.prefix else []
        broken = [
            *bare,
            good[:-1],
            good + "0",
            kind.scheme.prefix,
            "",
            "é" + good,
            "\ud800",
            "\x00",
            "a,b,c",
            good.swapcase(),
        ]

        for name in signed.keys() - {"content-type"}:
            refuses(made(kind, SECRET), request(body, {key: value for key, value in signed.items() if key != name}))
        for value in broken:
            refuses(made(kind, SECRET), request(body, signed | {header: value}))

    def test_whatever_bytes_and_headers_come_verify_raises_only_bad_signature(
        self, kind: type[BasePlatform], signed: dict[str, str]
    ) -> None:
        names = st.sampled_from([*signed, kind.scheme.header])
        # Who sends the secret itself is believed.
        known = [value for name, value in signed.items() if kind.scheme.digest or name != kind.scheme.header]

        @FAST
        @given(st.binary(max_size=60), st.dictionaries(names, HEADER_TEXT | st.sampled_from(known)))
        def verify(body: bytes, headers: dict[str, str]) -> None:
            refuses(made(kind, SECRET), request(body, headers))

        verify()

    def test_whatever_bytes_come_parse_raises_only_bad_payload(self, kind: type[BasePlatform]) -> None:
        platform = made(kind)

        @FAST
        @given(st.binary(max_size=60) | JUNK.map(lambda value: json.dumps(value).encode()))
        def parse(body: bytes) -> None:
            assert all(isinstance(post, Post) for post in posts_of(platform, body))

        parse()

    def test_whatever_stands_in_a_member_parse_raises_only_bad_payload(
        self, kind: type[BasePlatform], folder: Path
    ) -> None:
        platform, bodies = made(kind), [json.loads(pair.body) for pair in pairs(folder) if not is_xml(pair.body)]
        if not bodies:
            pytest.skip("it sends no JSON")
        places = [(index, place) for index, body in enumerate(bodies) for place in places_in(body)]

        @settings(FAST, max_examples=150)
        @given(st.sampled_from(places), JUNK)
        def parse(at: tuple[int, tuple[Any, ...]], junk: Any) -> None:
            body = json.dumps(with_junk(bodies[at[0]], at[1], junk)).encode()
            for post in posts_of(platform, body):
                json.dumps(to_json(post), ensure_ascii=False).encode()
                assert len(post.id) < 600

        parse()

    def test_bombs_are_bad_payloads(self, kind: type[BasePlatform], body: bytes) -> None:
        if is_xml(body):
            pytest.skip("it sends no JSON")
        name = next(iter(json.loads(body))).encode()
        bombs = [b'{"%b":' % name + b"[" * 100_000, b'{"%b":%b}' % (name, b"9" * 10_000), b'{"%b":NaN}' % name]
        bombs += [b'{"a":1e999}', b"\xff\xfe", b"", b"null", b"[]", b'"text"', b'{"%b":' % name + b'{"a":' * 20_000]

        for bomb in bombs:
            with pytest.raises(BadPayload) as told:
                made(kind).parse(request(bomb))
            assert len(str(told.value)) < 200

    def test_a_get_without_what_the_platform_sends_is_refused(self, kind: type[BasePlatform]) -> None:
        for secrets in ((), (SECRET,)):
            with pytest.raises(BadHandshake):
                made(kind, *secrets).handshake(replace(request(b""), method="GET"))


def refuses(platform: BasePlatform, delivery: WebhookRequest) -> None:
    """It is BadSignature, with nothing of the delivery in its words."""
    with pytest.raises(BadSignature) as told:
        platform.verify(delivery)
    assert str(told.value) == f"{platform.name}: not signed with a secret of ours"


def places_in(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths to every member and item, outermost first."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(place for key, item in inside for place in places_in(item, (*here, key)))]


def with_junk(value: Any, place: tuple[Any, ...], junk: Any) -> Any:
    """The same value, but for what stands at that place."""
    if not place:
        return junk
    if isinstance(value, dict):
        return {key: with_junk(item, place[1:], junk) if key == place[0] else item for key, item in value.items()}
    return [with_junk(item, place[1:], junk) if index == place[0] else item for index, item in enumerate(value)]
