"""Viber bots: what people write to them. https://developers.viber.com/docs/api/rest-bot-api/#callbacks

Setting the webhook sends a signed `webhook` event that wants nothing but a 200.
"""

from __future__ import annotations

from chalicelib.model import Author, Kind, Post
from chalicelib.platforms.base import BasePlatform, Reading
from chalicelib.platforms.foreign import Foreign
from chalicelib.signature import Scheme


class Viber(BasePlatform):
    """The key is the bot's authentication token; times are milliseconds."""

    name = "viber"
    scheme = Scheme(header="x-viber-content-signature")

    def posts(self, body: Foreign) -> Reading:
        """One event a body; of them only messages are words of a person."""
        if body.need_text("event") == "message":
            yield self._message(body)

    def _message(self, body: Foreign) -> Post:
        message, sender = body.at("message"), body.at("sender")
        author = sender.id("id")
        return Post(
            id=self.id_of(body.need_id("message_token")),
            platform=self.name,
            kind=Kind.DM,
            text=message.text("text"),
            created_at=body.milliseconds("timestamp"),
            conversation_id=author,
            is_self=self.is_ours(author),
            media=tuple(filter(None, (message.text("media"),))),
            author=Author(id=author, name=sender.text("name")),
        )
