"""Reddit's things to Post JSON. https://www.reddit.com/dev/api/#fullnames

Written from Reddit's public description and what its clients read; not verified against Reddit itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chalicelib.codec import to_json
from chalicelib.platforms.foreign import EPOCH, Foreign
from infra.bridges.frames import as_words, wanted

SUBMISSION, COMMENT = "t3", "t1"
SITE = "https://www.reddit.com"
TAKEN_AWAY = ("[deleted]", "[removed]")


@dataclass(frozen=True, slots=True)
class Thing:
    """A submission or a comment; `changed` is when it was edited last, in seconds since 1970, 0 where it never was."""

    name: str
    said_at: int
    changed: int
    text: str
    is_gone: bool
    post: dict[str, Any]

    def holds(self, words: tuple[str, ...]) -> bool:
        """Whether one of the words is said; all is wanted where there are no words."""
        said = as_words(self.text)
        return not words or any(word in said for word in map(wanted, words))


def things(listing: Foreign) -> list[Thing]:
    """What a listing holds, in its order; other kinds are passed over. Raises BadPayload."""
    children = listing.at("data").items("children")
    return [_thing(child.at("data")) for child in children if child.text("kind") in (SUBMISSION, COMMENT)]


def _thing(data: Foreign) -> Thing:
    name, said_at = data.need_id("name"), int(data.number("created_utc") or 0)
    is_comment = name.startswith(COMMENT)
    parts = ("body",) if is_comment else ("title", "selftext")
    text = "\n".join(filter(None, (data.text(part) for part in parts)))
    changed = 0 if isinstance(data.at("edited").value, bool | None) else int(data.number("edited") or 0)
    own = data.text("body" if is_comment else "selftext")
    is_gone = data.text("author") == TAKEN_AWAY[0] or own in TAKEN_AWAY or data.has("removed_by_category")
    post = {
        "id": name,
        "platform": "reddit",
        "kind": "comment" if is_comment else "post",
        "text": text,
        "created_at": _moment(said_at) if said_at else None,
        "edited_at": _moment(changed) if changed else None,
        "permalink": f"{SITE}{data.text('permalink')}" if data.has("permalink") else None,
        "in_reply_to": data.id("parent_id"),
        "conversation_id": data.id("link_id") or name,
        "author": {"id": data.id("author_fullname"), "handle": data.text("author")},
    }
    return Thing(name, said_at, changed, text, is_gone, post)


def _moment(seconds: int) -> str:
    return str(to_json(EPOCH + timedelta(seconds=seconds)))
