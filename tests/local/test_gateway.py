"""The HTTP front before a real Chalice app in a real Lambda runtime."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path

import pytest

from infra.local.gateway import Gateway, routes_of
from infra.local.process import CloudError, environment
from infra.local.runtime import Function
from tests.local.conftest import ROOT

pytestmark = pytest.mark.local


@pytest.fixture(scope="module")
def function(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Function]:
    folder: Path = tmp_path_factory.mktemp("gateway")
    made = Function("api", "tests.local.handlers.app", env=environment(ROOT, folder), root=ROOT, logs=folder)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def gateway(function: Function) -> Iterator[Gateway]:
    made = Gateway(function, routes_of("tests.local.handlers.app"), None)
    yield made
    made.stop()


@pytest.fixture
def connection(gateway: Gateway) -> Iterator[HTTPConnection]:
    made = HTTPConnection(gateway.url.removeprefix("http://"), timeout=20)
    yield made
    made.close()


def ask(connection: HTTPConnection, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, bytes]:
    connection.request(method, path, body or None, {"Content-Type": kind} if kind else {})
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_an_emoji_arrives_as_the_bytes_that_were_signed(connection: HTTPConnection) -> None:
    body = '{"text": "my router 😡 zürnt"}'.encode()
    status, answer = ask(connection, "POST", "/echo/acme", body, "application/json")

    assert status == 200
    assert json.loads(answer)["sha256"] == sha256(body).hexdigest()


def test_a_binary_type_arrives_byte_for_byte(connection: HTTPConnection) -> None:
    body = os.urandom(1000)
    _, answer = ask(connection, "POST", "/echo/acme", body, "application/octet-stream")

    assert json.loads(answer)["sha256"] == sha256(body).hexdigest()


def test_broken_utf8_arrives_with_replacement_characters(connection: HTTPConnection) -> None:
    _, answer = ask(connection, "POST", "/echo/acme", b"a\xffb", "application/json")

    assert json.loads(answer)["sha256"] == sha256("a\N{REPLACEMENT CHARACTER}b".encode()).hexdigest()


def test_a_binary_answer_leaves_as_bytes(connection: HTTPConnection) -> None:
    connection.request("GET", "/picture", headers={"Accept": "image/png"})
    answer = connection.getresponse()

    assert (answer.status, answer.read()) == (200, bytes(range(256)))


def test_five_megabytes_arrive(connection: HTTPConnection) -> None:
    status, answer = ask(connection, "POST", "/echo/acme", b"x" * 5_000_000, "text/plain")

    assert (status, json.loads(answer)["size"]) == (200, 5_000_000)


@pytest.mark.parametrize("size", [7_000_000, 10 * 1024 * 1024 + 1])
def test_a_body_over_the_limits_is_a_413(connection: HTTPConnection, size: int) -> None:
    status, answer = ask(connection, "POST", "/echo/acme", b"x" * size, "text/plain")

    assert (status, json.loads(answer)) == (413, {"message": "Request Too Long"})


def test_placeholders_and_queries_arrive_decoded(connection: HTTPConnection) -> None:
    _, answer = ask(connection, "GET", "/echo/a%20b?hub.mode=subscribe&n=1&n=2")

    assert json.loads(answer)["name"] == "a b"
    assert json.loads(answer)["query"] == {"hub.mode": ["subscribe"], "n": ["1", "2"]}


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/nowhere"), ("PUT", "/echo/x"), ("POST", "/echo/"), ("GET", "//")]
)
def test_what_no_route_takes_is_a_403_as_on_api_gateway(connection: HTTPConnection, method: str, path: str) -> None:
    status, answer = ask(connection, method, path)

    assert (status, json.loads(answer)) == (403, {"message": "Missing Authentication Token"})


def test_a_function_that_dies_is_a_502_and_the_next_request_works(connection: HTTPConnection) -> None:
    first, _ = ask(connection, "POST", "/die", b"{}", "application/json")
    second, _ = ask(connection, "GET", "/echo/again")

    assert (first, second) == (502, 200)


def test_a_connection_is_kept_for_the_next_request(connection: HTTPConnection) -> None:
    ask(connection, "GET", "/echo/one")
    kept = connection.sock
    ask(connection, "GET", "/echo/two")

    assert kept is not None
    assert connection.sock is kept


def test_a_body_of_unknown_length_is_a_411(gateway: Gateway) -> None:
    port = int(gateway.url.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as plain:
        plain.sendall(b"POST /echo/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        answer = plain.recv(1000)

    assert answer.startswith(b"HTTP/1.1 411 ")


def test_a_taken_port_is_named(function: Function, gateway: Gateway) -> None:
    port = int(gateway.url.rsplit(":", 1)[1])

    with pytest.raises(CloudError, match=f"port {port} of 127.0.0.1 is taken"):
        Gateway(function, routes_of("tests.local.handlers.app"), port)
