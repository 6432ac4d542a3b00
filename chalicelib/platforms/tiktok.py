"""TikTok: direct messages to a business account, and comments under its videos.

https://developers.tiktok.com/doc/webhooks-overview; https://business-api.tiktok.com/portal/docs?id=1810521730276354
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.errors import BadPayload
from chalicelib.model import Action, Author, Kind, Post
from chalicelib.model.erasure import Erasure
from chalicelib.platforms.base import BasePlatform, Reading
from chalicelib.platforms.document import document
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.wish import wish
from chalicelib.ports.platform import WebhookRequest
from chalicelib.signature import Scheme

RECEIVED = ("im_receive_msg", "im_receive_msg_eu")
ACCOUNT_DELETED = 2  # why an authorization was removed: developers.tiktok.com/doc/webhooks-events
COMMENTED = {
    "insert": Action.CREATE,
    "delete": Action.DELETE,
    "set_to_hidden": Action.HIDE,
    "set_to_friends_only": Action.HIDE,
    "set_to_public": Action.UNHIDE,
}


class TikTok(BasePlatform):
    """One header holds the time and the signature; `content` is JSON in a text, its times in units of its own."""

    name = "tiktok"
    scheme = Scheme(header="tiktok-signature", part="s", ahead="{t}.", timestamp="t")

    def posts(self, body: Foreign) -> Reading:
        """One event a body; what else TikTok tells of (receipts, videos, grants) gives none."""
        event = body.need_text("event")
        if event in RECEIVED:
            yield self._received(body, _content(body))
        elif event == "im_send_msg":
            yield self._sent(body, _content(body))
        elif event == "comment.update":
            yield from self._comment(body, _content(body))
        elif event == "authorization.removed":
            _deleted_account(body)  # one that cannot be read is parked, for a person to see to it

    def forgets(self, request: WebhookRequest) -> Erasure | None:
        """Whose account is gone is forgotten; whoever only took the app's rights away is not."""
        if b"authorization.removed" not in request.body:
            return None
        try:
            body = document(request.body)
            gone = _deleted_account(body) if body.text("event") == "authorization.removed" else None
        except BadPayload:
            return None  # as `posts` has told
        who = [(self.name, gone)] if gone else None
        return wish(self.name, who, request.body, self.settings.secrets, request.received_at) if who else None

    def _received(self, body: Foreign, content: Foreign) -> Post:
        account = body.need_id("user_openid")  # ours; the person is within
        author = content.at("from_user").id("id") or content.id("unique_identifier")
        return Post(
            id=self.id_of(content.need_id("message_id")),
            platform=self.name,
            kind=Kind.DM,
            text=content.at("text").text("body"),
            created_at=content.milliseconds("timestamp"),
            delivered_at=body.seconds("create_time"),
            conversation_id=content.id("conversation_id"),
            account_id=account,
            is_self=self.is_ours(author, account),
            media=_media(content),
            author=Author(id=author, handle=content.text("from")),
        )

    def _sent(self, body: Foreign, content: Foreign) -> Post:
        """The echo of our own message: that there is one, and none of its words."""
        return Post(
            id=self.id_of(content.need_id("message_id")),
            platform=self.name,
            kind=Kind.DM,
            delivered_at=body.seconds("create_time"),
            account_id=body.need_id("user_openid"),
            is_self=True,
        )

    def _comment(self, body: Foreign, content: Foreign) -> Reading:
        action = COMMENTED.get(content.need_text("comment_action"))
        if action is None:
            return
        account, author, parent = body.need_id("user_openid"), content.id("unique_identifier"), _parent(content)
        is_new = action is Action.CREATE
        yield Post(
            id=self.id_of(content.need_id("comment_id")),
            platform=self.name,
            kind=Kind.COMMENT,
            action=action,
            text=content.text("text") if action is not Action.DELETE else None,
            # Of a comment the time is that of what was done to it.
            created_at=_done_at(content) if is_new else None,
            delivered_at=body.seconds("create_time"),
            in_reply_to=parent or content.id("video_id"),
            conversation_id=content.id("video_id"),
            account_id=account,
            is_self=self.is_ours(author, account),
            author=Author(id=author),
        )


def _done_at(content: Foreign) -> datetime | None:
    """In seconds in some of TikTok's notes, in milliseconds in others: seconds have had ten digits since 2001."""
    digits = content.id("timestamp") or ""
    return content.milliseconds("timestamp") if len(digits) > 11 else content.seconds("timestamp")


def _content(body: Foreign) -> Foreign:
    try:
        return replace(document(body.need_text("content").encode()), where="body.content")
    except BadPayload:
        raise body.at("content").wrong("a text that holds a JSON object") from None


def _deleted_account(body: Foreign) -> str | None:
    """Who deleted their account, when that is why the authorization was removed."""
    return body.need_id("user_openid") if _content(body).whole("reason") == ACCOUNT_DELETED else None


def _media(content: Foreign) -> tuple[str, ...]:
    """Ids of files, which only the account can fetch; of a shared video its address."""
    files = (content.at("image").id("media_id"), content.at("video").id("media_id"))
    return tuple(filter(None, (*files, content.at("share_post").text("embed_url"))))


def _parent(content: Foreign) -> str | None:
    parent = content.id("parent_comment_id")
    return None if parent == "0" else parent
