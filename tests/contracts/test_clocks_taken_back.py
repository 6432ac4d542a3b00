"""A case of which every post was deleted waits for no reply, and a later post of its author is waited for anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.model import (
    Action,
    Author,
    Case,
    CaseStatus,
    CrmEvent,
    Decision,
    Facts,
    Happened,
    Late,
    NoticeKind,
    Outcome,
    Priority,
    Recommended,
    notice_key,
)
from chalicelib.pipeline import deliver
from chalicelib.pipeline.circuit import Circuit
from chalicelib.pipeline.taking_back import stop_clock
from chalicelib.pipeline.triage import Desk as Triage
from chalicelib.ports.deciding import Windows
from tests.contracts.conftest import Clock
from tests.contracts.test_clocks import ALL, HOUR, STORES, Desk, made
from tests.unit.people import OLDEST, MemoryCrm, ThreeWords, post, read


@pytest.fixture(params=STORES)
def desk(request: pytest.FixtureRequest, clock: Clock) -> Desk:
    return made(request, clock)


@dataclass
class Promises(ThreeWords):
    """`refund` promises a reply within an hour, counted from now, as the case's first post did."""

    clock: Clock

    def decide(
        self,
        facts: Facts,
        trace: bool = True,
        windows: Windows | None = None,
        recommended: Sequence[Recommended] = (),
    ) -> Decision:
        decision = super().decide(facts, trace, windows, recommended)
        due = self.clock.now + HOUR
        if decision.outcome is not Outcome.ESCALATE:
            return decision
        return replace(decision, first_reply_due=due, late=(Late(due, "1 hour", "night-shift"),))


def hear(desk: Desk, number: int, text: str | None = None, store: Any = None, who: str | None = "ana") -> None:
    """A post, or its deletion where it has no text."""
    action = Action.CREATE if text else Action.DELETE
    author = Author(id=who, handle=who) if who else Author()
    said = post(number, text, action=action, author=author, created_at=desk.clock.now, conversation_id="t")
    rules = Promises(desk.clock)
    batch = Triage(store or desk.store, rules, read, desk.clock, OLDEST, {}).batch([said])
    batch.triage(said)
    batch.settle()


def tell(desk: Desk, case: Case, crm: MemoryCrm) -> None:
    deliver.Desk(desk.store, crm, Circuit(desk.clock, timedelta(seconds=1)), channel=desk.channel).deliver(case.id)


def started(desk: Desk, crm: MemoryCrm | None = None) -> Case:
    """A case that the CRM has, of which nothing is due for an hour."""
    case = desk.open(conversation_id="t")
    tell(desk, case, crm or MemoryCrm())
    return case


@pytest.mark.parametrize("who", ["ana", None], ids=["author told", "author not told"])
def test_the_clock_of_a_case_in_the_crm_stops_when_its_only_post_is_deleted(desk: Desk, who: str | None) -> None:
    crm = MemoryCrm()
    case = started(desk, crm)
    desk.clock.now += HOUR
    assert len(desk.round()) == 1

    hear(desk, 1, who=who)
    desk.clock.now += 9 * HOUR

    assert desk.round() == []
    now = desk.now(case)
    assert (now.team, now.priority, now.lapsed) == ("care", Priority.HIGH, 1)
    assert now.taken_back_at is not None
    assert now.clock_stopped_at == now.taken_back_at
    overdue = [notice_key(NoticeKind.OVERDUE, case.id, str(step)) for step in (1, 2, 3)]
    assert [desk.notices.find(key) is not None for key in overdue] == [True, False, False]
    tell(desk, case, crm)
    assert {each.heading for each in crm.entries.values()} == {"money", ALL[0], "The author deleted this post"}
    assert desk.now(case).status is CaseStatus.OPEN


def test_it_stops_whether_or_not_the_crm_can_be_told(desk: Desk) -> None:
    desk.open()
    hear(desk, 1)
    desk.clock.now += 9 * HOUR

    assert desk.round() == []


def test_as_long_as_one_post_is_left_it_runs_on(desk: Desk) -> None:
    case = started(desk)
    hear(desk, 2, "refund, I said")
    hear(desk, 3, "nice weather")
    assert desk.now(case).posts == 3

    hear(desk, 1)
    hear(desk, 2)
    desk.clock.now += HOUR
    assert len(desk.round()) == 1
    hear(desk, 3)
    desk.clock.now += 9 * HOUR

    assert desk.round() == []
    assert desk.steps(case).count("The author deleted this post") == 3


def test_a_post_that_joins_while_it_is_looked_at_keeps_it_running(desk: Desk) -> None:
    case = started(desk)
    read_before = desk.now(case)
    hear(desk, 2, "refund, I said")

    assert not desk.store.take_back(read_before)
    hear(desk, 1)
    desk.clock.now += HOUR

    assert len(desk.round()) == 1


def test_two_that_take_back_its_posts_at_once_stop_it(desk: Desk) -> None:
    """Each is written before anybody looks."""
    case = started(desk)
    hear(desk, 2, "refund, I said")
    late = Unasked(desk.store)
    hear(desk, 1, store=late)
    hear(desk, 2, store=late)
    assert desk.now(case).clock_stopped_at is None

    assert stop_clock(desk.store, case.id)
    assert stop_clock(desk.store, case.id)
    desk.clock.now += 9 * HOUR

    assert desk.round() == []


class Unasked:
    """A store of which nobody learns the case: whoever asks was killed before."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def case(self, case_id: str) -> None:
        """It died here."""


class Killed(BaseException):
    """The process is gone."""


class Killing:
    """A store whose process is killed before, or after, its so-manieth call."""

    def __init__(self, store: Any, at: int, *, is_done: bool) -> None:
        self._store, self._left, self._is_done = store, at, is_done

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._store, name)

        def call(*given: Any) -> Any:
            self._left -= 1
            if self._left:
                return real(*given)
            if self._is_done:
                real(*given)
            raise Killed

        return call


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, 9))
def test_killed_at_any_step_of_the_deletion_it_stops_once_that_comes_again(desk: Desk, at: int, is_done: bool) -> None:
    case = started(desk)
    try:
        hear(desk, 1, store=Killing(desk.store, at, is_done=is_done))
    except Killed:
        hear(desk, 1)
    else:
        pytest.fail("it was not killed")
    desk.clock.now += 9 * HOUR

    assert desk.round() == []
    assert [each.heading for each in desk.store.deliveries(case.id)] == ["money", "The author deleted this post"]


def test_a_deletion_that_comes_again_later_stops_nothing_that_goes_on(desk: Desk) -> None:
    crm = MemoryCrm()
    case = started(desk, crm)
    hear(desk, 1)
    hear(desk, 2, "refund after all")
    tell(desk, case, crm)
    hear(desk, 1)
    desk.clock.now += HOUR

    assert [each.step for each in desk.round()] == [1]


def test_a_later_post_that_is_wanted_is_waited_for_by_its_own_promise(desk: Desk) -> None:
    crm = MemoryCrm()
    case = started(desk, crm)
    hear(desk, 1)
    desk.clock.now += 9 * HOUR
    hear(desk, 2, "refund after all")
    tell(desk, case, crm)

    now = desk.now(case)
    assert (now.taken_back_at, now.clock_stopped_at, now.posts) == (None, None, 2)
    assert desk.round() == []
    desk.clock.now += HOUR
    assert len(desk.round()) == 1
    assert desk.now(case).team == "night-shift"


def test_one_that_no_rule_wants_starts_no_clock(desk: Desk) -> None:
    crm = MemoryCrm()
    case = started(desk, crm)
    hear(desk, 1)
    hear(desk, 2, "nice weather")
    tell(desk, case, crm)
    desk.clock.now += 9 * HOUR

    assert desk.round() == []
    assert desk.now(case).posts == 2


def test_one_that_is_deleted_while_the_crm_is_told_of_it_starts_none(desk: Desk) -> None:
    case = started(desk)
    hear(desk, 1)
    hear(desk, 2, "refund after all")

    class Slow(MemoryCrm):
        def add_to_case(self, case: Case, entry: Any) -> str:
            hear(desk, 2)
            return entry.key  # type: ignore[no-any-return]

    tell(desk, case, Slow())
    desk.clock.now += 9 * HOUR

    assert desk.round() == []


@pytest.mark.parametrize("happened", [Happened.ANSWERED, Happened.CLOSED])
def test_what_people_did_stands_and_is_heard_afterwards(desk: Desk, happened: Happened) -> None:
    case = started(desk)
    event = CrmEvent("1", happened, desk.clock(), case.id)
    assert desk.channel.heed("memory", event)
    hear(desk, 1)
    assert desk.now(case).taken_back_at is None
    other = desk.open(5, "bo")
    tell(desk, other, MemoryCrm())
    hear(desk, 5, who="bo")

    assert desk.channel.heed("memory", replace(event, id="2", case_id=other.id))

    assert desk.now(other).clock_stopped_at is not None
    assert desk.now(other).status is desk.now(case).status
