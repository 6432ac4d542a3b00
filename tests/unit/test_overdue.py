"""A reply that is overdue, on its way: the CRM is told in an entry, once, and people are told at once."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from chalicelib.crm.rendering import body
from chalicelib.errors import Unavailable
from chalicelib.model import Case, CaseStatus, CrmEvent, Decision, Happened, Late, NoticeKind, Outcome, Priority
from chalicelib.pipeline.casework import entail
from chalicelib.pipeline.clocks import keep_clocks
from chalicelib.stores.memory_clocks import MemoryClocks
from tests.unit.people import Office, down, post

HOUR = timedelta(hours=1)


def opened(office: Office) -> Case:
    said, now = post(1), office.clock()
    late = (Late(now + HOUR, "1 hour"), Late(now + 3 * HOUR, "3 hours", "care-leads", Priority.URGENT))
    decision = Decision(
        said.id, said.version, Outcome.ESCALATE, "money", rule="refund", team="care", priority=Priority.HIGH, late=late
    )
    saved = entail(said, decision, office.store.standings([said])[0], now)
    office.store.save(saved)
    assert saved.opens
    return saved.opens


def round_(office: Office) -> int:
    return len(list(keep_clocks(MemoryClocks(office.store), office.clock)))


def test_the_crm_is_told_of_each_step_once_after_all_else_and_who_has_the_case_now() -> None:
    office = Office()
    case = opened(office)
    office.tell()
    office.clock.time += 4 * HOUR

    assert round_(office) == 2
    office.tell()
    office.tell()

    entries = office.entries(case.id)
    assert [entry.heading for entry in entries] == [
        case.subject,
        "No reply within 1 hour",
        "No reply within 3 hours: now for care-leads, urgent priority",
    ]
    now = office.store.case(case.id)
    assert now
    written = body(now, entries[2])
    assert "No reply within 3 hours: now for care-leads, urgent priority." in written
    assert "Priority: urgent" in written
    assert "Team: care-leads" in written
    assert "deleted" not in written


def test_a_crm_that_is_down_hears_of_it_when_it_is_back_and_people_hear_at_once() -> None:
    office = Office()
    assert office.crm
    case = opened(office)
    office.crm.troubles = down(2)
    office.clock.time += 2 * HOUR

    assert round_(office) == 1
    owed = [notice.kind for notice in office.store.notices.everything()]
    assert owed == [NoticeKind.OVERDUE]
    for _ in range(3):
        office.store.nudge(office.clock())
        with suppress(Unavailable):
            office.tell()

    assert [entry.heading for entry in office.entries(case.id)] == [case.subject, "No reply within 1 hour"]


def test_without_a_crm_the_step_is_kept_and_people_are_told_all_the_same() -> None:
    office = Office(crm=None)
    case = opened(office)
    office.tell()
    office.clock.time += 2 * HOUR

    assert round_(office) == 1
    office.tell()

    assert [each.state.value for each in office.store.deliveries(case.id)] == ["kept", "kept"]
    assert len(office.store.notices.everything()) == 1


def test_an_answer_in_the_crm_between_two_steps_keeps_the_second_from_coming() -> None:
    office = Office()
    case = opened(office)
    office.tell()
    office.clock.time += 2 * HOUR
    round_(office)

    office.channel.heed("memory", CrmEvent("1", Happened.ANSWERED, office.clock(), case.id))
    office.clock.time += 9 * HOUR

    assert round_(office) == 0
    now = office.store.case(case.id)
    assert now
    assert (now.team, now.status, now.next_late) == ("care", CaseStatus.OPEN, None)
