"""A case that our own rules give to others, or make more pressing, moves in every CRM: once, and against nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.crm import CRMS, adapter
from chalicelib.crm.mapping import FieldMapping
from chalicelib.model import Case, Entry, Priority, Shift
from chalicelib.ports.crm import Crm
from chalicelib.transport import Transport
from tests.contracts.crm_moves import (
    CARE,
    CASE,
    FIRST,
    LEADS,
    PEOPLES,
    SECOND,
    SHOWN,
    STEP,
    THIRD,
    after,
    step,
)
from tests.contracts.crm_samples import Clock, an_entry, opened, until_done
from tests.contracts.fakes import FAKES
from tests.contracts.fakes.base import FakeCrm, Fault

KEPT = {CASE.id: [FIRST.external_key, SECOND.external_key]}
CANNOT = {"webhook", "zendesk-channel"}  # the receiver moves by itself; the channel takes fields for a new ticket only


class Desk:
    """An adapter, its fake and the one record in it."""

    def __init__(self, name: str, fake: FakeCrm, mapping: FieldMapping | None = None) -> None:
        self.fake, self.shown, self.clock = fake, SHOWN[name], Clock()
        mapping = mapping or FieldMapping(teams=self.shown.mapping)
        self.crm: Crm = adapter(name)(fake.settings, Transport(name, monotonic=self.clock), mapping)
        self.ref = ""

    def open(self, case: Case = CASE) -> None:
        self.ref = until_done(lambda: self.crm.open_case(case, an_entry(FIRST)), self.clock)

    def tell(self, case: Case = after(CASE, STEP), entry: Entry = step()) -> str:  # noqa: B008
        return until_done(lambda: self.crm.add_to_case(opened(case, self.ref), entry), self.clock)

    @property
    def now(self) -> tuple[str, str]:
        return self.shown.now(self.fake)

    def people(self, team: int | None = None, priority: int | None = None) -> None:
        self.shown.people(self.fake, team, priority)

    def words(self, team: int, priority: int) -> tuple[str, str]:
        return self.shown.words(team, priority)

    def close(self) -> None:
        self.shown.record(self.fake, CASE.id).update(self.shown.close)


@pytest.fixture(params=sorted(SHOWN))
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    with FAKES[request.param]() as fake:
        yield Desk(request.param, fake)


def test_every_crm_moves_but_those_that_cannot() -> None:
    assert SHOWN.keys() == CRMS.keys() - CANNOT


def test_a_step_gives_the_record_to_the_other_team_and_makes_it_more_pressing(desk: Desk) -> None:
    desk.open()
    assert desk.now == desk.words(0, 0)
    desk.tell()

    assert desk.now == desk.words(1, 1)
    assert desk.fake.kept() == KEPT


def test_an_entry_without_a_shift_moves_nothing(desk: Desk) -> None:
    desk.open()
    desk.tell(after(CASE, STEP), an_entry(SECOND))

    assert desk.now == desk.words(0, 0)


def test_a_step_down_moves_the_priority_alone(desk: Desk) -> None:
    urgent = replace(CASE, priority=Priority.URGENT)
    lower = Shift(was_priority=Priority.URGENT, priority=Priority.NORMAL)
    desk.open(urgent)
    desk.people(team=2)
    desk.tell(after(urgent, lower), step(lower))

    assert desk.now == desk.words(2, 0)


def test_told_again_it_overrules_nobody_who_has_moved_it_since(desk: Desk) -> None:
    desk.open()
    told = desk.tell()
    desk.people(team=0, priority=0)  # back to where it was

    assert desk.tell() == told
    assert desk.now == desk.words(0, 0)
    assert desk.fake.kept() == KEPT


@pytest.mark.parametrize(("team", "priority"), [(2, 2), (2, None), (None, 2)])
def test_what_people_have_chosen_meanwhile_stays_and_the_entry_is_told(
    desk: Desk, team: int | None, priority: int | None
) -> None:
    desk.open()
    desk.people(team, priority)
    desk.tell()

    assert desk.now == desk.words(1 if team is None else team, 1 if priority is None else priority)
    assert desk.fake.kept() == KEPT


def test_people_who_were_there_first_are_joined(desk: Desk) -> None:
    desk.open()
    desk.people(team=1)
    desk.tell()

    assert desk.now == desk.words(1, 1)


def test_a_record_that_people_closed_stays_as_it_is(desk: Desk) -> None:
    desk.open()
    desk.close()
    desk.tell()

    assert desk.now == desk.words(0, 0)
    assert desk.fake.kept() == KEPT


def test_one_that_goes_on_with_it_moves(desk: Desk) -> None:
    desk.open()
    desk.close()
    desk.tell(after(CASE, STEP), replace(step(), reopens=True))

    assert desk.now == desk.words(1, 1)


def test_a_second_step_goes_on_from_a_first_that_was_done_and_never_noted(desk: Desk) -> None:
    first, second = Shift(CARE, LEADS), Shift(was_priority=Priority.NORMAL, priority=Priority.URGENT)
    third = Shift(LEADS, CARE)
    desk.open()
    desk.tell(after(CASE, first), step(first))  # then its function died
    shifts = (first, second, third)
    desk.tell(after(CASE, *shifts), replace(an_entry(THIRD), shifts=shifts))

    assert desk.now == desk.words(0, 1)


def test_steps_that_are_told_in_another_order_end_where_the_case_is(desk: Desk) -> None:
    first, second = Shift(CARE, LEADS), Shift(LEADS, CARE, Priority.NORMAL, Priority.URGENT)
    desk.open()
    now = after(CASE, first, second)
    desk.tell(now, replace(an_entry(THIRD), shifts=(first, second)))
    desk.tell(now, step(first))

    assert desk.now == desk.words(0, 1)


def test_a_team_without_a_counterpart_leaves_it_where_it_is(desk: Desk) -> None:
    nameless = Shift(CARE, "night-shift")
    desk.open()
    desk.tell(after(CASE, nameless), step(nameless))

    assert desk.now == (desk.shown.others or desk.shown.teams[0], desk.shown.priorities[0])


@pytest.mark.parametrize("name", sorted(name for name, shown in SHOWN.items() if shown.others is None))
@pytest.mark.parametrize("assigned_to", [None, PEOPLES])
def test_from_a_team_without_a_counterpart_it_moves_unless_people_are_heard_to_have_it(
    name: str, assigned_to: str | None
) -> None:
    case, shift = replace(CASE, team="night-shift"), Shift("night-shift", LEADS)
    with FAKES[name]() as fake:
        desk = Desk(name, fake)
        desk.open(case)
        desk.people(team=2)
        desk.tell(replace(after(case, shift), assigned_to=assigned_to), step(shift))

        assert desk.now[0].partition("+")[0] == desk.shown.teams[2 if assigned_to else 1]


@pytest.mark.parametrize("name", ["zendesk", "dataverse", "request-tracker", "roundup"])  # those that know conditions
def test_people_who_move_it_between_our_reading_and_our_writing_are_not_overruled(name: str) -> None:
    with FAKES[name]() as fake:
        desk = Desk(name, fake)
        desk.open()
        first = [True]

        def interfere(record: dict[str, object]) -> None:
            if record and first and first.pop():
                desk.people(team=2, priority=2)
                if name == "zendesk":
                    fake.touch(record)  # type: ignore[attr-defined]

        fake.interfere = interfere  # type: ignore[attr-defined]
        desk.tell()

        assert desk.now == desk.words(2, 2)
        assert fake.kept() == KEPT


def test_the_companys_own_fields_follow(desk: Desk) -> None:
    team, (field, read) = desk.shown.mapping, desk.shown.own
    told = Desk(desk.crm.name, desk.fake, FieldMapping(teams=team, fields={field: "team"}))
    told.open()
    assert read(desk.shown.record(desk.fake, CASE.id)) == CARE
    told.tell()

    assert (read(desk.shown.record(desk.fake, CASE.id)), told.now) == (LEADS, desk.words(1, 1))
    assert desk.fake.kept() == KEPT


@given(schedule=st.lists(st.one_of(st.none(), st.sampled_from(Fault)), max_size=14))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
@pytest.mark.parametrize("name", sorted(SHOWN))
def test_any_run_of_faults_moves_it_once_and_tells_it_once(name: str, schedule: list[Fault | None]) -> None:
    with FAKES[name]() as fake:
        desk = Desk(name, fake)
        fake.fail_next(schedule)
        desk.open()
        desk.tell()
        desk.tell()

        assert desk.now == desk.words(1, 1)
        assert fake.kept() == KEPT
