"""A platform that falls silent: one alert with one case, all clear when it speaks, over either store, whoever dies."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from chalicelib.errors import Conflict, Unavailable
from chalicelib.model import Hearing, Outcome, Priority
from chalicelib.pipeline.listening import ENDED, listen
from chalicelib.ports.alerting import Alerts
from chalicelib.ports.platform import Hearings
from chalicelib.ports.store import Store
from chalicelib.rulebook.listening import Listening, listenings
from chalicelib.rulebook.rule import Book, Then, Unheard
from chalicelib.stores.alerts import DynamoAlerts
from chalicelib.stores.dynamo import DynamoStore
from chalicelib.stores.hearings import DynamoHearings, MemoryHearings
from chalicelib.stores.memory import MemoryStore
from chalicelib.stores.memory_alerts import MemoryAlerts
from tests.contracts.cloud import Cloud
from tests.contracts.conftest import Clock
from tests.contracts.test_alert_histories import Mortal
from tests.contracts.test_alerts import MINUTE, NINE, World
from tests.unit.rulebooks import rule

THEN = Then(Outcome.ESCALATE, Priority.HIGH, "social-desk", ("it-duty",), "1 hour")
QUIET = rule("fb-silent", then=THEN, unheard=Unheard(("facebook",), "2 hours"))
HEARD: tuple[Listening, ...] = listenings(Book(silences=(QUIET,)))
Parts = tuple[Store, Alerts, Hearings]


@pytest.fixture(params=["memory", pytest.param("dynamo", marks=pytest.mark.local)])
def parts(request: pytest.FixtureRequest, clock: Clock) -> Parts:
    if request.param == "memory":
        store = MemoryStore(clock)
        return store, MemoryAlerts(store), MemoryHearings()
    cloud: Cloud = request.getfixturevalue("cloud")
    table, wire = request.getfixturevalue("table"), cloud.wire()
    return DynamoStore(wire, table, clock), DynamoAlerts(wire, table, clock), DynamoHearings(wire, table)


def hear(hearings: Hearings, minute: float, posts: int = 1) -> None:
    at = NINE + minute * MINUTE
    hearings.add(Hearing("facebook", at, 1, posts, 1 - posts, posted_at=at if posts else None))


def look(parts: Parts, clock: Clock, minute: float, heard: tuple[Listening, ...] = HEARD) -> list[str]:
    clock.now = NINE + minute * MINUTE
    return [step.kind.value for step in listen(parts[1], parts[2], heard, clock)]


def test_a_silence_is_one_alert_with_one_case_and_ends_with_a_post(parts: Parts, clock: Clock) -> None:
    store, alerts, hearings = parts
    hear(hearings, 0)

    assert look(parts, clock, 119) == []
    assert [look(parts, clock, minute) for minute in (120, 121, 500)] == [["silence"], [], []]
    (alert,), (case,) = alerts.on(), store.cases()
    hear(hearings, 510)
    assert [look(parts, clock, minute) for minute in (511, 512)] == [["all-clear"], []]

    assert (alert.silent, alert.at, case.id, case.team) == ("facebook", NINE, alert.id, "social-desk")
    assert (case.subject, case.first_reply_due) == ("Fb-Silent (facebook)", alert.raised_at + timedelta(hours=1))
    assert [each.heading for each in store.deliveries(case.id)] == [case.subject, "All clear: facebook speaks again"]
    assert store.deliveries(case.id)[0].told is not None
    assert alerts.on() == []


def test_what_is_no_post_does_not_end_it_and_the_next_silence_is_another(parts: Parts, clock: Clock) -> None:
    hear(parts[2], 0)
    assert look(parts, clock, 120) == ["silence"]
    hear(parts[2], 130, posts=0)
    assert look(parts, clock, 131) == []
    hear(parts[2], 1500)

    assert [look(parts, clock, minute) for minute in (1501, 1620)] == [["all-clear"], ["silence"]]
    assert len(list(parts[0].cases())) == 2


def test_a_rule_that_is_retired_ends_its_alert(parts: Parts, clock: Clock) -> None:
    hear(parts[2], 0)
    look(parts, clock, 120)

    assert look(parts, clock, 121, ()) == ["all-clear"]
    (case,) = parts[0].cases()
    assert parts[0].deliveries(case.id)[-1].heading == ENDED


@pytest.mark.parametrize("seed", range(30))
def test_whoever_dies_in_the_round_tells_nothing_twice(parts: Parts, clock: Clock, seed: int) -> None:
    store, alerts, hearings = parts
    dice = random.Random(seed)  # noqa: S311
    for minute in range(0, 900, 10):
        if minute % 300 == 0:
            hear(hearings, minute)
        clock.now = NINE + minute * MINUTE
        try:
            listen(Mortal(alerts, dice), hearings, HEARD, clock)
        except (Unavailable, Conflict):
            continue
    look(parts, clock, 950)

    told = [[each.heading for each in store.deliveries(case.id)] for case in store.cases()]
    whole = ["Fb-Silent (facebook)", "All clear: facebook speaks again"]
    assert sorted(told) == [whole[:1], whole, whole]


def test_a_silence_and_a_spike_do_not_meet(clock: Clock) -> None:
    store = MemoryStore(clock)
    world = World(store, None, MemoryAlerts(store), clock)  # type: ignore[arg-type]
    hearings = MemoryHearings()
    hear(hearings, 0)
    look((store, world.alerts, hearings), clock, 120)

    assert world.at(100000) == []
    assert len(world.alerts.on()) == 1
