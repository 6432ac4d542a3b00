"""Alarms ring as long as what they tell of lasts, and end with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

import app
from chalicelib import minute
from chalicelib.cli import status_checks
from chalicelib.errors import Unavailable
from chalicelib.pipeline import deliver
from chalicelib.ports.crm import Crm
from tests.unit.alarms import ALARMS, MINUTE, Group, is_on, share_that_rings
from tests.unit.people import NOON, MemoryCrm, Office, Watch, post
from tests.unit.test_app import Lambda, woken

pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcfromtimestamp:DeprecationWarning")
HOURS, TRIES = timedelta(hours=3), 5
ELSE = (
    "go_on_with_alerts",
    "keep_clocks",
    "hand_out_notices",
    "renew_subscriptions",
    "tell_of_silence",
    "forget_authors",
)


@dataclass
class Down(MemoryCrm):
    """Does not answer, until it is back."""

    clock: Watch = field(default_factory=Watch)
    back: datetime = NOON + HOURS

    def open_case(self, *args: Any) -> str:
        self._answer()
        return super().open_case(*args)

    def add_to_case(self, *args: Any) -> str:
        self._answer()
        return super().add_to_case(*args)

    def poll(self, since: datetime) -> Any:
        self._answer()
        return super().poll(since)

    def _answer(self) -> None:
        if self.clock() < self.back:
            raise Unavailable("the CRM does not answer")


class DownAndQuiet(Down):
    """Is never asked what people do there."""

    @property
    def is_polled(self) -> bool:
        return False


@dataclass
class Life:
    """DeliverCases behind its stream, and KeepTime each minute, with their logs."""

    office: Office
    deliveries: Group = field(init=False)
    rounds: Group = field(init=False)

    def __post_init__(self) -> None:
        self.deliveries = Group("DeliverCasesLogs", self.office.clock)
        self.rounds = Group("KeepTimeLogs", self.office.clock)
        self.office.circuit.log = self.deliveries  # type: ignore[assignment]

    @property
    def delivery_desk(self) -> deliver.Desk:
        return deliver.Desk(self.office.store, self.office.crm, self.office.circuit)

    store = property(lambda self: self.office.store)
    back_channel = property(lambda self: self.office.channel)
    environment = SimpleNamespace(owed_patience=timedelta(minutes=5))

    def minute(self) -> None:
        minute.keep(self, self.rounds, lambda: False)  # type: ignore[arg-type]
        for _ in range(TRIES):
            handed = self.office.store.handed_out()
            if not handed or not app.deliver_cases(woken(*handed), Lambda())["batchItemFailures"]:
                break
            self.office.store._outbox._woken.extend(handed)
        self.office.clock.time += MINUTE


def lived(monkeypatch: pytest.MonkeyPatch, crm: Crm, clock: Watch) -> Life:
    life = Life(Office(clock, crm=crm))  # type: ignore[arg-type]
    monkeypatch.setattr(app, "wiring", life)
    monkeypatch.setattr(app, "log", life.deliveries)
    monkeypatch.setattr(minute, "now", clock)
    for other in ELSE:
        monkeypatch.setattr(minute, other, lambda *_: None)
    return life


def minutes_on(life: Life, alarm: str, minutes: int) -> list[int]:
    """In which of the minutes from now on it rings."""
    on = []
    for number in range(minutes):
        life.minute()
        if is_on(alarm, life.office.clock(), life.deliveries, life.rounds):
            on.append(number)
    return on


def test_the_alarm_of_an_outage_is_on_until_it_is_over_and_then_goes_off(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Watch()
    life = lived(monkeypatch, DownAndQuiet(clock=clock), clock)
    life.office.hear(post(1))

    on = minutes_on(life, "TheCrmIsDown", 240)

    assert list(life.office.store.owing()) == []
    assert set(range(2, 180)) <= set(on)  # from the third minute on, without a gap
    assert max(on) < 180 + 5 + ALARMS["TheCrmIsDown"]["EvaluationPeriods"]


def test_on_a_quiet_day_a_crm_that_is_asked_and_does_not_answer_rings_until_it_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Watch()
    life = lived(monkeypatch, Down(clock=clock), clock)

    on = minutes_on(life, "TheCrmIsNotHeard", 240)

    assert on == list(range(3, 180))


def test_where_all_is_told_no_alarm_of_the_crm_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Watch()
    life = lived(monkeypatch, Down(clock=clock, back=NOON), clock)
    life.office.hear(post(1))

    assert minutes_on(life, "TheCrmIsDown", 30) == minutes_on(life, "TheCrmIsNotHeard", 30) == []


@pytest.mark.parametrize(
    ("alarm", "share", "within"),
    [
        ("SignaturesAreBad", status_checks.FORGED_SHARE, status_checks.HOUR),
        ("RulesMatchNothing", status_checks.UNMATCHED_SHARE, status_checks.HOUR),
        ("PostsAreUndecided", status_checks.UNDECIDED_SHARE, status_checks.QUARTER),
    ],
)
def test_a_share_of_a_few_rings_no_alarm_and_status_says_the_same(alarm: str, share: float, within: timedelta) -> None:
    """One probe an hour would be all of that hour's deliveries."""
    assert share_that_rings(alarm) == (share, status_checks.FEW, within)


@pytest.mark.parametrize(("alarm", "function"), [("CasesAreLate", "DeliverCases"), ("NoticesAreLate", "TellPeople")])
def test_each_reader_of_the_stream_rings_when_it_is_late(alarm: str, function: str) -> None:
    said = ALARMS[alarm]

    assert (said["MetricName"], said["Dimensions"]) == (
        "IteratorAge",
        [{"Name": "FunctionName", "Value": {"Ref": function}}],
    )
