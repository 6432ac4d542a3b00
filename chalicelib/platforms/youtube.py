"""YouTube: videos of the channels we follow, pushed by Google's hub. No comments, no live chat, no description.

https://developers.google.com/youtube/v3/guides/push_notifications
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.model import Action, Author, Kind, Post
from chalicelib.platforms.atom import feed
from chalicelib.platforms.base import Reading, each
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.websub import WebSub
from chalicelib.ports.platform import WebhookRequest

TOPIC = "https://www.youtube.com/xml/feeds/videos.xml?channel_id="
VIDEO = "yt:video:"
# The hub tells an upload several times while YouTube works on it; what comes later is an edit of the title.
SETTLED = timedelta(days=1)


class YouTube(WebSub):
    """An entry is an upload or a change of title: they look alike, so that both create, and a change dates itself."""

    name = "youtube"
    hub = "https://pubsubhubbub.appspot.com/subscribe"

    def topics(self) -> list[str]:
        """The feeds of our own channels and of those we follow."""
        return [TOPIC + channel for channel in sorted(self.settings.accounts | self.settings.follows)]

    def opened(self, request: WebhookRequest) -> Foreign:
        """The feed's entries and tombstones."""
        return feed(request.body)

    def sign(self, body: bytes, now: datetime) -> dict[str, str]:
        """The headers with which the hub would send these bytes."""
        return {**super().sign(body, now), "content-type": "application/atom+xml"}

    def posts(self, body: Foreign) -> Reading:
        """Every video of the feed, and every one that is gone."""
        yield from each(body.items("events"), self._event)

    def _event(self, event: Foreign) -> Reading:
        yield self._deleted(event) if event.text("type") == "deleted-entry" else self._video(event)

    def _video(self, entry: Foreign) -> Post:
        video = entry.id("video") or self._video_id(entry)
        channel = entry.need_id("channel")
        published, updated = entry.iso("published"), entry.iso("updated")
        return Post(
            id=self.id_of(video),
            platform=self.name,
            kind=Kind.POST,
            text=entry.text("title"),
            created_at=published,
            edited_at=updated if published and updated and updated - published > SETTLED else None,
            permalink=entry.text("link"),
            conversation_id=video,
            account_id=channel,
            is_self=self._is_ours(channel),
            author=Author(id=channel, name=entry.text("name")),
        )

    def _deleted(self, event: Foreign) -> Post:
        channel = _channel(event)
        return Post(
            id=self.id_of(self._video_id(event)),
            platform=self.name,
            kind=Kind.POST,
            action=Action.DELETE,
            delivered_at=event.iso("when"),
            account_id=channel,
            is_self=self._is_ours(channel),
            author=Author(id=channel, name=event.text("name")),
        )

    def _video_id(self, event: Foreign) -> str:
        ref = event.need_id("id")
        if not ref.startswith(VIDEO) or ref == VIDEO:
            raise event.at("id").wrong(f"an id that begins with {VIDEO}")
        return ref.removeprefix(VIDEO)

    def _is_ours(self, channel: str | None) -> bool | None:
        """Unknown as long as no channel is said to be ours: then all that is followed may be."""
        return self.is_ours(channel) if self.settings.accounts else None


def _channel(event: Foreign) -> str | None:
    head, is_there, channel = (event.text("uri") or "").rpartition("/channel/")
    return Foreign({"channel": channel}, event.where).id("channel") if head and is_there else None
