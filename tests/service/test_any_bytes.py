"""Whatever strangers send is refused, whatever a platform signed is kept, and nothing of it breaks the service."""

from __future__ import annotations

import gzip
import json
import socket
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.errors import BadPayload
from chalicelib.model import Post
from chalicelib.platforms import PLATFORMS
from chalicelib.ports import WebhookRequest
from infra.local.samples import ago, envelope, facebook_comment, plain_post
from tests.contracts.platform_contract import JUNK, PAYLOADS, pairs, places_in, with_junk
from tests.service.conftest import Service, platform, raw
from tests.service.wire import Headers, ask, exchange, head

pytestmark = pytest.mark.local

BRISK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
NAMES = sorted(PLATFORMS)
BYTES = "application/octet-stream"  # what API Gateway hands over untouched
DEEP = b'{"object":' + b"[" * 50_000
BODIES = {
    "nothing": b"",
    "NUL": b"\x00",
    "NUL in JSON": b'{"object": "\x00"}',
    "no UTF-8": b"\xff\xfe\xfa{}",
    "half a character": b'{"object": "\xf0\x9f"}',
    "gzip": gzip.compress(b'{"object": "page"}'),
    "a megabyte": b"x" * 1_000_000,
    "a megabyte of JSON": b'{"object": "' + b"x" * 1_000_000 + b'"}',
    "deep": DEEP,
    "many digits": b'{"object": ' + b"9" * 9000 + b"}",
    "not a number": b'{"object": NaN}',
    "half an emoji": b'{"object": "\\ud83d"}',
    "a list": b"[]",
    "null": b"null",
    "a form": b"object=page&entry=1",
    "a byte order mark": b"\xef\xbb\xbf{}",
}
TYPES = [
    "",
    "*",
    "x",
    "application/json",
    "text/html; charset=latin-1",
    "multipart/form-data; boundary=\xe9",
    "a" * 5000,
]
TARGETS = [
    *("/", "//", "/health", "/health/", "/webhooks", "/webhooks/", "/webhooks//", "/webhooks/%", "/webhooks/%00"),
    *(
        "/webhooks/%2e%2e%2fhealth",
        "/webhooks/../health",
        "/webhooks/x/y",
        "/webhooks/X",
        "/webhooks/\xe9",
        "/webhooks/[",
    ),
    *("http://[/webhooks/x", "http://[::1/webhooks/x", "//[/webhooks/x", "*", "?", "/webhooks/" + "a" * 9000),
    *("/webhooks/x?crc_token", "/webhooks/x?crc_token=%ff", "/webhooks/facebook?hub.mode=subscribe&hub.challenge=%00"),
    *(
        "/webhooks/x?" + "&".join(f"a{number}=1" for number in range(2000)),
        "/webhooks/x?=&&==&%=%",
        "/webhooks/x;p?q#f",
    ),
]
METHODS = [
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "get",
    "x-1",
    "__init__",
]

SEEN = st.characters(codec="latin-1", exclude_categories=("Cc", "Zs"), exclude_characters="\xad")
VALUE = st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=60)
HEADER_NAME = st.sampled_from(
    ["Content-Type", "X-Hub-Signature", "X-Hub-Signature-256", "X-Twitter-Webhooks-Signature"]
)
HEADER_NAME |= st.sampled_from(["Webhook-Signature", "Webhook-Id", "Webhook-Timestamp", "Accept", "Cookie", "X-Other"])
PLACE = (
    st.sampled_from(NAMES) | st.text(max_size=30).map(lambda text: quote(text, safe="")) | st.text(SEEN, max_size=20)
)
QUERY = st.sampled_from(["hub.mode=subscribe", "crc_token=", "hub.challenge=", "a=1&a=2"]) | st.text(SEEN, max_size=30)


def refused(status: int) -> bool:
    return 400 <= status < 500


@BRISK
@given(
    st.sampled_from(METHODS), PLACE, QUERY, st.binary(max_size=100), st.lists(st.tuples(HEADER_NAME, VALUE), max_size=5)
)
def test_whatever_a_stranger_sends_is_refused(
    service: Service, method: str, place: str, query: str, body: bytes, headers: Headers
) -> None:
    answer = ask(service.cloud.url, method, f"/webhooks/{place}?{query}", body, headers)

    assert refused(answer.status) or (method, place, answer.status) == (
        "GET",
        "x",
        200,
    )  # X's challenge asks for no token


@pytest.mark.parametrize("name", NAMES)
@BRISK
@given(body=st.binary(max_size=200) | st.sampled_from(list(BODIES.values())), value=VALUE, kind=st.sampled_from(TYPES))
def test_without_its_signature_a_delivery_is_a_401(
    service: Service, name: str, body: bytes, value: str, kind: str
) -> None:
    header = PLATFORMS[name].scheme.header
    answer = service.ask("POST", f"/webhooks/{name}", body, {"Content-Type": kind, header: value})

    assert answer.status == 401
