"""Alerts as people ask for them: what is on and what ended lately, with who has it, who is not told, and its case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.model import Acknowledgement, Alert, Case, NoticeKind, Silence, Stretch
from chalicelib.pipeline.alerting import seen
from chalicelib.pipeline.raising import notice
from chalicelib.pipeline.taking_up import is_taken_up
from chalicelib.ports.alerting import Alerts, Notices
from chalicelib.ports.store import Store


@dataclass(frozen=True, slots=True)
class Overview:
    """One alert by now. `posts` are the ids of some that are not taken back, `silences` those that keep it from
    somebody; `case` is None once it is forgotten. `asked_at`: when people were asked last, which `taken_up` may not
    cover."""

    alert: Alert
    seen: Stretch
    posts: tuple[str, ...]
    taken_up: Acknowledgement | None
    silences: tuple[Silence, ...]
    case: Case | None
    asked_at: datetime | None = None

    @property
    def asked_again_at(self) -> datetime | None:
        """When people were asked again after somebody had taken it up; None where they were not."""
        is_later = self.taken_up is not None and self.asked_at is not None and self.asked_at > self.taken_up.at
        return self.asked_at if is_later else None

    @property
    def is_looked_after(self) -> bool:
        """Whether somebody has taken it up, here or in the CRM, or all who are told of it asked for silence."""
        in_the_crm = self.case is not None and is_taken_up(self.case, self.asked_at or self.alert.raised_at)
        is_taken_up_here = self.taken_up is not None and self.asked_again_at is None
        return is_taken_up_here or in_the_crm or self._is_silenced

    @property
    def _is_silenced(self) -> bool:
        teams = {team for team in (self.alert.team, *self.alert.tell) if team}
        silent = {one.team for one in self.silences}
        return any(one.rule for one in self.silences) or (bool(teams) and teams <= silent)


@dataclass(frozen=True, slots=True)
class Lookout:
    """Where alerts, what people did with them, and their cases are found."""

    alerts: Alerts
    notices: Notices
    store: Store

    def look(self, found: Sequence[Alert], now: datetime) -> list[Overview]:
        """What is known of these, in their order. Raises Unavailable."""
        silences = self.notices.silences() if found else []
        return [self._look(alert, [one for one in silences if _covers(one, alert, now)]) for alert in found]

    def _look(self, alert: Alert, silences: Sequence[Silence]) -> Overview:
        grown = seen(self.alerts, alert)
        names = tuple(dict.fromkeys((*grown.samples, *alert.posts)))
        gone = self.alerts.taken_back(names)
        posts = tuple(name for name in names if name not in gone)
        taken_up, case = self.notices.acknowledged(alert.id), self.store.case(alert.id)
        asked = self.notices.matter(alert.id).latest
        return Overview(alert, grown, posts, taken_up, tuple(silences), case, asked.at if asked else None)


def _covers(silence: Silence, alert: Alert, now: datetime) -> bool:
    told = notice(alert, NoticeKind.ALERT, alert.subject, (), now)
    return any(silence.covers(told, team, now) for team in told.teams or ("",))
