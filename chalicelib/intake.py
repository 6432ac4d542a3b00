"""What comes in: deliveries, handshakes, wishes to be forgotten, what people did in the CRM. Senders wait meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.errors import SettingsError, Unavailable
from chalicelib.log import Log
from chalicelib.ports.platform import Reply, WebhookRequest
from chalicelib.wiring import Wiring

if TYPE_CHECKING:
    from chalicelib.pipeline.receive import Received


def take_delivery(parts: Wiring, log: Log, platform: str, request: WebhookRequest) -> Reply:
    """A delivery of a platform; its posts are queued when this returns. Raises Rejected, Unavailable, SettingsError."""
    from chalicelib.pipeline.receive import receive

    sender = parts.platform(platform)
    received = receive(sender, parts.queue, request)
    if erasure := sender.forgets(request):
        parts.erasures.ask(erasure)
        log.info("deletion.asked", platform=platform)
    if received.parked:
        log.error("webhook.parked", platform=platform, why=received.parked)
    # How many, not of which types: those are the sender's words, and stand in the table only.
    skipped = sum((received.skipped or {}).values())
    log.info(
        "webhook.received",
        platform=platform,
        posts=received.posts,
        skipped=skipped or None,
        post_ids=received.post_ids or None,
    )
    if received.skipped is not None:
        _note(parts, log, platform, request, received)
    return received.reply


def shake_hands(parts: Wiring, log: Log, platform: str, request: WebhookRequest) -> Reply:
    """A GET or an OPTIONS by which a platform asks whether we are here. Raises Rejected, Unavailable, SettingsError."""
    asked = parts.platform(platform)
    if request.method != "GET":
        return asked.permit(request)
    from chalicelib.pipeline.subscribing import shake

    shaken = shake(asked, lambda: parts.leases, request)
    if shaken.grant:
        told = log.info if shaken.grant.lasts else log.error
        told("subscription.granted" if shaken.grant.lasts else "subscription.denied", subscription=shaken.grant.name)
    return shaken.reply


def note_deletion(parts: Wiring, log: Log, platform: str, request: WebhookRequest, path: str) -> Reply:
    """A person's wish to be forgotten; `path` is where we were called. Raises Rejected, Unavailable, SettingsError."""
    from chalicelib.pipeline import wishes

    # Where we are called is where the page is: the path as the caller wrote it, stage or base path included.
    before = path.partition("/webhooks/")[0]
    base = f"{request.headers.get('x-forwarded-proto', 'http')}://{request.headers.get('host', '')}{before}"
    reply = wishes.note(parts.platform(platform), parts.erasures, request, base)
    log.info("deletion.asked", platform=platform)
    return reply


def heed_crm(parts: Wiring, log: Log, name: str, request: WebhookRequest) -> Reply:
    """What people did with cases in a CRM. Raises Rejected, Unavailable, SettingsError."""
    from chalicelib.pipeline.hear import hear

    heeded = hear(parts.crm(name), parts.back_channel, parts.queue, request)
    if heeded.parked:
        log.error("crm.parked", crm=name, why=heeded.parked)
    log.info("crm.heard", crm=name, events=heeded.events, moved=heeded.moved)
    return Reply(200, "ok")


def _note(parts: Wiring, log: Log, platform: str, request: WebhookRequest, received: Received) -> None:
    """When it was heard; the delivery is taken whether or not that can be written down."""
    try:
        parts.ear.note(platform, request.received_at, received.posts, received.skipped or {})
    except (Unavailable, SettingsError) as trouble:
        log.warning("hearing.unwritten", platform=platform, why=str(trouble))
