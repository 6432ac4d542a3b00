"""A recommendation becomes what the company wants where the CRM has such a thing: a task or a lead, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.crm import CRMS, adapter
from chalicelib.crm.mapping import FieldMapping
from chalicelib.errors import Refused
from chalicelib.ports.crm import Crm
from chalicelib.transport import Transport
from tests.contracts.crm_samples import Clock, a_case, a_post, an_entry, opened, until_done
from tests.contracts.fakes import FAKES
from tests.contracts.fakes.base import FakeCrm, Fault

FIRST, SECOND, THIRD = a_post(1), a_post(2, "It still smokes"), a_post(3, "Is anybody there?")
CASE = replace(a_case(FIRST), record="recommendation")
ALL_KEPT = {CASE.id: [post.external_key for post in (FIRST, SECOND, THIRD)]}
MORE: Mapping[str, Mapping[str, str]] = {"espocrm": {"task_user": "u1"}}
KINDS = [(name, kind) for name in sorted(CRMS) for kind in getattr(adapter(name), "recommendations", ())]


def told(name: str, kind: str, fake: FakeCrm, clock: Clock) -> Crm:
    mapping = FieldMapping(recommendation=kind)
    return adapter(name)({**fake.settings, **MORE.get(name, {})}, Transport(name, monotonic=clock), mapping)


def whole_story(crm: Crm, clock: Clock) -> str:
    ref = until_done(lambda: crm.open_case(CASE, an_entry(FIRST)), clock)
    for post in (SECOND, THIRD):
        entry = an_entry(post)
        until_done(lambda entry=entry: crm.add_to_case(opened(CASE, ref), entry), clock)  # type: ignore[misc]
    return ref


@pytest.fixture(params=KINDS, ids="-".join)
def made(request: pytest.FixtureRequest) -> Iterator[tuple[str, str, FakeCrm]]:
    name, kind = request.param
    with FAKES[name]() as fake:
        yield name, kind, fake


def test_there_are_tasks_and_leads_to_tell() -> None:
    assert {("odoo", "task"), ("espocrm", "lead"), ("hubspot", "task"), ("salesforce", "lead")} <= set(KINDS)


def test_it_is_made_once_with_what_follows_and_no_case_beside_it(made: tuple[str, str, FakeCrm]) -> None:
    name, kind, fake = made
    clock = Clock()
    crm = told(name, kind, fake, clock)
    ref = whole_story(crm, clock)
    again = whole_story(crm, clock)

    assert ref == again
    assert ref.startswith(f"{kind}:")
    assert fake.kept() == ALL_KEPT
    assert cases(name, fake) == 0


def test_a_case_beside_it_stays_a_case(made: tuple[str, str, FakeCrm]) -> None:
    name, kind, fake = made
    ref = told(name, kind, fake, Clock()).open_case(a_case(FIRST), an_entry(FIRST))

    assert ":" not in ref
    assert cases(name, fake) == 1


def test_what_was_opened_as_a_case_goes_on_as_one_when_the_company_changes_its_mind(
    made: tuple[str, str, FakeCrm],
) -> None:
    name, kind, fake = made
    clock = Clock()
    ref = told(name, "note", fake, clock).open_case(CASE, an_entry(FIRST))
    told(name, kind, fake, clock).add_to_case(opened(CASE, ref), an_entry(SECOND))

    assert fake.kept() == {CASE.id: [FIRST.external_key, SECOND.external_key]}


def test_what_follows_one_that_was_deleted_there_is_refused_and_makes_no_other(
    made: tuple[str, str, FakeCrm],
) -> None:
    name, kind, fake = made
    crm = told(name, kind, fake, Clock())
    ref = crm.open_case(CASE, an_entry(FIRST))
    delete_all(name, fake)

    with pytest.raises(Refused, match=r"deleted|removed"):
        crm.add_to_case(opened(CASE, ref), an_entry(SECOND))
    assert fake.kept() == {}


@given(schedule=st.lists(st.one_of(st.none(), st.sampled_from(Fault)), max_size=14))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_any_run_of_faults_leaves_it_and_what_follows_once(name: str, kind: str, schedule: list[Fault | None]) -> None:
    with FAKES[name]() as fake:
        clock = Clock()
        fake.fail_next(schedule)
        whole_story(told(name, kind, fake, clock), clock)

        assert fake.kept() == ALL_KEPT


TABLES: Mapping[str, Callable[[Any], tuple[Any, ...]]] = {  # where cases lie, then where tasks and leads do
    "espocrm": lambda fake: (fake.cases, fake.tasks, fake.leads),
    "odoo": lambda fake: (fake.leads,),
    "hubspot": lambda fake: (fake.rows["tickets"], fake.rows["tasks"]),
    "salesforce": lambda fake: (fake.rows["Case"], fake.rows["Task"], fake.rows["Lead"]),
    "dataverse": lambda fake: (fake.tables["incidents"], fake.tables["tasks"], fake.tables["leads"]),
}


def cases(name: str, fake: Any) -> int:
    if name == "odoo":
        return sum(row["model"] == "crm.lead" and "contact_name" not in row for row in fake.leads)
    return len(TABLES[name](fake)[0])


def delete_all(name: str, fake: Any) -> None:
    for rows in TABLES[name](fake):
        rows.clear()
