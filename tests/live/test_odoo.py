"""The Odoo adapter against a live Odoo that somebody runs, by both interfaces, alone and under load.

`EARSHOT_LIVE_ODOO` holds the settings of `crms.odoo` for it, as JSON: an empty database with CRM and Project, of which
the user may use both, and an API key of that user. Where it is not set, these tests are skipped. Odoo's own server has
a thread busy with each connection that is kept alive: without a proxy before it, start it with more of them than it has
by itself (ODOO_MAX_HTTP_THREADS=80, db_maxconn = 90).
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import urllib3

from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.odoo import OdooCrm
from chalicelib.errors import Denied, Refused, Unavailable
from chalicelib.model import Happened, Priority
from tests.contracts.crm_samples import a_case, a_post, an_entry, heard, opened
from tests.live.load import Load
from tests.live.stories import TEXTS, expected

SETTINGS: dict[str, str] = json.loads(os.environ.get("EARSHOT_LIVE_ODOO", "{}"))
KEY_FIELD = "x_earshot_key"
MARK = re.compile(r"\[ref:([0-9a-f-]{36})\]")
numbers = count(int.from_bytes(os.urandom(4)) + 1_000_000)

pytestmark = [
    pytest.mark.live,
    pytest.mark.xdist_group("odoo"),
    pytest.mark.skipif(not SETTINGS, reason="no live Odoo: EARSHOT_LIVE_ODOO is not set"),
]


@pytest.fixture(params=["jsonrpc", "json2"])
def settings(request: pytest.FixtureRequest) -> dict[str, str]:
    return {**SETTINGS, "api": request.param}


def asked(service: str, method: str, *args: Any) -> Any:
    """A call beside the adapter."""
    params = {"service": service, "method": method, "args": args}
    body = {"jsonrpc": "2.0", "method": "call", "params": params, "id": 1}
    answer = urllib3.request("POST", f"{SETTINGS['url']}/jsonrpc", json=body, timeout=60.0).json()
    return answer["result"]


def read(model: str, domain: list[Any], fields: list[str]) -> list[Mapping[str, Any]]:
    login = SETTINGS["database"], SETTINGS["user"], SETTINGS["api_key"]
    user = asked("common", "authenticate", *login, {})
    call = login[0], user, login[2], model, "search_read", [domain]
    found: list[Mapping[str, Any]] = asked("object", "execute_kw", *call, {"fields": fields, "order": "id"})
    return found


def kept(model: str) -> dict[str, list[list[str]]]:
    """By the key of its first entry, the keys of each record's entries in order; two lists are a record made twice."""
    notes: dict[int, list[str]] = defaultdict(list)
    for note in read("mail.message", [["model", "=", model], ["body", "ilike", "[ref:"]], ["res_id", "body"]):
        notes[note["res_id"]] += MARK.findall(note["body"])[-1:]
    found: dict[str, list[list[str]]] = defaultdict(list)
    for record in read(model, [["description", "ilike", "[ref:"]], ["description"]):
        marks = [*MARK.findall(record["description"])[-1:], *notes[record["id"]]]
        found[marks[0]].append(marks)
    return found


def test_500_cases_from_8_workers_are_500_leads_with_each_entry_once_in_order(tmp_path: Path) -> None:
    load = Load("odoo", {"api": "json2", **SETTINGS}, kills=3)
    wanted = expected(load.cases)
    assert not wanted.keys() & kept("crm.lead").keys(), "not an empty database: these cases were told before"
    outcome = load.run(tmp_path)
    there = kept("crm.lead")

    print(f"Odoo by {load.settings['api']}: {outcome}")
    assert {key: there[key] for key in wanted} == {key: [entries] for key, entries in wanted.items()}
    assert outcome.wrong == ()
    assert min(outcome.cut, outcome.busy, outcome.repeats) > 5


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_of_a_person_arrives_and_is_found_again(settings: dict[str, str], text: str) -> None:
    crm = OdooCrm(settings)
    first, second = (a_post(next(numbers), text) for _ in range(2))
    case = replace(a_case(first), subject=text)
    ref = crm.open_case(case, an_entry(first))
    added = crm.add_to_case(opened(case, ref), an_entry(second))

    assert crm.open_case(case, an_entry(first)) == ref
    assert crm.add_to_case(opened(case, ref), an_entry(second)) == added


@pytest.mark.parametrize("kind", ["task", "lead"])
def test_a_recommendation_is_made_once_as_what_the_company_wants(settings: dict[str, str], kind: str) -> None:
    crm = OdooCrm(settings, None, FieldMapping(recommendation=kind))
    first, second = (a_post(next(numbers)) for _ in range(2))
    case = replace(a_case(first), record="recommendation")
    ref = crm.open_case(case, an_entry(first))
    crm.add_to_case(opened(case, ref), replace(an_entry(second), reopens=True))
    assert crm.open_case(case, an_entry(first)) == ref

    there = kept({"task": "project.task", "lead": "crm.lead"}[kind])
    assert there[case.id] == [[case.id, second.external_key]]


def test_what_odoo_does_not_take_is_refused_or_stays_owed_in_its_words(settings: dict[str, str]) -> None:
    post = a_post(next(numbers))
    case, entry = a_case(post), an_entry(post)

    with pytest.raises(Refused, match="not found in selection field"):
        OdooCrm(settings, None, FieldMapping(priorities={Priority.URGENT: "9"})).open_case(case, entry)
    with pytest.raises(Unavailable):
        OdooCrm(settings, None, FieldMapping(always={"x_no_such_field": "a"})).open_case(case, entry)
    with pytest.raises(Unavailable):
        OdooCrm({**settings, "model": "no.such.model"}).open_case(case, entry)
    with pytest.raises(Denied):
        OdooCrm({**settings, "api_key": "made-up"}).open_case(case, entry)


def test_what_people_did_is_told_by_polling(settings: dict[str, str]) -> None:
    if KEY_FIELD not in OdooCrm(settings)._rpc.call("crm.lead", "fields_get", attributes=["type"]):
        pytest.skip(f"crm.lead has no field {KEY_FIELD}")
    crm, since = OdooCrm({**settings, "key_field": KEY_FIELD}), datetime.now(UTC) - timedelta(seconds=5)
    lost, open_ = (a_post(next(numbers)) for _ in range(2))
    ref = crm.open_case(a_case(lost), an_entry(lost))
    crm.open_case(a_case(open_), an_entry(open_))
    crm._rpc.call("crm.lead", "write", [int(ref)], vals={"active": False})

    told = {event.case_id: event.happened for event in heard(crm.poll(since))}
    assert (told.get(lost.external_key), told.get(open_.external_key)) == (Happened.CLOSED, None)
    crm.add_to_case(opened(a_case(lost), ref), replace(an_entry(a_post(next(numbers))), reopens=True))
    assert lost.external_key not in {event.case_id for event in heard(crm.poll(since))}


def test_the_check_is_content(settings: dict[str, str]) -> None:
    found = OdooCrm(settings, None, FieldMapping(recommendation="task")).check()

    assert [finding.what for finding in found if not finding.is_right] == []
