"""Bluesky, which pushes nothing: frames of Jetstream, as our bridge forwards them (docs/platforms/bluesky.md).

https://github.com/bluesky-social/jetstream/blob/main/docs/README.md , section 5: both wires are read
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.model import Action, Author, Kind, Post
from chalicelib.platforms.base import BasePlatform, Reading
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.skipped import Skipped
from chalicelib.signature import STANDARD_WEBHOOKS

POSTS = "app.bsky.feed.post"
MENTION = "app.bsky.richtext.facet#mention"
OPERATIONS = {"create": Action.CREATE, "update": Action.EDIT, "delete": Action.DELETE}


class Bluesky(BasePlatform):
    """One frame a body. The stream knows people by their DIDs and sends no handles; `accounts` are DIDs of ours."""

    name = "bluesky"
    scheme = STANDARD_WEBHOOKS

    def posts(self, body: Foreign) -> Reading:
        """A commit to somebody's posts; likes, follows, and what becomes of accounts give none."""
        event = body.at("payload")
        kind = (event.text("$type") or "").rpartition("#")[2] if body.has("payload") else body.need_text("kind")
        if kind != "commit":
            yield Skipped.named(kind)
        elif body.has("payload"):
            yield from self._commit(event, event, event.iso("time"))
        else:
            yield from self._commit(body, body.at("commit"), body.microseconds("time_us"))

    def _commit(self, frame: Foreign, commit: Foreign, seen: datetime | None) -> Reading:
        action = OPERATIONS.get(commit.text("operation") or "")
        if action is None or commit.text("collection") != POSTS:
            yield Skipped.named(commit.text("collection"))
            return
        author, key, record = frame.need_id("did"), commit.need_id("rkey"), commit.at("record")
        is_gone, langs = action is Action.DELETE, record.items("langs")
        yield Post(
            id=self.id_of(f"at://{author}/{POSTS}/{key}"),
            platform=self.name,
            kind=self._kind(record),
            action=action,
            text=None if is_gone else record.text("text"),
            language=langs[0].as_id() if langs else None,
            created_at=record.iso("createdAt"),
            edited_at=seen if action is Action.EDIT else None,
            delivered_at=seen,
            permalink=None if is_gone else f"https://bsky.app/profile/{author}/post/{key}",
            in_reply_to=record.at("reply").at("parent").id("uri"),
            conversation_id=record.at("reply").at("root").id("uri"),
            is_self=self.is_ours(author),
            author=Author(id=author),
        )

    def _kind(self, record: Foreign) -> Kind:
        if record.has("reply"):
            return Kind.COMMENT
        return Kind.MENTION if not self.settings.accounts.isdisjoint(named_in(record)) else Kind.POST


def named_in(record: Foreign) -> set[str]:
    """The DIDs of those whom a post names in its words, and of whom it quotes."""
    features = (feature for facet in record.items("facets") for feature in facet.items("features"))
    named = {did for each in features if each.text("$type") == MENTION and (did := each.id("did"))}
    return named | {author_of(uri) for uri in quoted_in(record)}


def quoted_in(record: Foreign) -> set[str]:
    """The address of the post that this one quotes, with pictures of its own or without."""
    embedded = record.at("embed").at("record")
    return {uri for uri in (embedded.id("uri"), embedded.at("record").id("uri")) if uri}


def author_of(uri: str) -> str:
    """The DID in at://did/collection/key."""
    return uri.removeprefix("at://").partition("/")[0]
