"""A person's wish to be forgotten, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.model.case import Case
    from chalicelib.model.decision import Recorded

# What was on its way when it was asked is in the table by then: ten tries of a post take half an hour.
ARRIVES = timedelta(minutes=35)
LATE = ARRIVES - timedelta(minutes=5)  # what is decided sooner than this after it was said, the search finds
BY_HAND = "by hand"  # whose wish it is that an operator noted, and no platform passed on


@dataclass(frozen=True, slots=True)
class Erasure:
    """That everything of some authors is to be erased. `code` tells the person how far it is, and nobody who they are.

    `author_keys` are `platform:id` as `Post.author_key` has them, and gone once their posts and cases are; `posts` and
    `cases` count those that were erased; `cursor` is where the search goes on.
    """

    code: str
    platform: str
    asked_at: datetime
    author_keys: tuple[str, ...] = field(default=(), repr=False)
    posts: int = 0
    cursor: str | None = None
    done_at: datetime | None = None
    cases: int = 0

    @property
    def found(self) -> bool:
        """Whether anything of theirs was."""
        return self.posts + self.cases > 0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the table that was searched: the posts found in it, the ids of the cases, which outlive their posts,
    and where to go on (None: it is the last)."""

    posts: tuple[Written, ...]
    cursor: str | None
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept of some authors: the versions of their posts, and their cases."""

    posts: tuple[Recorded, ...] = ()
    cases: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """One version of a post by an author who is to be forgotten."""

    post_id: str
    platform: str
    account_id: str | None
