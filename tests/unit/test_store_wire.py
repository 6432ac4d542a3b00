"""The thin client of DynamoDB against a server of ours that misbehaves as networks and AWS do."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from chalicelib.stores.wire import HASTY, PATIENT, Patience, Wire, endpoint_of

KEYS = Credentials("AKIDEXAMPLE", "secret", "session-token")
THROTTLED = (400, {"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "slower"})
REFUSED = (400, {"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", "message": "no"})


@dataclass
class Service:
    """Answers in turn; None hangs up without an answer. What is not listed is answered with 200 and `{}`."""

    url: str = ""
    answers: list[tuple[int, Any] | None] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    damaged: bool = False
    seconds: float = 0


@contextmanager
def serving(service: Service) -> Iterator[Service]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 1  # a kept connection must not outlive its test

        def do_POST(self) -> None:
            service.asked.append({name.lower(): value for name, value in self.headers.items()})
            service.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            time.sleep(service.seconds)
            answer = service.answers.pop(0) if service.answers else (200, {})
            if answer is None:
                self.close_connection = True
                return
            status, data = answer
            body = data if isinstance(data, bytes) else json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("x-amz-crc32", str(zlib.crc32(b"other" if service.damaged else body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Tests are quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        service.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def service() -> Iterator[Service]:
    with serving(Service()) as running:
        yield running


@pytest.fixture
def wire(service: Service) -> Wire:
    return Wire(service.url, "eu-west-1", KEYS, pause=lambda seconds: None)


def test_a_call_is_signed_and_carries_its_arguments_as_json(service: Service, wire: Wire) -> None:
    service.answers = [(200, {"Item": {"pk": {"S": "a"}}})]

    answer = wire.get_item(TableName="posts", Key={"pk": {"S": "a"}})

    assert answer == {"Item": {"pk": {"S": "a"}}}
    assert service.bodies == [{"TableName": "posts", "Key": {"pk": {"S": "a"}}}]
    asked = service.asked[0]
    assert asked["x-amz-target"] == "DynamoDB_20120810.GetItem"
    assert asked["x-amz-security-token"] == "session-token"
    assert asked["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
    assert "/eu-west-1/dynamodb/aws4_request" in asked["authorization"]


def test_a_lost_answer_is_asked_for_again(service: Service, wire: Wire) -> None:
    service.answers = [None, (200, {"ok": True})]

    assert wire.put_item(TableName="posts") == {"ok": True}
    assert len(service.bodies) == 2


def test_a_hasty_call_is_made_once_and_waits_for_nobody(service: Service) -> None:
    hasty = Wire(service.url, "eu-west-1", KEYS, patience=HASTY)
    service.answers = [THROTTLED]

    with pytest.raises(ClientError):
        hasty.update_item(TableName="posts")
    service.answers = [None]
    with pytest.raises(EndpointConnectionError):
        Wire(service.url, "eu-west-1", KEYS, patience=HASTY).update_item(TableName="posts")

    assert len(service.bodies) == 2
    assert HASTY.connect + HASTY.read < 1  # LINE gives two seconds for all


@pytest.mark.parametrize("patience", [HASTY, PATIENT])
def test_a_kept_connection_that_was_closed_meanwhile_costs_a_call_nothing(service: Service, patience: Patience) -> None:
    """As a warm function finds it after minutes of sleep."""
    pauses: list[float] = []
    wire = Wire(service.url, "eu-west-1", KEYS, pauses.append, patience=patience)
    wire.update_item(TableName="posts")
    service.answers = [None, (200, {"ok": True})]

    assert wire.update_item(TableName="posts") == {"ok": True}
    assert (len(service.bodies), pauses) == (3, [])


def test_a_closed_connection_is_opened_once_more_and_not_again_and_again(service: Service) -> None:
    hasty = Wire(service.url, "eu-west-1", KEYS, patience=HASTY)
    hasty.update_item(TableName="posts")
    service.answers = [None, None]

    with pytest.raises(EndpointConnectionError):
        hasty.update_item(TableName="posts")

    assert len(service.bodies) == 3


def test_a_service_that_is_slow_on_a_kept_connection_is_not_asked_again(service: Service) -> None:
    hasty = Wire(service.url, "eu-west-1", KEYS, patience=Patience(0.3, 0.05, 1))
    hasty.update_item(TableName="posts")
    service.seconds = 0.3

    with pytest.raises(EndpointConnectionError):
        hasty.update_item(TableName="posts")

    assert len(service.bodies) == 2


def test_a_throttled_call_is_made_again_after_a_pause(service: Service) -> None:
    pauses: list[float] = []
    service.answers = [THROTTLED, THROTTLED]

    Wire(service.url, "eu-west-1", KEYS, pauses.append).update_item(TableName="posts")

    assert len(pauses) == 2


def test_a_service_that_throttles_on_is_told_in_its_own_words(service: Service, wire: Wire) -> None:
    service.answers = [THROTTLED] * 3

    with pytest.raises(ClientError) as caught:
        wire.query(TableName="posts")

    assert caught.value.response["Error"] == {"Code": "ThrottlingException", "Message": "slower"}


def test_a_condition_that_does_not_hold_is_not_asked_again(service: Service, wire: Wire) -> None:
    service.answers = [REFUSED]

    with pytest.raises(ClientError, match="ConditionalCheckFailedException"):
        wire.put_item(TableName="posts")

    assert len(service.bodies) == 1


def test_the_reasons_of_a_cancelled_transaction_come_through(service: Service, wire: Wire) -> None:
    reasons = [{"Code": "None"}, {"Code": "ConditionalCheckFailed"}]
    cancelled = {"__type": "x#TransactionCanceledException", "Message": "cancelled", "CancellationReasons": reasons}
    service.answers = [(400, cancelled)]

    with pytest.raises(ClientError) as caught:
        wire.transact_write_items(TransactItems=[])

    assert caught.value.response["CancellationReasons"] == reasons


def test_an_answer_damaged_on_its_way_is_not_believed(service: Service, wire: Wire) -> None:
    service.damaged = True

    with pytest.raises(EndpointConnectionError):
        wire.get_item(TableName="posts")


@pytest.mark.parametrize("answer", [(200, b"<html>"), (502, b"Bad Gateway")])
def test_what_is_not_json_is_no_answer(service: Service, wire: Wire, answer: tuple[int, bytes]) -> None:
    service.answers = [answer] * 3

    with pytest.raises((EndpointConnectionError, ClientError)):
        wire.get_item(TableName="posts")

    assert len(service.bodies) == 3


def test_nobody_there_is_told_as_botocore_tells_it() -> None:
    with serving(Service()) as gone:
        url = gone.url

    with pytest.raises(EndpointConnectionError, match="127"):
        Wire(url, "eu-west-1", KEYS, pause=lambda seconds: None).get_item(TableName="posts")


def test_without_credentials_nothing_is_sent(service: Service) -> None:
    with pytest.raises(NoCredentialsError):
        Wire(service.url, "eu-west-1", None).get_item(TableName="posts")

    assert service.bodies == []


@pytest.mark.parametrize(
    ("region", "host"),
    [("eu-west-1", "dynamodb.eu-west-1.amazonaws.com"), ("cn-north-1", "dynamodb.cn-north-1.amazonaws.com.cn")],
)
def test_the_address_is_the_regions(region: str, host: str) -> None:
    assert endpoint_of(region) == f"https://{host}"
