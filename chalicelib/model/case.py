"""What a team works on, what its CRM is owed for it, and what one decision writes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.model.crm import Link, Profile
from chalicelib.model.decision import Decision, Late, Priority
from chalicelib.model.post import Post


class CaseStatus(StrEnum):
    """Whether the conversation about a case goes on."""

    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Case:
    """What a team works on: opened by one post, joined by more. `id` is the opening post's external key.

    `started` is set before the CRM is first asked to open it: from then on it may exist there. `answered_at` is when
    people first answered there, `closed_at` when they closed it, `assigned_to` whom the CRM names since it was
    reassigned, `merged_into` the record that took its place. `status_at` is when the status was last moved, and
    `heeded` counts what moved anything of these.

    `late` is what follows when nobody replies, in order; `lapsed` of it have come about. `clock_stopped_at`: somebody
    answered or closed it, and no more of it comes about, whatever happens later; or every post of it was deleted
    (`taken_back_at`), and a later post may start it again.

    `reasons` are the rules that escalated its later posts, as `priority=rule`. `stays`: thanks do not let it step down;
    `softened_at`: they did.
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
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    assigned_to: str | None = None
    merged_into: str | None = None
    status_at: datetime | None = None
    heeded: int = 0
    late: tuple[Late, ...] = ()
    lapsed: int = 0
    clock_stopped_at: datetime | None = None
    taken_back_at: datetime | None = None
    reasons: frozenset[str] = frozenset()
    stays: bool = False
    softened_at: datetime | None = None

    @property
    def next_late(self) -> Late | None:
        """What follows next if nobody replies; None where its clock does not run."""
        runs = self.status is CaseStatus.OPEN and self.clock_stopped_at is None
        return self.late[self.lapsed] if runs and self.lapsed < len(self.late) else None

    def lapse(self) -> Case:
        """The case once what follows next has come about. Raises ValueError where nothing does."""
        late = self.next_late
        if late is None:
            raise ValueError("the case's clock does not run")
        team, priority = late.team or self.team, late.priority or self.priority
        return replace(self, lapsed=self.lapsed + 1, team=team, priority=priority)

    def renewed(self, decision: Decision) -> Case:
        """Open for a later post, since all before were taken back: its clock is that of this post's decision.

        What has come about of the old one stays, and is counted on from. `taken_back_at` stays as it was read: a store
        writes this only where nothing was taken back since, and drops it then.
        """
        late = (*self.late[: self.lapsed], *decision.late)
        due = decision.first_reply_due
        return replace(self, status=CaseStatus.OPEN, late=late, first_reply_due=due, clock_stopped_at=None)

    def shift(self, after: Case) -> Shift | None:
        """What of this case is another in `after`; None where nothing is."""
        teams = (self.team, after.team) if self.team != after.team else (None, None)
        priorities = (self.priority, after.priority) if self.priority != after.priority else (None, None)
        shift = Shift(*teams, *priorities)
        return shift if shift != Shift() else None

    @property
    def own_teams(self) -> frozenset[str]:
        """Those that our rules have given it to since it was opened, or who has it now."""
        names = (self.team, *(late.team for late in self.late[: self.lapsed]))
        return frozenset(name for name in names if name)


@dataclass(frozen=True, slots=True)
class Shift:
    """What our own rules have changed of a case: whose it is, how pressing it is. A pair of the same is no change."""

    was_team: str | None = None
    team: str | None = None
    was_priority: Priority | None = None
    priority: Priority | None = None


@dataclass(frozen=True, slots=True)
class Mood:
    """How a post sounded, -1 (bad) to 1 (good), and when it was said."""

    at: datetime
    sentiment: float


@dataclass(frozen=True, slots=True)
class OpenCase:
    """What an author's record remembers of a case, enough to join it; one that was closed is remembered too.

    `moods` are how the last posts on it sounded.
    """

    case_id: str
    conversation_id: str | None
    topics: tuple[str, ...]
    rule: str | None
    last_post_at: datetime
    closed_at: datetime | None = None
    moods: tuple[Mood, ...] = ()


@dataclass(frozen=True, slots=True)
class Recommended:
    """That a rule recommended something to an author for one of their posts, by the post's time."""

    rule: str
    post_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What the table knows around a post before it is decided.

    `revision` guards the author's record: a save that builds on an outdated one is a Conflict. `latest_at`, `deleted`
    and `case_id` describe earlier versions of the same post; `seen` holds those versions' names. `recommended` is what
    the author was recommended before, for rules that say `at most`; `link` says which customer of the CRM they are.
    `quoted_in` are the alerts whose cases show the post.
    `forgotten_at`: when the author asked to be forgotten, looked up where it may matter (`effects.may_be_forgotten`).
    `is_glimpse`: whether there were earlier versions was not looked up, as of a post that is probably new.
    """

    revision: int = 0
    open_cases: tuple[OpenCase, ...] = ()
    deleted: bool = False
    edited: bool = False
    latest_at: datetime | None = None
    seen: frozenset[str] = frozenset()
    case_id: str | None = None
    recommended: tuple[Recommended, ...] = ()
    link: Link | None = None
    quoted_in: frozenset[str] = frozenset()
    is_glimpse: bool = False
    forgotten_at: datetime | None = None


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
class Told:
    """What a case is told that is no post: lines of an alert, with the ids of posts to show with them as far as they
    are kept; or that nobody has replied."""

    lines: tuple[str, ...]
    posts: tuple[str, ...] = ()
    rulebook: str = ""
    reopens: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """One effect owed to the CRM, in order of `sequence` within its case. Holds no text: that stays with the post.

    `told` is there where it is about an alert or a reply that is overdue, and not about a post; `shift` where the case
    has another team or priority with it.
    """

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
    told: Told | None = None
    shift: Shift | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written onto a case in the CRM. `key` makes it once; `post` is None once its author deleted it.

    `customer` is the CRM's record that the author is linked to. `reopens`: people should see this, so that a case
    which was closed there goes on with it. An entry about an alert has no post but `told`, and `samples` to show.
    `shifts` are what the case has changed and the CRM may not know yet: its team and priority become those of the case.
    """

    key: str
    heading: str
    post: Post | None
    decision: Decision
    customer: str | None = None
    reopens: bool = False
    told: tuple[str, ...] = ()
    samples: tuple[Post, ...] = ()
    shifts: tuple[Shift, ...] = ()

    @property
    def profile(self) -> Profile | None:
        """Whose words these are; None where the platform does not tell, or the post is gone."""
        profile = Profile(self.post.platform, self.post.author) if self.post else None
        return profile if profile and profile.is_known else None
