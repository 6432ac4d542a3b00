"""The people of a story: they hear of what they are owed as live ones do, by channels in memory, and take it up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chalicelib.channels.wording import LONGEST_LINE, headline
from chalicelib.log import Log
from chalicelib.model import ASKS, Case, Notice, NoticeKind, Silence
from chalicelib.model.notice import unsilenced
from chalicelib.pipeline.onlooking import Onlooker
from chalicelib.pipeline.quiet import end_quiet
from chalicelib.pipeline.showing import Showing
from chalicelib.pipeline.stage import Stage
from chalicelib.pipeline.taking_up import acknowledge
from chalicelib.pipeline.telling import PATIENCE, Desk
from chalicelib.ports.alerting import Channel
from chalicelib.ports.clock import Clock
from chalicelib.rulebook.calendars import next_edge
from chalicelib.rulebook.story_deeds import Silencing
from chalicelib.rulebook.story_looks import TOLD, Happening

SOMEBODY, IN_A_STORY = "somebody", "in a story"
CALLED = {NoticeKind.ACKNOWLEDGED: "taken up"}  # in a story, as in a channel


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is told in one story, by the parts it is played on, and seen to be by its onlooker."""

    stage: Stage
    onlooker: Onlooker
    desk: Desk

    def hear(self) -> None:
        """What was handed out is told at once, and what follows from that."""
        while keys := self.stage.notices.handed_out():
            for key in keys:
                self.desk.tell(key)

    def wake(self) -> None:
        """The minute's round: what is to be told once more, or waited for the end of quiet hours."""
        self.stage.notices.wake(self.desk.clock() - PATIENCE)
        end_quiet(self.desk)
        self.hear()

    def next_due(self) -> datetime | None:
        """When `wake` has something to do next: while something is held, whenever quiet hours begin or end."""
        return min(filter(None, (self.stage.notices.next_again(), *self._edges())), default=None)

    def take_up(self, whose: str) -> bool:
        """Somebody takes up what was asked last of this rule or author; False where nothing is, or somebody had."""
        notices = self.stage.notices
        mine = (one for one in reversed(notices.everything()) if one.kind in ASKS and whose in self._names(one))
        notice = next(mine, None)
        asked = notices.matter(notice.about).latest if notice else None
        return asked is not None and acknowledge(notices, asked, SOMEBODY, self.desk.clock())

    def silence(self, asked: Silencing) -> None:
        """From now on nobody is told of a rule, or a team of nothing."""
        name = f"{asked.line}"
        kept = Silence(name, asked.until, SOMEBODY, IN_A_STORY, self.desk.clock(), asked.rule, asked.team)
        self.stage.notices.silence(kept)

    def _edges(self) -> Iterator[datetime | None]:
        holding = self.stage.notices.holding()
        if not holding:
            return
        for team in self.desk.people.teams.values():
            if holding.intersection(team.channels):
                yield from (next_edge(each, self.desk.clock()) for each in (team.quiet, team.open) if each)

    def _names(self, notice: Notice) -> tuple[str | None, str | None]:
        case = self.stage.store.case(notice.case_id) if notice.case_id else None
        return notice.rule, author(case) if case else None


@dataclass
class Ear:
    """A channel of a story, whose teams are seen to be told."""

    name: str
    stage: Stage
    onlooker: Onlooker
    clock: Clock

    def tell(self, notice: Notice, times: int) -> None:
        """Note it for each team that it reaches here."""
        words = (headline(notice, times, LONGEST_LINE), *notice.lines)
        kind = CALLED.get(notice.kind, notice.kind.value)
        for team in self._teams(notice):
            told = Happening(TOLD, notice.rule, team, None, kind, self.name, again=times > 1)
            self.onlooker.note(told, words)

    def _teams(self, notice: Notice) -> list[str]:
        """Those that read it here; of what goes on with something, whoever was asked. An end comes through silences."""
        notices, reached = self.stage.notices, self.stage.people.reached
        asked = tuple(team for one in notices.matter(notice.about).asked for team in one.teams)
        teams = reached(notice.teams).get(self.name) or reached(asked).get(self.name, [])
        heard = unsilenced(notice, teams, notices.silences(), self.clock())
        return list(dict.fromkeys(heard or teams))


def audience(stage: Stage, onlooker: Onlooker, clock: Clock) -> Audience:
    """Those of one story."""

    def channel(name: str) -> Channel:
        return Showing(name, Ear(name, stage, onlooker, clock), stage.store)

    # Who has no channel is told of nothing, which a look tells: a log would stand between what `earshot test` prints.
    silent = Log("earshot-story", "CRITICAL")
    return Audience(stage, onlooker, Desk(stage.notices, stage.people, channel, stage.store, clock, silent))


def author(case: Case) -> str | None:
    """Who opened it, as the story calls them."""
    return case.author_key.partition(":")[2] if case.author_key else None
