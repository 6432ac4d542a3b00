"""A person's wish to be forgotten, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

BY_HAND = "by hand"  # whose wish it is that an operator noted, and no platform passed on


@dataclass(frozen=True, slots=True)
class Erasure:
    """That everything of some authors is to be erased. `code` tells the person how far it is, and nobody who they are.

    `author_keys` are `platform:id` as `Post.author_key` has them, and gone once their posts are; `posts` counts those
    that were erased; `cursor` is where the search goes on.
    """

    code: str
    platform: str
    asked_at: datetime
    author_keys: tuple[str, ...] = field(default=(), repr=False)
    posts: int = 0
    cursor: str | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the table that was searched: the posts found in it, and where to go on (None: it is the last)."""

    posts: tuple[Written, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Written:
    """One version of a post by an author who is to be forgotten."""

    post_id: str
    platform: str
    account_id: str | None
    case_id: str | None
