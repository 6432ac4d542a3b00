"""Posts after people closed a case in the CRM: which join and open it again, and which open a case of their own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.model import Action, Case, CaseStatus, CrmEvent, Happened, Post
from chalicelib.pipeline.casework import REOPENS
from tests.unit.people import Office, post

CASE = post(1).external_key
DAY = timedelta(days=1)


def closed(**more: str) -> Office:
    """An office whose people closed Ana's case just now."""
    office = Office()
    office.hear(post(1, **more))
    office.tell()
    close(office)
    return office


def close(office: Office, of: str = "1") -> None:
    assert office.channel.heed("memory", CrmEvent(of, Happened.CLOSED, office.clock(), CASE))


def now(office: Office, number: int, text: str = "refund me at last", **more: Any) -> Post:
    return post(number, text, created_at=office.clock(), **more)


def case(office: Office) -> Case:
    found = office.store.case(CASE)
    assert found is not None
    return found


def test_a_post_about_the_same_opens_a_case_again_that_was_closed_lately() -> None:
    office = closed()
    office.clock.time += REOPENS - DAY

    (again,) = office.hear(now(office, 2))
    office.tell()

    assert again.case_id == CASE
    assert (case(office).status, case(office).closed_at) == (CaseStatus.OPEN, None)
    assert [entry.reopens for entry in office.entries(CASE)] == [False, True]


def test_a_post_long_after_the_closing_opens_a_case_of_its_own() -> None:
    office = closed()
    office.clock.time += REOPENS + DAY

    (later,) = office.hear(now(office, 2))

    assert later.case_id == now(office, 2).external_key
    assert case(office).status is CaseStatus.CLOSED


def test_how_long_is_what_the_company_says() -> None:
    office = closed()
    office.clock.time += DAY
    desk = office.desk
    desk.reopen_within = timedelta(hours=1)
    late = now(office, 2)

    assert desk.batch([late]).triage(late).case_id == late.external_key


def test_a_post_about_something_else_does_not_open_it_again() -> None:
    office = closed()

    (other,) = office.hear(now(office, 2, "smoke from my router"))

    assert other.case_id != CASE
    assert case(office).status is CaseStatus.CLOSED


def test_another_author_does_not_open_it_again() -> None:
    office = closed()

    (other,) = office.hear(now(office, 2, who="bo"))

    assert other.case_id != CASE


def test_words_of_thanks_in_the_thread_are_noted_and_open_nothing_again() -> None:
    office = closed(conversation_id="t")

    (thanks,) = office.hear(now(office, 2, "thank you all", conversation_id="t"))
    office.tell()

    assert thanks.case_id == CASE
    assert case(office).status is CaseStatus.CLOSED
    assert [entry.reopens for entry in office.entries(CASE)] == [False, False]
    (later,) = office.hear(now(office, 3, conversation_id="t"))
    assert later.case_id == CASE
    assert case(office).status is CaseStatus.OPEN


def test_an_edit_of_what_was_told_is_noted_and_opens_nothing_again() -> None:
    office = closed()

    office.hear(post(1, "refund please, thanks", action=Action.EDIT, edited_at=office.clock()))
    office.tell()

    assert case(office).status is CaseStatus.CLOSED
    assert [entry.reopens for entry in office.entries(CASE)] == [False, False]


def test_a_case_that_is_open_is_joined_before_one_that_was_closed() -> None:
    office = closed()
    office.clock.time += REOPENS + DAY
    (second,) = office.hear(now(office, 2))
    office.tell()
    office.clock.time += timedelta(hours=1)
    assert office.channel.heed("memory", CrmEvent("2", Happened.REOPENED, office.clock(), CASE))
    assert office.channel.heed("memory", CrmEvent("3", Happened.CLOSED, office.clock(), CASE))

    (third,) = office.hear(now(office, 3))

    assert third.case_id == second.case_id


def test_joining_raises_no_priority_and_does_not_start_the_clock_again() -> None:
    office = closed()
    assert office.channel.heed("memory", CrmEvent("2", Happened.ANSWERED, office.clock(), CASE))
    before = case(office)

    office.hear(now(office, 2))

    after = case(office)
    assert (after.priority, after.first_reply_due, after.opened_at, after.answered_at) == (
        before.priority,
        before.first_reply_due,
        before.opened_at,
        before.answered_at,
    )


def test_rules_that_ask_whether_a_case_is_open_hear_of_the_closing_and_of_the_reopening() -> None:
    office = closed()
    asked = now(office, 2)

    def is_open() -> bool | None:
        return office.desk.context(asked, office.store.standings([asked])[0]).case_is_open

    before = is_open()
    office.hear(asked)

    assert (before, is_open()) == (False, True)


def test_who_closes_a_case_while_a_post_is_on_its_way_to_it_sees_it_open_again() -> None:
    office = Office()
    office.hear(post(1))
    office.tell()
    office.hear(now(office, 2))
    close(office)

    office.tell()

    assert case(office).status is CaseStatus.OPEN
    assert office.entries(CASE)[-1].reopens


def test_what_follows_a_merged_case_goes_to_the_record_that_took_its_place() -> None:
    office = Office()
    office.hear(post(1))
    office.tell()
    assert office.channel.heed("memory", CrmEvent("1", Happened.MERGED, office.clock(), CASE, into="no-80"))

    office.hear(now(office, 2))
    office.tell()

    assert office.crm is not None
    assert office.crm.refs == ["no-80"]
