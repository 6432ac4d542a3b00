"""Odoo by JSON-2, its interface from 19 on: the same contract as every CRM, and as by JSON-RPC."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.contracts.fakes import FAKES
from tests.contracts.fakes.odoo import FakeJson2
from tests.contracts.test_crm import (  # noqa: F401  they run here with the fixture below
    Told,
    test_a_busy_crm_is_left_alone_for_as_long_as_it_asks,
    test_a_case_and_its_entries_are_kept_in_order,
    test_a_deleted_post_is_told_without_its_text,
    test_a_refusal_for_good_is_told_in_the_crms_own_words,
    test_a_story_told_twice_changes_nothing,
    test_every_single_fault_at_every_step_leaves_each_entry_once,
    test_no_text_keeps_a_case_from_the_crm,
    test_nobody_there_is_unavailable_and_tells_neither_address_nor_secret,
    test_the_references_are_the_same_on_every_call,
    test_two_cases_are_two_records,
    test_what_may_come_right_is_unavailable,
    test_wrong_credentials_leave_the_case_owed_and_are_not_tried_in_a_loop,
)
from tests.faults.test_crm_schedules import SCHEDULES, Schedules


@pytest.fixture(autouse=True)
def in_the_place_of_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FAKES, "odoo", FakeJson2)


@pytest.fixture
def told() -> Iterator[Told]:
    with FakeJson2() as fake:
        yield Told("odoo", fake)


class Json2Schedules(Schedules):
    """The same schedules, told by JSON-2."""

    crm_name = "odoo"


@pytest.mark.live
def test_no_schedule_by_json2_doubles_loses_or_disorders_an_entry() -> None:
    run_state_machine_as_test(
        Json2Schedules,
        settings=settings(
            max_examples=SCHEDULES,
            stateful_step_count=12,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
