"""Messenger: what people write to a Facebook page in private.

https://developers.facebook.com/docs/messenger-platform/webhooks
"""

from __future__ import annotations

from chalicelib.platforms.base import Reading, each
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.meta_messages import MetaMessages, Parties


class Messenger(MetaMessages):
    """A page's messages; what is said in public on the page is facebook.py's."""

    name = "messenger"

    def posts(self, body: Foreign) -> Reading:
        """Every event of every entry."""
        if body.need_text("object") == "page":
            yield from each(body.items("entry"), self.messages)

    def parties(self, entry: Foreign, sender: str, recipient: str, echo: bool) -> Parties:
        """The entry is the page; it writes what is an echo, and is written to otherwise."""
        page = entry.need_id("id")
        return Parties(page, recipient if echo or sender == page else sender)
