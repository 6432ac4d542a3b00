"""CloudEvents over HTTP: events whose data is our Post JSON, one or many, in any of the three modes.

https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/http-protocol-binding.md ,
https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from chalicelib.body import json_value
from chalicelib.errors import BadHandshake
from chalicelib.model import Action
from chalicelib.platforms.base import Reading, each
from chalicelib.platforms.document import document
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.generic import ACTIONS, Generic
from chalicelib.ports.platform import Reply, WebhookRequest
from chalicelib.signature import Scheme

VERSION = "1.0"
ONE, MANY = "application/cloudevents+json", "application/cloudevents-batch+json"
BEARER = "Bearer "
MOST_A_MINUTE = 6000  # half of what the front lets through in all
NOT_UNDERSTOOD = Reply(415, f"send {ONE}, {MANY}, or JSON with the event's attributes in ce- headers")


def bearer_key(secret: str) -> bytes:
    """The whole header that holds this token; none for an empty one."""
    return f"{BEARER}{secret}".encode("utf-8", "surrogatepass") if secret else b""


class CloudEvents(Generic):
    """A token authenticates the sender, by header or, where it cannot be helped, in the query. An event is known by its
    source and its id; of what types there are, those that end in post.created, .updated or .deleted are read."""

    name = "cloudevents"
    scheme = Scheme(header="authorization", digest=None, key=bearer_key)
    taken = Reply(202)  # accepted, and not yet processed (http-webhook.md, 2.2)

    def is_trusted(self, request: WebhookRequest) -> bool:
        """Whether the request holds a token of ours."""
        headers = {self.scheme.header: _authorization(request)}
        return self.scheme.holds(headers, request.body, request.received_at, self.settings.secrets)

    def permit(self, request: WebhookRequest) -> Reply:
        """Let an origin of ours send, at the rate it asks for within reason. Raises BadHandshake."""
        origin, rate = (
            request.headers.get("webhook-request-origin", ""),
            request.headers.get("webhook-request-rate", ""),
        )
        if origin.casefold() not in {ours.casefold() for ours in self.settings.origins}:
            raise BadHandshake(f"{self.name}: not an origin of ours")
        asked = int(rate) if rate.isascii() and rate.isdigit() and len(rate) < 10 else MOST_A_MINUTE
        allowed = {"webhook-allowed-origin": origin, "webhook-allowed-rate": str(max(1, min(asked, MOST_A_MINUTE)))}
        return Reply(200, "", {**allowed, "allow": "POST, OPTIONS"})

    def sign(self, body: bytes, now: datetime) -> dict[str, str]:
        """The headers with which a sender would send one event, or a list of them, in structured mode."""
        return {**super().sign(body, now), "content-type": MANY if _holds_many(body) else ONE}

    def answer(self, request: WebhookRequest) -> Reply | None:
        """415 for what is no CloudEvent by its headers."""
        return None if _mode(request.headers) else NOT_UNDERSTOOD

    def opened(self, request: WebhookRequest) -> Foreign:
        """`{"events": [...]}`, whatever the mode. Raises BadPayload."""
        mode = _mode(request.headers) if "content-type" in request.headers else _guessed(request)
        if mode == MANY:
            return Foreign({"events": json_value(request.body)})
        return Foreign({"events": [document(request.body).value if mode == ONE else _binary(request)]})

    def posts(self, body: Foreign) -> Reading:
        """What each event's data holds."""
        yield from each(body.items("events"), self._event)

    def _event(self, event: Foreign) -> Reading:
        source, number, kind = event.need_id("source"), event.need_id("id"), event.need_text("type")
        if event.need_text("specversion") != VERSION:
            raise event.at("specversion").wrong(VERSION)
        action = _action(kind)
        if action is not None:
            yield from self.posts_in(_data(event), action, event.iso("time"), f"{source}|{number}")


def _mode(headers: Mapping[str, str]) -> str | None:
    """How events are written: ONE, MANY, or `binary`; None where the headers tell of no event."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in (ONE, MANY):
        return kind
    if kind.startswith("application/cloudevents"):
        return None  # XML, Avro and Protobuf
    if "ce-specversion" in headers:
        return "binary"
    return None if kind else ONE  # a body out of a file has no headers at all


def _guessed(request: WebhookRequest) -> str | None:
    """The same where no header tells the body's form."""
    mode = _mode(request.headers)
    return MANY if mode == ONE and _holds_many(request.body) else mode


def _holds_many(body: bytes) -> bool:
    return body.lstrip().startswith(b"[") and b"{" in body


def _action(kind: str) -> Action | None:
    """Types begin with the name of who defines them, in reverse: com.example.post.created."""
    return ACTIONS.get(".".join(kind.split(".")[-2:]))


def _binary(request: WebhookRequest) -> dict[str, Any]:
    """The event whose attributes are headers and whose data is the body (http-protocol-binding.md, 3.1)."""
    event: dict[str, Any] = {
        name.removeprefix("ce-"): unquote(value) for name, value in request.headers.items() if name.startswith("ce-")
    }
    kind = request.headers.get("content-type")
    is_ours = _action(event.get("type", "")) is not None and _is_json(kind)
    return {**event, "datacontenttype": kind, "data": json_value(request.body) if is_ours else None}


def _data(event: Foreign) -> Foreign:
    """The data of a structured event, which may be JSON wrapped in base64."""
    if not _is_json(event.text("datacontenttype")):
        raise event.at("datacontenttype").wrong("JSON, since a post is written in it")
    packed = event.text("data_base64")
    if packed is None:
        return event.at("data")
    try:
        return Foreign(json_value(base64.b64decode(packed, validate=True)), f"{event.where}.data_base64")
    except ValueError:
        raise event.at("data_base64").wrong("base64") from None


def _is_json(kind: str | None) -> bool:
    media = (kind or "application/json").partition(";")[0].strip().lower()
    return media.endswith(("/json", "+json"))


def _authorization(request: WebhookRequest) -> str:
    """The header, or what it would be for a token in the query; the scheme's name may be in either case."""
    given = request.headers.get("authorization")
    if given is None:
        return BEARER + request.query["access_token"] if "access_token" in request.query else ""
    scheme, _, token = given.partition(" ")
    return BEARER + token if scheme.lower() == "bearer" else given
