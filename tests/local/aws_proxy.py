"""A proxy before AWS's services that knows who asks which of them for what."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.local.cutting_proxy import CuttingProxy, answer

TYPE = "application/x-amz-json-1.0"
SET_ANEW = ("host", "content-length", "connection")
PASSED = ("content-type", "x-amz-crc32", "x-amzn-requestid", "x-amzn-query-error")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to AWS: by which function (the name it signs as), of which service, for what."""

    function: str
    service: str
    operation: str
    body: Any


class AwsProxy(CuttingProxy):
    """Stands before the services at `target()`, which need not be there yet when it starts."""

    def __init__(self, target: Callable[[], str]) -> None:
        super().__init__("")
        self._where = target

    def ask(self, handler: BaseHTTPRequestHandler, raw: bytes) -> Any:
        """The services' own answer."""
        headers = {name: value for name, value in handler.headers.items() if name.lower() not in SET_ANEW}
        return self._upstream.request(handler.command, self._where() + handler.path, headers=headers, body=raw)

    def hand_on(self, handler: BaseHTTPRequestHandler, raw: bytes, is_lost: bool = False) -> Any:
        """The services' answer, handed back unless it `is_lost` on the way."""
        told = self.ask(handler, raw)
        if is_lost:
            handler.close_connection = True
        else:
            kept = {name: told.headers[name] for name in PASSED if name in told.headers}
            answer(handler, told.status, kept, told.data)
        return told


def read(handler: BaseHTTPRequestHandler) -> tuple[Asked, bytes]:
    """What is asked, and its bytes."""
    raw = handler.rfile.read(int(handler.headers.get("content-length", 0)))
    return asked_by(handler, raw), raw


def asked_by(handler: BaseHTTPRequestHandler, raw: bytes) -> Asked:
    """Who asks for what. `Credential=<who>/<day>/<region>/<service>/aws4_request` is in the signature."""
    scope = handler.headers.get("authorization", "").partition("Credential=")[2].split("/")
    function, service = (scope[0], scope[3]) if len(scope) > 3 else ("?", "?")
    # CloudWatch is asked in CBOR, by the path: /service/GraniteServiceVersion20100801/operation/GetMetricStatistics
    operation = handler.headers.get("x-amz-target", "").rpartition(".")[2] or handler.path.partition("/operation/")[2]
    try:
        return Asked(function, service, operation, json.loads(raw))
    except ValueError:
        return Asked(function, service, operation, None)
