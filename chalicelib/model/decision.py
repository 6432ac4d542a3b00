"""What is decided about a post, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.model.post import Post

FORGOTTEN = "forgotten"  # the guard that stops what somebody wrote before they asked to be
FOUND = ": found "  # in a reason, between the rule's name and the quoted words of the post


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
class Otherwise:
    """How a shadow version of the rulebook decides the same post, where it decides otherwise. It acts on nothing."""

    rulebook: str
    outcome: Outcome
    rule: str | None = None
    priority: Priority | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Crossing:
    """That a window of a rule's `repeats` crossed with this post, and whom the rule wants to know of it.

    `about` are the values it counts apart, by field; `mark` names the crossing within its `window`, `before` the one
    before. `at` is when the post was said, `latest` the latest that was counted; `posts` are ids of some of those.
    """

    window: str
    mark: str
    rule: str
    name: str
    about: Mapping[str, str]
    counts: str
    count: int
    needed: int
    within: timedelta
    at: datetime
    before: str | None = None
    latest: datetime | None = None
    posts: tuple[str, ...] = ()
    priority: Priority | None = None
    team: str | None = None
    tell: tuple[str, ...] = ()
    subject: str = ""
    record: str = "case"
    first_reply_due: datetime | None = None
    late: tuple[Late, ...] = ()
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Late:
    """What follows when nobody has replied by `due`: `after` says it in words; None: whose it is, or how pressing,
    stays as it is."""

    due: datetime
    after: str
    team: str | None = None
    priority: Priority | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done about one version of a post, and why; `guard` names the check that stopped it before the rules.

    `owner` is whom to ask about the rule that decided; `crossed` are the alerts that the post raises.
    """

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
    late: tuple[Late, ...] = ()
    stays: bool = False
    keep_for: timedelta | None = None
    recommendation: Recommendation | None = None
    topics: tuple[str, ...] = ()
    matched: tuple[str, ...] = ()
    shadow: tuple[str, ...] = ()
    rulebook: str = ""
    lines: tuple[RuleTrace, ...] = ()
    sampled: bool = False
    otherwise: Otherwise | None = None
    owner: str | None = None
    crossed: tuple[Crossing, ...] = ()


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
