"""Telegram bots: messages, channel posts, and what a business account passes on to its bot.

https://core.telegram.org/bots/api#update; ordinary chats tell of no deletions.
"""

from __future__ import annotations

from functools import partial

from chalicelib.model import Action, Author, Kind, Post
from chalicelib.platforms.base import BasePlatform, Reading, each
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.skipped import Skipped
from chalicelib.signature import Scheme

UPDATES = {
    "message": (Kind.DM, Action.CREATE),
    "edited_message": (Kind.DM, Action.EDIT),
    "business_message": (Kind.DM, Action.CREATE),
    "edited_business_message": (Kind.DM, Action.EDIT),
    "channel_post": (Kind.POST, Action.CREATE),
    "edited_channel_post": (Kind.POST, Action.EDIT),
}
FILES = ("animation", "audio", "document", "sticker", "video", "video_note", "voice")
# All else a message may hold (a title changed, a member joined) is the chat's own housekeeping.
READ = ("update_id", "deleted_business_messages")
SAID = ("text", "caption", "photo", "contact", "location", "venue", "poll", "dice", "story", *FILES)


class Telegram(BasePlatform):
    """The header is the secret itself, as given to setWebhook: no byte of the body is signed."""

    name = "telegram"
    scheme = Scheme(header="x-telegram-bot-api-secret-token", digest=None)

    def posts(self, body: Foreign) -> Reading:
        """One update a body."""
        body.need_id("update_id")
        for update, (kind, action) in UPDATES.items():
            if body.has(update) and any(map(body.at(update).has, SAID)):
                yield self._message(body.at(update), kind, action)
            elif body.has(update):
                yield Skipped.named(update)
        gone = body.at("deleted_business_messages")
        yield from each(gone.items("message_ids"), partial(self._deleted, gone))
        yield from (Skipped.named(name) for name in body.names() if name not in (*UPDATES, *READ))

    def _message(self, message: Foreign, kind: Kind, action: Action) -> Post:
        # Who speaks for a chat has its name; `from` then is a stand-in, one and the same for all who do.
        sender = message.at("sender_chat") if message.has("sender_chat") else message.at("from")
        answered = message.at("reply_to_message")
        return Post(
            id=self.id_of(_place(message)),
            platform=self.name,
            kind=Kind.REPOST if message.flag("is_automatic_forward") else kind,  # a channel's post, in its group
            action=action,
            text=_text(message),
            created_at=message.seconds("date"),
            edited_at=message.seconds("edit_date"),
            in_reply_to=_place(answered) if answered.has("message_id") else None,
            conversation_id=message.at("chat").id("id"),
            account_id=message.id("business_connection_id"),
            # A bot reads only those channels that made it an administrator.
            is_self=True if kind is Kind.POST else self.is_ours(sender.id("id")),
            media=_media(message),
            quoted_text=message.at("quote").text("text"),
            parent_text=_text(answered),
            author=_author(sender),
        )

    def _deleted(self, gone: Foreign, message: Foreign) -> Reading:
        native, chat = message.as_id(), gone.at("chat").need_id("id")
        if native is None:
            raise message.wrong("an id")
        yield Post(
            id=self.id_of(f"{chat}:{native}"),
            platform=self.name,
            kind=Kind.DM,
            action=Action.DELETE,
            conversation_id=chat,
            account_id=gone.id("business_connection_id"),
        )


def _place(message: Foreign) -> str:
    """A message's id counts only within its chat."""
    return f"{message.at('chat').need_id('id')}:{message.need_id('message_id')}"


def _text(message: Foreign) -> str | None:
    return message.text("text") or message.text("caption")


def _media(message: Foreign) -> tuple[str, ...]:
    """Ids of files, which only the bot can fetch; of a picture's sizes the largest, which comes last."""
    files = [message.at(name) for name in FILES] + message.items("photo")[-1:]
    return tuple(filter(None, (file.id("file_id") for file in files)))


def _author(sender: Foreign) -> Author:
    """A person, or the channel or group that speaks for itself."""
    names = filter(None, (sender.text("first_name"), sender.text("last_name")))
    return Author(
        id=sender.id("id"),
        handle=sender.text("username"),
        name=" ".join(names) or sender.text("title"),
    )
