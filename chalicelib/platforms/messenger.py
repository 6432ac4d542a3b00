"""Messenger: what people write to a Facebook page in private.

https://developers.facebook.com/docs/messenger-platform/webhooks
"""

from __future__ import annotations

from chalicelib.platforms.base import Reading
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.meta_messages import MetaMessages, Parties
from chalicelib.platforms.meta_page import MetaPage


class Messenger(MetaPage, MetaMessages):
    """A page's messages; what is said in public on the page is facebook.py's."""

    name = "messenger"

    @classmethod
    def other_half(cls) -> type[MetaPage]:
        """Its feed."""
        from chalicelib.platforms.facebook import Facebook

        return Facebook

    def entry(self, entry: Foreign) -> Reading:
        """Every event of the entry."""
        yield from self.messages(entry)

    def parties(self, entry: Foreign, sender: str, recipient: str, echo: bool) -> Parties:
        """The entry is the page; it writes what is an echo, and is written to otherwise."""
        page = entry.need_id("id")
        return Parties(page, recipient if echo or sender == page else sender)
