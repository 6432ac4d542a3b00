"""WhatsApp Cloud API: what people write to the company's number.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from chalicelib.model import Action, Author, Kind, Post
from chalicelib.platforms.base import Reading, each
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.meta import Meta
from chalicelib.platforms.skipped import Skipped

FIELDS = {"messages": "messages", "smb_message_echoes": "message_echoes"}  # echoes: our staff, in the phone's app
WORDLESS = ("reaction", "system", "request_welcome")
MEDIA = ("image", "audio", "video", "document", "sticker")
WORDS = {"button": "text", "order": "text", "image": "caption", "video": "caption", "document": "caption"}
REPLIES = {"list_reply": "title", "button_reply": "title", "nfm_reply": "body"}


class WhatsApp(Meta):
    """Statuses, reactions and changes of number or user id hold no words of anybody and give no posts."""

    name = "whatsapp"

    def posts(self, body: Foreign) -> Reading:
        """Every message of every change of every entry."""
        if body.need_text("object") == "whatsapp_business_account":
            yield from each(body.items("entry"), lambda entry: each(entry.items("changes"), self._change))

    def _change(self, change: Foreign) -> Reading:
        field, value = change.need_text("field"), change.at("value")
        if field in FIELDS:
            echo = field == "smb_message_echoes"
            yield from each(value.items(FIELDS[field]), partial(self._message, value, echo))
            yield from (Skipped.named("statuses") for _ in value.items("statuses"))

    def _message(self, value: Foreign, echo: bool, message: Foreign) -> Reading:
        kind = message.need_text("type")
        if kind in WORDLESS:
            return
        post = self._dm(value, echo, message)
        if kind == "revoke":
            yield replace(post, id=self._original(message, kind), action=Action.DELETE)
        elif kind == "edit":
            edited = replace(post, id=self._original(message, kind), action=Action.EDIT, edited_at=post.created_at)
            yield _filled(edited, message.at("edit").at("message"))
        else:
            yield _filled(replace(post, in_reply_to=message.at("context").id("id")), message)

    def _original(self, message: Foreign, kind: str) -> str:
        return self.id_of(message.at(kind).need_id("original_message_id"))

    def _dm(self, value: Foreign, echo: bool, message: Foreign) -> Post:
        account, author = value.at("metadata").need_id("phone_number_id"), _author(value, message)
        other = message.id("to", "to_user_id") if echo else author.id
        return Post(
            id=self.id_of(message.need_id("id")),
            platform=self.name,
            kind=Kind.DM,
            created_at=message.seconds("timestamp"),
            conversation_id=message.id("group_id") or other,
            account_id=account,
            is_self=echo or self.is_ours(author.id, value.at("metadata").id("display_phone_number")),
            author=author,
        )


def _author(value: Foreign, message: Foreign) -> Author:
    """By number, or by user id where the number is withheld; the contacts are in no order."""
    number, user = message.id("from"), message.id("from_user_id")
    known = [
        contact.at("profile")
        for contact in value.items("contacts")
        if (number and contact.id("wa_id") == number) or (user and contact.id("user_id") == user)
    ]
    profile = known[0] if known else Foreign(None)
    handle = profile.text("username")
    return Author(
        id=message.need_id("from", "from_user_id"),
        handle=handle.removeprefix("@") if handle else None,
        name=profile.text("name"),
    )


def _filled(post: Post, content: Foreign) -> Post:
    """With the words and the media of a message; what cannot be shown ("unsupported") is a message without either."""
    kind = content.need_text("type")
    media = (content.at(kind).text("url") or content.at(kind).id("id")) if kind in MEDIA else None
    return replace(post, text=_words(content, kind), media=(media,) if media else ())


def _words(content: Foreign, kind: str) -> str | None:
    if kind == "text":
        return content.at("text").need_text("body")
    if kind == "interactive":
        reply = content.at("interactive").text("type") or ""
        return content.at("interactive").at(reply).text(REPLIES[reply]) if reply in REPLIES else None
    return content.at(kind).text(WORDS[kind]) if kind in WORDS else None
