"""The books of a fault run notice what is lost, double, unexplained or out of order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.model import DeliveryState, Parked, Post, Recorded
from chalicelib.pipeline import deliver
from tests.faults.books import Books
from tests.faults.sender import Sent
from tests.faults.traffic import Said, Sending, Traffic
from tests.unit.people import NOON, Office, post


@pytest.fixture
def books() -> Books:
    """Ana's complaint and her follow-up, told to the CRM; small talk; a body that nobody can read."""
    office = Office()
    said = [post(1), post(2, "refund please, still"), post(3, "nice weather", who="bo")]
    (first, *_) = office.hear(*said)
    deliver.Desk(office.store, office.crm, office.circuit).deliver(first.case_id or "")
    sent = [_sent(of) for of in said] + [Sent(Sending("forum", b"{", parks=True), 200, 1)]
    cases = list(office.store.cases())
    deliveries = {case.id: office.store.deliveries(case.id) for case in cases}
    issues = [
        {"key": case.id, "messages": [f"words [ref:{each.key}]\n" for each in deliveries[case.id]]} for case in cases
    ]
    recorded = [record for of in said for record in office.store.recorded(of.id)]
    parked = [Parked("forum", b"{", {}, "not JSON", NOON)]
    return Books(sent, recorded, cases, deliveries, parked, (), (), frozenset({"forum:9"}), issues, 2, 0)


def _sent(of: Post) -> Sent:
    return Sent(Sending("forum", of.id.encode(), (Said(of.id),)), 200, 1)


def wrong(books: Books) -> list[str]:
    return [account.name for account in books.accounts() if not account.balances]


def test_books_in_which_everything_is_there_once_balance(books: Books) -> None:
    assert wrong(books) == []


def test_a_lost_post_a_second_decision_and_one_of_a_post_that_nobody_sent_are_noticed(books: Books) -> None:
    stranger = [_other(record) for record in books.recorded[:1]]
    for recorded in (books.recorded[:-1], [*books.recorded, books.recorded[-1]], [*books.recorded, *stranger]):
        assert "versions of posts in" in wrong(replace(books, recorded=recorded))


def _other(record: Recorded) -> Recorded:
    return replace(record, post=replace(record.post, id="forum:404"))


def test_an_entry_that_is_missing_double_or_out_of_order_in_the_crm_is_noticed(books: Books) -> None:
    (issue,) = books.issues
    first, second = issue["messages"]
    for messages in ([first], [first, second, second], [second, first]):
        changed = replace(books, issues=[{**issue, "messages": messages}], messages=len(messages))
        assert "entries in the CRM" in wrong(changed)


def test_a_case_without_a_record_and_one_with_two_are_noticed(books: Books) -> None:
    issues: list[list[Any]] = [[], [*books.issues, *books.issues]]
    for found in issues:
        assert "records in the CRM" in wrong(replace(books, issues=found))


def test_what_is_still_owed_is_noticed(books: Books) -> None:
    ((case_id, deliveries),) = books.deliveries.items()
    owed = [replace(deliveries[0], state=DeliveryState.OWED), *deliveries[1:]]

    assert "owed to the CRM" in wrong(replace(books, deliveries={case_id: owed}))


def test_dead_letters_and_parked_bodies_that_nothing_explains_are_noticed(books: Books) -> None:
    assert wrong(replace(books, parked=())) == ["parked"]
    assert wrong(replace(books, parked=[*books.parked, replace(books.parked[0], body=b"[")])) == ["parked"]


def test_dead_letters_are_noticed_that_kill_nobody_or_are_more_than_came(books: Books) -> None:
    put_aside, dead = "put aside at first", "dead letters in the end"
    with_killer = replace(books, sent=[*books.sent, _sent(post(9))])

    assert dead in wrong(replace(books, dead=("forum:1",)))
    assert put_aside in wrong(replace(books, put_aside=("forum:1",)))
    assert wrong(replace(with_killer, put_aside=("forum:9",), dead=("forum:9",))) == []
    assert wrong(replace(with_killer, put_aside=("forum:9", "forum:1"), dead=("forum:9",))) == [put_aside]
    assert wrong(replace(with_killer, dead=("forum:9", "forum:9"))) == [dead]
    again = replace(with_killer, sent=[*with_killer.sent, _sent(post(9))])
    assert wrong(replace(again, dead=("forum:9", "forum:9"))) == []


def test_the_same_seed_makes_the_same_traffic() -> None:
    first, second = (Traffic("7").deliveries(200) for _ in range(2))

    assert [(one.platform, one.status, one.carries, one.parks) for one in first] == [
        (one.platform, one.status, one.carries, one.parks) for one in second
    ]
    assert len(first) == 200
