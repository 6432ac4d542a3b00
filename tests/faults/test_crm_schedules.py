"""Every CRM under schedules that Hypothesis looks for: each entry once, in order, whatever fails and repeats.

The third entry of each case is a step of its own clock: it gives the case to another team and makes it urgent.
"""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chalicelib.crm import CRMS, adapter
from chalicelib.crm.mapping import FieldMapping
from chalicelib.errors import Unavailable
from chalicelib.model import Entry, Priority
from chalicelib.ports.crm import Crm
from tests.contracts.crm_moves import CARE, SHOWN, STEP, Shown, after
from tests.contracts.crm_samples import Clock, a_case, a_post, an_entry, opened, until_done
from tests.contracts.fakes import FAKES
from tests.contracts.fakes.base import Direct, Fault
from tests.contracts.test_crm_recommendations import KINDS, MORE

SCHEDULES = int(os.environ.get("EARSHOT_SCHEDULES", "2000"))
MOST_CASES, MOST_ENTRIES, STEPS_AT = 3, 4, 2
# Mostly none: a schedule that never gets an opening through would never come to an addition.
FAULTS = st.lists(st.one_of(st.none(), st.none(), st.none(), st.sampled_from(Fault)), max_size=6)


class Schedules(RuleBasedStateMachine):
    """Three cases told by deliveries that fail, die and come again, as the pipeline would: in order within a case."""

    crm_name = ""
    kind = "note"  # what the company wants recommendations to be
    shown: Shown | None = None  # how the record shows its team and priority, where it moves

    @initialize()
    def set_up(self) -> None:
        self.clock = Clock()
        self.fake = FAKES[self.crm_name]()
        self.start_anew()
        record = "case" if self.kind == "note" else "recommendation"
        cases = [replace(a_case(a_post(number * 100)), record=record) for number in range(MOST_CASES)]
        self.cases = [replace(case, team=CARE, priority=Priority.NORMAL) for case in cases]
        self.refs: dict[int, list[str]] = {}
        self.stepped: set[int] = set()
        self.chosen: dict[int, int] = {}  # what people chose for a case: as it was before the step, or something else

    @rule(number=st.integers(0, MOST_CASES - 1), faults=FAULTS)
    def tell_next(self, number: int, faults: list[Fault | None]) -> None:
        if len(self.refs.get(number, [])) < MOST_ENTRIES:
            self._tell(number, len(self.refs.get(number, [])), faults)

    @precondition(lambda self: self.refs)
    @rule(data=st.data(), faults=FAULTS)
    def tell_again(self, data: st.DataObject, faults: list[Fault | None]) -> None:
        """A record of the stream that is handed out twice, or marked by nobody since its function died."""
        number = data.draw(st.sampled_from(sorted(self.refs)))
        self._tell(number, data.draw(st.integers(0, len(self.refs[number]) - 1)), faults)

    @rule(number=st.integers(0, MOST_CASES - 1))
    def step(self, number: int) -> None:
        """Nobody has replied in time: perhaps before the CRM was told of the case at all."""
        self.stepped.add(number)

    @precondition(lambda self: self.shown and self.refs)
    @rule(data=st.data())
    def choose(self, data: st.DataObject) -> None:
        """People give a case to others; back to where it was once it is told that it has moved."""
        assert self.shown
        number = data.draw(st.sampled_from(sorted(self.refs)))
        back = [0] if len(self.refs[number]) > STEPS_AT else []
        self.chosen[number] = data.draw(st.sampled_from([2, *back]))
        self.shown.people(self.fake, self.chosen[number], self.chosen[number], self.cases[number].id)

    @rule()
    def start_anew(self) -> None:
        """The function's process is replaced: nothing that the adapter remembered is left."""
        settings = {**self.fake.settings, **MORE.get(self.crm_name, {})}
        transport = Direct(self.crm_name, self.fake, self.clock)
        teams = self.shown.mapping if self.shown else {}
        mapping = FieldMapping(teams=teams, recommendation=self.kind)
        self.crm: Crm = adapter(self.crm_name)(settings, transport, mapping)

    @rule(seconds=st.sampled_from([1, 70, 4000]))
    def wait(self, seconds: int) -> None:
        self.clock.seconds += seconds

    def _tell(self, number: int, step: int, faults: list[Fault | None]) -> None:
        self.fake.fail_next(faults)
        try:
            ref = self._call(number, step)
        except Unavailable:
            return
        finally:
            self.fake.faults.clear()
        known = self.refs.setdefault(number, [])
        if step < len(known):
            assert ref == known[step], "another reference than the first time"
        else:
            known.append(ref)

    def _call(self, number: int, step: int) -> str:
        if step == STEPS_AT:
            self.stepped.add(number)
        entry = self._entry(number, step)
        case = after(self.cases[number], STEP) if number in self.stepped else self.cases[number]
        if step == 0:
            return self.crm.open_case(case, entry)
        return self.crm.add_to_case(opened(case, self.refs[number][0]), entry)

    def _entry(self, number: int, step: int) -> Entry:
        entry = an_entry(a_post(number * 100 + step, f"Still smoking, hour {step}"))
        return replace(entry, shifts=(STEP,)) if step == STEPS_AT else entry

    @invariant()
    def nothing_is_there_twice_or_out_of_order(self) -> None:
        if not hasattr(self, "cases"):
            return
        kept = self.fake.kept()
        for number, case in enumerate(self.cases):
            expected = [self._entry(number, step).key for step in range(MOST_ENTRIES)]
            found = kept.pop(case.id, [])
            told = len(self.refs.get(number, []))
            assert found == expected[: len(found)]
            assert told <= len(found) <= told + 1
        assert kept == {}, "a record made twice"
        if self.shown:
            for number in self.refs:
                self._is_where_it_should_be(number, self.shown)

    def _is_where_it_should_be(self, number: int, shown: Shown) -> None:
        """Where people want it, else where its step puts it once that is told."""
        told = len(self.refs[number]) > STEPS_AT
        states = [1] if told else [0, 1] if number in self.stepped else [0]
        states = [self.chosen.get(number, state) for state in states]
        assert shown.now(self.fake, self.cases[number].id) in [shown.words(state, state) for state in states]

    def teardown(self) -> None:
        if not hasattr(self, "cases"):
            return
        for number in range(MOST_CASES):
            for step in range(len(self.refs.get(number, [])), MOST_ENTRIES):
                ref = until_done(lambda number=number, step=step: self._call(number, step), self.clock)  # type: ignore[misc]
                self.refs.setdefault(number, []).append(ref)
        self.nothing_is_there_twice_or_out_of_order()
        assert all(len(entries) == MOST_ENTRIES for entries in self.fake.kept().values())


@pytest.mark.live
@pytest.mark.parametrize(("name", "kind"), [*((name, "note") for name in sorted(CRMS)), *KINDS], ids="-".join)
def test_no_schedule_of_faults_doubles_loses_or_disorders_an_entry(name: str, kind: str) -> None:
    title = f"{name}-{kind}".title().replace("-", "")
    shown = SHOWN.get(name) if kind == "note" else None
    schedules = type(f"{title}Schedules", (Schedules,), {"crm_name": name, "kind": kind, "shown": shown})
    run_state_machine_as_test(
        schedules,
        settings=settings(
            max_examples=SCHEDULES,
            stateful_step_count=12,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
