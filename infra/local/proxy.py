"""HTTP requests as API Gateway hands them to a function, and its answers back.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html (REST API)
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import uuid4

from infra.local.worker import Invocation

STAGE = "local"


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """As it came over the wire; `headers` in their order, `target` with its query."""

    method: str
    target: str
    headers: Sequence[tuple[str, str]]
    body: bytes = b""
    source_ip: str = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What goes back over the wire."""

    status: int
    body: bytes = b""
    headers: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Routes:
    """Chalice's own routes: methods by path, with its placeholders; and the media types that stay bytes."""

    methods: Mapping[str, Iterable[str]]
    binary_types: Sequence[str] = ()

    def find(self, method: str, path: str) -> tuple[str, dict[str, str]] | None:
        """The route's path and its parameters; paths without placeholders come first, as on AWS."""
        for route in sorted(self.methods, key=lambda item: item.count("{")):
            parameters = _parameters(route, path)
            if parameters is not None and method in self.methods[route]:
                return route, parameters
        return None

    def is_binary(self, content_type: str) -> bool:
        """Whether API Gateway passes such a body as base64."""
        media = content_type.partition(";")[0].strip().lower()
        return any(fnmatchcase(media, kind) for kind in self.binary_types)


@dataclass(slots=True)
class _Fields:
    """A header or query field in both forms of the event: the last value, and all."""

    single: dict[str, str] = field(default_factory=dict)
    multiple: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> _Fields:
        fields = cls()
        for name, value in pairs:
            fields.single[name] = value
            fields.multiple.setdefault(name, []).append(value)
        return fields


def event(request: HttpRequest, routes: Routes) -> dict[str, Any] | None:
    """The proxy event; None when no route takes this method and path."""
    parts = urlsplit(request.target)
    found = routes.find(request.method, parts.path)
    if found is None:
        return None
    route, parameters = found
    headers = _Fields.of(request.headers)
    query = _Fields.of(parse_qsl(parts.query, keep_blank_values=True))
    body, encoded = _encode(request, routes)
    return {
        "resource": route,
        "path": unquote(parts.path),
        "httpMethod": request.method,
        "headers": headers.single,
        "multiValueHeaders": headers.multiple,
        "queryStringParameters": query.single or None,
        "multiValueQueryStringParameters": query.multiple or None,
        "pathParameters": parameters or None,
        "stageVariables": None,
        "requestContext": _context(request, route, parts.path),
        "body": body,
        "isBase64Encoded": encoded,
    }


def answer(invocation: Invocation) -> HttpAnswer:
    """What the caller sees; what is not a proxy answer is a 502, as on AWS."""
    payload = invocation.payload
    if invocation.error is not None:
        late = invocation.error.get("errorType") == "Sandbox.Timedout"
        return problem(504, "Endpoint request timed out") if late else problem(502, "Internal server error")
    try:
        text = _given(payload, "body", "")
        body = base64.b64decode(text, validate=True) if payload.get("isBase64Encoded") else text.encode()
        return HttpAnswer(int(payload["statusCode"]), body, _answer_headers(payload))
    except (AttributeError, KeyError, TypeError, ValueError, binascii.Error):
        return problem(502, "Internal server error")


def problem(status: int, message: str) -> HttpAnswer:
    """An answer of API Gateway's own."""
    return HttpAnswer(status, f'{{"message":"{message}"}}'.encode(), (("Content-Type", "application/json"),))


def _parameters(route: str, path: str) -> dict[str, str] | None:
    wanted, given = route.strip("/").split("/"), path.strip("/").split("/")
    if len(wanted) != len(given):
        return None
    pairs = list(zip(wanted, given, strict=True))
    if any(not part if name.startswith("{") else unquote(part) != name for name, part in pairs):
        return None
    return {name[1:-1]: unquote(part) for name, part in pairs if name.startswith("{")}


def _encode(request: HttpRequest, routes: Routes) -> tuple[str | None, bool]:
    if not request.body:
        return None, False
    kinds = [value for name, value in request.headers if name.lower() == "content-type"]
    if routes.is_binary(kinds[-1] if kinds else "application/json"):
        return base64.b64encode(request.body).decode(), True
    return request.body.decode("utf-8", "replace"), False


def _context(request: HttpRequest, route: str, path: str) -> dict[str, Any]:
    agents = [value for name, value in request.headers if name.lower() == "user-agent"]
    return {
        "resourcePath": route,
        "httpMethod": request.method,
        "path": path,  # as behind a domain of one's own: the stage is in no address here
        "stage": STAGE,
        "protocol": "HTTP/1.1",
        "accountId": "000000000000",
        "apiId": "local",
        "requestId": str(uuid4()),
        "identity": {"sourceIp": request.source_ip, "userAgent": agents[-1] if agents else None},
    }


def _answer_headers(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    headers = {str(name): [str(value)] for name, value in _given(payload, "headers", {}).items()}
    many = {
        str(name): [str(item) for item in items] for name, items in _given(payload, "multiValueHeaders", {}).items()
    }
    return [(name, value) for name, values in {**headers, **many}.items() for value in values]


def _given(payload: Mapping[str, Any], key: str, default: Any) -> Any:
    """A field, or the default when it is absent or null; a wrong one shows when it is used."""
    value = payload.get(key)
    return default if value is None else value
