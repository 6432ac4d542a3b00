"""Slack Events: messages in the channels our app is in, and its mentions. https://docs.slack.dev/apis/events-api/"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from chalicelib.errors import BadPayload
from chalicelib.model import Action, Author, Kind, Post
from chalicelib.platforms.base import BasePlatform, Reading
from chalicelib.platforms.document import document
from chalicelib.platforms.foreign import EPOCH, Foreign
from chalicelib.ports.platform import Reply, WebhookRequest
from chalicelib.signature import Scheme

KINDS = {"message": Kind.DM, "app_mention": Kind.MENTION}
WRITTEN = (None, "file_share", "me_message", "thread_broadcast")
# What it takes away from a thread that has answers, Slack tells as a change.
TOMBSTONE = "tombstone"
MOMENT = re.compile(r"([0-9]{1,11})\.([0-9]{6})", re.ASCII)


class Slack(BasePlatform):
    """Signs the time of sending with the body. A message's `ts` is its id within its channel and its time at once."""

    name = "slack"
    scheme = Scheme(
        header="x-slack-signature",
        prefix="v0=",
        ahead="v0:{x-slack-request-timestamp}:",
        timestamp="x-slack-request-timestamp",
    )

    def answer(self, request: WebhookRequest) -> Reply | None:
        """Echo the challenge of `url_verification`, which is sent when the URL is set."""
        if b'"url_verification"' not in request.body:
            return None
        try:
            body = document(request.body)
            challenge = body.text("challenge") if body.text("type") == "url_verification" else None
        except BadPayload:
            return None  # then it is a delivery, and parse says what is wrong with it
        headers = {"content-type": "text/plain", "x-content-type-options": "nosniff"}
        return None if challenge is None else Reply(200, challenge, headers)

    def posts(self, body: Foreign) -> Reading:
        """One event a body; what bots, joins and pins leave in a channel gives none."""
        if body.need_text("type") != "event_callback":
            return
        event = body.at("event")
        kind, subtype = KINDS.get(event.need_text("type")), event.text("subtype")
        changed, gone = event.at("message"), event.at("previous_message")
        if kind is None:
            return
        if subtype in WRITTEN:
            yield self._post(body, event, event.need_text("ts"), kind, Action.CREATE)
        elif subtype == "message_deleted":
            yield self._post(body, gone, event.need_text("deleted_ts"), kind, Action.DELETE)
        elif subtype == "message_changed" and changed.text("subtype") in (*WRITTEN, TOMBSTONE):
            deleted = changed.text("subtype") == TOMBSTONE
            ts = changed.text("ts") or gone.need_text("ts")
            yield self._post(body, gone if deleted else changed, ts, kind, Action.DELETE if deleted else Action.EDIT)

    def _post(self, body: Foreign, message: Foreign, ts: str, kind: Kind, action: Action) -> Post:
        channel, parent = body.at("event").need_id("channel"), message.text("thread_ts")
        is_gone = action is Action.DELETE
        profile = message.at("user_profile")
        return Post(
            id=self.id_of(f"{channel}:{ts}"),
            platform=self.name,
            kind=kind,
            action=action,
            text=None if is_gone else _text(message),
            created_at=_moment(message, ts),
            edited_at=None if is_gone else _edited(message),
            delivered_at=body.seconds("event_time"),
            in_reply_to=f"{channel}:{parent}" if parent and parent != ts else None,
            conversation_id=channel,
            account_id=body.id("team_id"),
            is_self=self._is_bot_of_ours(body, message),
            media=() if is_gone else tuple(filter(None, (file.text("url_private") for file in message.items("files")))),
            author=Author(id=message.id("user"), handle=profile.text("name"), name=profile.text("real_name")),
        )

    def _is_bot_of_ours(self, body: Foreign, message: Foreign) -> bool | None:
        author, bot = message.id("user"), message.id("bot_id")
        bots = {grant.id("user_id") for grant in body.items("authorizations") if grant.flag("is_bot")}
        ours = self.is_ours(author) or bot in self.settings.accounts
        return True if ours or (author and author in bots) else self.is_ours(author)


def _text(message: Foreign) -> str | None:
    """Slack escapes these three, and no others (https://docs.slack.dev/messaging/formatting-message-text/)."""
    text = message.text("text")
    return text and text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _edited(message: Foreign) -> datetime | None:
    ts = message.at("edited").text("ts")
    return None if ts is None else _moment(message, ts)


def _moment(message: Foreign, ts: str) -> datetime:
    digits = MOMENT.fullmatch(ts)
    if digits is None:
        raise message.wrong("times like 1772359204.000100")
    return EPOCH + timedelta(seconds=int(digits[1]), microseconds=int(digits[2]))
