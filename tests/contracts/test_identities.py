"""Which customers authors are is kept in their records, in memory and in the table, and is forgotten with them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.model import Link
from chalicelib.ports.crm import Identities
from chalicelib.ports.store import Store
from chalicelib.stores.dynamo import DynamoStore
from chalicelib.stores.erasures import DynamoErasures
from chalicelib.stores.identities import DynamoIdentities
from chalicelib.stores.memory import MemoryStore
from tests.contracts.conftest import Clock
from tests.contracts.story import case_id, joining, open_case, post

ANA = "mastodon:ana"
Parts = tuple[Store, Identities, Any]


@pytest.fixture(params=["memory", pytest.param("dynamo", marks=pytest.mark.local)])
def parts(request: pytest.FixtureRequest, clock: Clock) -> Parts:
    """The store, the identities in it, and what forgets authors."""
    if request.param == "memory":
        store = MemoryStore(clock)
        return store, store, store
    dynamodb, table = request.getfixturevalue("dynamodb"), request.getfixturevalue("table")
    forgetter = DynamoErasures(dynamodb, table, clock)
    return DynamoStore(dynamodb, table, clock), DynamoIdentities(dynamodb, table), forgetter


def found(clock: Clock) -> Link:
    return Link("zendesk", clock(), "7", "Contact.handle “é”", clock() + timedelta(days=30))


def test_a_link_is_kept_with_its_evidence_and_known_when_the_author_writes_again(parts: Parts, clock: Clock) -> None:
    store, identities, _ = parts
    open_case(store)
    link = found(clock)

    assert identities.link(ANA) is None
    assert identities.note_link(ANA, None, link)

    assert identities.link(ANA) == link
    assert store.standings([post(9)])[0].link == link


def test_an_author_without_a_case_has_no_link(parts: Parts, clock: Clock) -> None:
    store, identities, _ = parts

    assert not identities.note_link(ANA, None, found(clock))
    assert store.standings([post(9)])[0].link is None


def test_of_two_who_link_at_once_one_is_told_so(parts: Parts, clock: Clock) -> None:
    store, identities, _ = parts
    open_case(store)
    first, revoked = found(clock), Link("zendesk", clock(), "7", "by hand", is_revoked=True)
    identities.note_link(ANA, None, first)

    assert not identities.note_link(ANA, None, found(clock))
    assert identities.note_link(ANA, first, revoked)
    assert not identities.note_link(ANA, first, found(clock))
    assert identities.link(ANA) == revoked


def test_a_link_neither_stops_a_post_that_is_decided_meanwhile_nor_is_lost_by_it(parts: Parts, clock: Clock) -> None:
    store, identities, _ = parts
    saved = open_case(store)
    again = post(2)
    standing = store.standings([again])[0]
    identities.note_link(ANA, None, found(clock))

    assert store.save(joining(again, standing, case_id(saved)))

    assert identities.link(ANA) is not None


def test_who_is_forgotten_is_nobodys_customer_any_more_and_stays_so(parts: Parts, clock: Clock) -> None:
    store, identities, forgetter = parts
    open_case(store)
    identities.note_link(ANA, None, found(clock))

    forgetter.forget_author(ANA)

    assert identities.link(ANA) is None
    assert not identities.note_link(ANA, None, found(clock))
