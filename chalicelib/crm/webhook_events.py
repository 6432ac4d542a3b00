"""What a receiver of our webhook tells back, signed as Standard Webhooks ask: cases answered, closed, opened again.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from chalicelib.codec import instant
from chalicelib.errors import BadPayload, BadSignature, NotFound
from chalicelib.model import CrmEvent, Happened
from chalicelib.ports import WebhookRequest

TOLERANCE = timedelta(minutes=5)
KINDS = {f"case.{happened.value}": happened for happened in Happened}


def signature(secret: bytes, key: str, stamp: str, body: bytes) -> str:
    """The signature of one message, with one secret."""
    signed = f"{key}.{stamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()


def heard(request: WebhookRequest, secrets: Sequence[bytes]) -> list[CrmEvent]:
    """The event of one delivery; none where its type is not of `KINDS`. Raises BadSignature, BadPayload, NotFound."""
    if not secrets:
        raise NotFound("crms.webhook.event_secrets is not set")
    key = _verified(request, secrets)
    try:
        body = json.loads(request.body)
        happened = KINDS.get(body["type"])
        if happened is None:
            return []
        data = body["data"]
        at, case_id = instant(body["timestamp"], "timestamp"), str(data["case"]["id"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadPayload("webhook: expected type, timestamp and data.case.id") from None
    return [CrmEvent(key, happened, at, case_id, into=_text(data.get("into")), team=_text(data.get("team")))]


def _verified(request: WebhookRequest, secrets: Sequence[bytes]) -> str:
    """The message's id, once it is sure whose it is and that it is no old one. Raises BadSignature."""
    key, stamp = request.headers.get("webhook-id", ""), request.headers.get("webhook-timestamp", "")
    given = [word.encode() for word in request.headers.get("webhook-signature", "").split()]
    wanted = [signature(secret, key, stamp, request.body).encode() for secret in secrets]
    if not key or not any(hmac.compare_digest(one, other) for one in wanted for other in given):
        raise BadSignature("webhook: not signed with one of our event secrets")
    if not stamp.isdecimal() or abs(_moment(stamp) - request.received_at) > TOLERANCE:
        raise BadSignature("webhook: signed at another time")
    return key


def _moment(stamp: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(stamp), UTC)
    except (ValueError, OverflowError, OSError):
        raise BadSignature("webhook: signed at no time") from None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
