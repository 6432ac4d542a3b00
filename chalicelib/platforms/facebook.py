"""Facebook Page: posts, comments, mentions and reviews.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

from __future__ import annotations

from functools import partial

from chalicelib.model import Action, Author, Kind, Post
from chalicelib.platforms.base import Reading, each
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.meta_page import MetaPage
from chalicelib.platforms.skipped import Skipped

POST_ITEMS = ("post", "status", "photo", "video", "share", "album", "event", "note")
KINDS: dict[str, dict[str, Kind]] = {
    "feed": {"comment": Kind.COMMENT} | dict.fromkeys(POST_ITEMS, Kind.POST),
    "mention": dict.fromkeys(("comment", *POST_ITEMS), Kind.MENTION),
    "ratings": {"rating": Kind.REVIEW, "comment": Kind.COMMENT},
}
ACTIONS = {
    "add": Action.CREATE,
    "edit": Action.EDIT,  # posts and reviews
    "edited": Action.EDIT,  # comments and statuses
    "remove": Action.DELETE,
    "hide": Action.HIDE,
    "unhide": Action.UNHIDE,
}
IDS = {"comment": ("comment_id",), "rating": ("open_graph_story_id",)}
POST_IDS = ("post_id", "photo_id", "video_id", "share_id", "album_id", "event_id")


class Facebook(MetaPage):
    """What is said in public on a page; what is written to it in private is messenger.py's."""

    name = "facebook"

    @classmethod
    def other_half(cls) -> type[MetaPage]:
        """Its messages."""
        from chalicelib.platforms.messenger import Messenger

        return Messenger

    def entry(self, entry: Foreign) -> Reading:
        """Every change of the entry."""
        yield from each(entry.items("changes"), partial(self._change, entry))

    def _change(self, entry: Foreign, change: Foreign) -> Reading:
        kinds = KINDS.get(change.need_text("field"))
        if kinds is None:
            return
        value = change.at("value")
        item, verb = value.need_text("item"), value.need_text("verb")
        if item in kinds and verb in ACTIONS:
            yield self._post(entry, value, item, kinds[item], ACTIONS[verb])
        else:
            yield Skipped.named(change.text("field"), item, verb)

    def _post(self, entry: Foreign, value: Foreign, item: str, kind: Kind, action: Action) -> Post:
        page, author = entry.need_id("id"), _author(value)
        is_gone = action is Action.DELETE
        return Post(
            id=self.id_of(value.need_id(*IDS.get(item, POST_IDS))),
            platform=self.name,
            kind=kind,
            action=action,
            text=None if is_gone else value.text("review_text" if kind is Kind.REVIEW else "message"),
            created_at=value.seconds("created_time"),
            delivered_at=entry.seconds("time"),
            permalink=value.at("post").text("permalink_url") or value.text("permalink_url"),
            in_reply_to=value.id("parent_id") if item == "comment" else None,
            conversation_id=value.id("post_id"),
            account_id=page,
            is_self=self.is_ours(author.id, page),
            rating=None if is_gone else value.number("rating"),
            media=() if is_gone else _media(value, item),
            author=author,
        )


def _author(value: Foreign) -> Author:
    """In `from`; older shapes and reviews have it flat; mentions withhold it."""
    sender = value.at("from")
    return Author(
        id=sender.id("id") or value.id("sender_id", "reviewer_id"),
        name=sender.text("name") or value.text("sender_name") or value.text("reviewer_name"),
    )


def _media(value: Foreign, item: str) -> tuple[str, ...]:
    own = (
        ("photo", "video", "link") if item in ("photo", "video") else ("photo", "video")
    )  # a share's link is no picture
    listed = [photo for photo in value.items("photos") if isinstance(photo.value, str)]
    return tuple(filter(None, (value.text(name) for name in own))) + tuple(photo.value for photo in listed)
