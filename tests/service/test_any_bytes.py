"""Whatever strangers send is refused, whatever a platform signed is kept, and nothing of it breaks the service."""

from __future__ import annotations

import gzip
import socket
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.platforms import PLATFORMS
from tests.service.conftest import Service, platform
from tests.service.wire import Headers, ask, exchange, head

pytestmark = pytest.mark.local

BRISK = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
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
    *("/", "//", "/healthy", "/health/x", "/webhooks", "/webhooks/", "/webhooks//", "/webhooks/%", "/webhooks/%00"),
    *(
        "/webhooks/%2e%2e%2fhealth",
        "/webhooks/../health",
        "/webhooks/x/y",
        "/webhooks/X",
        "/webhooks/\xe9",
        "/webhooks/[",
    ),
    *("http://[/webhooks/x", "http://[::1/webhooks/x", "//[/webhooks/x", "*", "?", "/webhooks/" + "a" * 9000),
    *("/webhooks/x?crc_token", "/webhooks/x?crc_token={%ff", "/webhooks/facebook?hub.mode=subscribe&hub.challenge=%00"),
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

TARGET = st.tuples(PLACE, QUERY).map("?".join)


def refused(status: int) -> bool:
    return 400 <= status < 500


@BRISK
@given(st.sampled_from(METHODS), TARGET, st.binary(max_size=100), st.lists(st.tuples(HEADER_NAME, VALUE), max_size=5))
def test_whatever_a_stranger_sends_is_refused(
    service: Service, method: str, target: str, body: bytes, headers: Headers
) -> None:
    answer = ask(service.cloud.url, method, f"/webhooks/{target}", body, headers)

    challenge = method == "GET" and target.startswith("x?")  # X's asks for no token
    assert refused(answer.status) or (challenge and answer.status == 200)


@pytest.mark.parametrize("name", NAMES)
@BRISK
@given(body=st.binary(max_size=200), value=VALUE, kind=st.sampled_from(TYPES))
def test_without_its_signature_a_delivery_is_a_401(
    service: Service, name: str, body: bytes, value: str, kind: str
) -> None:
    header = PLATFORMS[name].scheme.header
    answer = service.ask("POST", f"/webhooks/{name}", body, {"Content-Type": kind, header: value})

    assert answer.status == 401


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target[:30])
def test_an_odd_address_is_refused(service: Service, target: str) -> None:
    for method in ("GET", "POST"):
        answer = ask(service.cloud.url, method, target, b"{}")

        assert refused(answer.status)


def test_an_unknown_platform_is_a_404_whatever_it_is_sent(service: Service) -> None:
    for body in BODIES.values():
        answer = service.ask("POST", "/webhooks/myspace", body, {"Content-Type": BYTES})

        assert (answer.status, answer.body) == (404, b"NotFound")
    assert service.ask("GET", "/webhooks/myspace").status == 404


@pytest.mark.parametrize("name", [name for name in NAMES if PLATFORMS[name].scheme.digest])
def test_a_forged_delivery_is_a_401_whatever_its_body(service: Service, name: str) -> None:
    for body in BODIES.values():
        for kind in (BYTES, "application/json"):
            signed = platform(name).sign(body + b" ", datetime.now(UTC))

            assert service.ask("POST", f"/webhooks/{name}", body, signed | {"content-type": kind}).status == 401


@pytest.mark.parametrize("name", NAMES)
def test_headers_that_are_huge_doubled_or_many_break_nothing(service: Service, name: str) -> None:
    header = PLATFORMS[name].scheme.header
    right = list(platform(name).sign(b"{}", datetime.now(UTC)).items())
    wrong = [(header, "x" * 60_000)], [(header, "x" * 70_000)], [(header, "")] * 90, [("x-a", "y")] * 200
    statuses = [ask(service.cloud.url, "POST", f"/webhooks/{name}", b"{}", headers).status for headers in wrong]
    both = ask(service.cloud.url, "POST", f"/webhooks/{name}", b"{}", [*right, (header, "sha256=\xe9")])

    assert statuses == [401, 431, 401, 431]
    assert both.status == 401, "API Gateway shows the last of them, and it is wrong"


@pytest.mark.parametrize(
    ("length", "status"), [("1e3", 411), ("-1", 411), ("\xb2", 411), ("9" * 5000, 411), ("9" * 18, 413), ("", 411)]
)
def test_a_length_that_is_none_is_refused(service: Service, length: str, status: int) -> None:
    answer = exchange(service.cloud.url, head("POST", "/webhooks/x", [("Content-Length", length)]))

    assert answer.status == status


def test_a_body_in_chunks_is_refused_as_long_as_the_front_cannot_read_it(service: Service) -> None:
    chunks = head("POST", "/webhooks/x", [("Transfer-Encoding", "chunked")]) + b"2\r\n{}\r\n0\r\n\r\n"

    assert exchange(service.cloud.url, chunks).status == 411


def test_more_than_lambda_takes_is_a_413(service: Service) -> None:
    assert service.deliver("facebook", b"x" * 7_000_000).status == 413
    assert service.deliver("facebook", b"x" * 5_000_000, content_type=BYTES).status == 413  # as base64 it is more


def test_a_sender_that_hangs_up_half_way_harms_nobody(service: Service) -> None:
    port = int(service.cloud.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(head("POST", "/webhooks/x", [("Content-Length", "100")]) + b"{")

    assert service.ask("GET", "/health").status == 200
