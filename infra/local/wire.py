"""The little HTTP that awslambdaric speaks with its runtime: one request at a time on a connection kept alive."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass

HEAD_LIMIT = 1 << 20


class Disconnected(Exception):
    """The other side closed the connection."""


@dataclass(frozen=True, slots=True)
class Message:
    """A request of the runtime; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


def receive(connection: socket.socket) -> Message:
    """Read one request. Raises Disconnected, or TimeoutError after the socket's time-out."""
    head, body = _read_head(connection)
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if headers.get("expect", "").lower() == "100-continue":
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    missing = int(headers.get("content-length", "0")) - len(body)
    return Message(method, path, headers, body + _read_exactly(connection, missing))


def answer(status: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """One answer as one packet: with head and body apart, Nagle and delayed acks cost 40 ms and more each."""
    lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
    head = f"HTTP/1.1 {status}\r\n{''.join(lines)}Content-Length: {len(body)}\r\n\r\n"
    return head.encode("latin-1") + body


def _read_head(connection: socket.socket) -> tuple[bytes, bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        if len(data) > HEAD_LIMIT:
            raise Disconnected("the head of the request has no end")
        data += _read_some(connection, 65536)
    head, _, rest = data.partition(b"\r\n\r\n")
    return head, rest


def _read_exactly(connection: socket.socket, size: int) -> bytes:
    chunks = []
    while size > 0:
        chunks.append(_read_some(connection, min(size, 1 << 20)))
        size -= len(chunks[-1])
    return b"".join(chunks)


def _read_some(connection: socket.socket, size: int) -> bytes:
    try:
        data = connection.recv(size)
    except ConnectionError as error:
        raise Disconnected(str(error)) from error
    if not data:
        raise Disconnected("closed")
    return data
