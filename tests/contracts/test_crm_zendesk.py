"""What is particular to Zendesk: keys for two hours, closed for ever, safe updates, numbers, signed events."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.rendering import marker
from chalicelib.crm.zendesk import ZendeskCrm
from chalicelib.errors import BadPayload, BadSignature, Refused, SettingsError, Unavailable
from chalicelib.model import Customer, Finding, Happened, Priority, Profile
from chalicelib.ports.platform import WebhookRequest
from tests.contracts.crm_samples import ANA, NOON, a_case, a_post, an_entry, opened
from tests.contracts.fakes.zendesk import Fake

FIRST, SECOND, THIRD = a_post(1), a_post(2, "It still smokes"), a_post(3, "Anybody?")
CASE = a_case(FIRST)
SECRET = "made-up-signing-secret"
ALL = [FIRST.external_key, SECOND.external_key]


@pytest.fixture
def desk() -> Iterator[Fake]:
    with Fake() as fake:
        yield fake


def sent(desk: Fake, method: str, path: str) -> list[dict[str, Any]]:
    """The bodies of the requests of this kind."""
    return [json.loads(call.body) for call in desk.calls if (call.method, call.path) == (method, path)]


def the_ticket(desk: Fake) -> dict[str, Any]:
    """The only one there is."""
    [ticket] = desk.tickets.values()
    return ticket


def test_a_repeat_within_two_hours_is_answered_with_the_first_answer(desk: Fake) -> None:
    crm = ZendeskCrm(desk.settings)
    desk.lags = True
    ref = crm.open_case(CASE, an_entry(FIRST))

    assert crm.open_case(CASE, an_entry(FIRST)) == ref
    assert len(desk.tickets) == 1
    assert {call.headers["idempotency-key"] for call in desk.calls if call.path == "/api/v2/tickets" and call.body} == {
        CASE.id
    }


def test_a_repeat_in_other_words_stays_owed_until_the_ticket_is_seen(desk: Fake) -> None:
    crm = ZendeskCrm(desk.settings)
    desk.lags = True
    ref = crm.open_case(CASE, an_entry(FIRST))
    edited = an_entry(replace(FIRST, text="My router smokes no more"))
    with pytest.raises(Unavailable, match="an earlier form") as caught:
        crm.open_case(CASE, edited)
    desk.lags = False

    assert caught.value.retry_after == 600
    assert crm.open_case(CASE, edited) == ref
    assert len(desk.tickets) == 1


def test_after_two_hours_the_look_up_stands_where_the_key_is_forgotten(desk: Fake) -> None:
    crm = ZendeskCrm(desk.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    desk.seconds = 2 * 3600 + 1

    assert crm.open_case(CASE, an_entry(replace(FIRST, text="edited"))) == ref
    assert len(desk.tickets) == 1


def test_a_closed_ticket_is_followed_up_by_one_more_and_only_one(desk: Fake) -> None:
    crm = ZendeskCrm(desk.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    the_ticket(desk)["status"] = "closed"
    added = crm.add_to_case(opened(CASE, ref), an_entry(SECOND))

    assert crm.add_to_case(opened(CASE, ref), an_entry(SECOND)) == added
    assert [ticket.get("via_followup_source_id") for ticket in desk.tickets.values()] == [None, int(ref)]
    assert desk.kept() == {CASE.id: ALL}


def test_what_comes_after_a_follow_up_goes_onto_it(desk: Fake) -> None:
    crm = ZendeskCrm(desk.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    the_ticket(desk)["status"] = "closed"
    crm.add_to_case(opened(CASE, ref), an_entry(SECOND))
    crm.add_to_case(opened(CASE, ref), an_entry(THIRD))

    assert [len(ticket["comments"]) for ticket in desk.tickets.values()] == [1, 2]


def test_a_ticket_that_is_closed_while_an_entry_is_written_is_followed_up(desk: Fake) -> None:
    crm = ZendeskCrm(desk.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    desk.interfere = lambda ticket: ticket.update(status="closed")
    crm.add_to_case(opened(CASE, ref), an_entry(SECOND))

    assert len(desk.tickets) == 2
    assert desk.kept() == {CASE.id: ALL}


def test_an_old_closed_ticket_that_the_list_leaves_out_is_followed_up(desk: Fake) -> None:
    crm = ZendeskCrm(desk.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    the_ticket(desk)["status"] = "closed"
    desk.lags = True
    crm.add_to_case(opened(CASE, ref), an_entry(SECOND))

    assert desk.kept() == {CASE.id: ALL}


@pytest.mark.parametrize(("reopens", "status"), [(True, "open"), (False, "solved")])
def test_a_solved_ticket_is_opened_for_what_people_should_see_and_nothing_else(
    desk: Fake, reopens: bool, status: str
) -> None:
    crm = ZendeskCrm(desk.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    the_ticket(desk)["status"] = "solved"
    crm.add_to_case(opened(CASE, ref), replace(an_entry(SECOND), reopens=reopens))

    assert the_ticket(desk)["status"] == status


def test_a_ticket_that_changes_while_an_entry_is_added_is_read_again(desk: Fake) -> None:
    crm = ZendeskCrm(desk.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    times = iter([True, True, False])
    desk.interfere = lambda ticket: desk.touch(ticket) if next(times) else None
    crm.add_to_case(opened(CASE, ref), an_entry(SECOND))

    assert desk.kept() == {CASE.id: ALL}


def test_a_ticket_that_never_stops_changing_leaves_the_entry_owed(desk: Fake) -> None:
    crm = ZendeskCrm(desk.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    desk.interfere = desk.touch
    with pytest.raises(Unavailable, match="kept changing"):
        crm.add_to_case(opened(CASE, ref), an_entry(SECOND))

    assert desk.kept() == {CASE.id: ALL[:1]}


def test_an_entry_of_a_merged_case_goes_onto_the_ticket_that_took_its_place(desk: Fake) -> None:
    crm = ZendeskCrm(desk.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    other = crm.open_case(a_case(THIRD), an_entry(THIRD))
    desk.tickets[int(ref)]["status"] = "closed"
    crm.add_to_case(replace(opened(CASE, ref), merged_into=other), an_entry(SECOND))

    assert len(desk.tickets) == 2
    assert desk.tickets[int(other)]["comments"][-1]["body"].endswith(marker(SECOND.external_key))


def test_an_entry_of_a_deleted_ticket_is_refused_and_makes_no_other(desk: Fake) -> None:
    crm = ZendeskCrm(desk.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    desk.tickets.clear()
    with pytest.raises(Refused, match="deleted"):
        crm.add_to_case(opened(CASE, ref), an_entry(SECOND))

    assert desk.tickets == {}


def test_an_entry_of_a_case_that_has_no_ticket_yet_stays_owed(desk: Fake) -> None:
    with pytest.raises(Unavailable, match="no ticket yet"):
        ZendeskCrm(desk.settings).add_to_case(CASE, an_entry(SECOND))


def test_an_entry_is_found_behind_a_hundred_comments_of_others(desk: Fake) -> None:
    crm = ZendeskCrm(desk.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    crm.add_to_case(opened(CASE, ref), an_entry(SECOND))
    ticket = the_ticket(desk)
    ticket["comments"] += [{"id": 9000 + number, "body": "and?", "public": True} for number in range(150)]
    crm.add_to_case(opened(CASE, ref), an_entry(SECOND))

    assert sum(comment["body"].endswith(marker(SECOND.external_key)) for comment in ticket["comments"]) == 1


def test_an_author_is_one_end_user_without_an_address_on_all_their_tickets(desk: Fake) -> None:
    crm = ZendeskCrm(desk.settings)
    crm.open_case(CASE, an_entry(FIRST))
    crm.open_case(a_case(THIRD), an_entry(THIRD))
    [user] = desk.users.values()

    assert (user["external_id"], user["name"]) == (Profile("x", ANA).key, "Ana Rell (@ana_r)")
    assert user["skip_verify_email"] is True
    assert {ticket["requester_id"] for ticket in desk.tickets.values()} == {user["id"]}


def test_a_linked_customer_is_the_requester_and_no_user_is_made(desk: Fake) -> None:
    ZendeskCrm(desk.settings).open_case(CASE, replace(an_entry(FIRST), customer="4711"))

    assert the_ticket(desk)["requester_id"] == 4711
    assert desk.users == {}


def test_a_deleted_post_makes_a_ticket_without_an_author(desk: Fake) -> None:
    ZendeskCrm(desk.settings).open_case(CASE, replace(an_entry(FIRST), post=None))

    assert "requester_id" not in the_ticket(desk)


def test_a_name_with_a_comma_stays_whole(desk: Fake) -> None:
    post = replace(FIRST, author=replace(ANA, name="Rell, Ana"))
    ZendeskCrm(desk.settings).open_case(CASE, an_entry(post))

    assert [user["name"] for user in desk.users.values()] == ["Rell, Ana (@ana_r)"]


def test_what_we_write_is_for_agents_only(desk: Fake) -> None:
    crm = ZendeskCrm(desk.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    crm.add_to_case(opened(CASE, ref), an_entry(SECOND))

    assert [comment["public"] for comment in the_ticket(desk)["comments"]] == [False, False]


@pytest.mark.parametrize("priority", Priority)
def test_priorities_have_the_same_names(desk: Fake, priority: Priority) -> None:
    ZendeskCrm(desk.settings).open_case(replace(CASE, priority=priority), an_entry(FIRST))

    assert the_ticket(desk)["priority"] == priority.value


def test_a_companys_fields_and_groups_go_by_number(desk: Fake) -> None:
    mapping = FieldMapping(teams={"product-safety": "360"}, fields={"77": "author handle"}, always={"78": "social"})
    ZendeskCrm(desk.settings, None, mapping).open_case(CASE, an_entry(FIRST))

    assert the_ticket(desk)["group_id"] == 360
    assert the_ticket(desk)["custom_fields"] == [{"id": 78, "value": "social"}, {"id": 77, "value": "ana_r"}]


@pytest.mark.parametrize(
    ("mapping", "named"),
    [
        (FieldMapping(fields={"handle": "author handle"}), "own fields go by their number, which handle is not"),
        (FieldMapping(teams={"care": "Care"}), "groups go by their number, which Care is not"),
    ],
)
def test_a_name_in_the_place_of_a_number_is_told_at_the_start(desk: Fake, mapping: FieldMapping, named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        ZendeskCrm(desk.settings, None, mapping)


def test_a_customer_is_found_by_the_very_text_of_the_one_field_that_is_configured(desk: Fake) -> None:
    desk.users = {
        "1": {"id": 11, "user_fields": {"social": "x:ana_r"}},
        "2": {"id": 12, "user_fields": {"social": "x:ana_r_fan"}},
        "3": {"id": 13, "user_fields": {"other": "x:ana_r"}},
    }
    crm = ZendeskCrm({**desk.settings, "handle_field": "social"})

    assert crm.customers(Profile("x", ANA)) == [Customer("11", "user.social")]
    assert ZendeskCrm(desk.settings).customers(Profile("x", ANA)) == []


def test_the_check_is_content_with_what_is_there(desk: Fake) -> None:
    mapping = FieldMapping(teams={"product-safety": "360"}, fields={"77": "author handle"})

    found = ZendeskCrm(desk.settings, None, mapping).check()
    assert len(found) == 5
    assert all(finding.is_right for finding in found)
    assert {call.method for call in desk.calls} == {"GET"}


def wrong(findings: list[Finding]) -> list[str]:
    """What is not right; each says how it becomes so."""
    assert all(finding.remedy for finding in findings if not finding.is_right)
    return [finding.what for finding in findings if not finding.is_right]


def test_the_check_tells_of_fields_and_groups_that_are_missing_or_off(desk: Fake) -> None:
    mapping = FieldMapping(teams={"a": "361"}, fields={"78": "author handle", "79": "rule"})

    assert wrong(ZendeskCrm(desk.settings, None, mapping).check()) == [
        "there is a ticket field 78",
        "there is a ticket field 79",
        "there is a group 361",
    ]


def test_the_check_tells_an_agent_who_may_not_keep_end_users(desk: Fake) -> None:
    desk.me = {"id": 2, "role": "agent", "custom_role_id": None}

    assert wrong(ZendeskCrm(desk.settings).check()) == ["the token's user may keep end users"]


def test_the_check_tells_an_anonymous_user_and_one_that_is_denied(desk: Fake) -> None:
    desk.me = {"id": None, "role": "end-user"}
    assert "the token is accepted" in wrong(ZendeskCrm(desk.settings).check())
    desk.always = 401

    assert wrong(ZendeskCrm(desk.settings).check())[0] == "the token is accepted"


def an_event(kind: str, change: dict[str, Any], external_id: str = CASE.id) -> bytes:
    """An event as the reference shows it."""
    event = {
        "type": f"zen:event-type:ticket.{kind}",
        "account_id": 12514403,
        "id": "2b24ef10-19d4-4740-93cf-8f98ec4776c0",
        "time": "2026-03-04T12:33:18Z",
        "zendesk_event_version": "2022-06-20",
        "subject": "zen:ticket:5158",
        "detail": {"id": "5158", "external_id": external_id, "status": "OPEN", "updated_at": "2026-03-04T12:33:18Z"},
        "event": change,
    }
    return json.dumps(event).encode()


def signed(body: bytes, secret: str = SECRET) -> WebhookRequest:
    """A delivery with Zendesk's two headers."""
    stamp = "2026-03-04T12:33:19Z"
    digest = hmac.new(secret.encode(), stamp.encode() + body, hashlib.sha256).digest()
    headers = {
        "x-zendesk-webhook-signature": base64.b64encode(digest).decode(),
        "x-zendesk-webhook-signature-timestamp": stamp,
    }
    return WebhookRequest(method="POST", headers=headers, query={}, body=body, received_at=NOON)


def listening() -> ZendeskCrm:
    """An adapter that knows the webhook's secret."""
    settings = {"url": "https://acme.zendesk.example", "email": "a@acme.example", "token": "made-up"}
    return ZendeskCrm({**settings, "webhook_secret": SECRET})


def comment(body: str, is_public: bool = True, is_staff: bool = True) -> dict[str, Any]:
    """A comment as an event tells it."""
    author = {"id": "88", "is_staff": is_staff, "name": "Bo"}
    return {"comment": {"id": "9", "body": body, "is_public": is_public, "author": author}}


@pytest.mark.parametrize(
    ("kind", "change", "happened"),
    [
        ("comment_added", comment("We are on it"), [Happened.ANSWERED]),
        ("comment_added", comment("A note among us", is_public=False), []),
        ("comment_added", comment("Any news?", is_staff=False), []),
        ("comment_added", comment(f"Escalated\n\n{marker(FIRST.external_key)}"), []),
        ("status_changed", {"previous": "OPEN", "current": "SOLVED"}, [Happened.CLOSED]),
        ("status_changed", {"previous": "SOLVED", "current": "CLOSED"}, []),
        ("status_changed", {"previous": "PENDING", "current": "CLOSED"}, [Happened.CLOSED]),
        ("status_changed", {"previous": "SOLVED", "current": "OPEN"}, [Happened.REOPENED]),
        ("status_changed", {"previous": "NEW", "current": "OPEN"}, []),
        ("group_assignment_changed", {"previous": "1", "current": "360"}, [Happened.REASSIGNED]),
        ("group_assignment_changed", {"previous": "1", "current": None}, []),
        ("merged", {"target_ticket_id": "77"}, [Happened.MERGED]),
        ("merged", {}, []),
        ("tags_changed", {"tags_added": ["vip"]}, []),
    ],
)
def test_an_event_is_heard_for_what_it_means_and_our_own_notes_for_nothing(
    kind: str, change: dict[str, Any], happened: list[Happened]
) -> None:
    events = listening().hear(signed(an_event(kind, change)))

    assert [event.happened for event in events] == happened
    assert all((event.case_id, event.crm_ref) == (CASE.id, "5158") for event in events)


def test_an_event_tells_which_team_has_it_and_into_what_it_was_merged() -> None:
    [moved] = listening().hear(signed(an_event("group_assignment_changed", {"previous": "1", "current": "360"})))
    [merged] = listening().hear(signed(an_event("merged", {"target_ticket_id": "77"})))

    assert (moved.team, moved.into) == ("360", None)
    assert (merged.team, merged.into) == (None, "77")


def test_an_event_of_a_ticket_that_is_not_ours_names_no_case() -> None:
    [event] = listening().hear(signed(an_event("status_changed", {"previous": "OPEN", "current": "SOLVED"}, "")))

    assert event.case_id is None


BODY = an_event("status_changed", {"previous": "OPEN", "current": "SOLVED"})


@pytest.mark.parametrize(
    "request_",
    [
        signed(BODY, "another secret"),
        replace(signed(BODY), body=BODY + b" "),
        replace(signed(BODY), headers={}),
        replace(signed(BODY), headers={**signed(BODY).headers, "x-zendesk-webhook-signature-timestamp": "2026"}),
        replace(signed(BODY), headers={**signed(BODY).headers, "x-zendesk-webhook-signature": "\ud800é"}),
    ],
)
def test_what_is_not_signed_with_our_secret_is_not_heard(request_: WebhookRequest) -> None:
    with pytest.raises(BadSignature):
        listening().hear(request_)


def test_without_a_secret_nothing_is_heard(desk: Fake) -> None:
    with pytest.raises(BadSignature):
        ZendeskCrm(desk.settings).hear(signed(BODY, ""))


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"type":"zen:event-type:ticket.status_changed"}', b"\xff"])
def test_a_signed_body_that_is_no_event_is_told_without_quoting_it(body: bytes) -> None:
    with pytest.raises(BadPayload, match="not an event of a ticket"):
        listening().hear(signed(body))
