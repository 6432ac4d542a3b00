"""Everything that one decision writes, at once or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.model.alert import Alert
from chalicelib.model.case import Case, Delivery, OpenCase, Recommended, Standing
from chalicelib.model.decision import Decision, Outcome, Priority
from chalicelib.model.notice import Notice
from chalicelib.model.post import Action, Post


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert, the case it opens, and what that owes; `earlier` is the one before it, where that is still on."""

    alert: Alert
    case: Case
    delivery: Delivery
    earlier: Alert | None = None


@dataclass(frozen=True, slots=True)
class Unquoted:
    """What the case of an alert is told of a post that it quotes; `alert` is the alert where it named the post."""

    delivery: Delivery
    alert: Alert | None = None


@dataclass(frozen=True, slots=True)
class Softening:
    """That a case steps down one level, since its author says thanks."""

    was: Priority
    priority: Priority
    at: datetime


@dataclass(frozen=True, slots=True)
class Saved:
    """Everything one decision writes, at once or not at all.

    `remembers` and `recommends` go into the author's record: the latter only with the former, as every recommendation
    opens or joins a case. `notices` are owed to people; one that is owed already is left as it is. `raised` are the
    alerts that the post raises; the case that it opens may be one of theirs. `softens`: the case that it joins steps
    down for it. `unquoted` is what cases of alerts that quote it are told.
    """

    post: Post
    decision: Decision
    standing: Standing
    opens: Case | None = None
    joins: str | None = None
    remembers: tuple[OpenCase, ...] | None = None
    deliveries: tuple[Delivery, ...] = ()
    recommends: Recommended | None = None
    notices: tuple[Notice, ...] = ()
    raised: tuple[Raised, ...] = ()
    softens: Softening | None = None
    unquoted: tuple[Unquoted, ...] = ()

    @property
    def quotes(self) -> dict[str, frozenset[str]]:
        """The posts that its alerts show, each with their ids."""
        found: dict[str, frozenset[str]] = {}
        for each in self.raised:
            for post_id in each.alert.posts:
                found[post_id] = found.get(post_id, frozenset()) | {each.alert.id}
        return found

    @property
    def case_id(self) -> str | None:
        """The case this post belongs to, opened or joined."""
        return self.opens.id if self.opens else self.joins

    @property
    def is_bare(self) -> bool:
        """Whether the decision is all there is to write."""
        entails = (self.opens, self.joins, self.deliveries, self.notices, self.raised, self.unquoted)
        return self.remembers is None and not any(entails)

    @property
    def parents(self) -> tuple[Case, ...]:
        """The cases of the alerts that it raises, but the one that is the post's own."""
        own = self.opens.id if self.opens else None
        return tuple(each.case for each in self.raised if each.case.id != own)

    @property
    def reason(self) -> str | None:
        """Which rule wants people to see the post on the case that it joins, and how soon."""
        decision = self.decision
        is_one = self.joins is not None and decision.outcome is Outcome.ESCALATE and decision.rule is not None
        return f"{decision.priority}={decision.rule}" if is_one and decision.priority else None

    @property
    def goes_on(self) -> bool:
        """Whether a new post that people should see came onto a case that was there."""
        wanted = self.decision.outcome is not Outcome.IGNORE and self.post.action is Action.CREATE
        return wanted and self.joins is not None and self.joins != self.standing.case_id

    @property
    def reopens(self) -> bool:
        """Whether that case was closed."""
        return self.goes_on and any(
            case.case_id == self.joins and case.closed_at is not None for case in self.standing.open_cases
        )

    @property
    def changes_standing(self) -> bool:
        """True when what `standings` answered before no longer holds for this post or its author."""
        return self.case_id is not None or self.post.action is not Action.CREATE
