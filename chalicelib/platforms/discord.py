"""Discord's webhook events: messages in an app's lobbies and, while its game runs, between players. None of servers.

https://docs.discord.com/developers/events/webhook-events
"""

from __future__ import annotations

from datetime import timedelta

from chalicelib.errors import BadPayload
from chalicelib.model import Action, Author, Kind, Post
from chalicelib.platforms.base import BasePlatform, Reading
from chalicelib.platforms.document import document
from chalicelib.platforms.ed25519 import Ed25519, seed_of
from chalicelib.platforms.foreign import Foreign
from chalicelib.ports.platform import Reply, WebhookRequest

PING = 0
EVENTS = {
    f"{place}_MESSAGE_{event}": (kind, action)
    for place, kind in (("LOBBY", Kind.COMMENT), ("GAME_DIRECT", Kind.DM))
    for event, action in (("CREATE", Action.CREATE), ("UPDATE", Action.EDIT), ("DELETE", Action.DELETE))
}
# Discord wants an empty body, and a content type all the same.
EMPTY = Reply(204, "", {"content-type": "application/json"})


class Discord(BasePlatform):
    """Signs by Ed25519, and asks for no window of time; it also sends wrong signatures, to see them refused."""

    name = "discord"
    scheme = Ed25519(
        header="x-signature-ed25519",
        ahead="{x-signature-timestamp}",
        timestamp="x-signature-timestamp",
        window=timedelta.max,
        key=seed_of,
    )
    taken = EMPTY

    def answer(self, request: WebhookRequest) -> Reply | None:
        """The empty answer to a PING, which is sent when the URL is set."""
        if b'"event"' in request.body:
            return None
        try:
            return EMPTY if document(request.body).whole("type") == PING else None
        except BadPayload:
            return None  # then it is a delivery, and parse says what is wrong with it

    def posts(self, body: Foreign) -> Reading:
        """One event a body; grants, purchases and quests give none."""
        event = body.at("event")
        if body.whole("type") == PING or event.need_text("type") not in EVENTS:
            return
        kind, action = EVENTS[event.need_text("type")]
        message = event.at("data")
        sender, happened = message.at("author"), event.iso("timestamp")
        is_gone, is_new = action is Action.DELETE, action is Action.CREATE
        yield Post(
            id=self.id_of(message.need_id("id")),
            platform=self.name,
            kind=kind,
            action=action,
            text=None if is_gone else message.text("content"),
            created_at=message.iso("timestamp") or (happened if is_new else None),
            edited_at=(message.iso("edited_timestamp") or happened) if action is Action.EDIT else None,
            delivered_at=happened,
            conversation_id=message.id("lobby_id", "channel_id"),
            is_self=self.is_ours(sender.id("id"), body.id("application_id")),
            media=() if is_gone else tuple(filter(None, (file.text("url") for file in message.items("attachments")))),
            author=Author(id=sender.id("id"), handle=sender.text("username"), name=sender.text("global_name")),
        )
