"""What a rule file says, read and checked: the form that is compiled, bundled and decided by."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from chalicelib.model import Outcome, Priority
from chalicelib.rulebook.calendars import Calendar

BLOCKS = ("all", "any", "none")
AUTHORS, POSTS = COUNTS = ("different authors", "posts")  # what `repeats` counts
AFTER_THANKS = (STEP_DOWN, STAY) = ("step down", "stay")
PERSONS = ("author", "handle")  # of what it counts apart, who wrote
WORDING = "wording"  # and the words themselves, as a mark


class Status(StrEnum):
    """A rule's life: tried on its examples, recorded only, acting, readable for ever."""

    DRAFT = "draft"
    SHADOW = "shadow"
    LIVE = "live"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Test:
    """One question to a post. Texts are in `values` (lists written out), a number (age: seconds) in `number`."""

    __test__ = False  # not pytest's

    field: str
    test: str
    values: tuple[str, ...] = ()
    number: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A question in its block, and as its author wrote it."""

    block: str
    text: str
    asks: Test


@dataclass(frozen=True, slots=True)
class NoReply:
    """What follows when nobody answers in time: who has it then, and how pressing it is."""

    after: str
    team: str | None = None
    priority: Priority | None = None


@dataclass(frozen=True, slots=True)
class Then:
    """What a rule decides. Durations that depend on business hours stay words, like `2 business hours`."""

    outcome: Outcome
    priority: Priority | None = None
    team: str | None = None
    tell: tuple[str, ...] = ()
    first_reply: str | None = None
    no_reply: tuple[NoReply, ...] = ()
    record: str = "case"
    subject: str | None = None
    join_within: timedelta | None = None
    keep_for: timedelta | None = None
    reason: str | None = None
    template: str | None = None
    offer: str | None = None
    send: str | None = None
    at_most: str | None = None
    after_thanks: str | None = None

    @property
    def teams(self) -> set[str]:
        """Every team that may have its cases, or be told of them."""
        named = {self.team, *self.tell, *(step.team for step in self.no_reply)}
        return {team for team in named if team}

    @property
    def stays_after_thanks(self) -> bool:
        """Whether the case stays as pressing as it is when its author says thanks; what is urgent does unless told."""
        return self.after_thanks == STAY or (self.after_thanks is None and self.priority is Priority.URGENT)


@dataclass(frozen=True, slots=True)
class Repeats:
    """How often a rule's lines must match before it does. Durations stay words; `per` are fields of the facts.

    `goes_on`: while it would be quiet, it matches every post.
    """

    count: str
    per: tuple[str, ...]
    at_least: int
    within: str
    quiet: str
    times_usual: float | None = None
    times_lately: float | None = None
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Unheard:
    """The block under `silence`: none of these platforms told any post for so long.

    `length` stays words; the time is counted while `calendar` is open, where one is named.
    """

    of: tuple[str, ...]
    length: str
    calendar: str | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """A conclusion that rules can test."""

    id: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `review_by` is an ISO date; `timezone` and `owner` (the team, and how to reach it) are its file's.

    `calendar` names what its business hours are; None: Monday to Friday, 9 to 17, in its time zone.
    """

    id: str
    name: str
    status: Status
    review_by: str
    why: str
    lines: tuple[Line, ...]
    then: Then
    timezone: str = "UTC"
    overrides: tuple[str, ...] = ()
    known_mistakes: tuple[str, ...] = ()
    calendar: str | None = None
    repeats: Repeats | None = None
    owner: str | None = None
    unheard: Unheard | None = None

    @property
    def raises_alerts(self) -> bool:
        """Whether what repeats is told as an alert: what one person repeats is a matter of their own case."""
        is_anybodys = self.repeats is not None and not set(self.repeats.per) & set(PERSONS)
        return is_anybodys and self.then.outcome is Outcome.ESCALATE


@dataclass(frozen=True, slots=True)
class Book:
    """All rules of one version. The order of files and rules means nothing: all are sorted by id or name.

    `rules` decide posts; `silences` are about posts that do not come.
    """

    topics: tuple[Topic, ...] = field(default=())
    rules: tuple[Rule, ...] = field(default=())
    calendars: tuple[Calendar, ...] = field(default=())
    silences: tuple[Rule, ...] = field(default=())

    @property
    def every(self) -> tuple[Rule, ...]:
        """All rules, whatever they are about."""
        return (*self.rules, *self.silences)
