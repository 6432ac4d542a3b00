"""The generic endpoint against the reference library, what only a signed timestamp brings, and odd schemes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from chalicelib.config import PlatformSettings
from chalicelib.errors import BadSignature, SettingsError
from chalicelib.platforms.base import BasePlatform
from chalicelib.platforms.slack import Slack
from chalicelib.platforms.standard_webhooks import StandardWebhooks
from chalicelib.platforms.telegram import Telegram
from chalicelib.platforms.tiktok import TikTok
from tests.contracts.platform_contract import ARRIVED, OLD_SECRET, SECRET, STRANGERS, made, request

BODY = '{"type":"post.created","data":{"id":"1","text":"Ärger 😤"}}'.encode()
HEADER = "webhook-signature"


def by_the_library(secret: str, at: datetime = ARRIVED) -> dict[str, str]:
    signature = Webhook(secret).sign("msg_1", at, BODY.decode())
    return {"webhook-id": "msg_1", "webhook-timestamp": str(int(at.timestamp())), HEADER: signature}


def holds(headers: dict[str, str], *secrets: str) -> bool:
    try:
        made(StandardWebhooks, *secrets).verify(request(BODY, headers))
    except BadSignature:
        return False
    return True


def test_what_the_reference_library_signs_holds() -> None:
    assert holds(by_the_library(SECRET), SECRET)
    assert holds(by_the_library(SECRET), SECRET.removeprefix("whsec_"))
    assert not holds(by_the_library(SECRET), STRANGERS)


def test_what_we_sign_the_reference_library_takes() -> None:
    headers = made(StandardWebhooks, SECRET).sign(BODY, datetime.now(UTC))

    read = Webhook(SECRET).verify(BODY, headers)

    assert read["data"]["text"] == "Ärger 😤"


def test_the_same_body_sent_again_is_the_same_message() -> None:
    platform = made(StandardWebhooks, SECRET)

    first, again = platform.sign(BODY, ARRIVED), platform.sign(BODY, ARRIVED + timedelta(minutes=1))

    assert first["webhook-id"] == again["webhook-id"] != platform.sign(BODY + b" ", ARRIVED)["webhook-id"]
    assert first[HEADER] != again[HEADER]


def test_one_right_signature_in_the_list_is_enough() -> None:
    good = by_the_library(SECRET)
    other = by_the_library(OLD_SECRET)[HEADER]

    assert holds(good | {HEADER: f"v1a,Zm9v {other} nonsense {good[HEADER]}"}, SECRET)
    assert not holds(good | {HEADER: f"{other} v1,"}, SECRET)


def test_another_version_of_signature_is_not_read() -> None:
    good = by_the_library(SECRET)
    mac = good[HEADER].removeprefix("v1,")

    for version in ("v1a,", "v2,", "v11,", "V1,", ""):
        assert not holds(good | {HEADER: version + mac}, SECRET)


@pytest.mark.parametrize(("seconds", "fresh"), [(-301, False), (-300, True), (0, True), (300, True), (301, False)])
def test_a_delivery_is_taken_within_five_minutes_of_its_signing(seconds: int, fresh: bool) -> None:
    assert holds(by_the_library(SECRET, ARRIVED + timedelta(seconds=seconds)), SECRET) is fresh


@pytest.mark.parametrize("stamp", ["", "abc", "-1", "1e3", "١٢٣", "9" * 400, "\ud800", " 1772366400"])
def test_a_timestamp_that_is_none_does_not_hold(stamp: str) -> None:
    platform = made(StandardWebhooks, SECRET)
    ahead = f"msg_1.{stamp}.".encode("utf-8", "surrogatepass")
    signature = platform.scheme.signature(platform.scheme.key(SECRET), ahead + BODY).decode()

    assert not holds({"webhook-id": "msg_1", "webhook-timestamp": stamp, HEADER: signature}, SECRET)


def test_the_message_s_id_is_signed_too() -> None:
    assert not holds(by_the_library(SECRET) | {"webhook-id": "msg_2"}, SECRET)


@pytest.mark.parametrize("secrets", [(), ("whsec_",), ("whsec_not base64",)])
def test_nothing_is_signed_without_a_usable_secret(secrets: tuple[str, ...]) -> None:
    with pytest.raises(SettingsError):
        StandardWebhooks(PlatformSettings(secrets)).sign(BODY, ARRIVED)


def test_a_mistyped_secret_beside_a_good_one_does_no_harm() -> None:
    assert holds(by_the_library(SECRET), "whsec_not base64", SECRET)


@pytest.mark.parametrize("kind", [Slack, TikTok])
@pytest.mark.parametrize(("seconds", "fresh"), [(-301, False), (-300, True), (300, True), (301, False)])
def test_who_signs_the_time_is_believed_for_five_minutes(kind: type[BasePlatform], seconds: int, fresh: bool) -> None:
    platform = made(kind, SECRET)
    delivery = request(BODY, platform.sign(BODY, ARRIVED + timedelta(seconds=seconds)))

    if fresh:
        platform.verify(delivery)
    else:
        with pytest.raises(BadSignature):
            platform.verify(delivery)


@pytest.mark.parametrize("kind", [Slack, TikTok])
def test_another_time_than_the_signed_one_does_not_hold(kind: type[BasePlatform]) -> None:
    platform = made(kind, SECRET)
    stamp = str(int(ARRIVED.timestamp()))
    later = {name: value.replace(stamp, str(int(stamp) + 1)) for name, value in platform.sign(BODY, ARRIVED).items()}

    with pytest.raises(BadSignature):
        platform.verify(request(BODY, later))


def test_tiktok_s_header_holds_the_time_and_the_signature_in_any_order() -> None:
    platform = made(TikTok, SECRET)
    header = platform.sign(BODY, ARRIVED)[TikTok.scheme.header]
    stamp, signature = header.split(",")

    assert stamp == f"t={int(ARRIVED.timestamp())}"
    platform.verify(request(BODY, {TikTok.scheme.header: f"{signature},{stamp}"}))
    for broken in (stamp, signature, f"{stamp};{signature}", f"{stamp},S{signature[1:]}", f"{header},s=0", "t=,s="):
        with pytest.raises(BadSignature):
            platform.verify(request(BODY, {TikTok.scheme.header: broken, "t": stamp[2:], "s": signature[2:]}))


def test_telegram_s_header_is_the_secret_and_nothing_like_it() -> None:
    platform = made(Telegram, SECRET)

    platform.verify(request(BODY, {Telegram.scheme.header: SECRET}))
    for wrong in (SECRET[:-1], SECRET + " ", SECRET.upper(), "", OLD_SECRET):
        with pytest.raises(BadSignature):
            platform.verify(request(BODY, {Telegram.scheme.header: wrong}))
