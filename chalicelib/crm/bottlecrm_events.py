"""What BottleCRM's event webhooks tell (its Settings, Webhooks; format `Signed JSON`).

Signed as `t=<unix>,v1=<hex>`: HMAC-SHA256 of "<unix>.<body>". Each attempt is signed anew; `id` stays the same, and by
it an event counts once. Internal notes, and so ours, are never sent; what changed a case is not told, only how it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.body import json_value
from chalicelib.codec import instant
from chalicelib.crm.rendering import MARK
from chalicelib.errors import BadPayload, BadSignature
from chalicelib.model import CrmEvent, Happened
from chalicelib.ports.platform import WebhookRequest
from chalicelib.signature import Scheme

SCHEME = Scheme(header="x-bottlecrm-signature", ahead="{t}.", part="v1")
UPDATED, COMMENTED = "ticket.updated", "ticket.comment_added"


def heard(request: WebhookRequest, secret: str, meanings: Mapping[str, Happened]) -> list[CrmEvent]:
    """The events of one delivery. Raises BadSignature or BadPayload."""
    if not SCHEME.holds(request.headers, request.body, request.received_at, (secret,)):
        raise BadSignature("bottlecrm: not signed with our webhook's secret")
    try:
        body = json_value(request.body)
        event = _event(body, body["data"], meanings)
    except (BadPayload, ValueError, KeyError, TypeError, AttributeError):
        raise BadPayload("bottlecrm: not an event of a ticket") from None
    return [event] if event else []


def _event(body: dict[str, Any], data: dict[str, Any], meanings: Mapping[str, Happened]) -> CrmEvent | None:
    kind, seen, at = str(body["event"]), str(body["id"]), body["created_at"]
    if kind == COMMENTED:
        ours = MARK in str(data["comment"])  # our own note, made public by somebody
        replied = data["commented_by"] is not None and not ours  # else a customer wrote it, in the portal
        return CrmEvent(seen, Happened.ANSWERED, instant(at), crm_ref=str(data["ticket_id"])) if replied else None
    happened = meanings.get(data["status"]) if kind == UPDATED else None
    return CrmEvent(seen, happened, instant(at), crm_ref=str(data["id"])) if happened else None
