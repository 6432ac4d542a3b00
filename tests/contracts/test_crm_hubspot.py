"""What is particular to HubSpot: parts of a batch, its limits, unique properties, associations and its late search."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.crm.hubspot import HubSpotCrm
from chalicelib.crm.mapping import FieldMapping
from chalicelib.errors import Refused, SettingsError, Unavailable
from chalicelib.model import Author, Customer, Happened, Profile
from chalicelib.transport import Transport
from tests.contracts.crm_samples import ANA, NOON, Clock, a_case, a_post, an_entry, heard, opened
from tests.contracts.fakes.base import Call, Reply
from tests.contracts.fakes.hubspot import Fake

FIRST, SECOND = a_post(1), a_post(2, "It still smokes")
CASE = a_case(FIRST)


@pytest.fixture
def account() -> Iterator[Fake]:
    with Fake() as fake:
        yield fake


def crm_of(account: Fake, mapping: FieldMapping | None = None, clock: Clock | None = None, **more: str) -> HubSpotCrm:
    transport = Transport("hubspot", monotonic=clock) if clock else None
    return HubSpotCrm({**account.settings, **more}, transport, mapping)


def answering(account: Fake, reply: Reply, ending: str = "/batch/upsert") -> None:
    """Let requests whose path ends so be answered like this, nothing being done."""
    respond = account.respond
    account.respond = lambda call: reply if call.path.endswith(ending) else respond(call)  # type: ignore[method-assign]


def test_a_part_that_failed_for_now_leaves_the_case_owed(account: Fake) -> None:
    answering(account, account.part("INTERNAL_ERROR", "internal error"))

    with pytest.raises(Unavailable, match="could not do it now"):
        crm_of(account).open_case(CASE, an_entry(FIRST))


def test_a_part_that_failed_for_good_is_refused_in_its_words(account: Fake) -> None:
    with pytest.raises(Refused, match=r'^Property "nowhere" does not exist$'):
        crm_of(account, FieldMapping(always={"nowhere": "social"})).open_case(CASE, an_entry(FIRST))


def test_a_part_without_results_or_errors_is_no_success(account: Fake) -> None:
    answering(account, account._json(207, {"status": "COMPLETE", "results": []}))

    with pytest.raises(Refused):
        crm_of(account).open_case(CASE, an_entry(FIRST))


@pytest.mark.parametrize("is_part", [True, False])
def test_a_ticket_that_another_request_made_meanwhile_is_looked_up(account: Fake, is_part: bool) -> None:
    respond, made = account.respond, []

    def quicker(call: Call) -> Reply:
        if not call.path.endswith("/tickets/batch/upsert"):
            return respond(call)
        values = {"social_post_key": CASE.id, "content": f"[ref:{FIRST.external_key}]"}
        made.append(account.add("tickets", values)["id"])
        if is_part:
            return account.part("CONFLICT", "it has this value already")
        return account._error(409, "CONFLICT", "it has this value already")

    account.respond = quicker  # type: ignore[method-assign]

    assert [crm_of(account).open_case(CASE, an_entry(FIRST))] == made


@pytest.mark.parametrize(
    ("policy", "headers", "seconds"),
    [
        ("TEN_SECONDLY_ROLLING", {}, 11),
        ("TEN_SECONDLY_ROLLING", {"retry-after": "40"}, 40),
        ("DAILY", {}, 3600),
        ("DAILY", {"retry-after": "1"}, 3600),
    ],
)
def test_each_limit_is_left_alone_for_its_own_time(
    account: Fake, policy: str, headers: dict[str, str], seconds: int
) -> None:
    body = json.dumps({"status": "error", "errorType": "RATE_LIMIT", "policyName": policy}).encode()
    account.respond = lambda call: (429, headers, body)  # type: ignore[method-assign]
    crm = crm_of(account, clock=Clock())
    for _ in range(3):
        with pytest.raises(Unavailable) as caught:
            crm.open_case(CASE, an_entry(FIRST))

    assert caught.value.retry_after == seconds
    assert len(account.calls) == 1


@pytest.mark.parametrize("ending", ["/batch/upsert", CASE.id])
@pytest.mark.parametrize(("status", "headers", "seconds"), [(423, {}, 2), (477, {"retry-after": "90"}, 90)])
def test_a_locked_record_and_an_account_on_its_way_are_waited_for(
    account: Fake, status: int, headers: dict[str, str], seconds: int, ending: str
) -> None:
    answering(account, (status, headers, b""), ending)

    with pytest.raises(Unavailable, match="busy") as caught:
        crm_of(account).open_case(CASE, an_entry(FIRST))
    assert caught.value.retry_after == seconds


def test_a_key_property_that_is_not_unique_leaves_the_case_owed(account: Fake) -> None:
    with pytest.raises(Unavailable, match="are its url and properties right") as caught:
        crm_of(account, key_property="subject").open_case(CASE, an_entry(FIRST))

    assert "not unique" in caught.value.words


def test_a_note_whose_association_was_lost_is_associated_by_the_repeat(account: Fake) -> None:
    crm = crm_of(account)
    ref = crm.open_case(CASE, an_entry(FIRST))
    note = crm.add_to_case(opened(CASE, ref), an_entry(SECOND))
    account.links.clear()

    assert crm.add_to_case(opened(CASE, ref), an_entry(SECOND)) == note
    assert account.links == [("notes", note, "tickets", ref)]


def test_a_customer_is_associated_once_however_often_the_case_is_opened(account: Fake) -> None:
    customer = account.add("contacts", {})["id"]
    crm = crm_of(account)
    for _ in range(3):
        ref = crm.open_case(CASE, replace(an_entry(FIRST), customer=customer))

    assert account.links == [("tickets", ref, "contacts", customer)]


def test_a_repeat_does_not_write_over_what_people_changed(account: Fake) -> None:
    crm = crm_of(account)
    ref = crm.open_case(CASE, an_entry(FIRST))
    crm.add_to_case(opened(CASE, ref), an_entry(SECOND))
    account.rows["tickets"][0]["properties"].update(hs_pipeline_stage="3", subject="Smoke!")
    account.rows["notes"][0]["properties"].update(hs_note_body="tidied up")
    crm.open_case(CASE, an_entry(FIRST))
    crm.add_to_case(opened(CASE, ref), an_entry(SECOND))

    ticket, note = account.rows["tickets"][0]["properties"], account.rows["notes"][0]["properties"]
    assert (ticket["hs_pipeline_stage"], ticket["subject"], note["hs_note_body"]) == ("3", "Smoke!", "tidied up")


def test_a_ticket_that_was_deleted_refuses_what_is_added(account: Fake) -> None:
    crm = crm_of(account)
    ref = crm.open_case(CASE, an_entry(FIRST))
    account.rows["tickets"].clear()

    with pytest.raises(Refused, match="deleted"):
        crm.add_to_case(opened(CASE, ref), an_entry(SECOND))
    assert account.rows["notes"] == []


def test_a_ticket_that_was_merged_goes_on_in_the_other(account: Fake) -> None:
    crm = crm_of(account)
    ref = crm.open_case(CASE, an_entry(FIRST))
    other = account.add("tickets", {"social_post_key": "another", "content": ""})["id"]
    account.rows["tickets"].pop(0)
    account.merged[ref] = other
    note = crm.add_to_case(opened(CASE, ref), an_entry(SECOND))

    assert account.links == [("notes", note, "tickets", other)]


def test_a_closed_ticket_is_reopened_by_a_post_that_people_should_see_and_not_by_its_repeat(account: Fake) -> None:
    crm = crm_of(account)
    ref = crm.open_case(CASE, an_entry(FIRST))
    values = account.rows["tickets"][0]["properties"]
    values["hs_pipeline_stage"] = "4"
    seen = []
    for entry in (an_entry(a_post(3)), *[replace(an_entry(SECOND), reopens=True)] * 2):
        crm.add_to_case(opened(CASE, ref), entry)
        seen.append(values["hs_pipeline_stage"])
        values["hs_pipeline_stage"] = "4"

    assert seen == ["4", "1", "4"]


def test_a_posts_markup_is_shown_and_not_run(account: Fake) -> None:
    crm = crm_of(account)
    ref = crm.open_case(CASE, an_entry(FIRST))
    crm.add_to_case(opened(CASE, ref), an_entry(a_post(2, "<img src=x onerror=alert(1)>\n& more")))

    body = account.rows["notes"][0]["properties"]["hs_note_body"]
    assert "&lt;img src=x onerror=alert(1)&gt;<br>&gt; &amp; more" in body


def test_the_longest_note_of_characters_that_grow_fits(account: Fake) -> None:
    crm = crm_of(account)
    ref = crm.open_case(CASE, an_entry(FIRST))
    post = replace(a_post(2, "&" * 20_000), parent_text="&" * 9000, quoted_text="&" * 9000)
    crm.add_to_case(opened(CASE, ref), an_entry(post))

    assert account.kept() == {CASE.id: [FIRST.external_key, post.external_key]}


@pytest.mark.parametrize("handle", ["o'hara", '"}],"x":[{"', "ana r", "名前", "a" * 500])
def test_a_hostile_handle_finds_only_whoever_has_it(account: Fake, handle: str) -> None:
    account.add("contacts", {"social_key": "x:ana_r"})
    known = account.add("contacts", {"social_key": f"x:{handle}"})["id"]

    found = crm_of(account, handle_property="social_key").customers(Profile("x", Author(handle=f"@{handle}")))
    assert found == [Customer(known, "contact.social_key")]


def test_customers_are_found_by_handle_or_id_and_nobody_is_nobody(account: Fake) -> None:
    crm = crm_of(account, handle_property="social_key")
    nobody = crm.customers(Profile("x", ANA))
    for key in ("x:ana_r", "x:77", "facebook:77"):
        account.add("contacts", {"social_key": key})

    assert nobody == []
    assert len(crm.customers(Profile("x", ANA))) == 2
    assert crm_of(account).customers(Profile("x", ANA)) == []


def test_a_handle_property_that_is_not_unique_is_unavailable_and_refuses_no_case(account: Fake) -> None:
    with pytest.raises(Unavailable):
        crm_of(account, handle_property="nickname").customers(Profile("x", ANA))


def test_polling_tells_answers_by_their_own_time_and_closings_over_all_pages(account: Fake) -> None:
    crm = crm_of(account)
    cases = [a_case(a_post(number)) for number in range(100, 230)]
    for number, case in enumerate(cases):
        at = (NOON + timedelta(seconds=number)).isoformat().replace("+00:00", "Z")
        values = {"social_post_key": case.id, "hs_pipeline_stage": "2", "hs_lastmodifieddate": at}
        account.add("tickets", values)
    account.add("tickets", {"hs_pipeline_stage": "4"})  # not one of ours
    account.rows["tickets"][0]["properties"]["first_agent_reply_date"] = "2026-03-04T11:40:00Z"
    account.rows["tickets"][129]["properties"]["hs_pipeline_stage"] = "4"
    events = heard(crm.poll(NOON))

    assert len({event.id for event in events}) == 131
    assert (events[0].happened, events[0].case_id, events[0].at) == (
        Happened.ANSWERED,
        cases[0].id,
        NOON - timedelta(minutes=20),
    )
    assert (events[-1].happened, events[-1].case_id) == (Happened.CLOSED, cases[129].id)
    assert {event.happened for event in events[1:-1]} == {Happened.REOPENED}


@pytest.mark.parametrize("name", ["key_property", "entry_key_property", "handle_property"])
def test_a_property_that_is_no_name_is_told_at_the_start(account: Fake, name: str) -> None:
    with pytest.raises(SettingsError, match=f"crms.hubspot.{name}"):
        HubSpotCrm({**account.settings, name: "social key/../x"})


def test_a_team_whose_counterpart_is_no_owner_is_told_at_the_start(account: Fake) -> None:
    with pytest.raises(SettingsError, match="number of an owner"):
        crm_of(account, FieldMapping(teams={"billing-care": "Billing"}))


def test_the_teams_owner_and_the_companys_fields_are_written(account: Fake) -> None:
    mapping = FieldMapping(teams={"product-safety": "4711"}, fields={"network": "platform"})
    crm_of(account, mapping).open_case(CASE, an_entry(FIRST))

    values = account.rows["tickets"][0]["properties"]
    assert (values["hubspot_owner_id"], values["network"], values["hs_ticket_priority"]) == ("4711", "x", "HIGH")


def wrongs(crm: HubSpotCrm) -> list[str]:
    return [finding.what for finding in crm.check() if not finding.is_right]


def test_an_account_as_our_page_asks_for_has_nothing_wrong(account: Fake) -> None:
    mapping = FieldMapping(fields={"network": "platform"})

    assert wrongs(crm_of(account, mapping, handle_property="social_key")) == []
    assert {call.method for call in account.calls} == {"GET"}


def test_the_check_tells_each_thing_that_is_wrong(account: Fake) -> None:
    mapping = FieldMapping(always={"nowhere": "social"})
    crm = crm_of(account, mapping, key_property="subject", handle_property="nickname", closed_stage="9")

    assert wrongs(crm) == [
        "tickets have the unique property subject",
        "tickets have the property nowhere",
        "closed_stage 9 is a stage of it",
        "contacts have the unique property nickname",
    ]
    assert "4 (Stage 4)" in crm.check()[-3].remedy


def test_the_check_of_an_account_that_does_not_let_us_in_tells_that(account: Fake) -> None:
    crm = crm_of(account, token="another")

    assert "does not accept our credentials" in crm.check()[0].remedy
