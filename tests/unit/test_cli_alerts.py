"""`earshot alerts`, and what `earshot status` says of alerts and of replies, over a table in memory."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.cli.main import main
from chalicelib.cli.status_checks import LOOKS
from chalicelib.config import environment
from chalicelib.model import Acknowledgement, CaseStatus, Late, NoticeKind, Priority, Silence
from chalicelib.pipeline.clocks import keep_clocks
from chalicelib.stores.memory import MemoryStore
from chalicelib.stores.memory_alerts import MemoryAlerts
from chalicelib.stores.memory_clocks import MemoryClocks
from chalicelib.stores.memory_windows import MemoryWindows
from tests.contracts.conftest import Clock
from tests.contracts.test_alerts import MINUTE, NINE, World, heard
from tests.unit.test_cli_operating import ENVIRONMENT


class Place:
    """Where the verbs work."""

    environment = environment(ENVIRONMENT)

    def __init__(self, world: World) -> None:
        assert isinstance(world.store, MemoryStore)
        self.store, self.alerts, self.notices = world.store, world.alerts, world.store.notices


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    clock = Clock()
    store = MemoryStore(clock)
    alerts = MemoryAlerts(store)
    made = World(store, MemoryWindows(clock, alerts=alerts), alerts, clock)
    for verb in ("alerts", "ack"):
        monkeypatch.setattr(f"chalicelib.cli.{verb}.wiring", lambda: Place(made))
        monkeypatch.setattr(f"chalicelib.cli.{verb}.now", clock)
    return made


def told(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert main(["alerts", *words]) == 0
    return capsys.readouterr().out.splitlines()


def looked(world: World, name: str, at: datetime) -> tuple[str, bool | None]:
    look: Any = LOOKS[name][0]
    answer: tuple[str, bool | None] = look(Place(world), None, at)
    return answer


def test_what_is_on_is_told_with_its_numbers_words_posts_and_case(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    heard(world, 0, "ana", "bo", "cy")
    heard(world, 4, "di")
    (alert,) = world.alerts.on()

    assert told(capsys) == [
        f"on    {alert.id}  spike: Spike (topic router)",
        "      since 2026-03-02 09:00 UTC, raised 2026-03-02 09:00 UTC",
        "      4 different authors, 2 posts since it was raised; told once",
        "      words: router, smoke",
        "      case: waits for the CRM; priority urgent, safety",
        "      posts: x:di-4, x:cy-0, x:bo-0, x:ana-0",
    ]
    world.tell()
    assert told(capsys)[-2] == f"      case: memory no-{alert.id}; priority urgent, safety"


def test_who_has_it_and_who_is_not_told_stand_with_it(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    heard(world, 0, "ana", "bo", "cy")
    (alert,) = world.alerts.on()
    at = world.clock.now
    notices = Place(world).notices
    notices.introduce(notices.everything()[0])
    for name, rule in (("1", "spike"), ("2", "another")):
        notices.silence(Silence(name, at + timedelta(hours=2), "bo", "we know", at, rule=rule))
    notices.silence(Silence("3", at, "bo", "over by now", at - MINUTE, rule="spike"))

    main(["ack", alert.id, "--who", "ana"])
    capsys.readouterr()

    lines = told(capsys)
    assert lines[3:5] == [
        "      taken up by ana, 2026-03-02 09:00 UTC",
        "      silenced for everybody until 2026-03-02 11:00 UTC by bo: we know",
    ]
    assert "over by now" not in "".join(lines)


def test_one_that_ended_is_listed_for_a_while_and_the_same_is_told_to_programs(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    heard(world, 0, "ana", "bo", "cy")
    world.at(40)
    heard(world, 150, "ana", "bo", "cy")

    on, over = map(json.loads, told(capsys, "--json"))
    assert (on["state"], over["state"], over["over_at"][:16]) == ("raised", "over", "2026-03-02T09:40")
    assert (over["counted"], over["case"]["waits"], over["taken_up"], over["silences"]) == (3, True, None, [])
    assert [json.loads(line)["state"] for line in told(capsys, "--json", "--ended", "1 hour")] == ["raised"]
    world.at(190)
    world.clock.now += timedelta(days=2)
    assert told(capsys) == ["no alert is on, and none ended within 24 hours"]
    assert main(["alerts", "--ended", "lately"]) == 2


def test_status_names_the_alerts_that_nobody_has_taken_up(world: World) -> None:
    heard(world, 0, "ana", "bo", "cy")
    (alert,) = world.alerts.on()

    unseen = looked(world, "alerts", world.clock.now)
    Place(world).notices.acknowledge(Acknowledgement(alert.id, "ana", world.clock.now), world.clock.now)

    assert unseen == ("1 alerts are on, 1 of them taken up by nobody: spike since 2026-03-02 09:00 UTC", False)
    assert looked(world, "alerts", world.clock.now) == ("1 alerts are on, 0 of them taken up by nobody", True)


def test_what_was_asked_again_after_somebody_had_taken_it_up_is_asked_for_again(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    heard(world, 0, "ana", "bo", "cy")
    (alert,), at = world.alerts.on(), world.clock.now
    notices = Place(world).notices
    notices.introduce(first := notices.everything()[0])
    notices.acknowledge(Acknowledgement(alert.id, "ana", at), at)
    assert looked(world, "alerts", at)[1] is True

    notices.introduce(replace(first, key="again", kind=NoticeKind.OVERDUE, at=at + MINUTE * 30))

    assert looked(world, "alerts", at)[1] is False
    said = "taken up by ana, 2026-03-02 09:00 UTC; asked again 2026-03-02 09:30 UTC, which nobody has taken up"
    assert f"      {said}" in told(capsys)
    assert json.loads(told(capsys, "--json")[0])["taken_up"] is None


def test_who_is_silenced_as_a_team_alone_leaves_the_others_to_take_it_up(world: World) -> None:
    heard(world, 0, "ana", "bo", "cy")
    at = world.clock.now

    fine = []
    for team in ("safety", "duty"):
        Place(world).notices.silence(Silence(team, at + MINUTE * 9, "bo", "why", at, team=team))
        fine.append(looked(world, "alerts", at)[1])

    assert fine == [False, True]


def test_status_counts_first_replies_that_are_overdue_and_not_answered(world: World) -> None:
    heard(world, 0, "ana", "bo", "cy")
    store = Place(world).store
    (case,) = store.cases()

    assert looked(world, "replies", NINE + 14 * MINUTE) == ("1 cases wait for a first reply, 0 overdue", True)
    late = looked(world, "replies", NINE + 75 * MINUTE)
    store.move(replace(case, answered_at=NINE))

    assert late == ("1 cases wait for a first reply, 1 overdue, the longest for 60 minutes", False)
    assert looked(world, "replies", NINE + 75 * MINUTE) == ("0 cases wait for a first reply, 0 overdue", True)
    store.move(replace(case, status=CaseStatus.CLOSED))
    assert looked(world, "replies", NINE + 75 * MINUTE)[1] is True


def test_status_can_say_how_long_the_entry_of_an_overdue_reply_is_owed(world: World) -> None:
    heard(world, 0, "ana", "bo", "cy")
    store = Place(world).store
    (case,) = store.cases()
    store.move(replace(case, late=(Late(NINE + 15 * MINUTE, "15 minutes", "leads", Priority.URGENT),)))
    world.clock.now = NINE + 16 * MINUTE
    assert len(list(keep_clocks(MemoryClocks(store), world.clock))) == 1

    owed = looked(world, "owed", NINE + 45.1 * MINUTE)[0]
    assert owed == "3 entries owed to the CRM, 3 overdue, the oldest for 45 minutes"
