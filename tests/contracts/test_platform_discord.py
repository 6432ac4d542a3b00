"""Discord's PINGs, and its signatures against the library that Discord's own pages use."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from discord_interactions import verify_key
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from chalicelib.config import PlatformSettings
from chalicelib.errors import BadSignature, SettingsError
from chalicelib.pipeline.receive import receive
from chalicelib.platforms.discord import Discord
from chalicelib.stores.memory_queue import MemoryQueue
from tests.contracts.platform_contract import ARRIVED, FAST, PAYLOADS, SECRET, made, request

SEED = "11" * 32
PUBLIC = bytes(SigningKey(bytes.fromhex(SEED)).verify_key).hex()
PING = b'{"version":1,"application_id":"880000000000000001","type":0}'
MESSAGE = (PAYLOADS / "discord" / "lobby-message.json").read_bytes()
STAMP, SIGNATURE = "x-signature-timestamp", "x-signature-ed25519"


def console(*keys: str) -> Discord:
    return Discord(PlatformSettings(secrets=keys))


def signed(body: bytes, seed: str = SEED) -> dict[str, str]:
    return console(f"seed:{seed}").sign(body, ARRIVED)


def holds(body: bytes, headers: dict[str, str], *keys: str) -> bool:
    try:
        console(*keys).verify(request(body, headers))
    except BadSignature:
        return False
    return True


def test_a_ping_is_answered_with_nothing_and_a_content_type() -> None:
    queue = MemoryQueue(lambda: ARRIVED)

    received = receive(console(PUBLIC), queue, request(PING, signed(PING)))

    assert (received.reply.status, received.reply.body) == (204, "")
    assert received.reply.headers["content-type"]
    assert (received.posts, queue.parked(1)) == (0, [])


@pytest.mark.parametrize("body", [MESSAGE, b'{"type":1}', b'{"type":"0"}', b'{"type":0', b'{"type":false}', b"[0]"])
def test_what_is_no_ping_is_not_answered_as_one(body: bytes) -> None:
    assert console(PUBLIC).answer(request(body)) is None


def test_an_event_is_answered_with_nothing_too() -> None:
    queue = MemoryQueue(lambda: ARRIVED)

    received = receive(console(PUBLIC), queue, request(MESSAGE, signed(MESSAGE)))

    assert (received.reply.status, received.reply.body, received.posts) == (204, "", 1)


def test_a_ping_that_is_signed_wrongly_is_refused() -> None:
    forged = signed(PING, "22" * 32)

    assert not holds(PING, forged, PUBLIC)
    assert not holds(PING, signed(PING) | {SIGNATURE: "0" * 128}, PUBLIC)
    assert holds(PING, signed(PING), "33" * 32, PUBLIC), "of several keys one is enough"


def test_the_time_of_sending_is_signed_too_and_may_be_any() -> None:
    long_ago = console(f"seed:{SEED}").sign(PING, datetime(2020, 1, 1, tzinfo=UTC))

    assert holds(PING, long_ago, PUBLIC)
    assert not holds(PING, long_ago | {STAMP: signed(PING)[STAMP]}, PUBLIC)
    assert not holds(PING, {SIGNATURE: long_ago[SIGNATURE]}, PUBLIC)


@FAST
@given(st.binary(max_size=60), st.sampled_from(["", "body", "stamp", "signature", "key"]), st.integers(0, 10**9))
def test_discord_s_own_check_agrees(body: bytes, wrong: str, where: int) -> None:
    headers = signed(body)
    key = PUBLIC if wrong != "key" else "ab" * 32
    body = body + b"!" if wrong == "body" else body
    headers[STAMP] += "1" if wrong == "stamp" else ""
    if wrong == "signature":
        place = where % 128
        other = "1" if headers[SIGNATURE][place] == "0" else "0"
        headers[SIGNATURE] = headers[SIGNATURE][:place] + other + headers[SIGNATURE][place + 1 :]

    theirs = verify_key(body, headers[SIGNATURE], headers[STAMP], key)

    assert holds(body, headers, key) is theirs is (wrong == "")


@pytest.mark.parametrize(
    "key", ["", PUBLIC[:-1], PUBLIC.upper(), PUBLIC + "\n", "seed:", f"seed:{SEED[:-2]}", "0" * 64]
)
def test_a_mistyped_key_lets_nobody_in(key: str) -> None:
    for body in (PING, MESSAGE):
        for seed in (SEED, "00" * 32):
            assert not holds(body, signed(body, seed), key)


def test_with_the_public_key_alone_nothing_can_be_signed() -> None:
    with pytest.raises(SettingsError, match=r"^discord: the secret is not in the platform's form$"):
        console(PUBLIC).sign(PING, ARRIVED)


def test_a_ping_among_deliveries_read_from_a_file_holds_no_post() -> None:
    assert made(Discord, SECRET).parse(request(json.dumps(json.loads(PING)).encode())) == []
