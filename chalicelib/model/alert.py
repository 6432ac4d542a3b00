"""An alert: raised once for each crossing of a window, told of again as it grows, and ended by an all-clear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import uuid5

from chalicelib.model.decision import Priority
from chalicelib.model.post import EXTERNAL_KEYS

if TYPE_CHECKING:
    from chalicelib.model.growth import Stretch

EVERY = timedelta(minutes=10)  # between two updates, at least
TIMES = 2  # as many as were told last: then there is news


class AlertState(StrEnum):
    """Raised; told of at least once more, since it grew; over: all clear."""

    RAISED = "raised"
    GROWING = "growing"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert; its id is also its case's.

    It is about the values in `about`, by field: `count` of what `counts` says, `needed` of them, came within `within`.
    `since` is when that was said which made it cross, `at` the latest of them, `raised_at` when we raised it; `posts`
    are the ids of some. Whom it concerns is `team` and `tell`. `follows` is the alert of the same window before it,
    `continued_by` the one that was raised while this one was on. `counted`, `told_at` and `words` are what was told
    last, in `updates` of them; `revision` counts its changes. Of a silence, `silent` names the platform, and `at` is
    when it was last heard.
    """

    id: str
    window: str
    rule: str
    name: str
    about: Mapping[str, str]
    counts: str
    count: int
    needed: int
    within: timedelta
    since: datetime
    at: datetime
    raised_at: datetime
    told_at: datetime
    counted: int
    subject: str
    priority: Priority | None = None
    team: str | None = None
    tell: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    rulebook: str = ""
    follows: str | None = None
    follows_at: datetime | None = None
    continued_by: str | None = None
    silent: str | None = None
    state: AlertState = AlertState.RAISED
    updates: int = 0
    words: Mapping[str, int] = field(default_factory=dict)
    over_at: datetime | None = None
    revision: int = 1

    @property
    def is_on(self) -> bool:
        """Whether no all-clear was given."""
        return self.state is not AlertState.OVER

    def grown(self, seen: Stretch) -> int:
        """How many there are by now."""
        return max(seen.whos.count, self.counted)

    def clear_at(self, seen: Stretch) -> datetime:
        """When nothing has come for `within`, and nothing that is late can come any more."""
        from chalicelib.model.window import GRACE, moment  # here: who delivers never asks

        return moment(seen.last) + self.within + GRACE

    def news_at(self, seen: Stretch) -> datetime | None:
        """When there is something to tell; None where it has not grown so much."""
        return self.told_at + EVERY if self.grown(seen) >= TIMES * self.counted else None

    def goes_on_in(self, later: Alert, seen: Stretch) -> bool:
        """Whether the later one was raised before this one's window was empty: then they end together."""
        from chalicelib.model.window import moment

        return later.at <= moment(seen.last) + self.within

    def updated(self, seen: Stretch, now: datetime) -> Alert:
        """Told of once more."""
        told = replace(self, state=AlertState.GROWING, counted=self.grown(seen), told_at=now, words=seen.counts())
        return replace(told, updates=self.updates + 1, revision=self.revision + 1)

    def over(self, at: datetime, seen: Stretch | None = None) -> Alert:
        """After the all-clear."""
        counted = self.grown(seen) if seen else self.counted
        return replace(self, state=AlertState.OVER, over_at=at, counted=counted, revision=self.revision + 1)

    def without(self, post_id: str) -> Alert:
        """Naming a post no more."""
        posts = tuple(name for name in self.posts if name != post_id)
        return replace(self, posts=posts, revision=self.revision + 1)

    def continued(self, by: str) -> Alert:
        """Raised again before it was over."""
        return replace(self, continued_by=by, revision=self.revision + 1)


def alert_id(window: str, crossing: str) -> str:
    """The UUIDv5 of a crossing: the same post in the same window raises the same alert."""
    return str(uuid5(EXTERNAL_KEYS, "\x1f".join(("alert", window, crossing))))
