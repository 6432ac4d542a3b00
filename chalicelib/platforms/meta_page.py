"""A Facebook page: one app has one address for it, to which its feed and its messages both come.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started (one callback URL for each object).
docs/adr/0006 says why both of our addresses read both.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace

from chalicelib.config import PlatformSettings
from chalicelib.model import Post
from chalicelib.platforms.base import BasePlatform, Reading, each
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.meta import Meta


class MetaPage(Meta):
    """One half of what a page hears; it reads the other half too where it is given one."""

    def __init__(self, settings: PlatformSettings, beside: MetaPage | None = None) -> None:
        super().__init__(settings)
        self._halves = (self, beside) if beside else (self,)

    @classmethod
    def made(cls, settings: PlatformSettings, others: Mapping[str, PlatformSettings]) -> MetaPage:
        """With the other half, unless it is switched off; its page is ours where no other is set for it."""
        other = cls.other_half()
        found = others.get(other.name, PlatformSettings())
        accounts, handles = found.accounts or settings.accounts, found.handles or settings.handles
        return cls(settings, other(replace(found, accounts=accounts, handles=handles)) if found.on else None)

    @classmethod
    @abstractmethod
    def other_half(cls) -> type[MetaPage]:
        """The platform that one app hears at the same address."""

    @abstractmethod
    def entry(self, entry: Foreign) -> Reading:
        """What an entry holds for this half."""

    def posts(self, body: Foreign) -> Reading:
        """What every entry holds for either half: each post under its own platform's name, by that one's settings."""
        if body.need_text("object") == "page":
            yield from each(body.items("entry"), self._both)

    @property
    def deletes_of(self) -> tuple[str, ...]:
        """Both halves': whoever wrote to the page may have commented on it too."""
        return (self.name, self.other_half().name)

    def wants(self, post: Post) -> bool:
        """Asked of the half that the post is from."""
        return all(BasePlatform.wants(half, post) for half in self._halves if half.name == post.platform)

    def _both(self, entry: Foreign) -> Reading:
        yield from each(self._halves, lambda half: half.entry(entry))
