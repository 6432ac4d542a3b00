"""What is particular to Request Tracker: fields it drops, merged and deleted tickets, 200 for what it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import pytest

from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.request_tracker import RequestTrackerCrm
from chalicelib.errors import Refused, SettingsError, Unavailable
from chalicelib.model import Happened, Priority, Profile
from tests.contracts.crm_samples import ANA, NOON, a_case, a_post, an_entry, heard, opened
from tests.contracts.fakes.request_tracker import Fake

FIRST, SECOND, THIRD = a_post(1), a_post(2, "It still smokes"), a_post(3, "Anybody?")
CASE = a_case(FIRST)
ALL = [FIRST.external_key, SECOND.external_key]


@pytest.fixture
def tracker() -> Iterator[Fake]:
    with Fake() as fake:
        yield fake


def test_without_its_custom_field_nothing_is_made_and_the_case_stays_owed_with_words(tracker: Fake) -> None:
    tracker.fields.remove("ExternalPostId")
    crm = RequestTrackerCrm(tracker.settings)
    for _ in range(3):
        with pytest.raises(Unavailable, match="no custom field ExternalPostId: add it"):
            crm.open_case(CASE, an_entry(FIRST))
    assert tracker.tickets == []
    tracker.fields.append("ExternalPostId")
    crm.open_case(CASE, an_entry(FIRST))

    assert tracker.kept() == {CASE.id: ALL[:1]}


def test_an_entry_of_a_merged_ticket_goes_onto_the_one_that_took_its_place(tracker: Fake) -> None:
    crm = RequestTrackerCrm(tracker.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    other = crm.open_case(a_case(THIRD), an_entry(THIRD))
    tracker.merged[ref] = other
    added = crm.add_to_case(opened(CASE, ref), an_entry(SECOND))

    assert crm.add_to_case(opened(CASE, ref), an_entry(SECOND)) == added
    assert tracker.kept()[THIRD.external_key] == [THIRD.external_key, SECOND.external_key]


@pytest.mark.parametrize("gone", ["deleted", "not there"])
def test_an_entry_of_a_deleted_ticket_is_refused(tracker: Fake, gone: str) -> None:
    crm = RequestTrackerCrm(tracker.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    if gone == "deleted":
        tracker.tickets[0]["Status"] = "deleted"
    else:
        tracker.tickets.clear()

    with pytest.raises(Refused, match="deleted"):
        crm.add_to_case(opened(CASE, ref), an_entry(SECOND))
    with pytest.raises(Unavailable, match="no ticket yet"):
        crm.add_to_case(CASE, an_entry(SECOND))


def test_an_entry_is_found_whether_its_text_comes_as_it_is_or_in_base64(tracker: Fake) -> None:
    crm = RequestTrackerCrm(tracker.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    added = crm.add_to_case(opened(CASE, ref), an_entry(SECOND))
    tracker.sends_base64 = True

    assert crm.add_to_case(opened(CASE, ref), an_entry(SECOND)) == added
    assert tracker.kept() == {CASE.id: ALL}


def test_an_entry_is_found_behind_a_hundred_of_others(tracker: Fake) -> None:
    crm = RequestTrackerCrm(tracker.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    others: list[dict[str, Any]] = [{"Content": None, "TransactionId": "1"}]
    others += [{"Content": f"note {number}", "TransactionId": str(number)} for number in range(250)]
    tracker.tickets[0]["said"] += others
    added = crm.add_to_case(opened(CASE, ref), an_entry(SECOND))

    assert crm.add_to_case(opened(CASE, ref), an_entry(SECOND)) == added
    assert sum(SECOND.external_key in (one["Content"] or "") for one in tracker.tickets[0]["said"]) == 1


def test_an_entry_is_a_comment_and_never_mailed_to_the_author(tracker: Fake) -> None:
    crm = RequestTrackerCrm(tracker.settings)
    crm.add_to_case(opened(CASE, crm.open_case(CASE, an_entry(FIRST))), an_entry(SECOND))

    assert tracker.calls[-1].path.endswith("/comment")
    assert not any("correspond" in call.path for call in tracker.calls)


def a_closed_one(tracker: Fake) -> tuple[RequestTrackerCrm, str]:
    """A ticket that people resolved."""
    crm = RequestTrackerCrm(tracker.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    tracker.tickets[0]["Status"] = "resolved"
    return crm, ref


@pytest.mark.parametrize(("reopens", "status"), [(True, "open"), (False, "resolved")])
def test_a_resolved_ticket_is_opened_for_what_people_should_see_and_nothing_else(
    tracker: Fake, reopens: bool, status: str
) -> None:
    crm, ref = a_closed_one(tracker)
    crm.add_to_case(opened(CASE, ref), replace(an_entry(SECOND), reopens=reopens))

    assert tracker.tickets[0]["Status"] == status


def test_a_reopening_that_is_refused_with_200_is_told_and_doubles_nothing(tracker: Fake) -> None:
    crm, ref = a_closed_one(tracker)
    tracker.may_open = False
    entry = replace(an_entry(SECOND), reopens=True)
    for _ in range(2):
        with pytest.raises(Refused, match=r"the entry is there, its ticket stays resolved: .* Permission Denied"):
            crm.add_to_case(opened(CASE, ref), entry)
    assert tracker.kept() == {CASE.id: ALL}
    tracker.may_open = True
    crm.add_to_case(opened(CASE, ref), entry)

    assert tracker.tickets[0]["Status"] == "open"


@pytest.mark.parametrize(
    ("handle", "address"),
    [
        ("ana_r", "x-ana_r@social.invalid"),
        ("@Ana.R", "x-Ana.R@social.invalid"),
        ("ana@evil.example", None),
        ("ana, boss@acme.example", None),
        ("ana\r\nBcc: boss@acme.example", None),
        ("a..b", None),
        ("ana.", None),
        ("a" * 80, None),
        ("ána", None),
        ("@", None),
    ],
)
def test_an_author_is_a_requestor_who_can_never_be_mailed(tracker: Fake, handle: str, address: str | None) -> None:
    author = replace(ANA, handle=handle)
    RequestTrackerCrm(tracker.settings).open_case(CASE, an_entry(replace(FIRST, author=author)))

    expected = address or f"{Profile('x', author).key}@social.invalid"
    assert tracker.tickets[0]["Requestor"] == expected


def test_a_case_goes_to_the_queue_of_its_team_with_the_companys_fields(tracker: Fake) -> None:
    mapping = FieldMapping(
        teams={"product-safety": "Care"}, fields={"Network": "platform"}, priorities={Priority.URGENT: "90"}
    )
    RequestTrackerCrm(tracker.settings, None, mapping).open_case(CASE, an_entry(FIRST))
    [ticket] = tracker.tickets

    assert (ticket["Queue"], ticket["Priority"], ticket["CustomFields"]["Network"]) == ("Care", "90", "x")


def test_a_team_whose_queue_is_not_there_leaves_the_case_owed(tracker: Fake) -> None:
    mapping = FieldMapping(teams={"product-safety": "Nowhere"})

    with pytest.raises(Unavailable, match="no custom field"):
        RequestTrackerCrm(tracker.settings, None, mapping).open_case(CASE, an_entry(FIRST))


def test_polling_asks_in_utc_and_tells_what_a_status_means_by_our_key(tracker: Fake) -> None:
    crm = RequestTrackerCrm(tracker.settings)
    for number, status in enumerate(["new", "resolved", "stalled", "open"]):
        crm.open_case(a_case(a_post(number)), an_entry(a_post(number)))
        tracker.tickets[number].update(Status=status, LastUpdated=f"2026-03-04T12:00:0{number}Z")
    events = heard(crm.poll(NOON.astimezone(timezone(timedelta(hours=9)))))

    assert "LastUpdated > '2026-03-04 11:59:59 UTC'" in tracker.calls[-1].query["query"]
    assert [event.happened for event in events] == [Happened.CLOSED, Happened.ANSWERED, Happened.REOPENED]
    assert [event.case_id for event in events] == [a_post(number).external_key for number in (1, 2, 3)]
    assert events[0].at == NOON + timedelta(seconds=1)


@pytest.mark.parametrize("name", ["a'b", "a}b", "", "x" * 70])
def test_a_field_that_would_break_a_search_is_told_at_the_start(tracker: Fake, name: str) -> None:
    with pytest.raises(SettingsError, match=r"key_field: expected the name of a custom field"):
        RequestTrackerCrm({**tracker.settings, "key_field": name})


def wrong(tracker: Fake, mapping: FieldMapping | None = None, **more: str) -> list[str]:
    """What the check finds not right; each says how it becomes so."""
    found = RequestTrackerCrm({**tracker.settings, **more}, None, mapping).check()
    assert all(finding.remedy for finding in found if not finding.is_right)
    return [finding.what for finding in found if not finding.is_right]


def test_the_check_is_content_with_what_is_there(tracker: Fake) -> None:
    assert wrong(tracker, FieldMapping(teams={"a": "Care"}, fields={"Network": "platform"})) == []
    assert {call.method for call in tracker.calls} == {"GET"}


def test_the_check_tells_queues_and_fields_that_are_missing(tracker: Fake) -> None:
    assert wrong(tracker, FieldMapping(teams={"a": "Nowhere"}, fields={"Handle": "platform"})) == [
        "our user sees the queue Nowhere",
        "the queue Social has the custom field Handle",
    ]


def test_the_check_tells_a_token_that_is_not_accepted(tracker: Fake) -> None:
    assert wrong(tracker, token="revoked") == ["our user sees the queue Social"]


def test_ids_are_texts_and_texts_are_plain(tracker: Fake) -> None:
    crm = RequestTrackerCrm(tracker.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    created = json.loads(tracker.calls[-1].body)

    assert isinstance(ref, str)
    assert (created["ContentType"], created["CustomFields"]) == ("text/plain", {"ExternalPostId": CASE.id})
