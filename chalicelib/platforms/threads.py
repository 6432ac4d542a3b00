"""Threads: replies and mentions, and the account's own posts.

https://developers.facebook.com/docs/threads/webhooks
"""

from __future__ import annotations

from functools import partial

from chalicelib.model import Action, Author, Kind, Post
from chalicelib.platforms.base import Reading, each
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.meta import Meta

HEARD = {"replies": Kind.COMMENT, "mentions": Kind.MENTION}
OURS = {"publish": Action.CREATE, "delete": Action.DELETE}


class Threads(Meta):
    """An author is a username and no id. Nothing tells of replies that others edit or delete."""

    name = "threads"

    def posts(self, body: Foreign) -> Reading:
        """Every value; documented as one object, sent as a list."""
        values = body.items("values") if isinstance(body.at("values").value, list) else [body.at("values")]
        yield from each(values, partial(self._value, body))

    def _value(self, body: Foreign, item: Foreign) -> Reading:
        field, value = item.need_text("field"), item.at("value")
        if field in HEARD:
            yield self._heard(body, value, HEARD[field])
        elif field in OURS:
            yield self._own(body, value, OURS[field])

    def _heard(self, body: Foreign, value: Foreign, kind: Kind) -> Post:
        root, target, handle = value.at("root_post"), body.need_id("target_id"), value.need_text("username")
        picture = value.text("media_url")
        return Post(
            id=self.id_of(value.need_id("id")),
            platform=self.name,
            kind=kind,
            text=value.text("text"),
            created_at=value.iso("timestamp"),
            delivered_at=body.seconds("time"),
            permalink=value.text("permalink"),
            in_reply_to=value.at("replied_to").id("id"),
            conversation_id=root.id("id"),
            account_id=self._account(root, target, kind),
            is_self=self._is_us(handle, root, target),
            media=(picture,) if picture else (),
            author=Author(handle=handle, verified=value.flag("is_verified")),
        )

    def _own(self, body: Foreign, value: Foreign, action: Action) -> Post:
        """Known as ours, no more is needed of it."""
        account = body.need_id("target_id")
        return Post(
            id=self.id_of(value.need_id("id")),
            platform=self.name,
            kind=Kind.POST,
            action=action,
            text=value.text("text"),
            delivered_at=body.seconds("time"),
            account_id=account,
            is_self=True,
            author=Author(id=value.at("owner").id("owner_id"), handle=value.text("username")),
        )

    def _account(self, root: Foreign, target: str, kind: Kind) -> str:
        """The target; but for replies that may be the post answered, whose owner we are unless somebody else began."""
        heard = target in self.settings.accounts or kind is Kind.MENTION
        return target if heard else root.id("owner_id") or target

    def _is_us(self, handle: str, root: Foreign, target: str) -> bool:
        """By handle; the root's author is us only where the root is known as ours."""
        owned = root.id("owner_id") in {target, *self.settings.accounts}
        return self.is_our_handle(handle) or (owned and handle == root.text("username"))
