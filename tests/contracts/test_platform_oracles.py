"""Official libraries as oracles: on any body, secret and tampering they and we say the same (development only)."""

from __future__ import annotations

import string
import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linebot.v3.webhook import SignatureValidator
from slack_sdk.signature import SignatureVerifier
from standardwebhooks.webhooks import Webhook

from chalicelib.config import PlatformSettings
from chalicelib.errors import BadSignature
from chalicelib.platforms.base import BasePlatform
from chalicelib.platforms.line import Line
from chalicelib.platforms.slack import Slack
from chalicelib.platforms.standard_webhooks import StandardWebhooks
from tests.contracts.platform_contract import FAST, request

# What the libraries can be asked: they take texts, and stumble over headers that are not theirs (so do not we).
BODIES = st.text(st.characters(codec="utf-8"), max_size=80).map(str.encode)
SECRETS = st.text(string.ascii_letters + string.digits, min_size=1, max_size=40)
WHSECS = st.binary(min_size=24, max_size=40).map(lambda key: f"whsec_{b64encode(key).decode()}")
TAMPERED = st.sampled_from(["nothing", "nothing", "body", "signature", "secret", "age", "future"])
Oracle = Callable[[str, bytes, dict[str, str]], bool]


@dataclass(frozen=True)
class Delivery:
    """What arrived, and with which secret it is looked at."""

    secret: str
    body: bytes
    headers: dict[str, str]


def slack(secret: str, body: bytes, headers: dict[str, str]) -> bool:
    timestamp, signature = headers["x-slack-request-timestamp"], headers["x-slack-signature"]
    return SignatureVerifier(secret).is_valid(body, timestamp, signature)


def line(secret: str, body: bytes, headers: dict[str, str]) -> bool:
    valid: bool = SignatureValidator(secret).validate(body.decode(), headers["x-line-signature"])
    return valid


def standard(secret: str, body: bytes, headers: dict[str, str]) -> bool:
    try:
        Webhook(secret).verify(body, headers, json_parse=False)
    except Exception:  # it has many ways to say no
        return False
    return True


def delivered(kind: type[BasePlatform], secret: str, other: str, body: bytes, tampered: str) -> Delivery:
    """A delivery as the platform sends it, changed in one way."""
    ages = {"age": 310, "future": -310}
    sent = datetime.fromtimestamp(time.time() - ages.get(tampered, 0), UTC)
    headers = kind(PlatformSettings((secret,))).sign(body, sent)
    header = kind.scheme.header
    value = headers[header]
    if tampered == "signature":
        headers[header] = value[:-5] + ("A" if value[-5] != "A" else "B") + value[-4:]
    return Delivery(other if tampered == "secret" else secret, body + b"!" if tampered == "body" else body, headers)


def holds(kind: type[BasePlatform], delivery: Delivery) -> bool:
    """Whether we believe it."""
    arrived = replace(request(delivery.body, delivery.headers), received_at=datetime.now(UTC))
    try:
        kind(PlatformSettings((delivery.secret,))).verify(arrived)
    except BadSignature:
        return False
    return True


@pytest.mark.parametrize(
    ("kind", "oracle", "secrets"),
    [(Slack, slack, SECRETS), (Line, line, SECRETS), (StandardWebhooks, standard, WHSECS)],
    ids=["slack_sdk", "linebot", "standardwebhooks"],
)
def test_the_official_library_and_we_say_the_same(kind: type[BasePlatform], oracle: Oracle, secrets: Any) -> None:
    said: set[bool] = set()

    @settings(FAST, max_examples=120)
    @given(secrets, secrets, BODIES, TAMPERED)
    def agree(secret: str, other: str, body: bytes, tampered: str) -> None:
        delivery = delivered(kind, secret, other, body, tampered)
        theirs = oracle(delivery.secret, delivery.body, delivery.headers)
        assert holds(kind, delivery) is theirs, tampered
        said.add(theirs)

    agree()

    assert said == {True, False}


def test_what_the_official_libraries_sign_we_believe() -> None:
    now = datetime.now(UTC)
    body, secret, whsec = "Grüße 🔥", "8f742231b10e8888abcd99yyyzzz85a5", "whsec_QWNtZSByb3V0ZXJzIGFuZCBwaG9uZXM="
    stamp = str(int(now.timestamp()))
    slack_signed = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
    standard_signed = Webhook(whsec).sign("msg_1", now, body)

    slack_headers = {"x-slack-request-timestamp": stamp, "x-slack-signature": str(slack_signed)}
    standard_headers = {"webhook-id": "msg_1", "webhook-timestamp": stamp, "webhook-signature": standard_signed}
    assert holds(Slack, Delivery(secret, body.encode(), slack_headers))
    assert holds(StandardWebhooks, Delivery(whsec, body.encode(), standard_headers))
