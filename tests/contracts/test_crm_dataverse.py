"""What is particular to Dataverse: creation by condition, binds, queues, merged incidents, its token and its OData."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.crm.dataverse import DataverseCrm
from chalicelib.crm.mapping import FieldMapping
from chalicelib.errors import Refused, SettingsError, Unavailable
from chalicelib.model import Author, Customer, Happened, Kind, Priority, Profile
from chalicelib.transport import Transport
from tests.contracts.crm_samples import ANA, NOON, Clock, a_case, a_post, an_entry, heard, opened
from tests.contracts.fakes.dataverse import QUEUE, TEAM, Fake

FIRST, SECOND = a_post(1), a_post(2, "It still smokes")
CASE = a_case(FIRST)
REF = CASE.id
ELSEWHERE = "9eee0000-0000-4000-8000-000000000002"
SOMEBODY = "c0000000-0000-4000-8000-000000000001"
OTHER = "ca5e0000-0000-4000-8000-000000000001"
HOSTILE = ["o'hara", "x' or contactid ne null or new_social eq 'x", "''", "a+b & c=d #e", "50%", "名前", "\\'"]


@pytest.fixture
def org() -> Iterator[Fake]:
    with Fake() as fake:
        yield fake


def crm_of(org: Fake, mapping: FieldMapping | None = None, clock: Clock | None = None, **more: str) -> DataverseCrm:
    transport = Transport("dataverse", monotonic=clock) if clock else None
    return DataverseCrm({**org.settings, **more}, transport, mapping)


def to(owner: str) -> FieldMapping:
    return FieldMapping(teams={"product-safety": owner})


def test_everything_is_created_on_condition_that_it_is_not_there(org: Fake) -> None:
    crm_of(org).open_case(CASE, an_entry(FIRST))

    writes = [call for call in org.calls if call.method == "PATCH"]
    tables = [call.path.rpartition("/")[2].partition("(")[0] for call in writes]
    assert tables == ["contacts", "socialprofiles", "incidents", "socialactivities"]
    assert {call.headers["if-none-match"] for call in writes} == {"*"}
    assert {(call.headers["odata-version"], call.headers["odata-maxversion"]) for call in writes} == {("4.0", "4.0")}
    assert not any(b'"incidentid"' in call.body or b"new_postkey" in call.body for call in writes)


def test_a_repeat_does_not_write_over_what_people_changed(org: Fake) -> None:
    crm = crm_of(org)
    crm.open_case(CASE, an_entry(FIRST))
    org.tables["incidents"][REF].update(title="Smoke!", prioritycode=3)
    crm.open_case(CASE, an_entry(FIRST))

    assert (org.tables["incidents"][REF]["title"], org.tables["incidents"][REF]["prioritycode"]) == ("Smoke!", 3)


def test_the_token_is_fetched_once_and_renewed_once_when_it_is_taken_away(org: Fake) -> None:
    crm = crm_of(org)
    crm.open_case(CASE, an_entry(FIRST))
    org.tokens_taken_away = org.tokens
    crm.add_to_case(opened(CASE, REF), an_entry(SECOND))

    assert org.tokens == 2


def test_a_token_that_is_never_accepted_is_not_renewed_in_a_loop(org: Fake) -> None:
    org.tokens_taken_away = 1_000
    crm = crm_of(org)
    for _ in range(4):
        with pytest.raises(Unavailable):
            crm.open_case(CASE, an_entry(FIRST))

    assert org.tokens == 2


def test_a_limit_is_left_alone_for_as_long_as_it_says(org: Fake) -> None:
    org.respond = lambda call: org.own_failure(call)  # type: ignore[method-assign]
    crm = crm_of(org, clock=Clock())
    for _ in range(3):
        with pytest.raises(Unavailable) as caught:
            crm.open_case(CASE, an_entry(FIRST))

    assert caught.value.retry_after == 7
    assert len(org.calls) == 1


@pytest.mark.parametrize("undeclared", ["regardingobjectid_incident", "regardingobjectid_incident_socialactivity"])
def test_an_activity_is_bound_to_its_incident_by_the_name_that_is_known_there(org: Fake, undeclared: str) -> None:
    org.undeclared = {undeclared}
    crm = crm_of(org)
    crm.open_case(CASE, an_entry(FIRST))
    crm.add_to_case(opened(CASE, REF), an_entry(SECOND))

    assert org.kept() == {CASE.id: [FIRST.external_key, SECOND.external_key]}


def test_a_customer_who_is_not_there_is_refused_in_its_words(org: Fake) -> None:
    with pytest.raises(Refused, match=r"contacts With Id = c0000000.* Does Not Exist"):
        crm_of(org).open_case(CASE, replace(an_entry(FIRST), customer=SOMEBODY))


def test_a_linked_customer_has_the_case_and_no_contact_is_made_for_them(org: Fake) -> None:
    org.add("contacts", SOMEBODY, {"lastname": "Rell"})
    crm_of(org).open_case(CASE, replace(an_entry(FIRST), customer=SOMEBODY))

    assert list(org.tables["contacts"]) == [SOMEBODY]
    assert org.tables["incidents"][REF]["customerid_contact@odata.bind"] == f"/contacts({SOMEBODY})"


def test_one_author_is_one_contact_and_one_profile_over_all_cases(org: Fake) -> None:
    other = a_post(9)
    crm = crm_of(org)
    crm.open_case(CASE, an_entry(FIRST))
    crm.open_case(a_case(other), an_entry(other))

    assert (len(org.tables["contacts"]), len(org.tables["socialprofiles"])) == (1, 1)
    [profile] = org.tables["socialprofiles"].values()
    assert (profile["profilename"], profile["uniqueprofileid"], profile["community"]) == ("ana_r", "77", 2)


def test_an_author_whom_the_platform_withholds_has_a_case_all_the_same(org: Fake) -> None:
    post = replace(FIRST, author=Author())
    crm_of(org).open_case(CASE, an_entry(post))

    assert org.kept() == {CASE.id: [FIRST.external_key]}


def test_a_name_of_control_characters_is_unknown(org: Fake) -> None:
    post = replace(FIRST, author=Author(id="\x00", handle="\u202e", name="\x1b"))
    crm_of(org).open_case(CASE, an_entry(post))

    [contact] = org.tables["contacts"].values()
    assert contact["lastname"] == "unknown"


def test_long_texts_are_cut_and_the_reason_stays(org: Fake) -> None:
    author = Author(id="7" * 300, handle="h" * 300, name="N" * 300)
    post = replace(
        a_post(1, "smoke " * 3000),
        author=author,
        parent_text="p" * 3000,
        conversation_id="c" * 170,
        in_reply_to="r" * 170,
        permalink="https://social.example/" + "l" * 200,
    )
    crm_of(org).open_case(replace(CASE, subject="S" * 400), an_entry(post))

    incident, [activity] = org.tables["incidents"][REF], org.tables["socialactivities"].values()
    for text in (incident["description"], activity["description"]):
        assert len(text) <= 2000
        assert "Smoke is dangerous" in text
        assert f"[ref:{FIRST.external_key}]" in text
    assert "posturl" not in activity
    assert activity["threadid"].endswith("…")


def test_emoji_count_as_dataverse_counts_them(org: Fake) -> None:
    smoke = "\U0001f525" * 3000
    post = replace(a_post(1, smoke), author=Author(id=smoke, handle=smoke, name=smoke), conversation_id=smoke)
    mapping = FieldMapping(fields={"new_network": "author handle"})
    crm_of(org, mapping).open_case(replace(CASE, subject=smoke), an_entry(post, smoke))

    assert org.tables["incidents"][REF]["title"] == "\U0001f525" * 99 + "…"


def test_what_was_said_is_told_in_columns(org: Fake) -> None:
    crm_of(org).open_case(CASE, an_entry(replace(FIRST, kind=Kind.DM)))

    [activity] = org.tables["socialactivities"].values()
    told = [activity[name] for name in ("postid", "posturl", "postedon", "postmessagetype", "community")]
    assert told == ["1", "https://social.example/ana_r/1", "2026-03-04T12:01:00Z", 1, 2]
    assert org.tables["incidents"][REF]["caseorigincode"] == 3986


def test_a_teams_counterpart_owns_the_case(org: Fake) -> None:
    crm_of(org, to(f"team {TEAM}")).open_case(CASE, an_entry(FIRST))

    assert org.tables["incidents"][REF]["ownerid@odata.bind"] == f"/teams({TEAM})"


def test_a_case_is_queued_once_and_stays_where_people_put_it(org: Fake) -> None:
    crm = crm_of(org, to(f"queue {QUEUE}"))
    crm.open_case(CASE, an_entry(FIRST))
    first = dict(org.queued)
    org.queued[REF] = ELSEWHERE
    crm.open_case(CASE, an_entry(FIRST))

    assert first == {REF: QUEUE}
    assert org.queued == {REF: ELSEWHERE}


def test_a_case_that_died_before_its_queue_is_queued_by_the_repeat(org: Fake) -> None:
    crm = crm_of(org, to(f"queue {QUEUE}"))
    crm.open_case(CASE, an_entry(FIRST))
    org.queued.clear()
    org.tables["socialactivities"].clear()
    crm.open_case(CASE, an_entry(FIRST))

    assert org.queued == {REF: QUEUE}
    assert org.kept() == {CASE.id: [FIRST.external_key]}


def test_priorities_are_numbers_of_choices(org: Fake) -> None:
    crm_of(org, FieldMapping(priorities={Priority.URGENT: "100000001"})).open_case(CASE, an_entry(FIRST))

    assert org.tables["incidents"][REF]["prioritycode"] == 100000001


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        (to("Billing"), "team GUID"),
        (to(f"team {TEAM}) or ("), "team GUID"),
        (to("queue 12"), "team GUID"),
        (FieldMapping(priorities={Priority.HIGH: "high"}), "number of a choice"),
    ],
)
def test_a_mapping_that_dataverse_cannot_take_is_told_at_the_start(org: Fake, mapping: FieldMapping, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        crm_of(org, mapping)


def test_a_handle_field_that_is_no_name_is_told_at_the_start(org: Fake) -> None:
    with pytest.raises(SettingsError, match="handle_field"):
        crm_of(org, handle_field="new_social eq 'x' or lastname")


def test_only_a_post_that_people_should_see_reopens_and_its_repeat_never_does(org: Fake) -> None:
    crm, incident = crm_of(org), {}
    crm.open_case(CASE, an_entry(FIRST))
    incident = org.tables["incidents"][REF]
    seen = []
    for entry in (an_entry(a_post(3)), *[replace(an_entry(SECOND), reopens=True)] * 2):
        incident.update(statecode=1, statuscode=5)
        crm.add_to_case(opened(CASE, REF), entry)
        seen.append((incident["statecode"], incident["statuscode"]))

    assert seen == [(1, 5), (0, 1), (1, 5)]


def test_an_incident_that_was_deleted_refuses_what_is_added(org: Fake) -> None:
    crm = crm_of(org)
    crm.open_case(CASE, an_entry(FIRST))
    org.tables["incidents"].clear()

    with pytest.raises(Refused, match="deleted"):
        crm.add_to_case(opened(CASE, REF), an_entry(SECOND))


def test_a_404_that_is_about_no_record_is_not_taken_for_a_deletion(org: Fake) -> None:
    crm = crm_of(org)
    crm.open_case(CASE, an_entry(FIRST))
    org.tables.pop("incidents")

    with pytest.raises(Unavailable, match="no table incidents"):
        crm.add_to_case(opened(CASE, REF), an_entry(SECOND))


def test_what_is_added_to_a_merged_incident_goes_to_the_one_it_was_merged_into(org: Fake) -> None:
    crm = crm_of(org)
    crm.open_case(CASE, an_entry(FIRST))
    org.add("incidents", OTHER, {"statecode": 1})
    org.tables["incidents"][REF].update(statecode=2, _masterid_value=OTHER)
    crm.add_to_case(opened(CASE, REF), replace(an_entry(SECOND), reopens=True))

    assert org.incident_of(org.tables["socialactivities"][SECOND.external_key]) == OTHER
    assert [org.tables["incidents"][number]["statecode"] for number in (REF, OTHER)] == [2, 0]


@pytest.mark.parametrize("handle", HOSTILE)
def test_a_hostile_handle_finds_only_whoever_has_it(org: Fake, handle: str) -> None:
    org.add("contacts", OTHER, {"new_social": "x:ana_r"})
    org.add("contacts", SOMEBODY, {"new_social": f"x:{handle}"})
    found = crm_of(org, handle_field="new_social").customers(Profile("x", Author(handle=handle)))

    assert found == [Customer(SOMEBODY, "contact.new_social")]


def test_customers_are_found_by_handle_or_id_in_one_question(org: Fake) -> None:
    org.add("contacts", OTHER, {"new_social": "x:ana_r"})
    org.add("contacts", SOMEBODY, {"new_social": "x:77"})
    crm = crm_of(org, handle_field="new_social")

    assert [customer.ref for customer in crm.customers(Profile("x", ANA))] == [OTHER, SOMEBODY]
    assert len([call for call in org.calls if call.method == "GET"]) == 1
    assert crm_of(org).customers(Profile("x", ANA)) == []


def test_polling_tells_what_people_did_over_all_pages_oldest_first(org: Fake) -> None:
    org.page = 2
    told: tuple[tuple[int, dict[str, object]], ...] = (
        (30, {"statecode": 1}),
        (10, {"firstresponsesent": True}),
        (20, {"statecode": 2, "_masterid_value": OTHER}),
        (40, {"statecode": 1, "_createdby_value": SOMEBODY}),  # not one of ours
        (-10, {"statecode": 1}),
    )
    keys = [f"ca5e0000-0000-4000-8000-00000000010{number}" for number in range(len(told))]
    for key, (minutes, values) in zip(keys, told, strict=True):
        at = (NOON + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
        org.add("incidents", key, {"modifiedon": at, **values})
    events = heard(crm_of(org).poll(NOON))

    assert [(event.happened, event.case_id, event.into) for event in events] == [
        (Happened.ANSWERED, keys[1], None),
        (Happened.REOPENED, keys[1], None),
        (Happened.MERGED, keys[2], OTHER),
        (Happened.CLOSED, keys[0], None),
    ]
    assert events[0].at == NOON + timedelta(minutes=10)


def test_a_space_in_an_address_is_no_plus(org: Fake) -> None:
    sent: list[str] = []
    crm = crm_of(org)
    call = crm.transport.call
    crm.transport.call = lambda method, url, *rest: (sent.append(url), call(method, url, *rest))[1]  # type: ignore
    heard(crm.poll(NOON))

    asked = next(url for url in sent if "incidents?" in url)
    assert "?$select=incidentid,statecode" in asked
    assert "+" not in asked
    assert "modifiedon%20ge%202026-03-04T12%3A00%3A00Z" in asked


def wrongs(crm: DataverseCrm) -> list[str]:
    return [finding.what for finding in crm.check() if not finding.is_right]


def test_an_environment_as_our_page_asks_for_has_nothing_wrong(org: Fake) -> None:
    mapping = FieldMapping(fields={"new_network": "platform"})

    assert wrongs(crm_of(org, mapping, handle_field="new_social")) == []
    assert {call.method for call in org.calls if not call.path.endswith("/token")} == {"GET"}


def test_the_check_tells_each_thing_that_is_wrong(org: Fake) -> None:
    mapping = FieldMapping(fields={"new_short": "permalink", "prioritycode": "priority"}, always={"new_x": "social"})
    org.rights.remove("prvAppendToIncident")

    assert wrongs(crm_of(org, mapping, handle_field="new_nothing")) == [
        "the application user may append to cases",
        "incident has the text column new_x",
        "incident has the text column prioritycode",
        "new_short holds 250 characters",
        "contact has the text column new_nothing",
    ]


def test_the_check_of_an_environment_that_gives_no_token_tells_that(org: Fake) -> None:
    finding = crm_of(org, client_secret="another").check()[0]

    assert (finding.what, finding.is_right) == ("the application user is let in", False)
    assert "another" not in json.dumps([finding.what, finding.remedy])
