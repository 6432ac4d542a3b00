"""What people are told at once, beside the CRM: notices, what each channel has of them, who took them up, silences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import uuid5

from chalicelib.model.decision import Priority
from chalicelib.model.post import EXTERNAL_KEYS


class NoticeKind(StrEnum):
    """What a notice is about: an alert, how it goes on, its end; a reply that is overdue; a platform that fell silent;
    that somebody has taken one of these up, or seen to it in the CRM; several that waited for the end of quiet hours.
    """

    ALERT = "alert"
    UPDATE = "update"
    ALL_CLEAR = "all-clear"
    OVERDUE = "overdue"
    SILENCE = "silence"
    ACKNOWLEDGED = "acknowledged"
    SETTLED = "settled"
    DIGEST = "digest"


ASKS = frozenset({NoticeKind.ALERT, NoticeKind.OVERDUE, NoticeKind.SILENCE})  # for somebody who takes it up
ENDS = frozenset({NoticeKind.ALL_CLEAR, NoticeKind.SETTLED})  # what was asked: nobody has to take it up any more
CRM = "somebody in the CRM"
BECAUSE = "Because: "  # begins the line that tells why; an erasure finds it by that
LONGEST_SILENCE = timedelta(days=30)  # whoever forgets one must not miss a fire next year
CLOSES = ENDS | {NoticeKind.ACKNOWLEDGED}  # whoever was asked hears of it


@dataclass(frozen=True, slots=True)
class Notice:
    """What teams are told once a channel. `key`: a UUIDv5, the same whenever the same is told (`notice_key`).

    `about` is the alert's or the case's id: what is acknowledged, what updates go on with, what an all-clear ends.
    `team` is whose it is, `tell` who else hears of it. `lines` are plain text of a line each; what they quote of a post
    is forgotten with the notice, 30 days later. `posts` are the ids of some that it is about: where they are is
    looked up when it is told, so that those who are forgotten are not kept here. `by`: who has taken it up or seen to
    it, where it says so.
    """

    key: str
    kind: NoticeKind
    about: str
    rule: str | None
    team: str | None
    tell: tuple[str, ...]
    priority: Priority | None
    title: str
    lines: tuple[str, ...]
    at: datetime
    case_id: str | None = None
    link: str | None = None
    by: str | None = None
    posts: tuple[str, ...] = ()

    @property
    def teams(self) -> tuple[str, ...]:
        """Everybody who is to hear of it, each once."""
        return tuple(dict.fromkeys([*([self.team] if self.team else []), *self.tell]))


def answer(asked: Notice, kind: NoticeKind, who: str, at: datetime) -> Notice:
    """That somebody has taken up what was asked, or seen to it: one of each kind for each time that it was asked."""
    key = notice_key(kind, asked.about, asked.key)
    # Not before it was asked: clocks differ, and it covers what its author has read.
    return replace(asked, key=key, kind=kind, title=f"{asked.title} (by {who})", lines=(), at=max(at, asked.at), by=who)


def notice_key(*parts: str) -> str:
    """The key of what these parts name, such as the kind, the alert and which of its updates."""
    name = "\x1f".join(("notice", *parts))
    return str(uuid5(EXTERNAL_KEYS, name.encode("utf-8", "backslashreplace").decode()))


def keys_of_case(case_id: str, steps: int) -> tuple[str, ...]:
    """The keys of all notices there may be of a case whose clock has so many steps, but those that gather others."""
    overdue = (notice_key(NoticeKind.OVERDUE, case_id, str(step)) for step in range(1, steps + 1))
    asked = (notice_key(NoticeKind.ALERT, case_id), *overdue)
    closes = (NoticeKind.ACKNOWLEDGED, NoticeKind.SETTLED)
    return *asked, *(notice_key(kind, case_id, key) for key in asked for kind in closes)


class TellingState(StrEnum):
    """What became of a notice in one channel. `silenced`: kept from it, by a silence or since it would be news of
    something that was never told there. `refused`: the channel will never take it."""

    TOLD = "told"
    HELD = "held"
    SILENCED = "silenced"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Telling:
    """What a channel has of a notice, since `at`; `times` is how often it was told there, `words` what it said.

    `again_at`: when it is told once more unless somebody takes it up; None: never.
    """

    key: str
    channel: str
    state: TellingState
    at: datetime
    times: int = 0
    again_at: datetime | None = None
    words: str | None = None

    @property
    def was_told(self) -> bool:
        """Whether it was heard there once at least: one that was refused when it was told again was."""
        return self.state is TellingState.TOLD or self.times > 1


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """That somebody has taken up what was asked until then about something."""

    about: str
    who: str
    at: datetime

    def covers(self, notice: Notice) -> bool:
        """Whether it is taken up with that: what is asked later needs its own taking up."""
        return notice.at <= self.at


@dataclass(frozen=True, slots=True)
class Matter:
    """What was asked about one alert or case, in order and without its lines; and when it ended last, if it did."""

    asked: tuple[Notice, ...] = ()
    ended_at: datetime | None = None

    @property
    def latest(self) -> Notice | None:
        """What was asked last."""
        return self.asked[-1] if self.asked else None

    @property
    def is_ended(self) -> bool:
        """Whether nothing was asked since it ended."""
        return self.ended_at is not None and (self.latest is None or self.latest.at <= self.ended_at)


@dataclass(frozen=True, slots=True)
class Silence:
    """That nobody is told of a rule, or a team of nothing, until then: by whom and why. `ended_by` ended it sooner."""

    id: str
    until: datetime
    who: str
    why: str
    at: datetime
    rule: str | None = None
    team: str | None = None
    ended_by: str | None = None

    def covers(self, notice: Notice, team: str, now: datetime) -> bool:
        """Whether it keeps this notice from that team now."""
        if self.ended_by is not None or now >= self.until:
            return False
        return (self.rule is not None and self.rule == notice.rule) or (self.team is not None and self.team == team)


def unsilenced(notice: Notice, teams: Iterable[str], silences: Sequence[Silence], now: datetime) -> list[str]:
    """Those of the teams that no silence keeps it from now, in their order."""
    return [team for team in teams if not any(one.covers(notice, team, now) for one in silences)]
