"""Direct messages as Messenger and Instagram both send them: `messaging` and `standby`, one event an item.

https://developers.facebook.com/docs/messenger-platform/reference/webhook-events
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from functools import partial

from chalicelib.model import Action, Author, Kind, Post
from chalicelib.platforms.base import Reading, each
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.meta import Meta, moment
from chalicelib.platforms.skipped import Skipped

READ = ("message", "message_edit", "postback")
ADDRESS = ("sender", "recipient", "timestamp")
LISTS = ("messaging", "standby")  # standby: another app answers in this thread, and we only listen


@dataclass(frozen=True, slots=True)
class Parties:
    """Whose conversation it is: our account, and the one it speaks with."""

    account: str
    other: str


class MetaMessages(Meta):
    """Reads, deliveries, reactions, referrals and opt-ins hold no words of anybody and give no posts."""

    @abstractmethod
    def parties(self, entry: Foreign, sender: str, recipient: str, echo: bool) -> Parties:
        """Which of the two is our account."""

    def messages(self, entry: Foreign) -> Reading:
        """Every event of both lists."""
        entry.need_id("id")  # once, so that a broken entry is told once
        yield from each(LISTS, lambda name: each(entry.items(name), partial(self.message, entry)))

    def message(self, entry: Foreign, event: Foreign) -> Reading:
        """The post of an event, by the member it has."""
        for name, read in (("message", self._message), ("message_edit", self._edit), ("postback", self._postback)):
            if event.has(name):
                yield read(entry, event, event.at(name))
        yield from (Skipped.named(name) for name in event.names() if name not in (*READ, *ADDRESS))

    def _message(self, entry: Foreign, event: Foreign, message: Foreign) -> Post:
        post = self._dm(entry, event, message.need_id("mid"))
        if message.flag("is_deleted"):
            return replace(post, action=Action.DELETE, created_at=None)  # the event's time is the deletion's
        reply, types = message.at("reply_to"), [item.text("type") for item in message.items("attachments")]
        mentions_us = "story_mention" in types and not post.is_self
        return replace(
            post,
            kind=Kind.MENTION if mentions_us else Kind.DM,
            text=message.text("text"),
            in_reply_to=reply.id("mid") or reply.at("story").id("id"),
            media=_media(message, post.is_self),
        )

    def _edit(self, entry: Foreign, event: Foreign, edit: Foreign) -> Post:
        post = self._dm(entry, event, edit.need_id("mid"))
        return replace(post, action=Action.EDIT, text=edit.text("text"), edited_at=post.created_at)

    def _postback(self, entry: Foreign, event: Foreign, press: Foreign) -> Post:
        post = self._dm(entry, event, press.id("mid") or _press_id(event))
        words = press.text("title") or press.text("payload")  # in standby there is no payload
        return replace(post, kind=Kind.POSTBACK, text=words)

    def _dm(self, entry: Foreign, event: Foreign, native: str) -> Post:
        sender, recipient = event.at("sender").need_id("id"), event.at("recipient").need_id("id")
        message = event.at("message")
        echo = bool(message.flag("is_echo") or message.flag("is_self"))
        parties = self.parties(entry, sender, recipient, echo)
        return Post(
            id=self.id_of(native),
            platform=self.name,
            kind=Kind.DM,
            created_at=moment(event, "timestamp"),
            delivered_at=moment(entry, "time"),
            conversation_id=parties.other,
            account_id=parties.account,
            is_self=echo or self.is_ours(sender, parties.account),
            author=Author(id=sender),
        )


def _press_id(event: Foreign) -> str:
    """Older versions name no message that a button was pressed in; nobody presses twice in a millisecond."""
    parties = event.at("recipient").need_id("id"), event.at("sender").need_id("id")
    return "|".join((*parties, "postback", event.need_id("timestamp")))


def _media(message: Foreign, is_self: bool | None) -> tuple[str, ...]:
    """The links of what is attached; a story that we mention somebody in is not theirs."""
    attached = [item for item in message.items("attachments") if not (is_self and item.text("type") == "story_mention")]
    return tuple(filter(None, map(_link, attached)))


def _link(attachment: Foreign) -> str | None:
    """In the payload; that of a page which somebody shares ("fallback") may stand beside one that is null."""
    beside = attachment.text("url") if attachment.text("type") == "fallback" else None
    return attachment.at("payload").text("url") or beside
