"""What is particular to EspoCRM: duplicate rules, a silent 500, reasons in a header, keys that lock an address out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.crm.espocrm import EspoCrm
from chalicelib.crm.mapping import FieldMapping
from chalicelib.errors import Refused, SettingsError, Unavailable
from chalicelib.model import Customer, Happened, Priority, Profile
from chalicelib.transport import Transport
from tests.contracts.crm_samples import ANA, NOON, Clock, a_case, a_post, an_entry, heard, opened
from tests.contracts.fakes.base import Reply
from tests.contracts.fakes.espocrm import MOST_WRONG_KEYS, Fake

FIRST, SECOND = a_post(1), a_post(2, "It still smokes")
CASE = a_case(FIRST)
ALL = [FIRST.external_key, SECOND.external_key]


@pytest.fixture
def espo() -> Iterator[Fake]:
    with Fake() as fake:
        yield fake


def raced(espo: Fake) -> str:
    """Another call of ours opens the case after our look-up, before our creation; its id."""
    ref = EspoCrm(espo.settings).open_case(CASE, an_entry(FIRST))
    search, looks = espo._search, iter([True])
    espo._search = lambda call, entity: (  # type: ignore[method-assign]
        espo._json({"total": 0, "list": []}) if next(looks, False) else search(call, entity)
    )
    return ref


def test_a_duplicate_rule_stops_what_a_look_up_came_too_early_for(espo: Fake) -> None:
    espo.has_duplicate_rule = True
    ref = raced(espo)

    assert EspoCrm(espo.settings).open_case(CASE, an_entry(FIRST)) == ref
    assert len(espo.cases) == 1


def test_a_unique_index_stops_it_too_and_is_looked_up_next_time(espo: Fake) -> None:
    espo.has_unique_index = True
    ref = raced(espo)
    crm = EspoCrm(espo.settings)
    with pytest.raises(Unavailable):
        crm.open_case(CASE, an_entry(FIRST))

    assert crm.open_case(CASE, an_entry(FIRST)) == ref
    assert len(espo.cases) == 1


def test_two_people_who_complain_in_the_same_words_have_two_cases(espo: Fake) -> None:
    espo.has_duplicate_rule = True
    crm = EspoCrm(espo.settings)
    first, second = crm.open_case(CASE, an_entry(FIRST)), crm.open_case(a_case(SECOND), an_entry(SECOND))

    assert first != second
    assert [call.headers.get("x-skip-duplicate-check") for call in espo.calls if call.method == "POST"] == [
        None,
        None,
        "true",
    ]


def test_a_wrong_key_never_knocks_until_the_address_is_locked_out(espo: Fake) -> None:
    clock = Clock()
    crm = EspoCrm({**espo.settings, "api_key": "old"}, Transport("espocrm", monotonic=clock))
    for _ in range(60):  # ten minutes
        with pytest.raises(Unavailable):
            crm.open_case(CASE, an_entry(FIRST))
        clock.seconds += 10

    assert espo.wrong_keys <= 4 < MOST_WRONG_KEYS


def test_a_locked_out_address_leaves_the_case_owed(espo: Fake) -> None:
    espo.wrong_keys = MOST_WRONG_KEYS

    with pytest.raises(Unavailable, match="403"):
        EspoCrm(espo.settings).open_case(CASE, an_entry(FIRST))


def test_a_refusal_tells_the_reason_of_the_header_and_the_field_of_the_body(espo: Fake) -> None:
    mapping = FieldMapping(priorities={Priority.URGENT: "Lowest"})

    with pytest.raises(Refused, match=r"Field validation failed .*\"field\": \"priority\""):
        EspoCrm(espo.settings, None, mapping).open_case(CASE, an_entry(FIRST))


def test_a_role_that_may_not_assign_the_team_is_told_in_its_words_and_leaves_the_case_owed(espo: Fake) -> None:
    forbidden = 403, {"x-status-reason": "Assignment failure: assigned user or team not allowed"}, b""
    espo._create = lambda call, entity: forbidden  # type: ignore[method-assign]

    with pytest.raises(Unavailable) as caught:
        EspoCrm(espo.settings).open_case(CASE, an_entry(FIRST))
    assert caught.value.words == "Assignment failure: assigned user or team not allowed"


def test_a_case_goes_to_the_team_of_the_mapping_with_the_companys_fields(espo: Fake) -> None:
    mapping = FieldMapping(teams={"product-safety": "5f1e0c"}, fields={"cHandle": "author handle"})
    EspoCrm(espo.settings, None, mapping).open_case(CASE, replace(an_entry(FIRST), customer="c-9"))
    [case] = espo.cases

    assert (case["teamsIds"], case["cHandle"], case["contactId"]) == (["5f1e0c"], "ana_r", "c-9")
    assert (case["status"], case["priority"]) == ("New", "Urgent")


@pytest.mark.parametrize(("status", "reopens", "after"), [("Closed", True, "Assigned"), ("Closed", False, "Closed")])
def test_a_closed_case_is_opened_for_what_people_should_see_and_nothing_else(
    espo: Fake, status: str, reopens: bool, after: str
) -> None:
    crm = EspoCrm(espo.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    espo.cases[0]["status"] = status
    crm.add_to_case(opened(CASE, ref), replace(an_entry(SECOND), reopens=reopens))

    assert espo.cases[0]["status"] == after


def test_a_case_that_goes_on_keeps_the_status_that_people_gave_it(espo: Fake) -> None:
    crm = EspoCrm(espo.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    espo.cases[0]["status"] = "Pending"
    crm.add_to_case(opened(CASE, ref), replace(an_entry(SECOND), reopens=True))

    assert espo.cases[0]["status"] == "Pending"


def test_a_reopening_that_was_lost_is_made_up_for(espo: Fake) -> None:
    crm = EspoCrm(espo.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    espo.cases[0]["status"] = "Closed"
    patch = espo._patch
    down: Iterator[Reply] = iter([(503, {}, b"")])
    espo._patch = lambda call, entity, number: next(down, None) or patch(call, entity, number)  # type: ignore[method-assign]
    entry = replace(an_entry(SECOND), reopens=True)
    with pytest.raises(Unavailable):
        crm.add_to_case(opened(CASE, ref), entry)
    crm.add_to_case(opened(CASE, ref), entry)

    assert espo.cases[0]["status"] == "Assigned"
    assert espo.kept() == {CASE.id: ALL}


def test_an_entry_of_a_removed_case_is_refused(espo: Fake) -> None:
    crm = EspoCrm(espo.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    espo.cases.clear()

    with pytest.raises(Refused, match="removed"):
        crm.add_to_case(opened(CASE, ref), an_entry(SECOND))
    with pytest.raises(Unavailable, match="not there yet"):
        crm.add_to_case(CASE, an_entry(SECOND))


def test_an_entry_is_found_behind_a_hundred_notes_of_others(espo: Fake) -> None:
    crm = EspoCrm(espo.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    added = crm.add_to_case(opened(CASE, ref), an_entry(SECOND))
    espo.notes += [{"id": f"o{number}", "post": "and?", "parentType": "Case", "parentId": ref} for number in range(150)]

    assert crm.add_to_case(opened(CASE, ref), an_entry(SECOND)) == added


def test_a_contact_is_found_by_the_one_field_that_is_configured(espo: Fake) -> None:
    espo.contacts = [
        {"id": "c1", "cSocialHandle": "x:ana_r"},
        {"id": "c2", "cSocialHandle": "x:77"},
        {"id": "c3", "cSocialHandle": "x:ana"},
        {"id": "c4", "cOther": "x:ana_r"},
    ]
    crm = EspoCrm({**espo.settings, "handle_field": "cSocialHandle"})

    assert crm.customers(Profile("x", ANA)) == [
        Customer("c2", "Contact.cSocialHandle"),
        Customer("c1", "Contact.cSocialHandle"),
    ]
    assert crm.customers(Profile("x", replace(ANA, id=None, handle="@"))) == []
    assert EspoCrm(espo.settings).customers(Profile("x", ANA)) == []


def test_a_hostile_handle_is_searched_for_as_it_is_written(espo: Fake) -> None:
    hostile = "a&where[0][value]=x:ana_r#'\"%"
    EspoCrm({**espo.settings, "handle_field": "cSocialHandle"}).customers(
        Profile("x", replace(ANA, id=None, handle=hostile))
    )

    assert [call.query["where[0][value]"] for call in espo.calls] == [f"x:{hostile}"]


def test_polling_tells_what_a_changed_status_means_by_our_key(espo: Fake) -> None:
    crm = EspoCrm(espo.settings)
    for number, status in enumerate(["New", "Closed", "Pending", "Assigned"]):
        crm.open_case(a_case(a_post(number)), an_entry(a_post(number)))
        espo.cases[number]["status"] = status
    events = heard(crm.poll(NOON))

    assert [event.happened for event in events] == [Happened.CLOSED, Happened.ANSWERED, Happened.REOPENED]
    assert [event.case_id for event in events] == [a_post(number).external_key for number in (1, 2, 3)]
    assert [event.at for event in events] == [NOON + timedelta(seconds=number) for number in (1, 2, 3)]
    assert heard(crm.poll(NOON + timedelta(seconds=2))) == events[1:]


def test_a_meaning_that_is_none_is_told_at_the_start(espo: Fake) -> None:
    with pytest.raises(SettingsError, match=r"crms\.espocrm\.statuses: expected STATUS=MEANING"):
        EspoCrm({**espo.settings, "statuses": "Closed=done"})


def wrong(espo: Fake, mapping: FieldMapping | None = None, **more: str) -> list[str]:
    """What the check finds not right; each says how it becomes so."""
    found = EspoCrm({**espo.settings, **more}, None, mapping).check()
    assert all(finding.remedy for finding in found if not finding.is_right)
    return [finding.what for finding in found if not finding.is_right]


def test_the_check_is_content_with_what_is_there(espo: Fake) -> None:
    assert wrong(espo, FieldMapping(fields={"accountId": "rule"}), handle_field="cSocialHandle") == []
    assert {call.method for call in espo.calls} == {"GET"}


@pytest.mark.parametrize(
    ("rights", "lacks"),
    [
        ({"create": "yes", "read": "all", "edit": "no", "stream": "all"}, ["edit"]),
        (False, ["create", "read", "edit", "stream"]),
        (True, []),
    ],
)
def test_the_check_tells_each_right_that_the_role_lacks(espo: Fake, rights: Any, lacks: list[str]) -> None:
    espo.rights = rights

    assert wrong(espo) == [f"the API user has {right} on Cases" for right in lacks]


def test_the_check_tells_fields_that_are_missing_also_of_contacts(espo: Fake) -> None:
    found = wrong(espo, FieldMapping(fields={"socialHandle": "rule"}), key_field="cKey", handle_field="cHandle")

    assert found == ["Case has the field cKey", "Case has the field socialHandle", "Contact has the field cHandle"]


def test_the_check_tells_a_wrong_key(espo: Fake) -> None:
    assert wrong(espo, api_key="old")[0] == "the API key is accepted"


def test_requests_hold_what_was_asked_for_and_no_more(espo: Fake) -> None:
    EspoCrm(espo.settings).open_case(CASE, an_entry(FIRST))
    body = json.loads(espo.calls[-1].body)

    assert body.keys() == {"name", "status", "description", "cExternalPostId", "priority"}
    assert espo.calls[-1].headers["content-type"] == "application/json"


def test_a_subject_with_signs_that_a_name_may_not_hold_is_taken(espo: Fake) -> None:
    crm = EspoCrm(espo.settings)
    crm.open_case(replace(CASE, subject="<b>Smoke</b> = danger"), an_entry(FIRST))

    assert espo.cases[0]["name"] == "‹b›Smoke‹/b› ＝ danger"


def test_an_entry_is_internal_so_that_no_customer_reads_our_reasons_in_the_portal(espo: Fake) -> None:
    crm = EspoCrm(espo.settings)
    crm.add_to_case(opened(CASE, crm.open_case(CASE, an_entry(FIRST))), an_entry(SECOND))

    assert [note["isInternal"] for note in espo.notes] == [True]


def test_a_repeat_overrules_nobody_who_closed_the_case_again(espo: Fake) -> None:
    crm, entry = EspoCrm(espo.settings), replace(an_entry(SECOND), reopens=True)
    ref = crm.open_case(CASE, an_entry(FIRST))
    espo.cases[0]["status"] = "Closed"
    crm.add_to_case(opened(CASE, ref), entry)
    espo.cases[0]["status"] = "Rejected"
    crm.add_to_case(opened(CASE, ref), entry)

    assert espo.cases[0]["status"] == "Rejected"


def test_tasks_without_a_user_to_give_them_to_are_told_at_the_start(espo: Fake) -> None:
    with pytest.raises(SettingsError, match=r"crms\.espocrm\.task_user: a Task needs a user"):
        EspoCrm(espo.settings, None, FieldMapping(recommendation="task"))
