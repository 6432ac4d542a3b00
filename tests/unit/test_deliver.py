"""What is owed reaches the CRM in order, once, however often the stream hands it out and whatever fails."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.errors import Denied, Resting, Unavailable
from chalicelib.model import DeliveryState
from chalicelib.pipeline import deliver
from chalicelib.pipeline.timekeeping import keep_time
from tests.unit.people import Office, down, post, refusing
from tests.unit.rulebooks import Journal

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

    told = office.deliver(triaged.case_id or "")

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


def test_a_kept_case_that_is_owed_again_opens_with_its_follow_ups_after_it() -> None:
    office = Office(crm=None)
    (first, _) = office.hear(post(1), post(2))
    office.tell()
    office.crm = Office().crm
    office.hear(post(3))
    office.tell()

    office.store.owe_again(first.case_id or "")
    office.tell()

    case = office.store.case(first.case_id or "")
    assert case is not None
    assert case.crm_ref == f"no-{case.id}"
    assert [entry.post.id for entry in office.entries(case.id) if entry.post] == ["forum:1", "forum:2", "forum:3"]
    assert {delivery.state for delivery in office.store.deliveries(case.id)} == {DeliveryState.DONE}


def test_a_kept_case_that_is_owed_again_waits_whole_while_the_crm_is_down() -> None:
    office = Office(crm=None)
    (first, _) = office.hear(post(1), post(2))
    office.tell()
    office.crm = Office().crm
    assert office.crm is not None
    office.crm.troubles = down()
    office.store.owe_again(first.case_id or "")
    with pytest.raises(Unavailable):
        office.tell()
    waiting = [delivery.state for delivery in office.store.deliveries(first.case_id or "")]

    office.deliver(first.case_id or "")

    assert waiting == [DeliveryState.OWED] * 2
    assert [entry.post.id for entry in office.entries(first.case_id) if entry.post] == ["forum:1", "forum:2"]


def test_without_a_crm_what_is_owed_again_is_kept_again() -> None:
    office = Office(crm=None)
    (first, _) = office.hear(post(1), post(2))
    office.tell()

    office.store.owe_again(first.case_id or "")
    office.tell()

    states = [delivery.state for delivery in office.store.deliveries(first.case_id or "")]
    assert states == [DeliveryState.KEPT] * 2


def test_a_refused_case_that_is_owed_again_is_told_once_and_takes_follow_ups() -> None:
    office = Office()
    assert office.crm is not None
    office.crm.troubles = refusing()
    (first, _) = office.hear(post(1), post(2))
    office.tell()

    for _ in range(2):
        office.store.owe_again(first.case_id or "")
        office.tell()
    office.hear(post(3))
    office.tell()

    case = office.store.case(first.case_id or "")
    assert case is not None
    assert case.refused is None
    assert [entry.post.id for entry in office.entries(case.id) if entry.post] == ["forum:1", "forum:2", "forum:3"]


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


def test_a_crm_that_fails_three_times_in_a_row_is_left_in_peace_and_tried_again_later() -> None:
    office = Office()
    assert office.crm is not None
    (first,) = office.hear(post(1))
    office.crm.troubles = down(3)
    for _ in range(3):
        with pytest.raises(Unavailable):
            office.deliver(first.case_id or "")

    with pytest.raises(Resting):
        office.deliver(first.case_id or "")
    office.clock.time += timedelta(seconds=31)
    told = office.deliver(first.case_id or "")

    assert told == 1


def test_a_crm_that_names_a_time_to_wait_is_left_in_peace_so_long() -> None:
    office = Office()
    assert office.crm is not None
    (first,) = office.hear(post(1))
    office.crm.troubles = [Unavailable("429", retry_after=120)]
    with pytest.raises(Unavailable):
        office.deliver(first.case_id or "")

    office.clock.time += timedelta(seconds=100)
    with pytest.raises(Resting):
        office.deliver(first.case_id or "")
    office.clock.time += timedelta(seconds=21)

    assert office.deliver(first.case_id or "") == 1


def test_one_answer_makes_the_circuit_forget_the_failures_before_it() -> None:
    office = Office()
    assert office.crm is not None
    (first, second) = office.hear(post(1), post(2, "smoke"))
    office.crm.troubles = down(2)
    for _ in range(2):
        with pytest.raises(Unavailable):
            office.deliver(first.case_id or "")
    office.deliver(first.case_id or "")
    office.crm.troubles = down(1)

    with pytest.raises(Unavailable) as caught:
        office.deliver(second.case_id or "")

    assert not isinstance(caught.value, Resting)
    assert office.deliver(second.case_id or "") == 1


def started(office: Office, number: int = 1) -> bool:
    case = office.store.case(post(number).external_key)
    assert case is not None
    return case.started


def test_a_case_is_not_noted_as_begun_while_the_crm_is_left_in_peace() -> None:
    office = Office()
    office.hear(post(1), post(2, "smoke"))
    assert office.crm is not None
    office.crm.troubles = down(3)
    for _ in range(3):
        with pytest.raises(Unavailable):
            office.deliver(post(1).external_key)

    with pytest.raises(Resting):
        office.deliver(post(2).external_key)

    assert (started(office), started(office, 2)) == (True, False)


def test_a_table_that_does_not_answer_is_no_fault_of_the_crm(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office()
    office.hear(post(1))

    def silent(case_id: str) -> None:
        raise Unavailable("the table does not answer")

    with monkeypatch.context() as patch:
        patch.setattr(office.store, "mark_started", silent)
        for _ in range(5):
            with pytest.raises(Unavailable, match="table"):
                office.deliver(post(1).external_key)

    assert (office.circuit.failures, office.circuit.open_until) == (0, None)
    assert office.deliver(post(1).external_key) == 1


def test_that_the_crm_is_down_and_that_it_is_back_are_told_once() -> None:
    office, journal = Office(), Journal()
    office.circuit.log = journal  # type: ignore[assignment]
    office.hear(post(1))
    assert office.crm is not None
    office.crm.troubles = down(5)
    for _ in range(5):
        with pytest.raises(Unavailable):
            office.deliver(post(1).external_key)
        office.clock.time += timedelta(seconds=31)

    office.deliver(post(1).external_key)

    assert [(level, event) for level, event, _ in journal.told] == [("error", "crm.down"), ("info", "crm.back")]


def test_a_crm_that_asks_for_a_pause_is_not_told_to_be_down() -> None:
    office, journal = Office(), Journal()
    office.circuit.log = journal  # type: ignore[assignment]
    office.hear(post(1))
    assert office.crm is not None
    office.crm.troubles = [Unavailable("429", retry_after=5)]
    with pytest.raises(Unavailable):
        office.deliver(post(1).external_key)

    assert journal.told == []


def patiently(office: Office, seconds: float) -> tuple[int, list[float]]:
    """Deliver Ana's first case with so many seconds; how much was told, and how long it paused."""
    until = office.clock.time + timedelta(seconds=seconds)
    pauses: list[float] = []

    def pause(length: float) -> None:
        pauses.append(round(length))
        office.clock.time += timedelta(seconds=length)

    desk = deliver.Desk(office.store, office.crm, office.circuit)
    left = lambda: (until - office.clock.time).total_seconds()  # noqa: E731
    return deliver.deliver_patiently(desk, post(1).external_key, left, pause), pauses


def test_a_crm_that_asks_for_a_pause_gets_it_and_the_case_goes_on() -> None:
    office = Office()
    office.hear(post(1), post(2))
    assert office.crm is not None
    office.crm.troubles = [Unavailable("429", retry_after=20), Unavailable("429", retry_after=30)]

    told, pauses = patiently(office, 200)

    assert (told, pauses) == (2, [20, 30])
    assert len(office.entries(post(1).external_key)) == 2


def test_a_pause_that_is_longer_than_a_function_lives_is_left_to_the_next() -> None:
    office = Office()
    office.hear(post(1))
    assert office.crm is not None
    office.crm.troubles = [Unavailable("429", retry_after=300)]

    with pytest.raises(Unavailable, match="429"):
        patiently(office, 200)


def test_who_is_not_let_in_does_not_wait_to_knock_again() -> None:
    office = Office()
    office.hear(post(1))
    assert office.crm is not None
    office.crm.troubles = [Denied("401", 60), Denied("401", 60)]
    with pytest.raises(Denied):
        patiently(office, 200)

    with pytest.raises(Resting) as resting:
        patiently(office, 200)

    assert resting.value.retry_after is None
    assert len(office.crm.troubles) == 1


def test_a_crm_that_is_down_is_not_waited_for() -> None:
    office = Office()
    office.hear(post(1))
    assert office.crm is not None
    office.crm.troubles = down(9)
    for _ in range(3):
        with pytest.raises(Unavailable):
            patiently(office, 200)

    with pytest.raises(Resting) as resting:
        patiently(office, 200)

    assert resting.value.retry_after is None


def test_a_crm_that_only_ever_asks_for_a_pause_is_down_in_the_end() -> None:
    office, journal = Office(), Journal()
    office.circuit.log = journal  # type: ignore[assignment]
    office.hear(post(1))
    assert office.crm is not None
    office.crm.troubles = [Unavailable("503", retry_after=1) for _ in range(50)]

    with pytest.raises(Unavailable):
        patiently(office, 200)

    assert len(office.crm.troubles) == 40
    assert journal.events("error") == ["crm.down"]
