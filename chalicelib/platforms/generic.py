"""Posts that come as our own Post JSON: what the endpoints for everybody else have in common."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.codec import from_json
from chalicelib.errors import BadPayload
from chalicelib.model import Action, Post
from chalicelib.platforms import CLASSES
from chalicelib.platforms.base import BasePlatform, Reading, each
from chalicelib.platforms.foreign import Foreign

ACTIONS = {"post.created": Action.CREATE, "post.updated": Action.EDIT, "post.deleted": Action.DELETE}


class Generic(BasePlatform):
    """One secret lets its holder speak for any platform that has no endpoint of its own here, and for those that an
    operator lists under `speaks_for`: a review site's secret is no key to what is said on Facebook."""

    def posts_in(self, data: Foreign, action: Action, sent: datetime | None, otherwise: str | None = None) -> Reading:
        """The post or the list of posts that `data` is; `otherwise` is the id of a single one that has none."""
        if isinstance(data.value, list):
            yield from each(data.listed(), partial(self._plain, action, sent, None))
        else:
            yield from self._plain(action, sent, otherwise, data)

    def _plain(self, action: Action, sent: datetime | None, otherwise: str | None, data: Foreign) -> Reading:
        if not isinstance(data.value, dict):
            raise data.wrong("a post or a list of posts")
        platform = data.id("platform") or self.name
        self._check_voice(platform, data)
        native = (data.id("id") or _id(otherwise, data) or data.need_id("id")).removeprefix(f"{platform}:")
        if not native:
            raise data.at("id").wrong("an id after the platform's name")
        fields: dict[str, Any] = {**data.value, "platform": platform, "id": f"{platform}:{native}"}
        post = from_json(Post, fields, data.where)
        for name in ("account_id", "conversation_id", "in_reply_to"):
            data.id(name)  # what will be part of a key must fit one
        data.at("author").id("id", "handle")
        told = replace(post, action=action, delivered_at=sent, is_self=self._is_ours(post))
        # Some senders say once more what is to be gone.
        yield replace(told, text=None, media=(), rating=None) if action is Action.DELETE else told

    def _check_voice(self, platform: str, data: Foreign) -> None:
        if platform == self.name or platform not in CLASSES or platform in self.settings.speaks_for:
            return
        raise BadPayload(
            f"{data.where}.platform: {platform} has an endpoint of its own;"
            f" list it under platforms.{self.name}.speaks_for in the settings to let this sender speak for it"
        )

    def _is_ours(self, post: Post) -> bool | None:
        """The sender's word, and ours: an account in the settings is ours whatever the sender says."""
        return True if post.author.id in self.settings.accounts else post.is_self


def _id(otherwise: str | None, data: Foreign) -> str | None:
    return Foreign(otherwise, f"{data.where}.id").as_id()
