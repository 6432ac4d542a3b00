"""What a receiver of our webhook tells back, signed as Standard Webhooks ask: cases answered, closed, opened again.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.body import json_value
from chalicelib.codec import instant
from chalicelib.errors import BadPayload, BadSignature, NotFound
from chalicelib.model import CrmEvent, Happened
from chalicelib.ports.platform import WebhookRequest
from chalicelib.signature import STANDARD_WEBHOOKS

KINDS = {f"case.{happened.value}": happened for happened in Happened}


def heard(request: WebhookRequest, secrets: Sequence[str]) -> list[CrmEvent]:
    """The event of one delivery; none where its type is not of `KINDS`. Raises BadSignature, BadPayload, NotFound."""
    if not secrets:
        raise NotFound("crms.webhook.event_secrets is not set")
    key = _verified(request, secrets)
    try:
        body = json_value(request.body)
        happened = KINDS.get(body["type"])
        if happened is None:
            return []
        data = body["data"]
        at, case_id = instant(body["timestamp"], "timestamp"), str(data["case"]["id"])
    except (BadPayload, ValueError, KeyError, TypeError):
        raise BadPayload("webhook: expected type, timestamp and data.case.id") from None
    return [CrmEvent(key, happened, at, case_id, into=_text(data.get("into")), team=_text(data.get("team")))]


def _verified(request: WebhookRequest, secrets: Sequence[str]) -> str:
    """The message's id, once it is sure whose it is and that it is no old one. Raises BadSignature."""
    key = request.headers.get("webhook-id", "")
    if not key or not STANDARD_WEBHOOKS.holds(request.headers, request.body, request.received_at, tuple(secrets)):
        raise BadSignature("webhook: not signed with one of our event secrets, or at another time")
    return key


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
