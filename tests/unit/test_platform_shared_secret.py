"""Senders that sign nothing: the secret in the address, in either of its two places, and Chatwoot's older versions."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.config import PlatformSettings
from chalicelib.errors import BadSignature, SettingsError
from chalicelib.platforms import PLATFORMS
from chalicelib.platforms.base import BasePlatform
from infra.local import template
from tests.contracts.platform_contract import ARRIVED, refuses, request

SECRET = "correct-horse"
UNSIGNED = ("trustpilot", "youscan", "google-business")


def made(name: str, *secrets: str) -> BasePlatform:
    return PLATFORMS[name](PlatformSettings(secrets))


def basic(credentials: str) -> dict[str, str]:
    return {"authorization": f"Basic {base64.b64encode(credentials.encode()).decode()}"}


@pytest.mark.parametrize("name", UNSIGNED)
def test_the_secret_of_the_address_is_believed_in_its_header_and_in_its_query(name: str) -> None:
    platform = made(name, "old", SECRET)

    platform.verify(request(b"{}", basic(f"earshot:{SECRET}")))
    platform.verify(replace(request(b"{}"), query={"secret": SECRET}))


@pytest.mark.parametrize("name", UNSIGNED)
@pytest.mark.parametrize("given", ["", "Correct-horse", "correct-horse ", "\ud800", "é", SECRET * 2])
def test_another_secret_is_not_believed_in_either_place(name: str, given: str) -> None:
    platform = made(name, SECRET, "")
    password = given.encode("utf-8", "surrogatepass")

    refuses(platform, replace(request(b"{}"), query={"secret": given, "token": SECRET}))
    refuses(platform, request(b"{}", {"authorization": f"Basic {base64.b64encode(b'earshot:' + password).decode()}"}))
    refuses(platform, request(b"{}", basic(f"admin:{SECRET}")))
    refuses(platform, request(b"{}", {"authorization": f"Bearer {SECRET}"}))


def test_the_front_writes_no_access_log_in_which_an_address_could_stand() -> None:
    resources = template.read(Path(__file__).parents[2] / "infra" / "resources.yaml")["Resources"]
    front = resources["RestAPI"]["Properties"]

    assert "AccessLogSetting" not in front
    assert not any(
        settings.get("DataTraceEnabled") or settings.get("LoggingLevel") for settings in front["MethodSettings"]
    )


def test_chatwoot_without_a_signature_is_believed_only_where_a_secret_says_so() -> None:
    in_query, in_header = replace(request(b"{}"), query={"secret": SECRET}), request(b"{}", basic(f"earshot:{SECRET}"))

    for delivery in (in_query, in_header):
        refuses(made("chatwoot", SECRET), delivery)
        made("chatwoot", f"url:{SECRET}").verify(delivery)
    refuses(made("chatwoot", "url:"), replace(in_query, query={"secret": ""}))


def test_a_secret_of_chatwoots_address_signs_nothing_and_a_signing_secret_opens_no_address() -> None:
    signed = request(b"{}", made("chatwoot", SECRET).sign(b"{}", ARRIVED))
    forged = request(b"{}", made("chatwoot", f"url:{SECRET}").scheme.headers(f"url:{SECRET}", b"{}", ARRIVED))

    made("chatwoot", SECRET, "url:other").verify(signed)
    refuses(made("chatwoot", f"url:{SECRET}"), signed)
    refuses(made("chatwoot", f"url:{SECRET}"), forged)
    made("chatwoot", f"url:{SECRET}").verify(request(b"{}", made("chatwoot", f"url:{SECRET}").sign(b"{}", ARRIVED)))


def test_chatwoots_signature_is_worth_five_minutes() -> None:
    late = replace(
        request(b"{}", made("chatwoot", SECRET).sign(b"{}", ARRIVED)), received_at=ARRIVED + timedelta(minutes=6)
    )

    with pytest.raises(BadSignature):
        made("chatwoot", SECRET).verify(late)


def test_who_only_googles_key_could_sign_for_is_told_so() -> None:
    with pytest.raises(SettingsError, match="only Google signs"):
        made("google-business", "oidc:push@acme.iam.gserviceaccount.com https://hooks.acme.example").sign(
            b"{}", ARRIVED
        )
