"""The platforms against deliveries from the field, where the folder with them stands beside the repository."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from chalicelib.codec import instant
from chalicelib.config import PlatformSettings
from chalicelib.errors import BadSignature
from chalicelib.model import Post
from chalicelib.platforms import PLATFORMS
from chalicelib.platforms.signed_request import signed_request
from chalicelib.ports.platform import WebhookRequest
from tests.contracts.platform_contract import ARRIVED, request

FIELD = Path(__file__).parents[2] / ".." / "shared" / "payloads"
SCHEMES = {name: name for name in PLATFORMS} | {
    "meta": "facebook",
    "websub": "youtube",
}  # whoever signs by a scheme of its own name
NO_POST = ("ignore", "verify", "revoke")

pytestmark = pytest.mark.skipif(not FIELD.exists(), reason="no deliveries from the field on this machine")


@cache
def field(name: str) -> list[dict[str, Any]]:
    """One of the two lists; empty where there is none, so that the tests can be collected."""
    file = FIELD / name
    records: list[dict[str, Any]] = json.loads(file.read_text()) if file.exists() else []
    return records


def said(post: Post) -> dict[str, Any]:
    """A post in the words of the field's list."""
    return {
        "action": post.action,
        "kind": post.kind,
        "post_id": post.native_id,
        "author_id": post.author.id,
        "author_handle": post.author.handle,
        "author_name": post.author.name,
        "text": post.text,
        "created_at": post.created_at,
        "in_reply_to": post.in_reply_to,
        "thread_id": post.conversation_id,
        "account_id": post.account_id,
        "permalink": post.permalink,
        "lang": post.language,
        "media": list(post.media),
        "is_self": post.is_self,
        "rating": post.rating,
        "edited_at": post.edited_at,
    }


def expected(record: dict[str, Any]) -> dict[str, Any]:
    """What the field's list says of one post, its times as instants."""
    extra = record.get("extra", {})
    times = {"created_at": record["created_at"], "edited_at": extra.get("edited_at")}
    moments = {name: instant(written) if written else None for name, written in times.items()}
    kept = {name: value for name, value in record.items() if name not in ("dedupe", "open_case", "extra")}
    kept["post_id"] = record["post_id"] or record["dedupe"]  # where the platform names nothing, we must
    return kept | moments | {"rating": extra.get("rating")}


@pytest.mark.parametrize(
    "record", [item for item in field("expected.json") if item["platform"] in PLATFORMS], ids=lambda item: item["file"]
)
def test_a_delivery_from_the_field_is_read_as_it_should_be(record: dict[str, Any]) -> None:
    platform = PLATFORMS[record["platform"]](PlatformSettings())

    posts = platform.parse(request((FIELD / record["file"]).read_bytes()))

    wanted = [expected(post) for post in record["expect"] if post["action"] not in NO_POST]
    for post, words in zip(posts, wanted, strict=True):
        told = said(post)
        if "edited_at" not in record["expect"][0].get("extra", {}):
            told["edited_at"] = None  # the list tells it of one platform only
        assert told == words
        assert post.id == f"{record['platform']}:{words['post_id']}"
        assert post.delivered_at is not None


def vectors() -> list[Any]:
    known = [
        item
        for item in field("signatures.json")
        if item["scheme"] in SCHEMES and item["expect"] in ("valid", "invalid")
    ]
    return [pytest.param(item, id=f"{item['scheme']}-{index}-{item['expect']}") for index, item in enumerate(known)]


@pytest.mark.parametrize("vector", vectors())
def test_a_published_signature_is_judged_as_published(vector: dict[str, Any]) -> None:
    platform = PLATFORMS[SCHEMES[vector["scheme"]]](PlatformSettings(secrets=(vector["secret"],)))
    headers = {name.lower(): value for name, value in vector["headers"].items()}
    arrived = datetime.fromtimestamp(vector["now"], UTC) if "now" in vector else ARRIVED
    delivery = replace(request(base64.b64decode(vector["body_b64"]), headers), received_at=arrived)

    if vector["expect"] == "valid":
        platform.verify(delivery)
    else:
        with pytest.raises(BadSignature):
            platform.verify(delivery)


@pytest.mark.parametrize(
    "vector", [item for item in field("signatures.json") if item["scheme"] == "meta-signed-request"]
)
def test_a_published_signed_request_holds_with_its_own_secret_only(vector: dict[str, Any]) -> None:
    delivery = request(base64.b64decode(vector["body_b64"]))

    said = signed_request(delivery, (vector["secret"],))

    assert said is not None
    assert said.value == vector["decoded"]
    assert signed_request(delivery, ("not " + vector["secret"],)) is None


CHALLENGES = {"x-crc": "x", "linkedin-challenge": "linkedin"}


@pytest.mark.parametrize(
    "vector", [item for item in field("signatures.json") if CHALLENGES.get(item["scheme"]) in PLATFORMS]
)
def test_a_published_challenge_is_answered_as_published(vector: dict[str, Any]) -> None:
    platform = PLATFORMS[CHALLENGES[vector["scheme"]]](PlatformSettings(secrets=(vector["secret"],)))

    reply = platform.handshake(WebhookRequest("GET", {}, vector["query"], b"", ARRIVED))

    assert json.loads(reply.body) == vector["response"]


@pytest.mark.parametrize(
    "record", [item for item in field("expected.json") if item["platform"] in PLATFORMS], ids=lambda item: item["file"]
)
def test_who_asks_by_a_post_is_answered_and_nobody_else(record: dict[str, Any]) -> None:
    platform = PLATFORMS[record["platform"]](PlatformSettings())
    asked = [post["text"] for post in record["expect"] if post["action"] == "verify" and post["text"]]

    reply = platform.answer(request((FIELD / record["file"]).read_bytes()))

    assert [reply.body for reply in (reply,) if reply] == asked
