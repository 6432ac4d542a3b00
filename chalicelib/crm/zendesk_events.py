"""What Zendesk's event webhooks tell: https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events/

Signed as https://developer.zendesk.com/documentation/webhooks/verifying/ tells: base64 of HMAC-SHA256 over the
timestamp header and the body.
"""

from __future__ import annotations

from typing import Any

from chalicelib.body import json_value
from chalicelib.codec import instant
from chalicelib.crm.rendering import MARK
from chalicelib.errors import BadPayload, BadSignature
from chalicelib.model import CrmEvent, Happened
from chalicelib.ports.platform import WebhookRequest
from chalicelib.signature import Scheme

SCHEME = Scheme(
    header="x-zendesk-webhook-signature", encoding="base64", ahead="{x-zendesk-webhook-signature-timestamp}"
)
STATUS, COMMENT, GROUP, MERGED = (
    "ticket.status_changed",
    "ticket.comment_added",
    "ticket.group_assignment_changed",
    "ticket.merged",
)
ENDED = {"SOLVED": Happened.CLOSED, "CLOSED": Happened.CLOSED}


def heard(request: WebhookRequest, secret: str) -> list[CrmEvent]:
    """The events of one delivery. Raises BadSignature or BadPayload."""
    if not SCHEME.holds(request.headers, request.body, request.received_at, (secret,)):
        raise BadSignature("zendesk: not signed with our webhook's secret")
    try:
        body = json_value(request.body)
        return list(_events(body))
    except (BadPayload, ValueError, KeyError, TypeError, AttributeError):
        raise BadPayload("zendesk: not an event of a ticket") from None


def _events(body: dict[str, Any]) -> list[CrmEvent]:
    kind = str(body["type"]).removeprefix("zen:event-type:")
    change, ticket = body["event"], body["detail"]
    happened = _happened(kind, change)
    if happened is None:
        return []
    at = instant(body["time"])
    into = str(change.get("target_ticket_id") or change["current"]) if happened is Happened.MERGED else None
    team = str(change["current"]) if happened is Happened.REASSIGNED else None
    return [CrmEvent(str(body["id"]), happened, at, ticket.get("external_id") or None, str(ticket["id"]), into, team)]


def _happened(kind: str, event: dict[str, Any]) -> Happened | None:
    if kind == COMMENT:
        comment = event["comment"]
        ours = MARK in str(comment.get("body", ""))  # our own note coming back
        return Happened.ANSWERED if comment["is_public"] and comment["author"]["is_staff"] and not ours else None
    if kind == STATUS:
        before, now = str(event["previous"]).upper(), str(event["current"]).upper()
        if now in ENDED:
            return Happened.CLOSED if before not in ENDED else None
        return Happened.REOPENED if before in ENDED else None
    if kind == MERGED:  # where the target is not told, the status says that it is closed
        return Happened.MERGED if event.get("target_ticket_id") or event.get("current") else None
    return Happened.REASSIGNED if kind == GROUP and event.get("current") else None
