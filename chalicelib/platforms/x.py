"""X: the Activity API, the older Account Activity arrays, and filtered-stream webhooks, all on one URL.

https://docs.x.com/x-api/activity/event-payloads , https://docs.x.com/x-api/webhooks/quickstart
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial

from chalicelib.errors import BadHandshake, BadSignature
from chalicelib.model import Author, Kind, Post
from chalicelib.platforms import x_objects
from chalicelib.platforms.base import BasePlatform, Reading, each
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.skipped import Skipped
from chalicelib.ports.platform import Reply, WebhookRequest
from chalicelib.signature import Scheme

KINDS = {
    "post.create": Kind.POST,
    "post.mention.create": Kind.MENTION,
    "post.reply.create": Kind.COMMENT,
    "post.quote.create": Kind.MENTION,
}
ARRAYS = ("tweet_create_events", "tweet_delete_events", "direct_message_events")
LONGEST_TOKEN = 512  # bytes


class X(BasePlatform):
    """Reposts, likes, follows and encrypted chats hold no words of anybody and give no posts."""

    name = "x"
    scheme = Scheme(header="x-twitter-webhooks-signature", prefix="sha256=", encoding="base64")

    def verify(self, request: WebhookRequest) -> None:
        """Return, or raise BadSignature: also for a body that the challenge-response check would have signed."""
        super().verify(request)
        if not _may_be_json(request.body):
            raise BadSignature("x: signed as a challenge, which anybody may ask for")

    def handshake(self, request: WebhookRequest) -> Reply:
        """Answer the challenge-response check. Raises BadHandshake.

        The answer is made as the signature of a delivery is, so anybody can have a body signed by asking: what may be
        a delivery is no challenge, and what may be a challenge is no delivery.
        """
        token = request.query.get("crc_token", "").encode("utf-8", "surrogatepass")
        if not 0 < len(token) <= LONGEST_TOKEN or _may_be_json(token):
            raise BadHandshake("x: crc_token is not one")
        keys = [key for key in map(self.scheme.key, self.settings.secrets) if key]
        if not keys:
            raise BadHandshake("x: no consumer secret is set")
        answer = self.scheme.signature(keys[0], token)
        return Reply(200, json.dumps({"response_token": answer.decode()}), {"content-type": "application/json"})

    def posts(self, body: Foreign) -> Reading:
        """What the body's shape tells it to be; another shape (a replay job's end, a revoked grant) gives none."""
        if body.has("matching_rules"):
            yield from self._post(body.at("data"), body.at("includes"), Kind.MENTION, None)
        elif body.has("data"):
            yield from self._activity(body.at("data"))
        else:
            yield from each(ARRAYS, partial(self._array, body))
            others = (name for name in body.names() if name.endswith(("_event", "_events")) and name not in ARRAYS)
            yield from map(Skipped.named, others)

    def _activity(self, event: Foreign) -> Reading:
        kind, account = event.need_text("event_type"), event.at("filter").id("user_id")
        payload, includes = event.at("payload"), event.at("includes")
        if kind in KINDS:
            # What a keyword has found is as what a filtered stream has: somebody's post about us.
            found = kind == "post.create" and account is None
            yield from self._post(payload, includes, Kind.MENTION if found else KINDS[kind], account)
        elif kind == "post.delete":
            author = x_objects.author_in(includes, payload.id("author_id"))
            yield self._owned(x_objects.deleted(payload.need_id("id"), author, account))
        elif kind in ("dm.received", "dm.sent"):
            messages = payload.items("direct_message_events")
            yield from each(messages, partial(self._message, payload.at("users"), account))

    def _array(self, body: Foreign, name: str) -> Reading:
        account = body.id("for_user_id")
        read = {
            "tweet_create_events": partial(self._tweet, account),
            "tweet_delete_events": partial(self._deletion, account),
            "direct_message_events": partial(self._message, body.at("users"), account),
        }[name]
        yield from each(body.items(name), read)

    def _post(self, post: Foreign, includes: Foreign, kind: Kind, account: str | None) -> Reading:
        repost = x_objects.is_repost(post)
        yield Skipped("repost") if repost else self._owned(x_objects.post(post, includes, kind, account))

    def _tweet(self, account: str | None, tweet: Foreign) -> Reading:
        yield Skipped("repost") if tweet.has("retweeted_status") else self._owned(x_objects.tweet(tweet, account))

    def _deletion(self, account: str | None, event: Foreign) -> Reading:
        status = event.at("status")
        author = Author(id=status.id("user_id"))
        deleted = x_objects.deleted(status.need_id("id"), author, account, event.milliseconds("timestamp_ms"))
        yield self._owned(deleted)

    def _message(self, users: Foreign, account: str | None, event: Foreign) -> Reading:
        if event.text("type") == "message_create":
            yield self._owned(x_objects.message(event, users, account))

    def _owned(self, post: Post) -> Post:
        return replace(post, is_self=self.is_ours(post.author.id, post.account_id))


def _may_be_json(content: bytes) -> bool:
    """No JSON object lacks a brace, and none that says anything lacks a quotation mark."""
    return b"{" in content or b'"' in content
