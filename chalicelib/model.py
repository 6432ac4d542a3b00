"""The words of the trade: posts, facts, decisions, cases, and what is owed to a CRM. Imports nothing of ours."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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


class Action(StrEnum):
    """What happened to the post. `hide` and `unhide` are moderation by our own page, not a deletion."""

    CREATE = "create"
    EDIT = "edit"
    DELETE = "delete"
    HIDE = "hide"
    UNHIDE = "unhide"


class Outcome(StrEnum):
    """The three decisions there are."""

    ESCALATE = "escalate"
    RECOMMEND = "recommend"
    IGNORE = "ignore"


class Priority(StrEnum):
    """How soon a person should look."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 is the most pressing."""
        return list(Priority).index(self)


class Answer(StrEnum):
    """What a rule's line answers about a post."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


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


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the post when it is read; None is unknown."""

    now: datetime | None = None
    our_handles: frozenset[str] = frozenset()
    our_accounts: frozenset[str] = frozenset()
    case_is_open: bool | None = None
    is_customer: bool | None = None
    is_employee: bool | None = None
    is_new: bool | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules can ask about: the post and the values read from it. A field absent from `values` is unknown."""

    post: Post
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """One line of a rule and what it answered; `found` are the words that made it."""

    block: str
    line: str
    answer: Answer
    found: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """How one rule came to match or not."""

    rule: str
    status: str
    matched: bool
    lines: tuple[LineAnswer, ...]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What is offered to the person who answers."""

    rule: str
    template: str
    offer: str | None = None
    send: str | None = None
    at_most: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done about one version of a post, and why; `guard` names the check that stopped it before the rules."""

    post_id: str
    post_version: str
    outcome: Outcome
    reason: str
    rule: str | None = None
    guard: str | None = None
    priority: Priority | None = None
    team: str | None = None
    tell: tuple[str, ...] = ()
    subject: str | None = None
    record: str = "case"
    join_within: timedelta | None = None
    first_reply_due: datetime | None = None
    keep_for: timedelta | None = None
    recommendation: Recommendation | None = None
    topics: tuple[str, ...] = ()
    matched: tuple[str, ...] = ()
    shadow: tuple[str, ...] = ()
    rulebook: str = ""
    lines: tuple[RuleTrace, ...] = ()
    sampled: bool = False


class CaseStatus(StrEnum):
    """Whether the conversation about a case goes on."""

    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Case:
    """What a team works on: opened by one post, joined by more. `id` is the opening post's external key.

    `started` is set before the CRM is first asked to open it: from then on it may exist there.
    """

    id: str
    post_id: str
    record: str
    subject: str
    team: str | None
    priority: Priority | None
    tell: tuple[str, ...]
    platform: str
    author_key: str | None
    conversation_id: str | None
    topics: tuple[str, ...]
    rule: str | None
    reason: str
    opened_at: datetime
    last_post_at: datetime
    first_reply_due: datetime | None = None
    status: CaseStatus = CaseStatus.OPEN
    posts: int = 1
    crm: str | None = None
    crm_ref: str | None = None
    started: bool = False
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class OpenCase:
    """What an author's record remembers of a case, enough to join it."""

    case_id: str
    conversation_id: str | None
    topics: tuple[str, ...]
    rule: str | None
    last_post_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What the table knows around a post before it is decided.

    `revision` guards the author's record: a save that builds on an outdated one is a Conflict. `latest_at`, `deleted`
    and `case_id` describe earlier versions of the same post; `seen` holds those versions' names.
    """

    revision: int = 0
    opted_out: bool = False
    open_cases: tuple[OpenCase, ...] = ()
    deleted: bool = False
    edited: bool = False
    latest_at: datetime | None = None
    seen: frozenset[str] = frozenset()
    case_id: str | None = None


class Verb(StrEnum):
    """What a CRM can be asked to do."""

    OPEN_CASE = "open_case"
    ADD_TO_CASE = "add_to_case"


class DeliveryState(StrEnum):
    """Where an owed effect stands. `kept`: no CRM is configured; `withdrawn`: deleted before it had started."""

    OWED = "owed"
    DONE = "done"
    KEPT = "kept"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One effect owed to the CRM, in order of `sequence` within its case. Holds no text: that stays with the post."""

    case_id: str
    sequence: str
    key: str
    verb: Verb
    post_id: str
    post_version: str
    heading: str
    state: DeliveryState = DeliveryState.OWED
    receipt: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written onto a case in the CRM. `key` makes it once; `post` is None once its author deleted it."""

    key: str
    heading: str
    post: Post | None
    decision: Decision


@dataclass(frozen=True, slots=True)
class Saved:
    """Everything one decision writes, at once or not at all."""

    post: Post
    decision: Decision
    standing: Standing
    opens: Case | None = None
    joins: str | None = None
    remembers: tuple[OpenCase, ...] | None = None
    deliveries: tuple[Delivery, ...] = ()

    @property
    def case_id(self) -> str | None:
        """The case this post belongs to, opened or joined."""
        return self.opens.id if self.opens else self.joins

    @property
    def changes_standing(self) -> bool:
        """True when what `standings` answered before no longer holds for this post or its author."""
        return self.case_id is not None or self.post.action is not Action.CREATE


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision as the table keeps it; the post's text may since have been erased.

    `cut` names what was too large to keep whole: `lines` (of rules that did not match first), then `text`.
    """

    post: Post
    decision: Decision
    decided_at: datetime
    case_id: str | None = None
    erased: bool = False
    cut: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parked:
    """A validly signed body that could not be read, kept raw until somebody looks."""

    platform: str
    body: bytes
    headers: Mapping[str, str]
    why: str
    received_at: datetime
    receipt: str | None = None
