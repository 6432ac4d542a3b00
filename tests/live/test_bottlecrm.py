"""The BottleCRM adapter against a real BottleCRM, alone and under load."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
import urllib3

from chalicelib.crm.bottlecrm import BottleCrm
from chalicelib.crm.mapping import FieldMapping
from chalicelib.errors import Refused, Unavailable
from chalicelib.model import Priority, Shift
from tests.contracts.crm_samples import a_case, a_post, an_entry, opened
from tests.live.bottlecrm import OTHERS, TEAMS, LiveBottleCrm
from tests.live.load import Load
from tests.live.stories import TEXTS, expected

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("bottlecrm")]
numbers = count(1_000_000)


@pytest.fixture(scope="module")
def bottle() -> Iterator[LiveBottleCrm]:
    with LiveBottleCrm() as running:
        yield running


@pytest.fixture
def crm(bottle: LiveBottleCrm) -> BottleCrm:
    return BottleCrm(bottle.settings)


def test_500_cases_from_8_workers_are_500_cases_with_each_entry_once_in_order(
    bottle: LiveBottleCrm, tmp_path: Path
) -> None:
    load = Load("bottlecrm", bottle.settings)
    outcome = load.run(tmp_path)
    wanted = expected(load.cases)
    kept = [(key, [_key(text) for text in texts]) for key, texts in bottle.cases() if key in wanted]

    print(f"BottleCRM: {outcome}")
    assert len(kept) == load.cases
    assert dict(kept) == wanted
    assert outcome.wrong == ()
    assert outcome.deaths.keys() >= set(range(1, 6))
    assert min(outcome.cut, outcome.busy, outcome.repeats) > 5


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_of_a_person_arrives_and_is_found_again(bottle: LiveBottleCrm, crm: BottleCrm, text: str) -> None:
    first, second = (a_post(next(numbers), text) for _ in range(2))
    case = replace(a_case(first), subject=text)
    ref = crm.open_case(case, an_entry(first))
    added = crm.add_to_case(opened(case, ref), an_entry(second))

    assert crm.open_case(case, an_entry(first)) == ref
    assert crm.add_to_case(opened(case, ref), an_entry(second)) == added
    texts = dict(bottle.cases())[case.id]
    assert texts == [crm.body(case, an_entry(first)), crm.body(case, an_entry(second))]


def test_a_closed_case_is_opened_again_when_asked(bottle: LiveBottleCrm, crm: BottleCrm) -> None:
    first, second, third = (a_post(next(numbers)) for _ in range(3))
    case = a_case(first)
    ref = crm.open_case(case, an_entry(first))
    _close(bottle, ref)
    crm.add_to_case(opened(case, ref), an_entry(second))
    assert _status(bottle, ref) == "Closed"
    crm.add_to_case(opened(case, ref), replace(an_entry(third), reopens=True))

    assert _status(bottle, ref) == "Assigned"


def test_a_step_of_our_own_moves_a_case_once_and_what_people_have_done_since_stays(bottle: LiveBottleCrm) -> None:
    crm = BottleCrm(bottle.settings, mapping=FieldMapping(teams=TEAMS, fields={"team": "team"}))
    first, second, third = (a_post(next(numbers)) for _ in range(3))
    case = replace(a_case(first), team="care", priority=Priority.NORMAL)
    ref = crm.open_case(case, an_entry(first))
    assert _who_has(bottle, ref) == ({TEAMS["care"]}, "Normal", "care")
    _call(bottle, "PATCH", ref, {"teams": [OTHERS, TEAMS["care"]]})
    step = replace(an_entry(second), shifts=(Shift("care", "leads", Priority.NORMAL, Priority.URGENT),))
    now = replace(opened(case, ref), team="leads", priority=Priority.URGENT)
    told = crm.add_to_case(now, step)
    assert _who_has(bottle, ref) == ({TEAMS["leads"], OTHERS}, "Urgent", "leads")
    assert crm.open_case(case, an_entry(first)) == ref  # its key is there still

    _call(bottle, "PATCH", ref, {"teams": [OTHERS], "priority": "Low"})
    assert crm.add_to_case(now, step) == told
    last = replace(an_entry(third), shifts=(Shift("leads", "care", Priority.URGENT, Priority.HIGH),))
    crm.add_to_case(replace(now, team="care", priority=Priority.HIGH), last)
    assert _who_has(bottle, ref) == ({OTHERS}, "Low", "care")
    assert len(dict(bottle.cases())[case.id]) == 3


def test_a_name_that_is_taken_leads_to_the_case_that_has_it(crm: BottleCrm, bottle: LiveBottleCrm) -> None:
    post = a_post(next(numbers))
    case = a_case(post)
    ref = crm.open_case(case, an_entry(post))
    _call(bottle, "PATCH", ref, {"custom_fields": {"external_post_id": ""}})

    assert crm.open_case(case, an_entry(post)) == ref


def test_a_deleted_case_refuses_its_follow_ups(bottle: LiveBottleCrm, crm: BottleCrm) -> None:
    first, second = a_post(next(numbers)), a_post(next(numbers))
    case = a_case(first)
    ref = crm.open_case(case, an_entry(first))
    _call(bottle, "DELETE", ref)

    with pytest.raises(Refused, match="was deleted there"):
        crm.add_to_case(opened(case, ref), an_entry(second))


def test_a_wrong_token_leaves_the_case_owed_and_is_told_by_the_check(bottle: LiveBottleCrm) -> None:
    post = a_post(next(numbers))
    crm = BottleCrm({**bottle.settings, "token": "bcrm_pat_made-up"})
    with pytest.raises(Unavailable, match="does not accept our token"):
        crm.open_case(a_case(post), an_entry(post))

    assert not crm.check()[0].is_right


def test_the_check_finds_the_fields_that_are_there_and_no_other(bottle: LiveBottleCrm) -> None:
    crm = BottleCrm({**bottle.settings, "key_field": "no_such_field", "handle_field": "social_handle"})

    assert [(finding.what, finding.is_right) for finding in crm.check()] == [
        ("the token is accepted and may list cases", True),
        ("Case has the custom field no_such_field", False),
        ("Contact has the custom field social_handle", True),
    ]


def _call(bottle: LiveBottleCrm, method: str, ref: str, body: object = None) -> urllib3.BaseHTTPResponse:
    headers = {"authorization": f"Bearer {bottle.settings['token']}"}
    answer = urllib3.request(method, f"{bottle.settings['url']}/api/cases/{ref}/", headers=headers, json=body)
    assert answer.status == 200, answer.data
    return answer


def _close(bottle: LiveBottleCrm, ref: str) -> None:
    _call(bottle, "PATCH", ref, {"status": "Closed"})


def _who_has(bottle: LiveBottleCrm, ref: str) -> tuple[set[str], str, str]:
    case = _call(bottle, "GET", ref).json()["cases_obj"]
    return {str(team["id"]) for team in case["teams"]}, case["priority"], case["custom_fields"]["team"]


def _status(bottle: LiveBottleCrm, ref: str) -> str:
    return str(_call(bottle, "GET", ref).json()["cases_obj"]["status"])


def _key(text: str) -> str:
    return text.rsplit("[ref:", 1)[1].rstrip("]\n")
