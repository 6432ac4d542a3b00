"""Instagram: comments, mentions and direct messages of a professional account.

https://developers.facebook.com/docs/instagram-platform/webhooks
"""

from __future__ import annotations

from functools import partial

from chalicelib.model import Author, Kind, Post
from chalicelib.platforms.base import Reading, each
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.meta import moment
from chalicelib.platforms.meta_messages import MetaMessages, Parties

MESSAGES = ("messages", "message_edit", "messaging_postbacks", "standby")
COMMENTS = ("comments", "live_comments")
TEST_ENTRY = "0"  # what the console's "Test" button sends is nobody's


class Instagram(MetaMessages):
    """No edit and no deletion of a comment is ever told; a message can be edited and unsent."""

    name = "instagram"

    def posts(self, body: Foreign) -> Reading:
        """Every event of every entry."""
        if body.need_text("object") == "instagram":
            yield from each(body.items("entry"), self._entry)

    def parties(self, entry: Foreign, sender: str, recipient: str, echo: bool) -> Parties:
        """We are the recipient, unless the sender is us: an entry's id is not always one of the two."""
        sent = sender == entry.id("id") or sender in self.settings.accounts
        return Parties(sender, recipient) if sent else Parties(recipient, sender)

    def _entry(self, entry: Foreign) -> Reading:
        if entry.need_id("id") == TEST_ENTRY:
            return
        yield from each((self.messages, self._changes), lambda read: read(entry))

    def _changes(self, entry: Foreign) -> Reading:
        # With Instagram Login the change is printed in the entry itself.
        changes = [entry] if entry.has("field") else entry.items("changes")
        yield from each(changes, partial(self._change, entry))

    def _change(self, entry: Foreign, change: Foreign) -> Reading:
        field, value = change.need_text("field"), change.at("value")
        if field in MESSAGES:
            yield from self.message(entry, value)
        elif field in COMMENTS:
            yield self._comment(entry, value)
        elif field == "mentions":
            yield self._mention(entry, value)

    def _comment(self, entry: Foreign, value: Foreign) -> Post:
        account, sender = entry.need_id("id"), value.at("from")
        author = Author(id=sender.id("id"), handle=sender.text("username"))
        return Post(
            id=self.id_of(value.need_id("id", "comment_id")),
            platform=self.name,
            kind=Kind.COMMENT,
            text=value.text("text"),
            created_at=moment(entry, "time"),  # the only time there is, told as the comment is written
            delivered_at=moment(entry, "time"),
            in_reply_to=value.id("parent_id"),
            conversation_id=value.at("media").id("id"),
            account_id=account,
            is_self=self.is_our_handle(author.handle) or self.is_ours(author.id, account),
            author=author,
        )

    def _mention(self, entry: Foreign, value: Foreign) -> Post:
        """Only ids are sent; and nobody is told of mentioning himself."""
        return Post(
            id=self.id_of(value.need_id("comment_id", "media_id")),
            platform=self.name,
            kind=Kind.MENTION,
            created_at=moment(entry, "time"),
            delivered_at=moment(entry, "time"),
            conversation_id=value.id("media_id"),
            account_id=entry.need_id("id"),
            is_self=False,
        )
