"""A webhook that comes by the function's own address is answered as by the REST API."""

from __future__ import annotations

import base64
import io
import json
import logging
from datetime import timedelta
from typing import Any

import pytest

import app
from chalicelib import door
from chalicelib.config import company
from chalicelib.errors import Unavailable
from chalicelib.log import Lines, Log
from chalicelib.platforms import platform
from chalicelib.stores.memory import MemoryQueue
from chalicelib.wiring import now
from infra.local.samples import SETTINGS, ago, facebook_comment
from tests.unit.alarms import FILTERS, Group, is_on
from tests.unit.people import Watch


def event(method: str, path: str, *, body: bytes | None = None, query: str = "", **headers: str) -> dict[str, Any]:
    """As a function URL sends it: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html"""
    http = {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "agent"}
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {name.lower().replace("_", "-"): value for name, value in headers.items()},
        "requestContext": {"http": http, "stage": "$default", "requestId": "1", "domainName": "x.lambda-url.on.aws"},
        "body": base64.b64encode(body).decode() if body is not None else None,
        "isBase64Encoded": body is not None,
    }


class Context:
    """Lambda's."""

    aws_request_id = "made-up"
    function_name = "api_handler"


class Parts:
    """What a delivery needs."""

    def __init__(self) -> None:
        self.queue = MemoryQueue(now)
        self.ear = self

    def platform(self, name: str) -> Any:
        return platform(name, company(SETTINGS).platforms[name])

    def note(self, *given: Any) -> None:
        """Nothing."""


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> Parts:
    found = Parts()
    monkeypatch.setattr(app, "wiring", found)
    return found


def test_a_signed_delivery_is_taken_byte_for_byte(parts: Parts) -> None:
    raw = json.dumps(facebook_comment(1, ("1", "Ana"), "réfund 😱", ago(1)), ensure_ascii=False).encode()
    signed = parts.platform("facebook").sign(raw, now())

    answer = app.app(event("POST", "/webhooks/facebook", body=raw, **signed), Context())
    forged = app.app(event("POST", "/webhooks/facebook", body=raw + b" ", **signed), Context())

    assert (answer["statusCode"], forged["statusCode"]) == (200, 401)
    assert [of.text for of in parts.queue.take()] == ["réfund 😱"]


@pytest.mark.usefixtures("parts")
def test_a_handshake_has_its_query() -> None:
    query = "hub.mode=subscribe&hub.verify_token=demo-verify-token&hub.challenge=4%2B2"

    answer = app.app(event("GET", "/webhooks/facebook", query=query), Context())

    assert (answer["statusCode"], answer["body"]) == (200, "4+2")


@pytest.mark.parametrize("path", ["/", "/webhooks", "/webhooks//", "/webhooks/a/b/c", "/nothing"])
def test_a_path_that_is_not_here_is_not_found(path: str) -> None:
    assert app.app(event("GET", path), Context())["statusCode"] == 404


def test_what_is_alive_says_so_and_events_of_other_kinds_are_left_alone() -> None:
    assert app.app(event("GET", "/health"), Context())["body"] == "ok"
    assert not door.is_at_the_door({"version": "1.0", "requestContext": {}})
    assert not door.is_at_the_door({"Records": []})


def test_a_mistake_of_ours_is_a_line_that_the_alarm_on_receiving_counts(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Chalice answers 500 for any exception, and Lambda counts no error."""
    monkeypatch.setattr(parts, "platform", lambda name: 1 // 0)
    log = Log("front-of-tests", "INFO")
    monkeypatch.setattr(app.app, "log", log._logger)
    lines = logging.StreamHandler(out := io.StringIO())
    lines.setFormatter(Lines())
    log._logger.addHandler(lines)

    answer = app.app(event("POST", "/webhooks/facebook", body=b"{}"), Context())

    log._logger.removeHandler(lines)
    (line,) = [json.loads(line) for line in out.getvalue().splitlines()]
    assert answer["statusCode"] == 500
    assert line["exception"].endswith("ZeroDivisionError: integer division or modulo by zero")
    assert '$.exception = "*"' in FILTERS["DeliveriesUnavailable"]["FilterPattern"]


def test_an_unreadable_secret_rings_at_the_first_delivery_and_until_a_quarter_of_an_hour_after_the_last(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, why = Watch(), Unavailable("settings: AccessDenied")

    def unreadable(name: str) -> Any:
        raise why

    logs = Group("APIHandlerLogs", clock)
    monkeypatch.setattr(parts, "platform", unreadable)
    monkeypatch.setattr(app, "log", logs)

    answer = app.app(event("POST", "/webhooks/facebook", body=b"{}"), Context())

    rings = [is_on("ReceivingFails", clock() + timedelta(minutes=passed), logs) for passed in (0, 10, 20)]
    assert answer["statusCode"] == 503
    assert rings == [True, True, False]
