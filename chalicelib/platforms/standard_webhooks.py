"""The generic endpoint: whoever can sign by Standard Webhooks can send posts (bridges, review sites, our own tools).

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

from chalicelib.platforms.base import Reading
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.generic import ACTIONS, Generic
from chalicelib.signature import STANDARD_WEBHOOKS


class StandardWebhooks(Generic):
    """`{type, timestamp, data}`, where data is a Post's JSON or a list of them; of the signatures only v1 is read."""

    name = "standard-webhooks"
    scheme = STANDARD_WEBHOOKS

    def posts(self, body: Foreign) -> Reading:
        """The post or posts under `data`."""
        action = ACTIONS.get(body.need_text("type"))
        if action is not None:
            yield from self.posts_in(body.at("data"), action, body.iso("timestamp"))
