"""What is owed reaches the CRM in order, once, however often the stream hands it out and whatever fails."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.errors import Unavailable
from chalicelib.model import DeliveryState
from chalicelib.pipeline import deliver
from chalicelib.pipeline.timekeeping import keep_time
from tests.unit.people import Office, down, post, refusing

PATIENCE = timedelta(minutes=5)


def test_a_case_and_its_follow_ups_are_told_in_order() -> None:
    office = Office()
    office.hear(post(1), post(2, "still no refund"), post(3, "refund!!"))

    office.tell()

    posts = [entry.post.id for entry in office.entries(post(1).external_key) if entry.post]
    assert posts == ["forum:1", "forum:2", "forum:3"]


def test_a_case_handed_out_again_tells_nothing_twice() -> None:
    office = Office()
    (triaged,) = office.hear(post())
    office.tell()

    told = deliver.Desk(office.store, office.crm).deliver(triaged.case_id or "")

    assert told == 0
    assert len(office.entries(triaged.case_id)) == 1


def test_nothing_after_the_first_that_must_wait_is_told() -> None:
    office = Office()
    assert office.crm is not None
    office.crm.troubles = down()
    (first, _) = office.hear(post(1), post(2))

    with pytest.raises(Unavailable):
        office.tell()

    assert office.crm.records == {}
    assert len(office.store.owed(first.case_id or "")) == 2


def test_what_was_owed_too_long_is_handed_out_again() -> None:
    office = Office()
    assert office.crm is not None
    office.crm.troubles = down()
    (first,) = office.hear(post(1))
    with pytest.raises(Unavailable):
        office.tell()
    assert keep_time(office.store, office.clock, PATIENCE).nudged == 0

    office.clock.time += PATIENCE + timedelta(seconds=1)
    kept = keep_time(office.store, office.clock, PATIENCE)
    office.tell()

    assert kept.nudged == 1
    assert len(office.entries(first.case_id)) == 1


def test_a_refused_case_holds_the_crms_words_and_so_do_its_follow_ups() -> None:
    office = Office()
    assert office.crm is not None
    office.crm.troubles = refusing()
    (first, _) = office.hear(post(1), post(2))

    office.tell()

    case = office.store.case(first.case_id or "")
    assert case is not None
    assert case.refused == "Subject is a required field"
    assert office.store.owed(case.id) == []
    assert office.crm.records == {}


def test_without_a_crm_cases_stay_in_the_table_and_owe_nothing() -> None:
    office = Office(crm=None)
    (first,) = office.hear(post(1))

    office.tell()

    case = office.store.case(first.case_id or "")
    assert case is not None
    assert case.crm_ref is None
    assert office.store.owed(case.id) == []


def test_a_case_kept_before_there_was_a_crm_keeps_its_follow_ups_too() -> None:
    office = Office(crm=None)
    office.hear(post(1))
    office.tell()
    with_crm = Office()
    office.crm = with_crm.crm

    (second,) = office.hear(post(2))
    office.tell()

    assert office.crm is not None
    assert office.crm.records == {}
    assert office.store.owed(second.case_id or "") == []


def test_a_delivery_never_goes_back_from_done() -> None:
    office = Office()
    (first,) = office.hear(post(1))
    (delivery,) = office.store.owed(first.case_id or "")
    office.tell()

    office.store.mark_withdrawn(delivery)

    case = office.store.case(first.case_id or "")
    assert case is not None
    assert case.crm_ref is not None
    assert delivery.state is DeliveryState.OWED
