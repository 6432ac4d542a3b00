"""Stories rehearsed: posts and minutes go the way of live ones, by the same functions, over parts in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta

from chalicelib.model import Action, Context, CrmEvent, Decision, Facts, Hearing, Post
from chalicelib.pipeline import alerting, deliver, listening
from chalicelib.pipeline.audience import SOMEBODY, Audience, audience, author
from chalicelib.pipeline.circuit import Circuit
from chalicelib.pipeline.clocks import keep_clocks
from chalicelib.pipeline.hear import heed
from chalicelib.pipeline.onlooking import Onlooker, Seen, otherwise
from chalicelib.pipeline.stage import Stage
from chalicelib.pipeline.triage import Desk
from chalicelib.ports.clock import Clock
from chalicelib.ports.deciding import Reader, Rulebook
from chalicelib.rulebook.calendars import LAST
from chalicelib.rulebook.story import Part, Story
from chalicelib.rulebook.story_deeds import ACK, IN_CRM, Deed, Silencing
from chalicelib.rulebook.story_looks import Look
from chalicelib.rulebook.story_posts import Step

OLDEST = timedelta(days=36500)  # a story tells of any time
MINUTE = timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Surprise:
    """A step after which other rules matched than expected, or a look at other things, or at things that say otherwise
    (`unsaid`), or a deed for which there was nothing; only the first has a decision. `seen` is what came about in the
    story so far.
    """

    story: Story
    step: Part
    found: tuple[str, ...]
    decision: Decision | None = None
    unsaid: tuple[str, ...] = ()
    seen: tuple[Seen, ...] = ()


@dataclass
class Hand:
    """A clock that goes as far as the story has come, and never back."""

    time: datetime

    def __call__(self) -> datetime:
        return self.time


@dataclass(frozen=True, slots=True)
class _Play:
    """The functions of one story: what decides posts, what tells the CRM, and the minute's round."""

    rulebook: Rulebook
    read: Reader
    set_up: Stage
    clock: Hand
    waits_for_replies: bool
    onlooker: Onlooker
    delivery: deliver.Desk
    audience: Audience | None

    def hear(self, step: Step) -> Decision:
        """One post, decided as a live one."""
        parts, reading = self.set_up, _reading(self.read, step.context)
        desk = Desk(parts.store, self.rulebook, reading, self.clock, OLDEST, {}, parts.windows, alerts=parts.alerts)
        batch = desk.batch([step.post])
        triaged = batch.triage(step.post)
        batch.settle()
        if step.post.action is Action.CREATE:
            now = self.clock()
            parts.hearings.add(Hearing(step.post.platform, now, 1, 1, posted_at=now))
        self.onlooker.look([triaged.case_id] if triaged.case_id else [])
        if self.audience:
            self.audience.hear()
        return triaged.decision

    def pass_until(self, until: datetime) -> None:
        """The minutes up to then; those in which nothing is due are not played."""
        self._next_minute(until)
        while (due := self._next_due()) is not None and (minute := whole_minute(due)) <= until:
            self.clock.time = max(self.clock.time, minute)
            alerting.watch(self.set_up.alerts, self.clock)
            listening.listen(self.set_up.alerts, self.set_up.hearings, self.set_up.listenings, self.clock)
            if self.waits_for_replies:
                list(keep_clocks(self.set_up.clocks, self.clock))
            self._tell()
        self.clock.time = max(self.clock.time, until)

    def _next_minute(self, until: datetime) -> None:
        """The CRM has what was owed by the next whole minute: what is taken back sooner, it never hears of."""
        minute = whole_minute(self.clock.time + timedelta.resolution)
        if minute <= until:
            self.clock.time = minute
            self._tell()

    def _tell(self) -> None:
        self._tell_the_crm()
        if self.audience:
            self.audience.wake()

    def _tell_the_crm(self) -> None:
        woken = self.set_up.store.handed_out()
        for case_id in woken:
            self.delivery.deliver(case_id)
        self.onlooker.look(woken)

    def do(self, deed: Deed | Silencing) -> bool:
        """What people do; False where there is nothing with which they could."""
        self._tell_the_crm()
        is_done = self._does(deed)
        if self.audience:
            self.audience.hear()
        return is_done

    def _does(self, deed: Deed | Silencing) -> bool:
        if isinstance(deed, Deed) and deed.done != ACK:
            return self._in_the_crm(deed)
        assert self.audience is not None  # `Story.is_about_people`  # noqa: S101
        if isinstance(deed, Silencing):
            self.audience.silence(deed)
            return True
        return self.audience.take_up(deed.whose)

    def _in_the_crm(self, deed: Deed) -> bool:
        """What people do there, heard from there."""
        mine = (case for case in self.set_up.store.cases() if deed.whose in (case.rule, author(case)))
        case = next(mine, None)
        if case is None or not case.started:
            return False
        event = CrmEvent(f"{deed.line}", IN_CRM[deed.done], self.clock(), case.id, team=SOMEBODY)
        heed(self.set_up.crm.name, self.set_up.channel, [event])
        return True

    def _next_due(self) -> datetime | None:
        waits = next(self.set_up.clocks.due(LAST), None) if self.waits_for_replies else None
        reply = waits.next_late.due if waits and waits.next_late else None
        parts = self.set_up
        silence = listening.next_due(parts.alerts, parts.hearings, parts.listenings)
        people = self.audience.next_due() if self.audience else None
        return min(filter(None, (alerting.next_due(parts.alerts), silence, reply, people)), default=None)


def rehearse(story: Story, rulebook: Rulebook, read: Reader, stage: Callable[[Clock], Stage]) -> Iterator[Surprise]:
    """Play a story; each step that came out otherwise. `rulebook` must have been made with `tried=True`."""
    clock = Hand(min(step_at(step) for step in story.steps))
    play = _play(story, rulebook, read, stage(clock), clock)
    looked = 0
    for step in story.steps:
        play.pass_until(step_at(step))
        if isinstance(step, Look):
            seen = play.onlooker.seen
            if (found := otherwise(story, step, seen[looked:])) is not None:
                yield Surprise(story, step, found.found, unsaid=found.unsaid, seen=tuple(seen))
            looked = len(seen)
        elif isinstance(step, Deed | Silencing):
            if not play.do(step):
                yield Surprise(story, step, ())
        else:
            decision = play.hear(step)
            matched = tuple(sorted((*decision.matched, *decision.shadow)))
            if matched != tuple(sorted(set(step.expected))):
                yield Surprise(story, step, matched, decision)


def _play(story: Story, rulebook: Rulebook, read: Reader, stage: Stage, clock: Hand) -> _Play:
    onlooker = Onlooker(stage.store, stage.notices.everything, clock)
    delivery = deliver.Desk(stage.store, stage.crm, Circuit(clock, MINUTE), channel=stage.channel)
    told = audience(stage, onlooker, clock) if story.is_about_people else None
    return _Play(rulebook, read, stage, clock, story.is_about_replies, onlooker, delivery, told)


def step_at(step: Part) -> datetime:
    """When a step's post was said, what was told is looked at, or people did something."""
    at = step.post.at if isinstance(step, Step) else step.at
    assert at is not None  # every step has its time  # noqa: S101
    return at


def whole_minute(at: datetime) -> datetime:
    """The first whole minute that is not before."""
    return at + (_EPOCH - at) % MINUTE


def _reading(read: Reader, told: Context) -> Reader:
    """Reads with what the story says is known beside the post, over what the desk knows."""
    nothing = Context()
    said = {each.name: getattr(told, each.name) for each in fields(Context)}
    known = {name: value for name, value in said.items() if value != getattr(nothing, name) and name != "now"}

    def reading(post: Post, context: Context) -> Facts:
        return read(post, replace(context, **known))

    return reading
