"""What is particular to BottleCRM: names, dropped fields, merged cases, a 403 for a token, and its webhooks."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from chalicelib.crm.bottlecrm import BottleCrm
from chalicelib.crm.mapping import FieldMapping
from chalicelib.errors import BadPayload, BadSignature, Refused, SettingsError, Unavailable
from chalicelib.model import Customer, Entry, Finding, Happened, Priority, Profile
from chalicelib.ports.platform import WebhookRequest
from chalicelib.transport import Transport
from tests.contracts.crm_samples import ANA, NOON, Clock, a_case, a_post, an_entry, opened
from tests.contracts.fakes.base import Call
from tests.contracts.fakes.bottlecrm import Fake

SPEC = Path(__file__).parents[2] / ".." / "shared" / "crm-specs" / "bottlecrm" / "openapi.full.yaml"
TEAM = "7f3c2c1e-5b0e-4a44-9d0c-6f6f3f0f8a11"
FIRST, SECOND = a_post(1), a_post(2, "It still smokes")
CASE = a_case(FIRST)


@pytest.fixture
def bottle() -> Iterator[Fake]:
    with Fake() as fake:
        yield fake


@pytest.fixture
def crm(bottle: Fake) -> BottleCrm:
    return BottleCrm(bottle.settings)


def created(fake: Fake) -> dict[str, Any]:
    """The values of the one creation that was asked for."""
    [call] = [call for call in fake.calls if (call.method, call.path) == ("POST", "/api/cases/")]
    values: dict[str, Any] = json.loads(call.body)
    return values


def test_a_case_has_all_that_bottlecrm_requires(bottle: Fake, crm: BottleCrm) -> None:
    crm.open_case(CASE, an_entry(FIRST))

    values = created(bottle)
    assert (values["status"], values["priority"], values["case_type"]) == ("New", "Urgent", "Incident")
    assert values["teams"] == values["assigned_to"] == values["contacts"] == []
    assert values["custom_fields"] == {"external_post_id": CASE.id}
    assert values["description"].endswith(f"[ref:{FIRST.external_key}]")


@pytest.mark.parametrize(("ours", "theirs"), [(Priority.LOW, "Low"), (Priority.NORMAL, "Normal"), (None, "Normal")])
def test_a_priority_is_always_given_in_its_words(
    bottle: Fake, crm: BottleCrm, ours: Priority | None, theirs: str
) -> None:
    crm.open_case(replace(CASE, priority=ours), an_entry(FIRST))

    assert created(bottle)["priority"] == theirs


def test_two_cases_of_one_long_subject_have_two_names_that_fit(bottle: Fake, crm: BottleCrm) -> None:
    subject = "Smoke, and a subject that is " + "much " * 40 + "longer than a name may be"
    for post in (FIRST, SECOND):
        crm.open_case(replace(a_case(post), subject=subject), an_entry(post))

    names = {case["name"] for case in bottle.cases}
    assert len(names) == 2
    assert all(len(name) <= 64 and "…" in name for name in names)


def test_a_case_that_the_search_does_not_show_is_found_by_its_name(bottle: Fake, crm: BottleCrm) -> None:
    ref = crm.open_case(CASE, an_entry(FIRST))
    del bottle.cases[0]["custom_fields"]["external_post_id"]  # an agent emptied the field

    assert crm.open_case(CASE, an_entry(FIRST)) == ref
    assert len(bottle.cases) == 1


@pytest.mark.parametrize("hidden", ["deactivated", "merged"])
def test_a_case_that_is_no_longer_listed_is_found_all_the_same(bottle: Fake, crm: BottleCrm, hidden: str) -> None:
    ref = crm.open_case(CASE, an_entry(FIRST))
    if hidden == "merged":
        bottle.merged[ref] = "00000000-0000-4000-8000-000000000099"
    else:
        bottle.cases[0]["is_active"] = False

    assert crm.open_case(CASE, an_entry(FIRST)) == ref


def test_a_name_that_is_taken_where_we_cannot_see_it_is_refused(bottle: Fake, crm: BottleCrm) -> None:
    respond = bottle.respond
    taken = b'{"error": true, "errors": {"name": ["Case already exists with this name"]}}'
    bottle.respond = lambda call: (400, {}, taken) if call.method == "POST" else respond(call)  # type: ignore[method-assign]

    with pytest.raises(Refused, match="our user cannot see it"):
        crm.open_case(CASE, an_entry(FIRST))


def test_without_the_field_for_our_key_nothing_is_created_until_it_is_there(bottle: Fake, crm: BottleCrm) -> None:
    bottle.fields["Case"] = []
    with pytest.raises(Unavailable, match="no custom field external_post_id: add it"):
        crm.open_case(CASE, an_entry(FIRST))
    assert bottle.cases == []
    bottle.fields["Case"] = ["external_post_id"]
    crm.open_case(CASE, an_entry(FIRST))

    assert len(bottle.cases) == 1


def test_a_wrong_token_is_a_403_after_which_it_is_left_alone(bottle: Fake) -> None:
    clock = Clock()
    crm = BottleCrm({**bottle.settings, "token": "bcrm_pat_wrong"}, Transport("bottlecrm", monotonic=clock))
    for _ in range(5):
        with pytest.raises(Unavailable) as caught:
            crm.open_case(CASE, an_entry(FIRST))

    assert len(bottle.calls) == 1
    assert "bcrm_pat" not in str(caught.value)


def test_a_403_for_want_of_a_right_tells_the_products_words(bottle: Fake, crm: BottleCrm) -> None:
    words = b'{"detail": "This token has no scope cases:write."}'
    respond = bottle.respond
    bottle.respond = lambda call: (403, {}, words) if call.method == "POST" else respond(call)  # type: ignore[method-assign]

    with pytest.raises(Unavailable, match="grant it there") as caught:
        crm.open_case(CASE, an_entry(FIRST))
    assert "cases:write" in caught.value.words


def test_entries_are_notes_that_no_customer_sees(bottle: Fake, crm: BottleCrm) -> None:
    ref = crm.open_case(CASE, an_entry(FIRST))
    crm.add_to_case(opened(CASE, ref), an_entry(SECOND))

    assert [note["is_internal"] for note in bottle.cases[0]["notes"]] == [True]


def test_a_note_that_somebody_made_public_is_not_written_again(bottle: Fake, crm: BottleCrm) -> None:
    ref = crm.open_case(CASE, an_entry(FIRST))
    number = crm.add_to_case(opened(CASE, ref), an_entry(SECOND))
    bottle.cases[0]["notes"][0]["is_internal"] = False

    assert crm.add_to_case(opened(CASE, ref), an_entry(SECOND)) == number
    assert len(bottle.cases[0]["notes"]) == 1


def test_a_long_note_is_cut_and_keeps_its_mark(bottle: Fake, crm: BottleCrm) -> None:
    long = a_post(2, "é\n" * 4000)
    entry = replace(an_entry(long), post=replace(long, parent_text="\n" * 990 + "x", quoted_text="\nz" * 495))
    ref = crm.open_case(CASE, an_entry(FIRST))
    crm.add_to_case(opened(CASE, ref), entry)

    note = bottle.cases[0]["notes"][0]["comment"]
    assert len(note) <= 10_000
    assert note.endswith(f"[ref:{long.external_key}]")
    assert len(crm.body(CASE, entry)) > 10_000


def test_a_follow_up_goes_to_the_case_that_ours_was_merged_into(bottle: Fake, crm: BottleCrm) -> None:
    other = a_post(9)
    ref = crm.open_case(CASE, an_entry(FIRST))
    into = crm.open_case(a_case(other), an_entry(other))
    bottle.merged[ref] = into
    crm.add_to_case(opened(CASE, ref), an_entry(SECOND))

    assert bottle.kept()[other.external_key] == [other.external_key, SECOND.external_key]


def test_cases_merged_in_a_circle_leave_the_entry_owed(bottle: Fake, crm: BottleCrm) -> None:
    ref = crm.open_case(CASE, an_entry(FIRST))
    bottle.merged[ref] = ref

    with pytest.raises(Unavailable, match="over and over"):
        crm.add_to_case(opened(CASE, ref), an_entry(SECOND))


def test_a_case_that_was_deleted_there_refuses_its_follow_ups(bottle: Fake, crm: BottleCrm) -> None:
    ref = crm.open_case(CASE, an_entry(FIRST))
    bottle.cases.clear()

    with pytest.raises(Refused, match="was deleted there"):
        crm.add_to_case(opened(CASE, ref), an_entry(SECOND))


@pytest.mark.parametrize(
    ("status", "reopens", "after"),
    [("Closed", True, "Assigned"), ("Rejected", True, "Assigned"), ("Closed", False, "Closed"), ("New", True, "New")],
)
def test_only_a_closed_case_is_opened_again_and_only_when_asked(
    bottle: Fake, crm: BottleCrm, status: str, reopens: bool, after: str
) -> None:
    ref = crm.open_case(CASE, an_entry(FIRST))
    bottle.cases[0]["status"] = status
    crm.add_to_case(opened(CASE, ref), replace(an_entry(SECOND), reopens=reopens))

    assert bottle.cases[0]["status"] == after


def test_a_team_goes_by_its_id_and_anything_else_is_told_at_the_start(bottle: Fake) -> None:
    mapping = FieldMapping(teams={"product-safety": TEAM})
    BottleCrm(bottle.settings, None, mapping).open_case(CASE, an_entry(FIRST))

    assert created(bottle)["teams"] == [TEAM]
    with pytest.raises(SettingsError, match="a UUID"):
        BottleCrm(bottle.settings, None, FieldMapping(teams={"product-safety": "Safety"}))


def test_a_field_that_can_be_no_key_is_told_at_the_start(bottle: Fake) -> None:
    with pytest.raises(SettingsError, match=r"crms\.bottlecrm\.key_field: "):
        BottleCrm({**bottle.settings, "key_field": "External Post"})


@pytest.mark.parametrize(("customer", "contacts"), [(TEAM, [TEAM]), ("somebody", []), (None, [])])
def test_a_linked_customer_is_the_cases_contact(
    bottle: Fake, crm: BottleCrm, customer: str | None, contacts: list[str]
) -> None:
    crm.open_case(CASE, replace(an_entry(FIRST), customer=customer))

    assert created(bottle)["contacts"] == contacts


def test_customers_are_found_by_the_field_for_handles_and_by_nothing_else(bottle: Fake) -> None:
    bottle.contacts = [
        {"id": "c1", "name": "x:ana_r", "custom_fields": {"social_handle": "x:ana_r"}},
        {"id": "c2", "name": "x:ana_r", "custom_fields": {"social_handle": "x:ana_r2"}},
        {"id": "c3", "name": "Ana", "custom_fields": {"social_handle": "x:77"}},
    ]
    crm = BottleCrm({**bottle.settings, "handle_field": "social_handle"})

    found = crm.customers(Profile("x", ANA))
    assert found == [Customer("c3", "Contact.social_handle"), Customer("c1", "Contact.social_handle")]
    assert {call.method for call in bottle.calls} == {"GET"}


def test_without_a_field_for_handles_nobody_is_asked(bottle: Fake, crm: BottleCrm) -> None:
    assert crm.customers(Profile("x", ANA)) == []
    assert bottle.calls == []


def test_the_check_tells_what_is_missing_and_changes_nothing(bottle: Fake) -> None:
    mapping = FieldMapping(teams={"care": TEAM}, fields={"network": "platform", "rulebook_id": "rulebook"})
    crm = BottleCrm({**bottle.settings, "handle_field": "handle"}, None, mapping)

    wrong = [finding.what for finding in crm.check() if not finding.is_right]
    assert wrong == [
        "Case has the custom field rulebook_id",
        "Contact has the custom field handle",
        "there is a team for care",
    ]
    assert all(finding.is_right or finding.remedy for finding in crm.check())
    assert {call.method for call in bottle.calls} == {"GET"}


def test_the_check_of_a_wrong_token_says_so(bottle: Fake) -> None:
    found = BottleCrm({**bottle.settings, "token": "bcrm_pat_wrong"}).check()

    assert not any(finding.is_right for finding in found)
    assert "does not accept our token (403): correct it" in found[0].remedy
    assert len(bottle.calls) == 1


def test_the_check_of_a_right_installation_finds_nothing_wrong(bottle: Fake, crm: BottleCrm) -> None:
    assert crm.check() == [
        Finding("the token is accepted and may list cases", True),
        Finding("Case has the custom field external_post_id", True, crm.check()[1].remedy),
    ]


SECRET = "whsec_made-up"


def delivered(kind: str, data: dict[str, Any], secret: str = SECRET, **changed: str) -> WebhookRequest:
    """A delivery as its source signs it."""
    event = {"id": "e1", "event": kind, "created_at": "2026-03-04T12:00:00+00:00", "org_id": "o1", "data": data}
    body = json.dumps(event, separators=(",", ":")).encode()
    digest = hmac.new(secret.encode(), b"1772625600." + body, hashlib.sha256).hexdigest()
    headers = {"x-bottlecrm-signature": f"t=1772625600,v1={digest}", **changed}
    return WebhookRequest("POST", headers, {}, body, NOON)


def hearing(fake: Fake) -> BottleCrm:
    return BottleCrm({**fake.settings, "webhook_secret": SECRET})


@pytest.mark.parametrize(
    ("status", "happened"),
    [("Closed", Happened.CLOSED), ("Rejected", Happened.CLOSED), ("Assigned", Happened.REOPENED)],
)
def test_a_change_of_status_is_heard(bottle: Fake, status: str, happened: Happened) -> None:
    [event] = hearing(bottle).hear(delivered("ticket.updated", {"id": "c1", "status": status}))

    assert (event.happened, event.crm_ref, event.id) == (happened, "c1", "e1")


REPLY = {"id": "n1", "ticket_id": "c1", "comment": "We are on it", "commented_by": "p1", "commented_by_contact": None}


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("ticket.created", {"id": "c1", "status": "New"}),
        ("ticket.updated", {"id": "c1", "status": "New"}),
        ("lead.updated", {"id": "l1", "status": "Closed"}),
        ("ticket.comment_added", {**REPLY, "commented_by": None, "commented_by_contact": "k1"}),
        ("ticket.comment_added", {**REPLY, "comment": "Escalated\n\n[ref:abc]"}),
    ],
)
def test_what_nobody_of_the_company_did_is_not_heard(bottle: Fake, kind: str, data: dict[str, Any]) -> None:
    assert hearing(bottle).hear(delivered(kind, data)) == []


def test_a_public_reply_of_an_agent_is_an_answer(bottle: Fake) -> None:
    [event] = hearing(bottle).hear(delivered("ticket.comment_added", REPLY))

    assert (event.happened, event.crm_ref) == (Happened.ANSWERED, "c1")


@pytest.mark.parametrize("header", ["", "t=1772625600", "t=1772625600,v1=", "v1=00", "t=1,v1=\u00e9", "nonsense"])
def test_what_is_not_signed_is_not_heard(bottle: Fake, header: str) -> None:
    with pytest.raises(BadSignature):
        hearing(bottle).hear(delivered("ticket.comment_added", REPLY, **{"x-bottlecrm-signature": header}))


def test_another_secret_or_none_of_ours_is_no_signature(bottle: Fake, crm: BottleCrm) -> None:
    with pytest.raises(BadSignature):
        hearing(bottle).hear(delivered("ticket.comment_added", REPLY, secret="whsec_other"))
    with pytest.raises(BadSignature):
        crm.hear(delivered("ticket.comment_added", REPLY, secret=""))


@pytest.mark.parametrize("data", [{}, {"id": "c1"}, {"ticket_id": "c1"}])
def test_a_signed_body_that_is_no_event_is_told_as_such(bottle: Fake, data: dict[str, Any]) -> None:
    with pytest.raises(BadPayload):
        hearing(bottle).hear(delivered("ticket.comment_added", data))


@pytest.mark.skipif(not SPEC.exists(), reason="BottleCRM's own description is not beside this project")
def test_what_is_sent_is_what_bottlecrms_own_description_asks_for(bottle: Fake) -> None:
    mapping = FieldMapping(teams={"product-safety": TEAM}, fields={"network": "platform"})
    crm = BottleCrm(bottle.settings, None, mapping)
    entry: Entry = replace(an_entry(FIRST), customer=TEAM)
    ref = crm.open_case(CASE, entry)
    bottle.cases[0]["status"] = "Closed"
    crm.add_to_case(opened(CASE, ref), replace(an_entry(SECOND), reopens=True))

    sent = [call for call in bottle.calls if call.method != "GET"]
    document = yaml.load(SPEC.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
    assert [call.method for call in sent] == ["POST", "PATCH", "POST"]
    for call in sent:
        schema = _schema(document, call)
        jsonschema.validate(json.loads(call.body), {**schema, "components": document["components"]})


def _schema(document: dict[str, Any], call: Call) -> dict[str, Any]:
    path = "/api/cases/" if call.path == "/api/cases/" else "/api/cases/{id}/"
    content = document["paths"][path][call.method.lower()]["requestBody"]["content"]
    schema: dict[str, Any] = content["application/json"]["schema"]
    return schema
