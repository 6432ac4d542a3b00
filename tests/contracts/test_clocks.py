"""Clocks of cases: every store keeps the same promises, and whatever happens each step comes about once, in order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Thread

import pytest

from chalicelib.errors import Conflict
from chalicelib.model import (
    Case,
    CaseStatus,
    CrmEvent,
    Decision,
    Delivery,
    DeliveryState,
    Happened,
    Late,
    Notice,
    NoticeKind,
    Outcome,
    Priority,
    Saved,
    Shift,
    Softening,
    Standing,
    notice_key,
)
from chalicelib.pipeline import deliver
from chalicelib.pipeline.casework import entail
from chalicelib.pipeline.circuit import Circuit
from chalicelib.pipeline.clocks import Lapsed, keep_clocks, owed
from chalicelib.pipeline.noticing import of_lapse
from chalicelib.ports.alerting import Notices
from chalicelib.ports.crm import BackChannel, Clocks
from chalicelib.ports.store import Store
from chalicelib.stores.back_channel import DynamoBackChannel
from chalicelib.stores.clocks import DynamoClocks
from chalicelib.stores.dynamo import DynamoStore
from chalicelib.stores.memory import MemoryStore
from chalicelib.stores.memory_back_channel import MemoryBackChannel
from chalicelib.stores.memory_clocks import MemoryClocks
from chalicelib.stores.notices import DynamoNotices
from tests.contracts.cloud import Cloud
from tests.contracts.conftest import Clock
from tests.unit.people import MemoryCrm, post

HOUR = timedelta(hours=1)


@dataclass
class Desk:
    """Stores over one table or one memory, and the minute's round."""

    store: Store
    clocks: Clocks
    channel: BackChannel
    notices: Notices
    clock: Clock

    def open(self, number: int = 1, who: str = "ana", conversation_id: str | None = None) -> Case:
        """A case that promises a reply in an hour, passes on after two, and is urgent after three."""
        said, now = post(number, who=who, conversation_id=conversation_id), self.clock.now
        late = (
            Late(now + HOUR, "1 hour"),
            Late(now + 2 * HOUR, "2 hours", "leads"),
            Late(now + 3 * HOUR, "3 hours", None, Priority.URGENT),
        )
        decision = Decision(
            said.id, said.version, Outcome.ESCALATE, "money", rule="refund", team="care", priority=Priority.HIGH,
            first_reply_due=late[0].due, late=late, join_within=timedelta(days=14), topics=("money",),
        )  # fmt: skip
        saved = entail(said, decision, Standing(), now)
        assert self.store.save(saved)
        assert saved.opens
        return saved.opens

    def round(self) -> list[Lapsed]:
        return list(keep_clocks(self.clocks, self.clock))

    def steps(self, case: Case) -> list[str]:
        """The headings of what the clock owes to the CRM, in order."""
        return [each.heading for each in self.store.deliveries(case.id)[1:]]

    def now(self, case: Case) -> Case:
        found = self.store.case(case.id)
        assert found
        return found


STORES = ["memory", pytest.param("dynamo", marks=pytest.mark.local)]


@pytest.fixture(params=STORES)
def desk(request: pytest.FixtureRequest, clock: Clock) -> Desk:
    return made(request, clock)


def made(request: pytest.FixtureRequest, clock: Clock) -> Desk:
    """Over the store that the parameter of the fixture names."""
    if request.param == "memory":
        store = MemoryStore(clock)
        return Desk(store, MemoryClocks(store), MemoryBackChannel(store, clock), store.notices, clock)
    cloud: Cloud = request.getfixturevalue("cloud")
    table, wire = request.getfixturevalue("table"), cloud.wire()
    return Desk(
        DynamoStore(wire, table, clock), DynamoClocks(wire, table, clock), DynamoBackChannel(wire, table, clock),
        DynamoNotices(wire, table, clock), clock,
    )  # fmt: skip


ALL = [
    "No reply within 1 hour",
    "No reply within 2 hours: now for leads",
    "No reply within 3 hours: now urgent priority",
]


def test_each_step_comes_about_when_it_is_due_and_not_before(desk: Desk) -> None:
    case = desk.open()

    assert desk.round() == []
    told = []
    for _ in range(4):
        desk.clock.now += HOUR
        told += desk.round()
        assert desk.round() == []

    assert told == [Lapsed(case.id, "refund", step) for step in (1, 2, 3)]
    assert desk.steps(case) == ALL
    after = desk.now(case)
    assert (after.team, after.priority, after.lapsed, after.next_late) == ("leads", Priority.URGENT, 3, None)
    assert (after.first_reply_due, after.late) == (case.first_reply_due, case.late)


def test_each_step_owes_people_a_notice_of_its_own_to_who_has_it_and_who_had_it(desk: Desk) -> None:
    case = desk.open()
    desk.clock.now += 4 * HOUR
    list(keep_clocks(desk.clocks, desk.clock))

    found = [desk.notices.find(notice_key(NoticeKind.OVERDUE, case.id, str(step))) for step in (1, 2, 3)]
    told = [(each.teams, each.priority, each.lines[0], each.about) for each in found if each]
    assert told == [
        (("care",), Priority.HIGH, "No reply within 1 hour.", case.id),
        (("leads", "care"), Priority.HIGH, "No reply within 2 hours: now for leads.", case.id),
        (("leads",), Priority.URGENT, "No reply within 3 hours: now urgent priority.", case.id),
    ]


def test_a_step_that_changes_the_case_says_from_what_to_what(desk: Desk) -> None:
    case = desk.open()
    desk.clock.now += 9 * HOUR
    desk.round()

    assert [each.shift for each in desk.store.deliveries(case.id)] == [
        None,
        None,
        Shift("care", "leads"),
        Shift(was_priority=Priority.HIGH, priority=Priority.URGENT),
    ]


def test_a_priority_that_thanks_lower_while_a_step_is_made_is_read_again(desk: Desk) -> None:
    case = desk.open()
    desk.clock.now += 9 * HOUR
    read = next(iter(desk.clocks.due(desk.clock())))
    thanks = post(2, "thanks, all is well")
    ignored = Decision(thanks.id, thanks.version, Outcome.IGNORE, "no rule")
    saved = replace(
        Saved(thanks, ignored, desk.store.standings([thanks])[0], joins=case.id),
        softens=Softening(Priority.HIGH, Priority.NORMAL, desk.clock()),
    )
    assert desk.store.save(saved)

    outdated = read.lapse().lapse()
    late = replace(outdated.lapse(), lapsed=1)  # the step to urgent, as if it were the first
    shift = Shift(was_priority=Priority.HIGH, priority=Priority.URGENT)
    assert not desk.clocks.lapse(late, owed(late, read.late[2], shift), of_lapse(read, read.late[0], desk.clock()))
    desk.round()

    assert [each.shift for each in desk.store.deliveries(case.id)][-1] == Shift(
        was_priority=Priority.NORMAL, priority=Priority.URGENT
    )


def test_a_round_that_is_hours_late_does_all_of_them_in_their_order(desk: Desk) -> None:
    case = desk.open()
    desk.clock.now += 9 * HOUR

    assert [each.step for each in desk.round()] == [1, 2, 3]

    assert desk.steps(case) == ALL


def test_a_round_without_time_leaves_the_rest_to_the_next(desk: Desk) -> None:
    cases = [desk.open(number, f"author{number}") for number in range(3)]
    desk.clock.now += 9 * HOUR
    left = iter([False, False, True])

    first = list(keep_clocks(desk.clocks, desk.clock, lambda: next(left, True)))
    rest = desk.round()

    assert 0 < len(first) < 9
    assert len(first) + len(rest) == 9
    assert all(desk.steps(case) == ALL for case in cases)


@pytest.mark.parametrize("happened", [Happened.ANSWERED, Happened.CLOSED, Happened.MERGED])
def test_the_clock_stops_for_good_when_somebody_replies_or_closes_it(desk: Desk, happened: Happened) -> None:
    case = desk.open()
    desk.store.mark_started(case.id)
    desk.clock.now += HOUR
    assert len(desk.round()) == 1

    assert desk.channel.heed("zendesk", CrmEvent("1", happened, desk.clock(), case.id, into="7"))
    desk.clock.now += HOUR
    assert desk.round() == []
    desk.channel.heed("zendesk", CrmEvent("2", Happened.REOPENED, desk.clock(), case.id))
    desk.clock.now += 9 * HOUR

    assert desk.round() == []
    assert desk.steps(case) == ALL[:1]
    assert desk.now(case).clock_stopped_at is not None


def test_being_assigned_stops_no_clock(desk: Desk) -> None:
    case = desk.open()
    desk.store.mark_started(case.id)
    desk.channel.heed("zendesk", CrmEvent("1", Happened.REASSIGNED, desk.clock(), case.id, team="other"))
    desk.clock.now += HOUR

    assert len(desk.round()) == 1


def test_a_post_that_joins_neither_restarts_the_clock_nor_lowers_what_it_raised(desk: Desk) -> None:
    case = desk.open()
    desk.clock.now += 3 * HOUR
    desk.round()
    more = post(2, "still waiting for my refund", created_at=desk.clock.now)
    decision = Decision(
        more.id, more.version, Outcome.ESCALATE, "money", rule="refund", team="care", priority=Priority.HIGH,
        late=(Late(desk.clock.now + HOUR, "1 hour"),), join_within=timedelta(days=14), topics=("money",),
    )  # fmt: skip
    joined = entail(more, decision, desk.store.standings([more])[0], desk.clock.now)

    assert joined.joins == case.id
    assert desk.store.save(joined)
    desk.clock.now += 9 * HOUR

    assert desk.round() == []
    assert (desk.now(case).team, desk.now(case).priority) == ("leads", Priority.URGENT)


def test_a_case_whose_post_was_taken_back_waits_for_no_reply(desk: Desk) -> None:
    case = desk.open()
    (opening,) = desk.store.owed(case.id)
    desk.store.mark_withdrawn(opening)
    desk.clock.now += 9 * HOUR

    assert desk.round() == []


def reopened(desk: Desk, case: Case, late: tuple[Late, ...], first_reply_due: datetime | None) -> MemoryCrm:
    """Its post is taken back before the CRM knew of it, and a later one of its author opens it after all."""
    desk.store.erase_text(case.post_id)
    crm = MemoryCrm()
    told = deliver.Desk(desk.store, crm, Circuit(desk.clock, timedelta(seconds=1)))
    told.deliver(case.id)
    assert desk.now(case).status is CaseStatus.WITHDRAWN
    more = post(2, "still no refund", created_at=desk.clock.now)
    decision = Decision(
        more.id, more.version, Outcome.ESCALATE, "money", rule="refund", team="care", priority=Priority.HIGH,
        late=late, first_reply_due=first_reply_due, join_within=timedelta(days=14), topics=("money",),
    )  # fmt: skip
    joined = entail(more, decision, desk.store.standings([more])[0], desk.clock.now)
    assert joined.joins == case.id
    assert desk.store.save(joined)
    told.deliver(case.id)
    return crm


def test_one_that_a_later_post_opens_after_all_has_the_clock_of_that_post(desk: Desk) -> None:
    case = desk.open()
    desk.clock.now += 5 * HOUR  # the first one's would be long over
    due = desk.clock.now + HOUR
    reopened(desk, case, (Late(due, "1 hour", "leads"), Late(due + HOUR, "2 hours", None, Priority.URGENT)), due)

    now = desk.now(case)
    assert (now.status, now.first_reply_due, now.clock_stopped_at) == (CaseStatus.OPEN, due, None)
    assert desk.round() == []
    desk.clock.now += HOUR
    assert desk.round() == [Lapsed(case.id, "refund", 1)]
    desk.clock.now += HOUR
    assert desk.round() == [Lapsed(case.id, "refund", 2)]
    assert (desk.now(case).team, desk.now(case).priority) == ("leads", Priority.URGENT)


def test_its_steps_are_counted_on_from_those_that_came_about_before(desk: Desk) -> None:
    case = desk.open()
    desk.clock.now += HOUR
    assert len(desk.round()) == 1
    due = desk.clock.now + HOUR
    reopened(desk, case, (Late(due, "1 hour", "leads"),), due)
    desk.clock.now += HOUR

    assert desk.round() == [Lapsed(case.id, "refund", 2)]
    assert [each.after for each in desk.now(case).late] == ["1 hour", "1 hour"]
    assert desk.now(case).team == "leads"


def test_that_a_reply_was_overdue_is_withdrawn_with_the_case_and_waits_for_no_crm(desk: Desk) -> None:
    case = desk.open()
    desk.clock.now += HOUR
    assert len(desk.round()) == 1
    crm = reopened(desk, case, (), None)

    states = {each.post_version or "late": each.state for each in desk.store.deliveries(case.id)}
    assert states.pop("late") is DeliveryState.WITHDRAWN
    assert sorted(states.values()) == [DeliveryState.DONE, DeliveryState.WITHDRAWN]
    assert len(crm.entries) == 1


def test_a_later_post_without_a_promise_gives_it_no_clock(desk: Desk) -> None:
    case = desk.open()
    desk.clock.now += HOUR / 2
    reopened(desk, case, (), None)
    desk.clock.now += 9 * HOUR

    assert desk.round() == []
    assert (desk.now(case).first_reply_due, desk.now(case).next_late) == (None, None)


def test_a_clock_that_was_given_so_stops_as_any_other(desk: Desk) -> None:
    case = desk.open()
    reopened(desk, case, (Late(desk.clock.now + HOUR, "1 hour", "leads"),), None)
    assert desk.channel.heed("memory", CrmEvent("1", Happened.ANSWERED, desk.clock(), case.id))
    desk.clock.now += 9 * HOUR

    assert desk.round() == []


def test_whom_people_have_answered_before_it_was_noted_gets_no_clock(desk: Desk) -> None:
    case = desk.open()
    (opening,) = desk.store.owed(case.id)
    desk.store.mark_withdrawn(opening)
    desk.store.mark_started(case.id)
    desk.channel.heed("memory", CrmEvent("1", Happened.ANSWERED, desk.clock(), case.id))
    renewed = replace(case, late=(Late(desk.clock.now + HOUR, "1 hour"),))

    with pytest.raises(Conflict):
        desk.store.mark_delivered(opening, "memory", "1", renewed)
    desk.store.mark_delivered(opening, "memory", "1")
    desk.clock.now += 9 * HOUR

    assert desk.round() == []


def test_a_case_without_a_promise_has_no_clock(desk: Desk) -> None:
    said = post(1)
    decision = Decision(said.id, said.version, Outcome.ESCALATE, "money", team="care", priority=Priority.HIGH)
    desk.store.save(entail(said, decision, Standing(), desk.clock.now))
    desk.clock.now += timedelta(days=400)

    assert desk.round() == []


@pytest.mark.parametrize("kill", ["before", "after"])
@pytest.mark.parametrize("step", [1, 2, 3])
def test_killed_before_or_after_any_step_each_comes_about_once_in_order(desk: Desk, kill: str, step: int) -> None:
    case = desk.open()
    desk.clock.now += 9 * HOUR

    with pytest.raises(Killed):
        list(keep_clocks(Killing(desk.clocks, kill, step), desk.clock))
    desk.round()

    assert desk.steps(case) == ALL
    assert desk.now(case).lapsed == 3


def test_of_rounds_that_run_at_once_one_does_each_step(desk: Desk) -> None:
    cases = [desk.open(number, f"author{number}") for number in range(4)]
    desk.clock.now += 9 * HOUR
    told: list[Lapsed] = []
    rounds = [Thread(target=lambda: told.extend(desk.round())) for _ in range(3)]
    for each in rounds:
        each.start()
    for each in rounds:
        each.join(30)
    told += desk.round()

    assert sorted((each.case_id, each.step) for each in told) == sorted(
        (case.id, step) for case in cases for step in (1, 2, 3)
    )
    assert all(desk.steps(case) == ALL for case in cases)


class Killed(BaseException):
    """The process is gone."""


class Killing:
    """Clocks whose process is killed around one step."""

    def __init__(self, clocks: Clocks, when: str, step: int) -> None:
        self._clocks, self._when, self._step = clocks, when, step
        self.due = clocks.due

    def lapse(self, after: Case, delivery: Delivery, notice: Notice) -> bool:
        if after.lapsed == self._step and self._when == "before":
            raise Killed
        done = self._clocks.lapse(after, delivery, notice)
        if after.lapsed == self._step:
            raise Killed
        return done


@pytest.mark.local
def test_a_round_reads_what_is_due_and_nothing_else(cloud: Cloud, table: str, clock: Clock) -> None:
    client, asked = cloud.client("dynamodb"), []
    client.meta.events.register("before-parameter-build.dynamodb", lambda model, **_: asked.append(model.name))
    store = DynamoStore(cloud.wire(), table, clock)
    due = Desk(store, DynamoClocks(client, table, clock), DynamoBackChannel(client, table, clock),
               DynamoNotices(client, table, clock), clock)  # fmt: skip
    for number in range(40):
        due.open(number, f"author{number}")
    clock.now += timedelta(minutes=5)
    late = due.open(99, "late")
    due.clock.now = late.opened_at + timedelta(minutes=55, seconds=30)

    assert len(due.round()) == 40

    assert asked.count("Query") == 8
    assert asked.count("GetItem") == 40
    assert asked.count("TransactWriteItems") == 40


def test_a_transaction_that_meets_another_is_left_to_the_next_round(desk: Desk) -> None:
    case = desk.open()
    desk.clock.now += HOUR
    (found,) = desk.clocks.due(desk.clock.now)
    twice = replace(found)
    assert desk.round()

    late, now = twice.late[0], desk.clock.now
    assert not desk.clocks.lapse(twice.lapse(), owed(twice.lapse(), late), of_lapse(twice, late, now))
    assert desk.steps(case) == ALL[:1]
