"""What people do with a case in the CRM moves it once, and its author's record with it, in memory and in the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.errors import Conflict
from chalicelib.model import (
    CLOSES,
    Asked,
    Case,
    CaseStatus,
    CrmEvent,
    Happened,
    Notice,
    NoticeKind,
    OpenCase,
    notice_key,
)
from chalicelib.ports.alerting import Notices
from chalicelib.ports.crm import BackChannel
from chalicelib.ports.store import Store
from chalicelib.stores import keys
from chalicelib.stores.back_channel import DynamoBackChannel
from chalicelib.stores.dynamo import DynamoStore
from chalicelib.stores.memory import MemoryStore
from chalicelib.stores.memory_back_channel import MemoryBackChannel
from chalicelib.stores.notices import DynamoNotices
from tests.contracts.conftest import Clock
from tests.contracts.story import joining, open_case, post

CASE = post().external_key
Parts = tuple[Store, BackChannel]


@pytest.fixture(params=["memory", pytest.param("dynamo", marks=pytest.mark.local)])
def parts(request: pytest.FixtureRequest, clock: Clock) -> Parts:
    if request.param == "memory":
        store = MemoryStore(clock)
        return store, MemoryBackChannel(store, clock)
    dynamodb, table = request.getfixturevalue("dynamodb"), request.getfixturevalue("table")
    return DynamoStore(dynamodb, table, clock), DynamoBackChannel(dynamodb, table, clock)


def told(store: Store, ref: str = "77") -> None:
    """A case that the CRM knows as its record 77."""
    saved = open_case(store)
    store.mark_started(CASE)
    store.mark_delivered(saved.deliveries[0], "roundup", ref)


def event(happened: Happened, at: datetime, of: str = "1", **more: Any) -> CrmEvent:
    return CrmEvent(of, happened, at, **{"case_id": CASE, **more})


def case(store: Store) -> Case:
    found = store.case(CASE)
    assert found is not None
    return found


def remembered(store: Store) -> OpenCase:
    (one,) = store.standings([post(9)])[0].open_cases
    return one


def test_a_case_that_was_closed_there_is_closed_here_and_for_its_author(parts: Parts, clock: Clock) -> None:
    store, channel = parts
    told(store)
    at = clock()

    assert channel.heed("roundup", event(Happened.CLOSED, at))

    assert (case(store).status, case(store).closed_at) == (CaseStatus.CLOSED, at)
    assert remembered(store).closed_at == at
    assert [each.id for each in store.cases(CaseStatus.CLOSED)] == [CASE]


def test_a_case_is_found_by_the_crms_own_record(parts: Parts, clock: Clock) -> None:
    store, channel = parts
    told(store)
    at = clock()

    assert channel.heed("roundup", event(Happened.ANSWERED, at, case_id=None, crm_ref="77"))

    assert case(store).answered_at == at


def test_a_key_that_is_not_ours_does_not_hide_the_record_that_is(parts: Parts, clock: Clock) -> None:
    store, channel = parts
    told(store)

    assert channel.heed("roundup", event(Happened.ANSWERED, clock(), case_id="their own", crm_ref="77"))


@pytest.mark.parametrize("about", [{"case_id": "0f6e"}, {"case_id": None, "crm_ref": "78"}, {"case_id": None}])
def test_what_is_about_no_case_of_ours_moves_nothing(parts: Parts, clock: Clock, about: dict[str, Any]) -> None:
    store, channel = parts
    told(store)

    assert not channel.heed("roundup", event(Happened.CLOSED, clock(), **about))


def test_a_crm_moves_no_case_of_another(parts: Parts, clock: Clock) -> None:
    store, channel = parts
    told(store)

    assert not channel.heed("zendesk", event(Happened.CLOSED, clock()))
    assert not channel.heed("zendesk", event(Happened.CLOSED, clock(), case_id=None, crm_ref="77"))
    assert case(store).status is CaseStatus.OPEN


def test_an_event_counts_once(parts: Parts, clock: Clock) -> None:
    store, channel = parts
    told(store)
    at = clock()
    channel.heed("roundup", event(Happened.CLOSED, at, "1"))
    channel.heed("roundup", event(Happened.REOPENED, at, "2"))

    assert not channel.heed("roundup", event(Happened.CLOSED, at, "1"))

    assert case(store).status is CaseStatus.OPEN
    assert case(store).closed_at is None
    assert remembered(store).closed_at is None


def test_what_is_older_than_the_last_move_moves_no_status(parts: Parts, clock: Clock) -> None:
    store, channel = parts
    told(store)
    early, late = clock(), clock()
    channel.heed("roundup", event(Happened.CLOSED, early, "1"))
    channel.heed("roundup", event(Happened.REOPENED, late, "2"))

    assert not channel.heed("roundup", event(Happened.CLOSED, early + (late - early) / 2, "3"))

    assert case(store).status is CaseStatus.OPEN


def test_the_first_answer_is_remembered_in_whatever_order_they_are_heard(parts: Parts, clock: Clock) -> None:
    store, channel = parts
    told(store)
    first, second = clock(), clock()

    channel.heed("roundup", event(Happened.ANSWERED, second, "2"))
    channel.heed("roundup", event(Happened.ANSWERED, first, "1"))

    assert case(store).answered_at == first
    assert case(store).status is CaseStatus.OPEN


def test_a_time_ahead_of_ours_is_now(parts: Parts, clock: Clock) -> None:
    store, channel = parts
    told(store)
    ahead = clock() + timedelta(days=3)

    channel.heed("roundup", event(Happened.ANSWERED, ahead))

    answered = case(store).answered_at
    assert answered is not None
    assert answered < ahead


def test_who_has_it_now_is_remembered(parts: Parts, clock: Clock) -> None:
    store, channel = parts
    told(store)

    channel.heed("roundup", event(Happened.REASSIGNED, clock(), team="Second level"))

    assert (case(store).team, case(store).assigned_to) == ("network-care", "Second level")


def test_what_our_own_rules_gave_it_to_is_nobodys_doing_and_who_gives_it_back_has_it_no_more(
    parts: Parts, clock: Clock
) -> None:
    store, channel = parts
    told(store)

    assert not channel.heed("roundup", event(Happened.REASSIGNED, clock(), "1", team="net", ours=("network-care",)))
    channel.heed("roundup", event(Happened.REASSIGNED, clock(), "2", team="shop", ours=("shop-care",)))
    assert case(store).assigned_to == "shop"
    channel.heed("roundup", event(Happened.REASSIGNED, clock(), "3", team="net", ours=("network-care",)))

    assert case(store).assigned_to is None


def test_a_case_that_was_merged_is_closed_and_goes_by_the_record_that_took_its_place(
    parts: Parts, clock: Clock
) -> None:
    store, channel = parts
    told(store)
    channel.heed("roundup", event(Happened.MERGED, clock(), "1", into="80"))

    channel.heed("roundup", event(Happened.REOPENED, clock(), "2", case_id=None, crm_ref="80"))

    assert (case(store).merged_into, case(store).status) == ("80", CaseStatus.OPEN)


def test_a_post_that_people_should_see_opens_the_case_again(parts: Parts, clock: Clock) -> None:
    store, channel = parts
    told(store)
    channel.heed("roundup", event(Happened.CLOSED, clock()))
    again = post(2, created_at=clock())
    standing = store.standings([again])[0]
    saved = joining(again, standing, CASE)

    store.save(replace(saved, remembers=tuple(replace(one, closed_at=None) for one in standing.open_cases)))

    assert (case(store).status, case(store).closed_at) == (CaseStatus.OPEN, None)
    assert remembered(store).closed_at is None


def test_who_closes_a_case_before_its_last_post_has_not_closed_it(parts: Parts, clock: Clock) -> None:
    store, channel = parts
    told(store)
    closed = clock()
    again = post(2, created_at=clock())
    store.save(joining(again, store.standings([again])[0], CASE))

    assert not channel.heed("roundup", event(Happened.CLOSED, closed))

    assert case(store).status is CaseStatus.OPEN


def test_a_post_decided_while_its_case_was_closed_is_decided_again(parts: Parts, clock: Clock) -> None:
    store, channel = parts
    told(store)
    again = post(2)
    standing = store.standings([again])[0]
    channel.heed("roundup", event(Happened.CLOSED, clock()))

    with pytest.raises(Conflict):
        store.save(joining(again, standing, CASE))


def test_a_case_that_its_author_took_back_is_moved_by_nobody(parts: Parts, clock: Clock) -> None:
    store, channel = parts
    saved = open_case(store)
    store.mark_started(CASE)
    store.mark_withdrawn(saved.deliveries[0])

    assert not channel.heed("roundup", event(Happened.CLOSED, clock()))
    assert case(store).status is CaseStatus.WITHDRAWN


def test_a_crm_is_asked_on_from_where_it_was(parts: Parts, clock: Clock) -> None:
    _, channel = parts
    first, second, third = Asked(clock()), Asked(clock(), clock(), clock()), Asked(clock())

    assert channel.asked("roundup") is None
    assert channel.ask("roundup", None, first)
    assert not channel.ask("roundup", None, second)
    assert channel.asked("roundup") == first
    assert channel.ask("roundup", first, second)
    assert channel.asked("roundup") == second
    assert not channel.ask("roundup", first, third)
    assert not channel.ask("roundup", replace(second, at=clock()), third)
    assert channel.ask("roundup", second, third)
    assert channel.asked("roundup") == third
    assert channel.asked("zendesk") is None


@pytest.mark.local
def test_a_record_names_its_case_from_the_moment_in_which_it_is_marked(
    dynamo: DynamoStore, dynamodb: Any, table: str
) -> None:
    told(dynamo)

    pk, sk = keys.reference("roundup", "77")
    item = dynamodb.get_item(TableName=table, Key={"pk": {"S": pk}, "sk": {"S": sk}})["Item"]

    assert item["case_id"] == {"S": CASE}


def of_people(request: pytest.FixtureRequest, store: Store, clock: Clock) -> Notices:
    if isinstance(store, MemoryStore):
        return store.notices
    return DynamoNotices(request.getfixturevalue("dynamodb"), request.getfixturevalue("table"), clock)


def asked(notices: Notices, at: datetime, number: str = "1") -> Notice:
    told = Notice(notice_key(number), NoticeKind.OVERDUE, CASE, None, "care", (), None, "Late", ("words",), at, CASE)
    notices.introduce(told)
    return told


@pytest.mark.parametrize(
    ("happened", "kind"),
    [
        (Happened.ANSWERED, NoticeKind.SETTLED),
        (Happened.CLOSED, NoticeKind.SETTLED),
        (Happened.MERGED, NoticeKind.SETTLED),
        (Happened.REASSIGNED, NoticeKind.ACKNOWLEDGED),
    ],
)
def test_whoever_was_asked_is_owed_that_it_is_seen_to_once_for_each_time_with_what_moves_the_case(
    parts: Parts, clock: Clock, request: pytest.FixtureRequest, happened: Happened, kind: NoticeKind
) -> None:
    store, channel = parts
    told(store)
    notices = of_people(request, store, clock)
    asked(notices, clock(), "1")
    latest = asked(notices, clock(), "2")

    assert channel.heed("roundup", event(happened, clock(), team="net", into="80"))
    channel.heed("roundup", event(happened, clock(), "2", team="shop", into="81"))

    owed = notices.find(notice_key(kind, CASE, latest.key))
    assert owed is not None
    assert (owed.kind, owed.by, owed.lines, owed.teams) == (kind, "somebody in the CRM", (), ("care",))
    assert notices.is_owed(owed.key)


def test_what_was_told_so_before_keeps_no_case_from_being_moved(
    parts: Parts, clock: Clock, request: pytest.FixtureRequest
) -> None:
    store, channel = parts
    told(store)
    asked(of_people(request, store, clock), clock())

    assert channel.heed("roundup", event(Happened.ANSWERED, clock(), "1"))
    assert channel.heed("roundup", event(Happened.CLOSED, clock(), "2"))

    assert case(store).status is CaseStatus.CLOSED


@pytest.mark.parametrize("how", ["never asked", "ended", "reopened", "our own team"])
def test_nobody_is_told_of_what_was_not_asked_or_ended_or_is_no_taking_up(
    parts: Parts, clock: Clock, request: pytest.FixtureRequest, how: str
) -> None:
    store, channel = parts
    told(store)
    notices = of_people(request, store, clock)
    first = asked(notices, clock()) if how != "never asked" else None
    if how == "ended":
        notices.end(CASE, clock())
    happened = {"reopened": Happened.REOPENED, "our own team": Happened.REASSIGNED}.get(how, Happened.ANSWERED)
    ours = ("network-care",) if how == "our own team" else ()

    channel.heed("roundup", event(happened, clock(), team="net", ours=ours))

    keys_ = [notice_key(kind, CASE, first.key if first else "") for kind in CLOSES]
    assert [notices.find(key) for key in keys_] == [None] * len(keys_)
