"""Verification requests: answered to who holds the token, and never a way to have something signed."""

from __future__ import annotations

import hmac
import json

import pytest

from chalicelib.config import PlatformSettings
from chalicelib.errors import BadHandshake, BadSignature
from chalicelib.platforms.base import BasePlatform
from chalicelib.platforms.facebook import Facebook
from chalicelib.platforms.instagram import Instagram
from chalicelib.platforms.linkedin import LinkedIn
from chalicelib.platforms.messenger import Messenger
from chalicelib.platforms.meta import Meta
from chalicelib.platforms.threads import Threads
from chalicelib.platforms.whatsapp import WhatsApp
from chalicelib.platforms.x import X
from chalicelib.ports.platform import Reply, WebhookRequest
from tests.contracts.platform_contract import ARRIVED, request

ASKED = {"hub.mode": "subscribe", "hub.verify_token": "töken-of-acme", "hub.challenge": "1158201444"}
PAGE = Facebook(PlatformSettings(secrets=("s",), verify_token="töken-of-acme"))
META = (Facebook, Instagram, Messenger, Threads, WhatsApp)
ACCOUNT = X(PlatformSettings(secrets=("new-secret", "old-secret")))


def ask(platform: BasePlatform, query: dict[str, str]) -> Reply:
    return platform.handshake(WebhookRequest("GET", {}, query, b"", ARRIVED))


@pytest.mark.parametrize("kind", META)
def test_meta_gets_its_challenge_back_as_plain_text(kind: type[Meta]) -> None:
    reply = ask(kind(PlatformSettings(verify_token="töken-of-acme")), ASKED)

    assert (reply.status, reply.body) == (200, "1158201444")
    assert reply.headers == {"content-type": "text/plain", "x-content-type-options": "nosniff"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"hub.verify_token": "token-of-acme"},
        {"hub.verify_token": ""},
        {"hub.verify_token": "\ud800"},
        {"hub.mode": "unsubscribe"},
        {"hub.challenge": ""},
        {"hub.challenge": "1\r\nset-cookie: a"},
        {"hub.challenge": "1" * 2000},
    ],
)
def test_facebook_s_challenge_is_not_echoed_to_a_stranger(wrong: dict[str, str]) -> None:
    with pytest.raises(BadHandshake):
        ask(PAGE, ASKED | wrong)


@pytest.mark.parametrize("kind", META)
def test_a_refused_challenge_is_told_by_the_platform_s_name(kind: type[Meta]) -> None:
    with pytest.raises(BadHandshake, match=f"^{kind.name}: the verify token is not ours$"):
        ask(kind(PlatformSettings(verify_token="another")), ASKED)


@pytest.mark.parametrize("token", [None, ""])
def test_a_page_without_a_verify_token_answers_nobody(token: str | None) -> None:
    page = Facebook(PlatformSettings(verify_token=token))

    for given in ("", "None"):
        with pytest.raises(BadHandshake):
            ask(page, ASKED | {"hub.verify_token": given})


def test_x_gets_its_token_signed_with_the_newest_secret() -> None:
    reply = ask(ACCOUNT, {"crc_token": "dGhpcyBpcyBhIHRva2Vu-_="})

    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json"
    assert json.loads(reply.body) == {"response_token": "sha256=nK5ePj7MRbIoQTMvDhyEJfyCK5zJf3cLqHao4WVRIK8="}


@pytest.mark.parametrize("token", ['{"for_user_id":"1","tweet_create_events":[]}', "{", '"', "", "a" * 513])
def test_x_does_not_sign_what_could_be_a_delivery(token: str) -> None:
    with pytest.raises(BadHandshake):
        ask(ACCOUNT, {"crc_token": token})


@pytest.mark.parametrize("token", ["[]", "abc", "null", "\x00", "ü"])
def test_what_x_does_sign_is_no_delivery(token: str) -> None:
    answer = json.loads(ask(ACCOUNT, {"crc_token": token}).body)["response_token"]
    headers = {X.scheme.header: answer}

    for body in (token.encode(), b'{"data":{}}'):
        with pytest.raises(BadSignature):
            ACCOUNT.verify(request(body, headers))


def test_x_without_a_secret_answers_nobody() -> None:
    with pytest.raises(BadHandshake):
        ask(X(PlatformSettings(secrets=("",))), {"crc_token": "abc"})


CODE = "0b7a4f1e-93c2-4d5e-8f60-1a2b3c4d5e6f"
ORGANIZATION = LinkedIn(PlatformSettings(secrets=("new-secret", "old-secret")))


def test_linkedin_gets_its_code_signed_with_the_newest_secret() -> None:
    reply = ask(ORGANIZATION, {"challengeCode": CODE})

    right = hmac.new(b"new-secret", CODE.encode(), "sha256").hexdigest()
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    assert json.loads(reply.body) == {"challengeCode": CODE, "challengeResponse": right}


def test_linkedin_gets_a_childs_code_signed_with_the_childs_secret_and_no_other() -> None:
    platform = LinkedIn(PlatformSettings(secrets=("app:7:childs", "parents", "app:8:others")))
    asked = {"challengeCode": CODE}

    for application, secret in (("7", "childs"), ("8", "others"), ("9", "parents"), ("", "parents"), (None, "parents")):
        named = {"applicationId": application} if application is not None else {}
        right = hmac.new(secret.encode(), CODE.encode(), "sha256").hexdigest()
        assert json.loads(ask(platform, asked | named).body)["challengeResponse"] == right
    with pytest.raises(BadHandshake):
        ask(LinkedIn(PlatformSettings(secrets=("app:7:childs",))), asked | {"applicationId": "8"})


def test_a_delivery_for_a_child_of_linkedins_is_signed_with_the_childs_secret() -> None:
    child, both = (LinkedIn(PlatformSettings(secrets)) for secrets in (("childs",), ("parents", "app:7:childs")))

    both.verify(request(b"{}", child.sign(b"{}", ARRIVED)))
    with pytest.raises(BadSignature):
        both.verify(request(b"{}", LinkedIn(PlatformSettings(("app:7:others",))).sign(b"{}", ARRIVED)))
    with pytest.raises(BadSignature):
        LinkedIn(PlatformSettings(("app:7:",))).verify(request(b"{}", LinkedIn.scheme.signed(b"", b"{}", ARRIVED)))


@pytest.mark.parametrize(
    "code",
    [
        "hmacsha256={}",
        'hmacsha256={"type":"ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS","notifications":[]}',
        CODE + "\n",
        CODE + "{}",
        "hmacsha256=" + CODE,
        CODE.replace("-", ""),
        CODE.replace("-4", "-1"),
        CODE.replace("0b7a", "\u0660b7a"),
        "",
        "\ud800",
    ],
)
def test_linkedin_has_nothing_signed_but_a_random_uuid(code: str) -> None:
    with pytest.raises(BadHandshake):
        ask(ORGANIZATION, {"challengeCode": code})


def test_what_linkedin_had_signed_is_no_delivery() -> None:
    signed = json.loads(ask(ORGANIZATION, {"challengeCode": CODE}).body)["challengeResponse"]

    with pytest.raises(BadSignature):
        ORGANIZATION.verify(request(CODE.encode(), {LinkedIn.scheme.header: signed}))


def test_linkedin_without_a_secret_answers_nobody() -> None:
    with pytest.raises(BadHandshake):
        ask(LinkedIn(PlatformSettings(secrets=("",))), {"challengeCode": CODE})
