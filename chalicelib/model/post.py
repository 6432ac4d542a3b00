"""What people say: posts and their authors, and the facts that are read from them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

# The namespace of every external key: fixed for ever, or a CRM would be told the same post twice.
EXTERNAL_KEYS = UUID("5f0c6b1e-7d0a-5a53-9f6e-0f6a3d1f9b21")

Value = str | int | float | bool | tuple[str, ...]


class Kind(StrEnum):
    """What sort of utterance a post is."""

    POST = "post"
    MENTION = "mention"
    COMMENT = "comment"
    REPLY = "reply"
    REVIEW = "review"
    DM = "dm"
    REPOST = "repost"
    QUOTE = "quote"
    REPORT = "report"
    POSTBACK = "postback"  # a button pressed: the words are whoever made the button's


class Action(StrEnum):
    """What happened to the post. `hide` and `unhide` are moderation by our own page, not a deletion."""

    CREATE = "create"
    EDIT = "edit"
    DELETE = "delete"
    HIDE = "hide"
    UNHIDE = "unhide"


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote, as the platform knows them; any part may be withheld."""

    id: str | None = None
    handle: str | None = None
    name: str | None = None
    followers: int | None = None
    verified: bool | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One version of one utterance on a platform.

    `id` is `platform:native_id`; all other ids are the platform's own, as strings. Times are aware UTC instants.
    `created_at` is the platform's word and None where it sends none; `delivered_at` is when the event reached us or,
    where the platform says so, was sent. `is_self` is None where the body alone cannot tell.
    """

    id: str
    platform: str
    kind: Kind | None = None
    action: Action = Action.CREATE
    text: str | None = None
    language: str | None = None
    created_at: datetime | None = None
    edited_at: datetime | None = None
    delivered_at: datetime | None = None
    permalink: str | None = None
    in_reply_to: str | None = None
    conversation_id: str | None = None
    account_id: str | None = None
    is_self: bool | None = None
    rating: float | None = None
    media: tuple[str, ...] = ()
    quoted_text: str | None = None
    parent_text: str | None = None
    author: Author = field(default_factory=Author)

    @property
    def native_id(self) -> str:
        """The id without the platform's name."""
        return self.id.partition(":")[2]

    @property
    def version(self) -> str:
        """Names what can be edited, and what happened: the same content delivered again is the same version."""
        edited = self.edited_at.isoformat() if self.edited_at else None
        happened = "" if self.action in (Action.CREATE, Action.EDIT) else self.action.value
        content = [self.text, list(self.media), self.rating, edited, happened]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]

    @property
    def at(self) -> datetime | None:
        """The best known instant of this version; `is_delivery_time` tells whether it is only the delivery's."""
        return self.edited_at or self.created_at or self.delivered_at

    @property
    def is_delivery_time(self) -> bool:
        """True where the platform sent no time of its own."""
        return self.edited_at is None and self.created_at is None

    @property
    def author_key(self) -> str | None:
        """`platform:author id` (the handle where no id is sent); None where the author is withheld."""
        who = self.author.id or self.author.handle
        return f"{self.platform}:{who}" if who else None

    @property
    def external_key(self) -> str:
        """The UUIDv5 of platform, account and native id: what every CRM and every conditional write is keyed by."""
        name = "\x1f".join((self.platform, self.account_id or "", self.native_id))
        # A lone surrogate, which a platform's JSON may hold, has no UTF-8.
        return str(uuid5(EXTERNAL_KEYS, name.encode("utf-8", "backslashreplace").decode()))

    def without_person(self) -> Post:
        """The post without its words, and without whatever leads to who wrote it."""
        return replace(self.without_text(), author=Author(), permalink=None, conversation_id=None, in_reply_to=None)

    def without_text(self) -> Post:
        """The post without its words and pictures, its own and those it answers to."""
        return replace(self, text=None, quoted_text=None, parent_text=None, media=())


@dataclass(frozen=True, slots=True)
class PostsInDays:
    """How many posts of an author there were in so many days, the one in question among them."""

    days: int
    posts: int


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the post when it is read; None is unknown.

    `sentiment` is from -1 to 1, and what is read where it is None; `moods` are those of what the author said before in
    the same conversation, and `conversation_sentiment` what stands instead of their mean. `sounds` are facts by name
    that stand instead of what the words would say (1 is yes, 0 is no); `unheard` names those that are unknown.
    """

    now: datetime | None = None
    our_handles: frozenset[str] = frozenset()
    our_accounts: frozenset[str] = frozenset()
    case_is_open: bool | None = None
    is_customer: bool | None = None
    is_employee: bool | None = None
    is_new: bool | None = None
    thread_depth: int | None = None
    sentiment: float | None = None
    posts_in_days: tuple[PostsInDays, ...] = ()
    sounds: Mapping[str, float] = field(default_factory=dict)
    unheard: frozenset[str] = frozenset()
    moods: tuple[float, ...] = ()
    conversation_sentiment: float | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules can ask about: the post and the values read from it. A field absent from `values` is unknown.

    `because` are, by field, the words that made a value.
    """

    post: Post
    values: Mapping[str, Value]
    because: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parked:
    """A validly signed body that could not be read, kept raw until somebody looks."""

    platform: str
    body: bytes
    headers: Mapping[str, str]
    why: str
    received_at: datetime
    receipt: str | None = None
