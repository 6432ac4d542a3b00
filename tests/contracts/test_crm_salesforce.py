"""What is particular to Salesforce: its upsert, its sessions, quota and errors, its social posts and its queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.salesforce import SalesforceCrm
from chalicelib.errors import Refused, SettingsError, Unavailable
from chalicelib.model import Author, Customer, Happened, Priority, Profile
from chalicelib.transport import Transport
from tests.contracts.crm_samples import ANA, NOON, Clock, a_case, a_post, an_entry, heard, opened, until_done
from tests.contracts.fakes.base import Call, Fault
from tests.contracts.fakes.salesforce import KEY, RULE_OWNER, Fake

FIRST, SECOND = a_post(1), a_post(2, "It still smokes")
CASE = a_case(FIRST)
QUEUE = "00G0000000000Q1AAA"
HOSTILE = ["o'hara", "x' OR Name != '", "\\' OR Id != null --", "ends with \\", "a%_b", "') LIMIT 0 --", "名前"]


@pytest.fixture
def org() -> Iterator[Fake]:
    with Fake() as fake:
        yield fake


@pytest.fixture
def clock() -> Clock:
    return Clock()


def crm_of(org: Fake, mapping: FieldMapping | None = None, clock: Clock | None = None, **more: str) -> SalesforceCrm:
    transport = Transport("salesforce", monotonic=clock) if clock else None
    return SalesforceCrm({**org.settings, **more}, transport, mapping)


def answering(org: Fake, status: int, code: str, words: str = "so it is") -> None:
    """Let every changing request be answered like this, nothing being done."""
    respond = org.respond
    org.respond = lambda call: (  # type: ignore[method-assign]
        org._error(status, code, words) if org.is_writing(call) else respond(call)
    )


def paths(org: Fake) -> list[str]:
    return [call.path.removeprefix("/services/data/v62.0") for call in org.calls]


def test_the_token_is_fetched_once_for_many_calls(org: Fake) -> None:
    crm = crm_of(org)
    crm.open_case(CASE, an_entry(FIRST))
    crm.add_to_case(opened(CASE, "500"), an_entry(SECOND))

    assert org.sessions == 1


def test_an_expired_session_is_renewed_once_and_the_call_made_again(org: Fake) -> None:
    crm = crm_of(org)
    crm.open_case(CASE, an_entry(FIRST))
    org.expired = org.sessions
    crm.add_to_case(CASE, an_entry(SECOND))

    assert org.sessions == 2
    assert org.kept() == {CASE.id: [FIRST.external_key, SECOND.external_key]}


def test_a_session_that_is_never_accepted_is_not_renewed_in_a_loop(org: Fake) -> None:
    org.expired = 1_000
    crm = crm_of(org)
    for _ in range(4):
        with pytest.raises(Unavailable):
            crm.open_case(CASE, an_entry(FIRST))

    assert org.sessions == 2


def test_a_wrong_secret_leaves_the_case_owed(org: Fake) -> None:
    with pytest.raises(Unavailable, match="correct its client id and secret"):
        crm_of(org, client_secret="another").open_case(CASE, an_entry(FIRST))


def test_calls_go_to_the_instance_that_the_token_names(org: Fake) -> None:
    with Fake() as instance:
        instance.sessions = 1
        org.respond = lambda call: org._json(200, {"access_token": "00D!1", "instance_url": instance.url})  # type: ignore[method-assign]
        crm_of(org).open_case(CASE, an_entry(FIRST))

        assert [call.path for call in org.calls] == ["/services/oauth2/token"]
        assert instance.kept() == {CASE.id: [FIRST.external_key]}


def test_a_used_up_quota_is_left_alone_for_an_hour(org: Fake, clock: Clock) -> None:
    crm = crm_of(org, clock=clock)
    org.fail_next([None, Fault.OWN_BEFORE])
    with pytest.raises(Unavailable, match="used up its calls") as caught:
        crm.open_case(CASE, an_entry(FIRST))
    asked = len(org.calls)
    clock.seconds += 3000
    with pytest.raises(Unavailable, match="left alone"):
        crm.open_case(CASE, an_entry(FIRST))

    assert caught.value.retry_after == 3600
    assert len(org.calls) == asked


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (400, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access"),
        (400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "CaseTrigger: caused by UNABLE_TO_LOCK_ROW"),
        (503, "SERVER_UNAVAILABLE", "down"),
        (400, "STORAGE_LIMIT_EXCEEDED", "storage limit exceeded"),
        (403, "INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights"),
        (404, "NOT_FOUND", "Provided external ID field does not exist"),
    ],
)
def test_what_time_or_an_administrator_puts_right_stays_owed(org: Fake, status: int, code: str, words: str) -> None:
    answering(org, status, code, words)

    with pytest.raises(Unavailable):
        crm_of(org).open_case(CASE, an_entry(FIRST))


@pytest.mark.parametrize("code", ["FIELD_CUSTOM_VALIDATION_EXCEPTION", "REQUIRED_FIELD_MISSING", "DUPLICATES_DETECTED"])
def test_what_its_rules_forbid_is_refused_in_its_words(org: Fake, code: str) -> None:
    answering(org, 400, code, "Acme wants a product")

    with pytest.raises(Refused, match=f"^{code}: Acme wants a product$"):
        crm_of(org).open_case(CASE, an_entry(FIRST))


def test_a_field_that_is_not_there_is_refused_by_name(org: Fake) -> None:
    with pytest.raises(Refused, match="INVALID_FIELD: No such column 'Nowhere__c'"):
        crm_of(org, FieldMapping(always={"Nowhere__c": "social"})).open_case(CASE, an_entry(FIRST))


def test_a_value_that_is_too_long_is_refused_without_quoting_it(org: Fake) -> None:
    post = replace(FIRST, permalink="https://social.example/" + "s3cret" * 30)

    with pytest.raises(Refused, match=r"^STRING_TOO_LONG: in Short__c$"):
        crm_of(org, FieldMapping(fields={"Short__c": "permalink"})).open_case(CASE, an_entry(post))


def test_a_case_that_another_request_made_meanwhile_is_found_when_the_key_is_unique(org: Fake) -> None:
    made: list[str] = []
    org.between = lambda kind, key: made.append(org.add(kind, {KEY: key, "Description": f"[ref:{key}]"})["Id"])

    assert [crm_of(org).open_case(CASE, an_entry(FIRST))] == made
    assert org.kept() == {CASE.id: [FIRST.external_key]}


def test_a_key_field_that_is_not_unique_lets_two_in_and_is_told_from_then_on(org: Fake) -> None:
    org.is_unique = False
    org.between = lambda kind, key: org.add(kind, {KEY: key, "Description": f"[ref:{key}]"})
    crm = crm_of(org)
    crm.open_case(CASE, an_entry(FIRST))

    assert len(org.rows["Case"]) == 2
    with pytest.raises(Unavailable, match="make the key field unique"):
        crm.add_to_case(CASE, an_entry(SECOND))
    assert any(finding.remedy and "Unique" in finding.what for finding in crm.check() if not finding.is_right)


def test_a_late_upsert_that_updates_gives_the_same_id(org: Fake) -> None:
    crm, hidden = crm_of(org), iter([True])
    ref = crm.open_case(CASE, an_entry(FIRST))
    respond = org.respond

    def not_yet_seen(call: Call) -> Any:
        is_look = call.method == "GET" and "/sobjects/Case/" in call.path
        return org._error(404, "NOT_FOUND", "not yet") if is_look and next(hidden, False) else respond(call)

    org.respond = not_yet_seen  # type: ignore[method-assign]

    assert crm.open_case(CASE, an_entry(FIRST)) == ref
    assert len(org.rows["Case"]) == 1


def test_a_repeat_does_not_write_over_what_people_changed(org: Fake) -> None:
    crm = crm_of(org)
    crm.open_case(CASE, an_entry(FIRST))
    org.rows["Case"][0].update(Status="Working", OwnerId="0050000000000A1AAA", Subject="Smoke!")
    crm.open_case(CASE, an_entry(FIRST))

    row = org.rows["Case"][0]
    assert (row["Status"], row["OwnerId"], row["Subject"]) == ("Working", "0050000000000A1AAA", "Smoke!")


def test_a_teams_queue_owns_the_case_whatever_the_assignment_rules_say(org: Fake) -> None:
    crm_of(org, FieldMapping(teams={"product-safety": QUEUE})).open_case(CASE, an_entry(FIRST))

    assert org.rows["Case"][0]["OwnerId"] == QUEUE


def test_a_team_without_a_counterpart_leaves_the_owner_to_the_assignment_rules(org: Fake) -> None:
    crm_of(org).open_case(CASE, an_entry(FIRST))

    assert org.rows["Case"][0]["OwnerId"] == RULE_OWNER


def test_reopening_does_not_run_the_assignment_rules_again(org: Fake) -> None:
    crm = crm_of(org, FieldMapping(teams={"product-safety": QUEUE}))
    crm.open_case(CASE, an_entry(FIRST))
    org.rows["Case"][0].update(Status="Closed", IsClosed=True)
    crm.add_to_case(CASE, replace(an_entry(SECOND), reopens=True))

    assert (org.rows["Case"][0]["Status"], org.rows["Case"][0]["OwnerId"]) == ("Working", QUEUE)


def test_only_a_post_that_people_should_see_reopens_and_a_repeat_never_does(org: Fake) -> None:
    crm = crm_of(org)
    crm.open_case(CASE, an_entry(FIRST))
    org.rows["Case"][0].update(Status="Closed", IsClosed=True)
    crm.add_to_case(CASE, an_entry(SECOND))
    crm.add_to_case(CASE, replace(an_entry(SECOND), reopens=True))

    assert org.rows["Case"][0]["Status"] == "Closed"


def test_a_status_of_the_companys_own_that_closes_is_known_by_its_closing(org: Fake) -> None:
    crm = crm_of(org)
    crm.open_case(CASE, an_entry(FIRST))
    org.rows["Case"][0].update(Status="Erledigt", IsClosed=True)
    crm.add_to_case(CASE, replace(an_entry(SECOND), reopens=True))

    assert org.rows["Case"][0]["Status"] == "Working"


def test_a_case_that_was_deleted_refuses_what_is_added(org: Fake) -> None:
    crm = crm_of(org)
    crm.open_case(CASE, an_entry(FIRST))
    org.rows["Case"].clear()

    with pytest.raises(Refused, match="deleted"):
        crm.add_to_case(opened(CASE, "500"), an_entry(SECOND))


@pytest.mark.parametrize("hidden", ["Case", KEY])
def test_a_case_that_is_hidden_from_our_user_is_not_taken_for_deleted(org: Fake, hidden: str) -> None:
    crm = crm_of(org)
    crm.open_case(CASE, an_entry(FIRST))
    org.hidden = {hidden}

    with pytest.raises(Unavailable):
        crm.add_to_case(opened(CASE, "500"), an_entry(SECOND))


def test_an_entry_is_found_among_more_comments_than_one_answer_holds(org: Fake) -> None:
    crm = crm_of(org)
    ref = crm.open_case(CASE, an_entry(FIRST))
    first = crm.add_to_case(CASE, an_entry(SECOND))
    for number in range(450):
        org.add("CaseComment", {"ParentId": ref, "CommentBody": f"call {number}"})
    asked = len(org.calls)

    assert crm.add_to_case(CASE, an_entry(SECOND)) == first
    assert [path for path in paths(org)[asked:] if path.startswith("/query/")] == ["/query/01g1-200", "/query/01g1-400"]


def test_a_comment_of_four_thousand_bytes_keeps_its_mark(org: Fake) -> None:
    crm = crm_of(org)
    crm.open_case(CASE, an_entry(FIRST))
    long = a_post(2, "Ångström 👩‍👩‍👧 " * 900)
    first = crm.add_to_case(CASE, an_entry(long))

    assert crm.add_to_case(CASE, an_entry(long)) == first
    assert 3900 < len(org.rows["CaseComment"][0]["CommentBody"].encode()) <= 4000


@pytest.mark.parametrize("entries", ["comments", "social"])
def test_emoji_count_as_salesforce_counts_them(org: Fake, entries: str) -> None:
    smoke = "\U0001f525" * 9000
    post = replace(a_post(1, smoke), author=Author(id=smoke, handle=smoke, name=smoke))
    mapping = FieldMapping(fields={"Network__c": "author handle"})
    customer = org.add("Contact", {})["Id"]
    crm = crm_of(org, mapping, entries=entries, persona_key_field=KEY)
    crm.open_case(replace(CASE, subject=smoke), replace(an_entry(post, smoke), customer=customer))

    assert org.rows["Case"][0]["Network__c"] == "\U0001f525" * 124 + "…"


@pytest.mark.parametrize("handle", HOSTILE)
def test_a_hostile_handle_finds_only_whoever_has_it(org: Fake, handle: str) -> None:
    for known in ("x:ana_r", f"x:{handle}"):
        org.add("Contact", {"Social__c": known})
    found = crm_of(org, handle_field="Social__c").customers(Profile("x", Author(handle=handle)))

    assert found == [Customer(org.rows["Contact"][1]["Id"], "Contact.Social__c")]


def test_customers_are_found_by_handle_or_id_and_two_stay_two(org: Fake) -> None:
    for known in ("x:ana_r", "x:77", "facebook:77"):
        org.add("Contact", {"Social__c": known})
    crm = crm_of(org, handle_field="Social__c")

    assert len(crm.customers(Profile("x", ANA))) == 2
    assert crm_of(org).customers(Profile("x", ANA)) == []


@pytest.mark.parametrize("name", ["key_field", "handle_field", "persona_key_field"])
def test_a_field_that_is_no_name_is_told_at_the_start(org: Fake, name: str) -> None:
    with pytest.raises(SettingsError, match=f"crms.salesforce.{name}"):
        SalesforceCrm({**org.settings, name: "Id = null OR Name"})


def test_a_team_whose_counterpart_is_no_id_is_told_at_the_start(org: Fake) -> None:
    with pytest.raises(SettingsError, match="id of a queue"):
        crm_of(org, FieldMapping(teams={"billing-care": "Billing Queue"}))


def test_priorities_of_the_companys_own_and_fields_are_written(org: Fake) -> None:
    mapping = FieldMapping(
        priorities={Priority.URGENT: "Critical"}, fields={"Network__c": "platform"}, always={"Origin": "Web"}
    )
    crm_of(org, mapping).open_case(CASE, an_entry(FIRST))

    row = org.rows["Case"][0]
    assert (row["Priority"], row["Network__c"], row["Origin"]) == ("Critical", "x", "Web")


def social(org: Fake, clock: Clock | None = None) -> SalesforceCrm:
    return crm_of(org, None, clock, entries="social", persona_key_field=KEY)


def test_social_posts_hold_what_was_said_where_and_by_whom(org: Fake) -> None:
    customer = org.add("Contact", {"Social__c": "x:ana_r"})["Id"]
    social(org).open_case(CASE, replace(an_entry(FIRST), customer=customer))

    [post], [persona], [case] = org.rows["SocialPost"], org.rows["SocialPersona"], org.rows["Case"]
    assert post["ParentId"] == case["Id"]
    assert (post["Provider"], post["ExternalPostId"], post["Posted"]) == ("Twitter", "1", "2026-03-04T12:01:00Z")
    assert (post["WhoId"], post["PersonaId"], case["ContactId"]) == (customer, persona["Id"], customer)
    assert (persona["Name"], persona["ExternalId"], persona["ParentId"]) == ("ana_r", "77", customer)


def test_an_author_who_is_no_customer_has_no_persona(org: Fake) -> None:
    social(org).open_case(CASE, an_entry(FIRST))

    assert org.rows["SocialPersona"] == []
    assert "PersonaId" not in org.rows["SocialPost"][0]


def test_a_persona_is_made_once_for_all_posts_of_its_author(org: Fake) -> None:
    customer = org.add("Contact", {})["Id"]
    crm = social(org)
    crm.open_case(CASE, replace(an_entry(FIRST), customer=customer))
    crm.add_to_case(CASE, replace(an_entry(SECOND), customer=customer))

    assert len(org.rows["SocialPersona"]) == 1
    assert org.kept() == {CASE.id: [FIRST.external_key, SECOND.external_key]}


def test_social_posts_that_the_organisation_has_not_leave_the_case_owed(org: Fake) -> None:
    org.hidden = {"SocialPost"}

    with pytest.raises(Unavailable, match="earshot crm check"):
        social(org).open_case(CASE, an_entry(FIRST))


@pytest.mark.parametrize("fault", Fault)
def test_any_fault_at_any_step_leaves_each_social_post_once(fault: Fault) -> None:
    for step in range(12):
        with Fake() as org:
            clock = Clock()
            crm = social(org, clock)
            customer = org.add("Contact", {})["Id"]
            org.fail_next([None] * step + [fault])
            for call, post in ((crm.open_case, FIRST), (crm.add_to_case, SECOND)):
                entry = replace(an_entry(post), customer=customer)
                until_done(lambda call=call, entry=entry: call(CASE, entry), clock)  # type: ignore[misc]

            assert [row[KEY] for row in org.rows["SocialPost"]] == [FIRST.external_key, SECOND.external_key]
            assert (len(org.rows["Case"]), len(org.rows["SocialPersona"])) == (1, 1)


def test_polling_tells_what_people_did_with_our_cases_oldest_first(org: Fake) -> None:
    crm = crm_of(org)
    others = [a_case(a_post(number)) for number in (10, 11, 12)]
    for case in (CASE, *others):
        crm.open_case(case, an_entry(FIRST))
    org.add("Case", {"Status": "Closed", "SystemModstamp": "2026-03-04T12:30:00.000+0000"})  # not one of ours
    for row, status, stamp in zip(
        org.rows["Case"], ("Closed", "Waiting on Customer", "Working", "Closed"), (40, 20, 30, -9), strict=False
    ):
        at = NOON + timedelta(minutes=stamp)
        row.update(Status=status, IsClosed=status == "Closed", SystemModstamp=at.strftime("%Y-%m-%dT%H:%M:%S.000+0000"))
    org.batch = 2
    events = heard(crm.poll(NOON))

    assert [(event.happened, event.case_id) for event in events] == [
        (Happened.ANSWERED, others[0].id),
        (Happened.REOPENED, others[1].id),
        (Happened.CLOSED, CASE.id),
    ]
    assert events[0].at == NOON + timedelta(minutes=20)
    assert len({event.id for event in events}) == 3


def wrongs(crm: SalesforceCrm) -> list[str]:
    return [finding.what for finding in crm.check() if not finding.is_right]


def test_an_organisation_as_our_page_asks_for_has_nothing_wrong(org: Fake) -> None:
    mapping = FieldMapping(fields={"Network__c": "platform"})

    assert wrongs(crm_of(org, mapping, handle_field="Social__c")) == []
    assert wrongs(crm_of(org, mapping, entries="social", persona_key_field=KEY)) == []


def test_the_check_tells_each_thing_that_is_wrong(org: Fake) -> None:
    mapping = FieldMapping(fields={"Short__c": "permalink", "Nowhere__c": "team"}, always={"Origin": "Papier"})
    org.is_unique = False

    assert wrongs(crm_of(org, mapping, handle_field="Nothing__c")) == [
        f"Case has the field {KEY}, External ID and Unique",
        "Case has the field Nowhere__c",
        "Short__c holds 250 characters",
        "Origin has the value Papier",
        "Contact has the field Nothing__c",
    ]


def test_the_check_of_an_organisation_that_does_not_let_us_in_tells_that_and_changes_nothing(org: Fake) -> None:
    crm = crm_of(org, client_secret="another")

    assert wrongs(crm) == ["our user is let in and sees Case", "our user sees CaseComment"]
    assert "correct its client id and secret" in crm_of(org, client_secret="another").check()[0].remedy
    assert not org.rows["Case"]
