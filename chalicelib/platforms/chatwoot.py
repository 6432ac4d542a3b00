"""Chatwoot: what people write into any of its inboxes (live chat, e-mail, WhatsApp, ...).

https://www.chatwoot.com/hc/user-guide/articles/1677693021-how-to-use-webhooks; signed since 4.13
(https://github.com/chatwoot/chatwoot, lib/webhooks/trigger.rb).
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.codec import instant
from chalicelib.model import Action, Author, Kind, Post
from chalicelib.platforms.base import BasePlatform, Reading
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.shared_secret import BASIC, knows_secret
from chalicelib.ports.platform import WebhookRequest
from chalicelib.signature import Scheme

EVENTS = {"message_created": Action.CREATE, "message_updated": Action.EDIT}
SIDES = {0: "incoming", 1: "outgoing", 3: "template"}  # older versions send numbers; activity is Chatwoot's own
SAID = frozenset(SIDES.values())
UNSIGNED = "url:"  # before a secret that an older version sends in its address, since it signs nothing


class Chatwoot(BasePlatform):
    """Notes that the team writes to itself are skipped; what goes out to a customer is ours."""

    name = "chatwoot"
    scheme = Scheme(
        header="x-chatwoot-signature",
        prefix="sha256=",
        ahead="{x-chatwoot-timestamp}.",
        timestamp="x-chatwoot-timestamp",
    )

    def is_trusted(self, request: WebhookRequest) -> bool:
        """Signed; or, where a secret says so in so many words, with that secret in the address."""
        signed = tuple(secret for secret in self.settings.secrets if not secret.startswith(UNSIGNED))
        unsigned = tuple(
            secret.removeprefix(UNSIGNED) for secret in self.settings.secrets if secret.startswith(UNSIGNED)
        )
        is_signed = self.scheme.holds(request.headers, request.body, request.received_at, signed)
        return is_signed or knows_secret(request, unsigned)

    def sign(self, body: bytes, now: datetime) -> dict[str, str]:
        """As the version does whose secret comes first. Raises SettingsError without a usable secret."""
        first = self.settings.secrets[0] if self.settings.secrets else ""
        if not first.startswith(UNSIGNED):
            return super().sign(body, now)
        return {"content-type": "application/json", **BASIC.headers(first.removeprefix(UNSIGNED), body, now)}

    def posts(self, body: Foreign) -> Reading:
        """One message a delivery; conversations, contacts and typing give none."""
        action = EVENTS.get(body.need_text("event"))
        if action is not None and _side(body) in SAID and not body.flag("private"):
            yield self._message(body, action)

    def _message(self, body: Foreign, action: Action) -> Post:
        is_ours, attributes = _side(body) != "incoming", body.at("content_attributes")
        is_gone, sender = bool(attributes.flag("deleted")), body.at("sender")
        # An agent's number may be a customer's too, and an agent's name is nobody's concern here.
        author = Author() if is_ours else Author(id=sender.id("id"), name=sender.text("name"))
        return Post(
            id=self.id_of(body.need_id("id")),
            platform=self.name,
            kind=Kind.DM,
            action=Action.DELETE if is_gone else action,
            text=None if is_gone else body.text("content"),  # of a deleted one it only says that it was
            created_at=_created(body),
            in_reply_to=attributes.id("in_reply_to"),
            conversation_id=body.at("conversation").id("id", "display_id"),
            account_id=body.at("account").id("id"),
            is_self=is_ours or self.is_ours(author.id),
            media=() if is_gone else _media(body),
            author=author,
        )


def _side(body: Foreign) -> str | None:
    """Who wrote it: a name, or a number in older versions."""
    given = body.at("message_type").value
    return SIDES.get(given) if type(given) is int else body.text("message_type")


def _created(body: Foreign) -> datetime | None:
    """ISO 8601; in older versions seconds, or a time that ends in ` UTC`."""
    given = body.at("created_at").value
    if isinstance(given, int):
        return body.seconds("created_at")
    text = body.text("created_at")
    return None if text is None else instant(text.removesuffix(" UTC"), "body.created_at")


def _media(body: Foreign) -> tuple[str, ...]:
    return tuple(filter(None, (item.text("data_url") for item in body.items("attachments"))))
