"""What must not be lost when posts are taken back, come again in other words, or carry strange times."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.errors import Unavailable
from chalicelib.model import Action, CaseStatus, DeliveryState, Post, Verb
from tests.unit.people import NOON, Office, down, post, refusing

CASE = post(1).external_key


def take_back(number: int = 1, who: str | None = "ana") -> Post:
    return post(number, text=None, who=who, action=Action.DELETE)


def withdrawn() -> Office:
    """An author whose only case was taken back before anybody was told of it."""
    office = Office()
    office.hear(post(1), take_back())
    office.tell()
    case = office.store.case(CASE)
    assert case is not None
    assert case.status is CaseStatus.WITHDRAWN
    return office


def told(office: Office) -> list[str]:
    assert office.crm is not None
    return [entry.post.id for record in office.crm.records for entry in office.entries(record) if entry.post]


def test_a_complaint_after_a_withdrawn_case_is_told() -> None:
    office = withdrawn()

    office.hear(post(2, "refund me at last"))
    office.tell()

    assert told(office) == ["forum:2"]
    case = office.store.case(CASE)
    assert case is not None
    assert (case.status, case.crm_ref) == (CaseStatus.OPEN, f"no-{CASE}")


def test_a_complaint_that_joined_a_case_is_told_although_the_first_post_was_taken_back() -> None:
    office = Office()
    office.hear(post(1), post(2, "refund me at last"), take_back())

    office.tell()

    assert told(office) == ["forum:2"]
    assert office.store.owed(CASE) == []


def test_what_is_told_of_a_withdrawn_case_opens_it_with_its_subject() -> None:
    office = withdrawn()
    office.hear(post(2, "refund me at last"))

    office.tell()

    assert [entry.heading for entry in office.entries(CASE)] == ["money"]


def test_follow_ups_of_a_case_that_was_opened_after_all_are_added_to_it() -> None:
    office = withdrawn()
    office.hear(post(2, "refund me at last"), post(3, "refund!"))

    office.tell()

    assert told(office) == ["forum:2", "forum:3"]


def test_small_talk_after_a_withdrawn_case_opens_nothing() -> None:
    office = Office()
    office.hear(post(1, conversation_id="t"), take_back())
    office.tell()

    office.hear(post(2, "never mind", conversation_id="t"))
    office.tell()

    assert told(office) == []
    assert office.store.owed(CASE) == []


def test_a_case_whose_posts_were_all_taken_back_is_never_told() -> None:
    office = Office()
    office.hear(post(1), post(2), take_back(1), take_back(2))

    office.tell()

    assert office.crm is not None
    assert office.crm.records == {}
    assert {delivery.state for delivery in office.store.deliveries(CASE)} == {DeliveryState.WITHDRAWN}


def test_a_withdrawn_case_that_the_crm_may_already_have_is_told_without_the_text() -> None:
    office = withdrawn()
    assert office.crm is not None
    office.hear(post(2))
    office.crm.troubles = down()
    with pytest.raises(Unavailable):
        office.tell()

    office.hear(take_back(2))
    office.tell()

    assert [entry.post for entry in office.entries(CASE)] == [None, None]


def test_a_withdrawn_case_that_the_crm_refused_to_open_is_told_once_it_is_owed_again() -> None:
    office = withdrawn()
    assert office.crm is not None
    office.hear(post(2), post(3))
    office.crm.troubles = refusing()
    office.tell()
    case = office.store.case(CASE)
    assert case is not None
    assert case.refused == "Subject is a required field"

    office.store.owe_again(CASE)
    office.tell()

    assert told(office) == ["forum:2", "forum:3"]


def test_a_post_without_author_that_comes_again_in_other_words_is_told_to_its_case() -> None:
    office = Office()
    first, again = office.hear(post(1, who=None), post(1, "refund now", who=None))

    office.tell()

    assert (first.case_id, again.case_id) == (post(1, who=None).external_key,) * 2
    assert [entry.post.text for entry in office.entries(first.case_id) if entry.post] == ["refund please", "refund now"]


def test_a_version_that_comes_again_after_its_decision_was_forgotten_is_told_once() -> None:
    office = Office()
    office.hear(post(1))
    office.store._versions.clear()  # as its rule's `keep for` may have it

    office.hear(post(1))
    office.tell()

    assert [delivery.verb for delivery in office.store.deliveries(CASE)] == [Verb.OPEN_CASE]


def test_a_post_from_the_future_does_not_hold_its_case_open_for_ever() -> None:
    office = Office()
    office.hear(post(1, created_at=NOON + timedelta(days=36500)))

    standing = office.store.standings([post(2)])[0]

    assert standing.open_cases[0].last_post_at <= office.clock()
    case = office.store.case(CASE)
    assert case is not None
    assert case.last_post_at <= office.clock()


def test_a_follow_up_from_the_future_does_not_hold_its_case_open_for_ever() -> None:
    office = Office()
    office.hear(post(1), replace(post(2), created_at=NOON + timedelta(days=10)))

    standing = office.store.standings([post(3)])[0]

    assert standing.open_cases[0].last_post_at <= office.clock()
    case = office.store.case(CASE)
    assert case is not None
    assert case.last_post_at <= office.clock()
