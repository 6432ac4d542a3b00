"""What is particular to Odoo, by both of its interfaces: races, archives, whose address a note needs."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.odoo import OdooCrm
from chalicelib.errors import Refused, SettingsError, Unavailable
from chalicelib.model import Customer, Happened, Priority, Profile
from chalicelib.transport import Transport
from tests.contracts.crm_samples import ANA, NOON, Clock, a_case, a_post, an_entry, heard, opened
from tests.contracts.fakes.odoo import Fake, FakeJson2

FIRST, SECOND = a_post(1), a_post(2, "It still smokes")
CASE = a_case(FIRST)
ALL = [FIRST.external_key, SECOND.external_key]


@pytest.fixture(params=[Fake, FakeJson2])
def odoo(request: pytest.FixtureRequest) -> Iterator[Fake]:
    with request.param() as fake:
        yield fake


@pytest.fixture
def old_odoo() -> Iterator[Fake]:
    with Fake() as fake:
        yield fake


@pytest.mark.parametrize(
    "message",
    [
        "could not serialize access due to concurrent update",
        'duplicate key value violates unique constraint "ir_model_data_module_name_uniq_index"',
        "deadlock detected",
    ],
)
def test_who_loses_a_race_comes_again_and_finds_the_record(odoo: Fake, message: str) -> None:
    load, first = odoo._load, iter([True])

    def raced(model: str, fields: list[str], data: list[list[str]]) -> object:
        reply = load(model, fields, data)
        lost = odoo._result({"ids": False, "messages": [{"type": "error", "message": message}]})
        return lost if next(first, False) else reply

    odoo._load = raced  # type: ignore[method-assign,assignment]
    crm = OdooCrm(odoo.settings)
    with pytest.raises(Unavailable, match="another call was quicker"):
        crm.open_case(CASE, an_entry(FIRST))

    assert crm.open_case(CASE, an_entry(FIRST)) == "1"
    assert odoo.kept() == {CASE.id: ALL[:1]}


def test_values_that_odoo_cannot_take_are_refused_in_its_words(odoo: Fake) -> None:
    words = "No matching record found for database id '99' in field 'Sales Team'"
    odoo._load = lambda model, fields, data: odoo._result(  # type: ignore[method-assign]
        {"ids": False, "messages": [{"type": "error", "message": words}]}
    )

    with pytest.raises(Refused, match="No matching record found"):
        OdooCrm(odoo.settings).open_case(CASE, an_entry(FIRST))


def test_a_repeat_does_not_write_over_what_people_changed(odoo: Fake) -> None:
    crm = OdooCrm(odoo.settings)
    crm.open_case(CASE, an_entry(FIRST))
    odoo.leads[0].update(name="Smoke, urgent!", priority="1")
    crm.open_case(CASE, an_entry(FIRST))

    assert (odoo.leads[0]["name"], odoo.leads[0]["priority"]) == ("Smoke, urgent!", "1")


def test_a_key_that_is_not_accepted_leaves_the_case_owed_and_odoo_in_peace(old_odoo: Fake) -> None:
    clock = Clock()
    crm = OdooCrm({**old_odoo.settings, "api_key": "old"}, Transport("odoo", monotonic=clock))
    for _ in range(5):
        with pytest.raises(Unavailable):
            crm.open_case(CASE, an_entry(FIRST))

    assert len(old_odoo.calls) == 1


def test_a_key_that_is_revoked_later_leaves_odoo_in_peace_too(old_odoo: Fake) -> None:
    clock = Clock()
    crm = OdooCrm(old_odoo.settings, Transport("odoo", monotonic=clock))
    ref = crm.open_case(CASE, an_entry(FIRST))
    known, respond = len(old_odoo.calls), old_odoo.respond
    old_odoo.respond = lambda call: old_odoo._error(  # type: ignore[method-assign]
        "odoo.exceptions.AccessDenied", "Access Denied"
    )
    for _ in range(5):
        with pytest.raises(Unavailable):
            crm.add_to_case(opened(CASE, ref), an_entry(SECOND))
    assert len(old_odoo.calls) == known + 1
    old_odoo.respond = respond  # type: ignore[method-assign]
    clock.seconds += 61
    crm.add_to_case(opened(CASE, ref), an_entry(SECOND))

    assert old_odoo.kept() == {CASE.id: ALL}


def test_a_user_without_an_address_is_told_in_words_and_the_entry_stays_owed(odoo: Fake) -> None:
    crm = OdooCrm(odoo.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    odoo.users[0]["email"] = False
    with pytest.raises(Unavailable, match="our user has no e-mail address there"):
        crm.add_to_case(opened(CASE, ref), an_entry(SECOND))
    odoo.users[0]["email"] = "intake@acme.example"
    crm.add_to_case(opened(CASE, ref), an_entry(SECOND))

    assert odoo.kept() == {CASE.id: ALL}


def test_a_note_that_odoo_will_never_take_is_refused(odoo: Fake) -> None:
    crm = OdooCrm(odoo.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    odoo._message_post = lambda *_, **__: odoo._error(  # type: ignore[method-assign]
        "odoo.exceptions.ValidationError", "Not on a lead that is won"
    )

    with pytest.raises(Refused, match="Not on a lead that is won"):
        crm.add_to_case(opened(CASE, ref), an_entry(SECOND))


def test_a_persons_text_is_never_html(odoo: Fake) -> None:
    nasty = '<script>alert(1)</script> & "quotes" <b>'
    crm = OdooCrm(odoo.settings)
    ref = crm.open_case(CASE, an_entry(replace(FIRST, text=nasty)))
    crm.add_to_case(opened(CASE, ref), an_entry(replace(SECOND, text=nasty)))

    for said in (odoo.leads[0]["description"], odoo.notes[0]["body"]):
        assert "<script" not in said
        assert html.unescape(said).count(nasty) == 1


@pytest.mark.parametrize("release", [16, 17, 18])
def test_a_note_keeps_its_lines_whether_odoo_must_be_told_that_it_is_html_or_not(old_odoo: Fake, release: int) -> None:
    old_odoo.release = release
    crm = OdooCrm(old_odoo.settings)
    crm.add_to_case(opened(CASE, crm.open_case(CASE, an_entry(FIRST))), an_entry(SECOND))

    assert old_odoo.notes[0]["body"].startswith("<p>Escalated<br/>")


def test_an_entry_of_a_deleted_record_is_refused_and_makes_no_other(odoo: Fake) -> None:
    crm = OdooCrm(odoo.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    odoo.leads.clear()

    with pytest.raises(Refused, match="deleted"):
        crm.add_to_case(opened(CASE, ref), an_entry(SECOND))
    with pytest.raises(Unavailable, match="not there yet"):
        crm.add_to_case(CASE, an_entry(SECOND))
    assert odoo.leads == []


def test_a_lost_lead_which_odoo_archives_is_found_all_the_same(odoo: Fake) -> None:
    crm = OdooCrm(odoo.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    odoo.leads[0]["active"] = False
    crm.add_to_case(opened(CASE, ref), an_entry(SECOND))

    assert crm.open_case(CASE, an_entry(FIRST)) == ref
    assert odoo.kept() == {CASE.id: ALL}
    assert odoo.leads[0]["active"] is False


@pytest.mark.parametrize(
    ("was", "reopens", "becomes"),
    [
        ({"stage_id": [4, "Won"]}, True, (True, "New")),
        ({"stage_id": [4, "Won"]}, False, (True, "Won")),
        ({"stage_id": [2, "Qualified"]}, True, (True, "Qualified")),
        ({"active": False}, True, (True, "New")),
    ],
)
def test_a_closed_record_is_opened_for_what_people_should_see_and_nothing_else(
    odoo: Fake, was: dict[str, object], reopens: bool, becomes: tuple[bool, str]
) -> None:
    crm = OdooCrm({**odoo.settings, "reopened_stage": "1"})
    ref = crm.open_case(CASE, an_entry(FIRST))
    odoo.leads[0].update(was)
    crm.add_to_case(opened(CASE, ref), replace(an_entry(SECOND), reopens=reopens))

    assert (odoo.leads[0]["active"], odoo.leads[0]["stage_id"][1]) == becomes


@pytest.mark.parametrize(("model", "field"), [("crm.lead", "team_id/.id"), ("project.task", "project_id/.id")])
def test_a_team_and_a_priority_are_what_the_model_has_for_them(odoo: Fake, model: str, field: str) -> None:
    priority = "1" if model == "project.task" and odoo.release < 19 else "3"
    mapping = FieldMapping(teams={"product-safety": "5"}, fields={"x_handle": "author handle"})
    crm = OdooCrm({**odoo.settings, "model": model, "key_field": "x_key"}, None, mapping)
    crm.open_case(CASE, replace(an_entry(FIRST), customer="42"))
    [record] = odoo.leads

    assert (record[field], record["priority"], record["model"]) == ("5", priority, model)
    assert (record["x_key"], record["x_handle"], record["partner_id/.id"]) == (CASE.id, "ana_r", "42")


def test_a_model_whose_app_is_not_installed_leaves_every_case_owed(odoo: Fake) -> None:
    with pytest.raises(Unavailable) as caught:
        OdooCrm({**odoo.settings, "model": "helpdesk.ticket"}).open_case(CASE, an_entry(FIRST))

    assert "helpdesk.ticket" in caught.value.words


def test_a_task_or_lead_that_is_recommended_goes_where_the_settings_say(odoo: Fake) -> None:
    case, mapping = replace(CASE, record="recommendation"), FieldMapping({"product-safety": "5"}, recommendation="task")
    crm = OdooCrm({**odoo.settings, "recommendation_team": "9"}, None, mapping)
    crm.open_case(case, an_entry(FIRST))
    OdooCrm(odoo.settings, None, replace(mapping, recommendation="lead")).open_case(
        replace(case, id=SECOND.external_key), an_entry(SECOND)
    )
    task, lead = odoo.leads

    assert (task["model"], task["project_id/.id"], task["priority"]) == (
        "project.task",
        "9",
        "1" if odoo.release < 19 else "3",
    )
    assert (lead["model"], lead["contact_name"], lead.get("team_id/.id")) == ("crm.lead", "Ana Rell (@ana_r)", None)


def test_a_companys_own_priority_goes_before_ours(odoo: Fake) -> None:
    mapping = FieldMapping(priorities={Priority.URGENT: "0"})
    OdooCrm({**odoo.settings, "model": "project.task"}, None, mapping).open_case(CASE, an_entry(FIRST))

    assert odoo.leads[0]["priority"] == "0"


def test_a_partner_is_found_by_the_one_field_that_is_configured(odoo: Fake) -> None:
    odoo.partners = [
        {"id": 1, "x_handle": "x:ana_r"},
        {"id": 2, "x_handle": "x:ana"},
        {"id": 3, "x_handle": "x:77"},
        {"id": 4, "x_other": "x:ana_r"},
    ]
    found = OdooCrm({**odoo.settings, "handle_field": "x_handle"}).customers(Profile("x", ANA))

    assert found == [Customer("1", "res.partner.x_handle"), Customer("3", "res.partner.x_handle")]
    assert OdooCrm(odoo.settings).customers(Profile("x", ANA)) == []


@pytest.mark.parametrize("state", ["1_done", "1_canceled"])
def test_a_task_that_is_done_is_closed_whatever_its_stage_and_goes_on_when_people_should_see_a_post(
    odoo: Fake, state: str
) -> None:
    crm = OdooCrm({**odoo.settings, "model": "project.task", "key_field": "x_key"})
    ref = crm.open_case(CASE, an_entry(FIRST))
    odoo.leads[0]["state"] = state

    assert [event.happened for event in heard(crm.poll(NOON))] == [Happened.CLOSED]
    crm.add_to_case(opened(CASE, ref), replace(an_entry(SECOND), reopens=True))
    assert odoo.leads[0]["state"] == "01_in_progress"


def test_a_task_of_odoo_16_has_no_state_and_is_not_asked_for_one(old_odoo: Fake) -> None:
    old_odoo.release = 16
    crm = OdooCrm({**old_odoo.settings, "model": "project.task", "key_field": "x_key"})
    crm.open_case(CASE, an_entry(FIRST))
    old_odoo.leads[0]["stage_id"] = [3, "Done"]

    assert [event.happened for event in heard(crm.poll(NOON))] == [Happened.CLOSED]


def test_polling_tells_what_a_stage_or_the_archive_means_by_our_key(odoo: Fake) -> None:
    crm = OdooCrm({**odoo.settings, "key_field": "x_key"})
    for number in range(3):
        crm.open_case(a_case(a_post(number)), an_entry(a_post(number)))
    odoo.leads[0]["stage_id"] = [4, "Won"]
    odoo.leads[2]["active"] = False
    events = heard(crm.poll(NOON))

    assert [event.happened for event in events] == [Happened.CLOSED, Happened.CLOSED]
    assert [event.case_id for event in events] == [a_post(0).external_key, a_post(2).external_key]
    assert [event.at for event in events] == [NOON + timedelta(seconds=1), NOON + timedelta(seconds=3)]
    assert heard(crm.poll(NOON + timedelta(seconds=2))) == events[1:]
    assert heard(OdooCrm(odoo.settings).poll(NOON)) == []


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"api": "xmlrpc"}, "api: expected jsonrpc"),
        ({"reopened_stage": "New"}, "reopened_stage: expected the number"),
        ({"statuses": "Won=won"}, "statuses: expected STATUS=MEANING"),
    ],
)
def test_a_setting_that_cannot_be_is_told_at_the_start(odoo: Fake, settings: dict[str, str], told: str) -> None:
    with pytest.raises(SettingsError, match=rf"crms\.odoo\.{told}"):
        OdooCrm({**odoo.settings, **settings})


def wrong(odoo: Fake, mapping: FieldMapping | None = None, **more: str) -> list[str]:
    """What the check finds not right; each says how it becomes so."""
    found = OdooCrm({**odoo.settings, **more}, None, mapping).check()
    assert all(finding.remedy for finding in found if not finding.is_right)
    return [finding.what for finding in found if not finding.is_right]


def test_the_check_is_content_with_what_is_there(odoo: Fake) -> None:
    odoo.fields["team_id"] = {"type": "many2one"}

    assert wrong(odoo, FieldMapping(always={"team_id/.id": "5"})) == []
    assert odoo.leads == odoo.notes == []


def test_the_check_tells_fields_that_are_missing_and_a_user_without_an_address(odoo: Fake) -> None:
    odoo.users[0]["email"] = False

    assert wrong(odoo, FieldMapping(fields={"x_handle": "author handle"}), key_field="x_key") == [
        "our user has an e-mail address",
        "crm.lead has the field x_handle",
        "crm.lead has the field x_key",
    ]


def test_the_check_tells_a_key_that_is_not_accepted_and_a_model_that_is_not_there(odoo: Fake) -> None:
    assert wrong(odoo, api_key="old")[0] == "the API key is accepted"
    odoo._fields_get = lambda model, attributes: odoo._error(  # type: ignore[method-assign]
        "builtins.KeyError", "helpdesk.ticket"
    )

    assert wrong(odoo, model="helpdesk.ticket") == ["our user may use helpdesk.ticket"]
