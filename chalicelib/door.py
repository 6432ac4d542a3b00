"""Requests at a function's own address, which costs nothing a request, as the REST API would hand them to Chalice.

Chalice reads API Gateway's events for REST APIs alone; a function URL (and an HTTP API) sends format 2.0:
https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

Event = Mapping[str, Any]


def is_at_the_door(event: Any) -> bool:
    """Whether it came by the function's own address."""
    return isinstance(event, Mapping) and event.get("version") == "2.0" and "requestContext" in event


def as_rest(event: Event, routes: Iterable[str]) -> dict[str, Any] | None:
    """The event in the form of a REST API; None where no route has this path. `routes` are as `/a/{name}`."""
    path = str(event.get("rawPath", "/"))
    found = _route(path, routes)
    if found is None:
        return None
    route, parameters = found
    pairs = parse_qsl(str(event.get("rawQueryString", "")), keep_blank_values=True)
    query: dict[str, list[str]] = {}
    for name, value in pairs:
        query.setdefault(name, []).append(value)
    return {
        "resource": route,
        "path": unquote(path),
        "httpMethod": event["requestContext"]["http"]["method"],
        "headers": dict(event.get("headers", {})),
        "multiValueHeaders": {name: [value] for name, value in event.get("headers", {}).items()},
        "queryStringParameters": dict(pairs) or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": parameters or None,
        "stageVariables": None,
        "requestContext": _context(event["requestContext"], route, path),
        "body": event.get("body"),
        "isBase64Encoded": bool(event.get("isBase64Encoded", False)),
    }


def _context(context: Event, route: str, path: str) -> dict[str, Any]:
    http = context["http"]
    return {
        "resourcePath": route,
        "httpMethod": http["method"],
        "path": path,
        "stage": context.get("stage", "$default"),
        "requestId": context.get("requestId"),
        "identity": {"sourceIp": http.get("sourceIp"), "userAgent": http.get("userAgent")},
    }


def _route(path: str, routes: Iterable[str]) -> tuple[str, dict[str, str]] | None:
    """Paths without placeholders come first, as on AWS."""
    for route in sorted(routes, key=lambda one: one.count("{")):
        wanted, given = route.strip("/").split("/"), path.strip("/").split("/")
        if len(wanted) != len(given):
            continue
        pairs = list(zip(wanted, given, strict=True))
        if all(part if name.startswith("{") else unquote(part) == name for name, part in pairs):
            return route, {name[1:-1]: unquote(part) for name, part in pairs if name.startswith("{")}
    return None
