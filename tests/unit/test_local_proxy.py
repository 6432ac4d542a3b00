"""Requests as API Gateway hands them on, and answers back."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from infra.local.proxy import HttpRequest, Routes, answer, event
from infra.local.worker import Invocation

ROUTES = Routes(
    {"/webhooks/{platform}": ["GET", "POST"], "/webhooks/all": ["GET"], "/health": ["GET"]},
    binary_types=["application/octet-stream", "image/*"],
)


def call(method: str, target: str, body: bytes = b"", **headers: str) -> dict[str, Any] | None:
    pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return event(HttpRequest(method, target, pairs, body), ROUTES)


def test_a_placeholder_is_filled_and_a_literal_path_comes_first() -> None:
    filled, literal = call("GET", "/webhooks/x%20y?a=1"), call("GET", "/webhooks/all")

    assert filled is not None
    assert literal is not None
    assert (filled["resource"], filled["pathParameters"]) == ("/webhooks/{platform}", {"platform": "x y"})
    assert filled["requestContext"]["resourcePath"] == "/webhooks/{platform}"
    assert (literal["resource"], literal["pathParameters"]) == ("/webhooks/all", None)


@pytest.mark.parametrize("target", ["/", "/webhooks", "/webhooks/", "/webhooks/a/b", "/health/x", "*", ""])
def test_other_paths_have_no_route(target: str) -> None:
    assert call("GET", target) is None


def test_repeated_fields_are_kept_and_the_last_is_the_single_one() -> None:
    request = HttpRequest("GET", "/health?a=1&a=2&b=", [("X-A", "1"), ("X-A", "2")])
    made = event(request, ROUTES)

    assert made is not None
    assert made["multiValueHeaders"] == {"X-A": ["1", "2"]}
    assert made["headers"] == {"X-A": "2"}
    assert made["multiValueQueryStringParameters"] == {"a": ["1", "2"], "b": [""]}


@pytest.mark.parametrize(
    ("kind", "body", "encoded"),
    [
        ("application/json", "\N{POUTING FACE}", False),
        ("image/png; q=1", base64.b64encode("\N{POUTING FACE}".encode()).decode(), True),
        ("IMAGE/PNG", base64.b64encode("\N{POUTING FACE}".encode()).decode(), True),
    ],
)
def test_only_binary_types_are_encoded(kind: str, body: str, encoded: bool) -> None:
    made = call("POST", "/webhooks/x", "\N{POUTING FACE}".encode(), Content_Type=kind)

    assert made is not None
    assert (made["body"], made["isBase64Encoded"]) == (body, encoded)


def test_an_answer_has_its_status_headers_and_body() -> None:
    payload = {
        "statusCode": 201,
        "headers": {"A": "1"},
        "multiValueHeaders": {"B": ["2", "3"]},
        "body": base64.b64encode(b"\xff").decode(),
        "isBase64Encoded": True,
    }
    reply = answer(Invocation(payload=payload))

    assert (reply.status, reply.body) == (201, b"\xff")
    assert list(reply.headers) == [("A", "1"), ("B", "2"), ("B", "3")]


@pytest.mark.parametrize(
    "payload",
    [None, "ok", {}, {"statusCode": "x"}, {"statusCode": 200, "body": {}}, {"statusCode": 200, "headers": []}],
)
def test_what_is_no_proxy_answer_is_a_502(payload: Any) -> None:
    reply = answer(Invocation(payload=payload))

    assert (reply.status, reply.body) == (502, b'{"message":"Internal server error"}')


def test_a_function_error_is_a_502_and_a_timeout_a_504() -> None:
    assert answer(Invocation(error={"errorType": "ValueError"})).status == 502
    assert answer(Invocation(error={"errorType": "Sandbox.Timedout"})).status == 504
