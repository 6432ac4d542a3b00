"""What is particular to Roundup: what its statuses, assignees and last actors tell, and who opens an issue again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.roundup import RoundupCrm
from chalicelib.crm.roundup_rest import PAGE
from chalicelib.errors import SettingsError
from chalicelib.model import CrmEvent, Happened
from tests.contracts.crm_samples import NOON, a_case, a_post, an_entry, heard, opened
from tests.contracts.fakes.roundup import Fake

FIRST, SECOND = a_post(1), a_post(2, "It still smokes")
CASE = a_case(FIRST)
EARLIER, LATER = NOON - timedelta(hours=1), NOON + timedelta(hours=1)


@pytest.fixture
def tracker() -> Iterator[Fake]:
    with Fake() as fake:
        fake.clock = lambda: NOON
        yield fake


def told(events: list[CrmEvent]) -> set[tuple[Happened, str | None, str | None]]:
    return {(event.happened, event.case_id, event.team) for event in events}


@pytest.mark.parametrize(
    ("status", "happened"),
    [
        ("resolved", {Happened.CLOSED}),
        ("done-cbb", {Happened.CLOSED}),
        ("in-progress", {Happened.REOPENED, Happened.ANSWERED}),
        ("chatting", {Happened.REOPENED, Happened.ANSWERED}),
        ("unread", set()),
        ("deferred", set()),
    ],
)
def test_what_a_person_makes_of_an_issue_is_heard(tracker: Fake, status: str, happened: set[Happened]) -> None:
    crm = RoundupCrm(tracker.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    tracker.touched(ref, status=status)
    events = heard(crm.poll(EARLIER))

    assert {event.happened for event in events} == happened
    assert {(event.case_id, event.crm_ref, event.at) for event in events} <= {(CASE.id, ref, NOON)}
    assert len({event.id for event in events}) == len(events)


def test_our_own_entry_is_no_answer_though_the_tracker_moves_the_status(tracker: Fake) -> None:
    crm = RoundupCrm(tracker.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    crm.add_to_case(opened(CASE, ref), an_entry(SECOND))

    assert tracker.items["issue"][0]["status"] == "chatting"
    assert told(heard(crm.poll(EARLIER))) == {(Happened.REOPENED, CASE.id, None)}


def test_who_takes_an_issue_is_heard_and_our_own_assignment_is_not(tracker: Fake) -> None:
    crm = RoundupCrm(tracker.settings, mapping=FieldMapping(teams={"product-safety": "dora"}))
    ref = crm.open_case(CASE, an_entry(FIRST))
    before = told(heard(crm.poll(EARLIER)))
    tracker.touched(ref, by="erik", assignedto="erik")

    assert (tracker.items["issue"][0]["assignedto"], before) == ("erik", set())
    assert told(heard(crm.poll(EARLIER))) == {(Happened.REASSIGNED, CASE.id, "erik")}


def test_an_issue_gets_its_teams_user_and_the_companys_own_fields(tracker: Fake) -> None:
    mapping = FieldMapping(teams={"product-safety": "dora"}, fields={"network": "author handle"})
    RoundupCrm({**tracker.settings, "network_property": ""}, mapping=mapping).open_case(CASE, an_entry(FIRST))

    issue = tracker.items["issue"][0]
    assert (issue["assignedto"], issue["network"]) == ("dora", "ana_r")


def test_only_issues_of_ours_that_changed_since_are_told_of(tracker: Fake) -> None:
    crm = RoundupCrm(tracker.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    tracker.touched(ref, status="resolved")
    tracker.items["issue"].append({**tracker.items["issue"][0], "id": "2", "external_post_id": None})

    assert told(heard(crm.poll(EARLIER))) == {(Happened.CLOSED, CASE.id, None)}
    assert heard(crm.poll(LATER)) == []


def test_pages_full_of_what_tells_nothing_hide_nothing(tracker: Fake) -> None:
    crm = RoundupCrm(tracker.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    made = tracker.items["issue"][0]
    tracker.touched(ref, status="resolved")
    others = [{**made, "id": str(number), "status": "unread"} for number in range(2, 2 * PAGE + 10)]
    tracker.items["issue"] = [*({**one, "activity": EARLIER} for one in others), {**made, "activity": LATER}]

    assert told(heard(crm.poll(EARLIER))) == {(Happened.CLOSED, CASE.id, None)}


def test_a_closed_issue_is_opened_again_where_the_tracker_does_not_do_it(tracker: Fake) -> None:
    tracker.chats = False
    crm = RoundupCrm(tracker.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    tracker.touched(ref, status="resolved")
    crm.add_to_case(opened(CASE, ref), an_entry(SECOND))
    quiet = tracker.items["issue"][0]["status"]
    for _ in range(2):
        crm.add_to_case(opened(CASE, ref), replace(an_entry(SECOND), reopens=True))

    assert (quiet, tracker.items["issue"][0]["status"]) == ("resolved", "chatting")
    assert tracker.kept() == {CASE.id: [FIRST.external_key, SECOND.external_key]}


def test_what_somebody_else_changes_meanwhile_is_read_again_before_it_is_opened(tracker: Fake) -> None:
    tracker.chats = False
    crm = RoundupCrm(tracker.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    crm.add_to_case(opened(CASE, ref), an_entry(SECOND))
    tracker.touched(ref, status="resolved")
    changes = iter(["in-progress"])

    def meanwhile(issue: dict[str, object]) -> None:
        if tracker.calls[-1].query.get("@fields") == "status":
            issue["status"] = next(changes, issue["status"])

    tracker.interfere = meanwhile
    crm.add_to_case(opened(CASE, ref), replace(an_entry(SECOND), reopens=True))

    assert tracker.items["issue"][0]["status"] == "in-progress"


@pytest.mark.parametrize(
    ("name", "value"),
    [("statuses", "resolved"), ("statuses", "resolved=gone"), ("reopened_status", "resolved"), ("priorities", "a=b")],
)
def test_settings_that_mean_nothing_are_told_at_the_start(tracker: Fake, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=rf"crms\.roundup\.{name}: expected"):
        RoundupCrm({**tracker.settings, name: value})


def test_a_look_finds_what_the_tracker_lacks_and_changes_nothing(tracker: Fake) -> None:
    mapping = FieldMapping(teams={"billing-care": "dora"}, always={"origin": "social"})
    crm = RoundupCrm({**tracker.settings, "statuses": "solved=closed"}, mapping=mapping)

    assert {finding.what: finding.is_right for finding in crm.check()} == {
        "the user and its password are accepted": True,
        "issue has the property external_post_id": True,
        "issue has the property network": True,
        "issue has the property origin": False,
        "the tracker has the status chatting": True,
        "the tracker has the status solved": False,
        "the tracker has the user dora": False,
    }
    assert {call.method for call in tracker.calls} == {"GET"}


def test_a_look_at_a_tracker_that_does_not_know_us_says_so(tracker: Fake) -> None:
    tracker.always = 401

    assert not any(finding.is_right for finding in RoundupCrm(tracker.settings).check())


def test_times_go_to_the_tracker_with_their_zone(tracker: Fake) -> None:
    crm = RoundupCrm(tracker.settings)
    crm.open_case(CASE, an_entry(FIRST))
    heard(crm.poll(datetime(2026, 3, 4, 13, 30, tzinfo=UTC)))

    said = [json.loads(call.body)["date"] for call in tracker.calls if b'"messageid"' in call.body]
    assert said == ["2026-03-04.12:01:00+0000"]
    assert tracker.calls[-1].query["activity"] == "from 2026-03-04.13:30:00+0000"
