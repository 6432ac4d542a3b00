"""HTTP as anybody may write it: what a client library refuses to send is sent here."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `headers` in their order, names in lower case."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for given, value in self.headers if given == name]


def ask(url: str, method: str, target: str, body: bytes = b"", headers: Headers = ()) -> Answer:
    """One request with a body of its own length."""
    return exchange(url, head(method, target, [*headers, ("Content-Length", str(len(body)))]) + body)


def head(method: str, target: str, headers: Headers) -> bytes:
    """The head of a request, byte for byte: texts are Latin-1, as on the wire."""
    lines = [f"{method} {target} HTTP/1.1", "Host: earshot.example", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def exchange(url: str, request: bytes) -> Answer:
    """Send these bytes and read the answer until the server hangs up."""
    address, _, port = url.removeprefix("http://").partition(":")
    with socket.create_connection((address, int(port)), timeout=60) as connection:
        with suppress(ConnectionError):  # it may answer, and hang up, before it has read everything
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)  # or a server would wait for the body that a false length promises
        return _answer(_read(connection))


def _read(connection: socket.socket) -> bytes:
    read = b""
    with suppress(ConnectionError):
        while block := connection.recv(65536):
            read += block
    return read


def _answer(read: bytes) -> Answer:
    first, _, rest = read.partition(b"\r\n")
    lines, _, body = rest.partition(b"\r\n\r\n")
    assert first.startswith(b"HTTP/1."), f"no answer, but {len(read)} bytes"
    pairs = [line.decode("latin-1").partition(": ") for line in lines.split(b"\r\n") if line]
    return Answer(int(first.split()[1]), tuple((name.lower(), value) for name, _, value in pairs), body)
