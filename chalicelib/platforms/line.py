"""LINE Official Accounts: messages, edits and unsendings. https://developers.line.biz/en/reference/messaging-api/"""

from __future__ import annotations

from functools import partial

from chalicelib.model import Action, Author, Kind, Post
from chalicelib.platforms.base import BasePlatform, Reading, each
from chalicelib.platforms.foreign import Foreign
from chalicelib.signature import Scheme

ACTIONS = {"message": Action.CREATE, "messageEdited": Action.EDIT}
FILES = ("image", "video", "audio", "file")


class Line(BasePlatform):
    """The console's Verify button sends a delivery without events; times are milliseconds."""

    name = "line"
    scheme = Scheme(header="x-line-signature", encoding="base64")

    def posts(self, body: Foreign) -> Reading:
        """Every event of the delivery."""
        yield from each(body.items("events"), partial(self._event, body.need_id("destination")))

    def _event(self, account: str, event: Foreign) -> Reading:
        kind = event.need_text("type")
        if kind in ACTIONS:
            yield self._message(account, event, ACTIONS[kind])
        elif kind == "unsend":
            yield self._unsent(account, event)

    def _message(self, account: str, event: Foreign, action: Action) -> Post:
        message, author, at = event.at("message"), event.at("source").id("userId"), event.milliseconds("timestamp")
        native = message.need_id("id")
        return Post(
            id=self.id_of(native),
            platform=self.name,
            kind=Kind.DM,
            action=action,
            text=message.text("text"),
            created_at=at,
            edited_at=at if action is Action.EDIT else None,
            in_reply_to=message.id("quotedMessageId"),
            conversation_id=_conversation(event),
            account_id=account,
            is_self=self._is_staff(author),
            # The id under which the bot fetches it; what lies elsewhere has one too.
            media=(native,) if message.text("type") in FILES else (),
            author=Author(id=author),
        )

    def _unsent(self, account: str, event: Foreign) -> Post:
        author = event.at("source").id("userId")
        return Post(
            id=self.id_of(event.at("unsend").need_id("messageId")),
            platform=self.name,
            kind=Kind.DM,
            action=Action.DELETE,
            delivered_at=event.milliseconds("timestamp"),
            conversation_id=_conversation(event),
            account_id=account,
            is_self=self._is_staff(author),
            author=Author(id=author),
        )

    def _is_staff(self, author: str | None) -> bool:
        """LINE tells an account nothing of what it sent itself, so who is withheld is not us either."""
        return bool(self.is_ours(author))


def _conversation(event: Foreign) -> str | None:
    return event.at("source").id("groupId", "roomId", "userId")
