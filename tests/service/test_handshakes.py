"""The verification requests of Facebook and X, over HTTP."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from urllib.parse import urlencode

import pytest

from infra.local.samples import SETTINGS
from tests.service.conftest import Service
from tests.service.wire import Answer

pytestmark = pytest.mark.local
TOKEN = SETTINGS["platforms"]["facebook"]["verify_token"]
X_SECRET = SETTINGS["platforms"]["x"]["secrets"][0]
SUBSCRIBE = {"hub.mode": "subscribe", "hub.verify_token": TOKEN, "hub.challenge": "1158201444"}


def shake(service: Service, name: str, query: dict[str, str]) -> Answer:
    return service.ask("GET", f"/webhooks/{name}?{urlencode(query)}")


def kind(answer: Answer) -> list[str]:
    return [value.partition(";")[0] for value in answer.all("content-type")]


def test_facebook_gets_its_challenge_back_as_plain_text(service: Service) -> None:
    answer = shake(service, "facebook", SUBSCRIBE)

    assert (answer.status, answer.body) == (200, b"1158201444")
    assert kind(answer) == ["text/plain"]
    assert answer.all("x-content-type-options") == ["nosniff"]


def test_a_challenge_in_any_script_comes_back_unchanged(service: Service) -> None:
    answer = shake(service, "facebook", SUBSCRIBE | {"hub.challenge": "<b>\u00fc\U0001f600&amp;</b>"})

    assert (answer.status, answer.body.decode()) == (200, "<b>\u00fc\U0001f600&amp;</b>")
    assert kind(answer) == ["text/plain"]
    assert answer.all("x-content-type-options") == ["nosniff"]


@pytest.mark.parametrize(
    "changed",
    [
        {"hub.verify_token": "not ours"},
        {"hub.verify_token": ""},
        {"hub.verify_token": TOKEN.upper()},
        {"hub.mode": "unsubscribe"},
        {"hub.challenge": ""},
        {"hub.challenge": "a\r\nSet-Cookie: b"},
        {"hub.challenge": "1" * 5000},
    ],
)
def test_a_wrong_facebook_handshake_is_a_403_that_echoes_nothing(service: Service, changed: dict[str, str]) -> None:
    answer = shake(service, "facebook", SUBSCRIBE | changed)

    assert (answer.status, answer.body) == (403, b"BadHandshake")


def test_x_gets_its_token_signed_as_json(service: Service) -> None:
    answer = shake(service, "x", {"crc_token": "challenge-1"})

    mac = hmac.new(X_SECRET.encode(), b"challenge-1", hashlib.sha256).digest()
    assert (answer.status, kind(answer)) == (200, ["application/json"])
    assert json.loads(answer.body) == {"response_token": f"sha256={base64.b64encode(mac).decode()}"}
    assert answer.all("x-content-type-options") == ["nosniff"]


@pytest.mark.parametrize("token", ["", '{"data": {}}', '{"for_user_id": "1"}', "{}", '"', "x" * 5000])
def test_x_has_nothing_signed_that_could_be_a_delivery(service: Service, token: str) -> None:
    answer = shake(service, "x", {"crc_token": token})

    assert (answer.status, answer.body) == (403, b"BadHandshake")


def test_what_x_was_asked_to_sign_is_no_delivery(service: Service) -> None:
    token = "[1, 2]"
    signature = json.loads(shake(service, "x", {"crc_token": token}).body)["response_token"]
    before = service.cloud.depths()["ParkedQueue"]

    answer = service.ask("POST", "/webhooks/x", token.encode(), {"x-twitter-webhooks-signature": signature})

    assert (answer.status, service.cloud.depths()["ParkedQueue"]) == (401, before)


@pytest.mark.parametrize("name", ["mastodon", "standard-webhooks"])
def test_who_sends_no_handshakes_gets_none(service: Service, name: str) -> None:
    assert shake(service, name, SUBSCRIBE | {"crc_token": "a"}).status == 403
