"""The generic endpoint: whoever can sign by Standard Webhooks can send posts (bridges, review sites, our own tools).

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.codec import from_json
from chalicelib.model import Action, Post
from chalicelib.platforms.base import BasePlatform, Reading, each
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.signature import Scheme, whsec_key

ACTIONS = {"post.created": Action.CREATE, "post.updated": Action.EDIT, "post.deleted": Action.DELETE}


class StandardWebhooks(BasePlatform):
    """`{type, timestamp, data}`, where data is a Post's JSON or a list of them; of the signatures only v1 is read."""

    name = "standard-webhooks"
    scheme = Scheme(
        header="webhook-signature",
        prefix="v1,",
        encoding="base64",
        ahead="{webhook-id}.{webhook-timestamp}.",
        timestamp="webhook-timestamp",
        separator=" ",
        key=whsec_key,
    )

    def posts(self, body: Foreign) -> Reading:
        """The post or posts under `data`."""
        action = ACTIONS.get(body.need_text("type"))
        if action is None:
            return
        data = body.items("data") if isinstance(body.at("data").value, list) else [body.at("data")]
        yield from each(data, partial(self._post, action, body.iso("timestamp")))

    def _post(self, action: Action, sent: datetime | None, data: Foreign) -> Reading:
        platform = data.id("platform") or self.name
        native = data.need_id("id").removeprefix(f"{platform}:")
        if not native:
            raise data.at("id").wrong("an id after the platform's name")
        fields: dict[str, Any] = {**data.value, "platform": platform, "id": f"{platform}:{native}"}
        post = from_json(Post, fields, data.where)
        for name in ("account_id", "conversation_id", "in_reply_to"):
            data.id(name)  # what will be part of a key must fit one
        data.at("author").id("id", "handle")
        yield replace(post, action=action, delivered_at=sent, is_self=self._is_ours(post))

    def _is_ours(self, post: Post) -> bool | None:
        """The sender's word, and ours: an account in the settings is ours whatever the sender says."""
        return True if post.author.id in self.settings.accounts else post.is_self
