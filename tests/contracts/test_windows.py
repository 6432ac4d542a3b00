"""What every keeper of windows promises, in memory and on DynamoDB alike."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from chalicelib.errors import Conflict, Unavailable
from chalicelib.model import Answer, Sighting, Terms
from chalicelib.model.lately import NOTHING_YET
from chalicelib.ports.deciding import Windows
from chalicelib.stores.attributes import plain
from chalicelib.stores.memory_windows import MemoryWindows
from chalicelib.stores.windows import DynamoWindows
from tests.contracts.cloud import Cloud
from tests.contracts.conftest import Clock
from tests.contracts.counting import CountingWire
from tests.unit.brute_lately import needed_by_hand
from tests.unit.brute_window import BruteWindow
from tests.unit.histories import MINUTE, history, waves

TERMS = Terms(at_least=3, within=30 * MINUTE, quiet=120 * MINUTE)
MANY = Terms(at_least=200, within=30 * MINUTE, quiet=MINUTE)
LATELY = Terms(at_least=4, within=5 * MINUTE, quiet=MINUTE, times_lately=2)
USUAL = Terms(at_least=2, within=60 * MINUTE, quiet=MINUTE, times_usual=2)


@pytest.fixture(params=["memory", pytest.param("dynamo", marks=pytest.mark.local)])
def windows(request: pytest.FixtureRequest, clock: Clock) -> Windows:
    clock.now += timedelta(days=60)
    if request.param == "memory":
        return MemoryWindows(clock)
    cloud: Cloud = request.getfixturevalue("cloud")
    return DynamoWindows(cloud.wire(), request.getfixturevalue("table"), clock)


def seen(minute: float, who: str, window: str = "spike/router", terms: Terms = TERMS) -> Sighting:
    at = Clock().now + minute * MINUTE
    return Sighting(window.partition("/")[0], window, f"x:{who}-{minute}", who, at, terms)


def answers(windows: Windows, *sightings: Sighting) -> list[str]:
    return [counted.answer.value for each in sightings for counted in windows.sight([each])]


def test_the_post_with_which_the_count_is_reached_crosses_and_no_other(windows: Windows) -> None:
    posts = [seen(0, "ana"), seen(5, "ana"), seen(10, "bo"), seen(20, "cy"), seen(25, "di")]

    assert answers(windows, *posts) == ["no", "no", "no", "yes", "no"]


def test_posts_seen_again_get_the_answers_they_got(windows: Windows) -> None:
    posts = [seen(0, "ana"), seen(10, "bo"), seen(20, "cy"), seen(25, "di")]

    assert answers(windows, *posts, *posts) == ["no", "no", "yes", "no"] * 2


def test_each_window_counts_for_itself(windows: Windows) -> None:
    here, there = (seen(1, "cy", f"spike/{topic}") for topic in ("router", "phone"))
    for who in ("ana", "bo"):
        windows.sight([seen(0, who)])

    assert [(counted.answer.value, counted.count) for counted in windows.sight([here, there])] == [
        ("yes", 3),
        ("no", 1),
    ]
    assert windows.sight([]) == []


def test_a_post_of_the_future_does_not_make_others_late(windows: Windows) -> None:
    assert answers(windows, seen(10**6, "ana"), seen(10**6 + 1, "bo"), seen(10**6 + 1, "cy")) == ["no", "no", "yes"]


def test_a_name_of_any_length_and_letters_has_its_own_window(windows: Windows) -> None:
    odd = [f"spike/{'é' * length}" for length in (1, 1200, 1201)]

    assert [answers(windows, *(seen(0, who, name) for who in "abc")) for name in odd] == [["no", "no", "yes"]] * 3


def test_what_is_usual_is_unknown_for_two_weeks_and_then_the_bar(windows: Windows) -> None:
    week = timedelta(weeks=1) / MINUTE
    for number in range(3):
        answer = windows.sight([seen(week * number, "ana", terms=USUAL), seen(week * number, "bo", terms=USUAL)])
        windows.settle()
        assert [each.answer for each in answer] == ([Answer.UNKNOWN] * 2 if number < 2 else [Answer.NO] * 2)

    late = [windows.sight([seen(week * 2 + 1, who, terms=USUAL)])[0] for who in ("cy", "di")]

    assert [(each.answer, each.count, each.needed) for each in late] == [(Answer.NO, 3, 4), (Answer.YES, 4, 4)]


def test_what_was_of_late_is_unknown_at_first_and_then_the_bar(windows: Windows) -> None:
    calm = [seen(30 * number, f"calm-{number}", terms=LATELY) for number in range(48)]
    wave = [seen(24 * 60 + number / 10, f"wave-{number}", terms=LATELY) for number in range(10)]
    told = []
    for each in (*calm, *wave):
        told += windows.sight([each])
        windows.settle()

    assert [each.instead for each in told[:2]] == [NOTHING_YET, None]
    assert {(each.answer, each.needed) for each in told[-10:-6]} == {(Answer.NO, 5)}
    assert [(each.answer, each.count) for each in told[-7:-4]] == [(Answer.NO, 4), (Answer.YES, 5), (Answer.NO, 0)]


@pytest.mark.parametrize("seed", range(2))
def test_what_was_of_late_is_the_same_as_when_all_posts_are_counted_again(windows: Windows, seed: int) -> None:
    """Hours of calm and of waves, in disorder within the grace, written down now and then; two windows of one rule."""
    dice = random.Random(seed)  # noqa: S311
    heard: list[Sighting] = []
    for each in waves(dice, LATELY, hours=10):
        (counted,) = windows.sight([each])
        heard.append(each)
        assert (counted.needed or counted.instead) == needed_by_hand(heard), (seed, each)
        if dice.random() < 0.3:
            windows.settle()


@pytest.mark.parametrize("seed", range(5))
def test_a_history_gets_the_answers_of_a_brute_force_count(windows: Windows, seed: int) -> None:
    assert_as_brute_force([windows], seed)


def test_memory_forgets_the_windows_that_were_not_seen_for_longest(clock: Clock) -> None:
    windows = MemoryWindows(most=2)
    windows.sight([seen(0, "ana", f"spike/{name}") for name in "abc"])

    assert [windows.sight([seen(1, "bo", f"spike/{name}")])[0].count for name in "cba"] == [2, 2, 1]


@pytest.mark.local
def test_functions_beside_one_another_get_the_answers_of_a_brute_force_count(cloud: Cloud, clock: Clock) -> None:
    for seed in range(20):
        _as_functions(cloud, clock, seed)


@pytest.mark.live
def test_a_thousand_histories_of_functions_get_the_answers_of_a_brute_force_count(cloud: Cloud, clock: Clock) -> None:
    for seed in range(1000):
        _as_functions(cloud, clock, seed)


@pytest.mark.local
def test_who_dies_after_counting_finds_it_counted(cloud: Cloud, table: str, clock: Clock) -> None:
    clock.now += timedelta(days=1)
    posts = [seen(0, "ana"), seen(1, "bo"), seen(2, "cy")]
    for each in posts:
        dying = cloud.wired(CountingWire)
        dying.dies = True
        with pytest.raises(Unavailable):
            DynamoWindows(dying, table, clock).sight([each])

    assert answers(DynamoWindows(cloud.wire(), table, clock), *posts) == ["no", "no", "yes"]


@pytest.mark.local
def test_a_window_that_others_keep_changing_is_a_conflict(cloud: Cloud, table: str, clock: Clock) -> None:
    clock.now += timedelta(days=1)
    other, wire, numbers = DynamoWindows(cloud.wire(), table, clock), cloud.wired(CountingWire), count()
    wire.meanwhile = lambda: other.sight([seen(0, f"other-{next(numbers)}", terms=MANY)])

    with pytest.raises(Conflict):
        DynamoWindows(wire, table, clock, pause=lambda _: None).sight([seen(0, "cy", terms=MANY)])

    wire.meanwhile = lambda: None
    assert DynamoWindows(wire, table, clock).sight([seen(0, "cy", terms=MANY)])[0].count == next(numbers) + 1


@pytest.mark.local
def test_who_knows_that_it_is_quiet_asks_the_table_nothing(cloud: Cloud, table: str, clock: Clock) -> None:
    clock.now += timedelta(days=1)
    wire = cloud.wired(CountingWire)
    windows = DynamoWindows(wire, table, clock)
    answers(windows, *(seen(number, who) for number, who in enumerate(("ana", "bo", "cy"))))
    asked = dict(wire.calls)
    answers(windows, *(seen(3 + number / 10, f"{number}") for number in range(1000)))

    assert asked == wire.calls == {"BatchGetItem": 1, "UpdateItem": 3}


@pytest.mark.local
def test_a_window_keeps_no_name_and_is_forgotten(cloud: Cloud, dynamodb: Any, table: str, clock: Clock) -> None:
    clock.now += timedelta(days=1)
    windows = DynamoWindows(cloud.wire(), table, clock)
    windows.sight([seen(0, "author-ana", "spike/router"), seen(0, "author-ana", "usual/router", USUAL)])
    windows.settle()

    found = [plain(item) for item in dynamodb.scan(TableName=table)["Items"]]

    assert "author-ana" not in str(found)
    assert sorted(item["pk"].partition("#")[0] + " " + item["sk"].partition("#")[0] for item in found) == [
        "USUAL HOUR",
        "WINDOW SINCE",
        "WINDOW STATE",
    ]
    kept_for = {item["sk"].partition("#")[0]: item.get("expires", 0) - clock.now.timestamp() for item in found}
    assert kept_for["STATE"] >= timedelta(days=35).total_seconds()
    assert kept_for["HOUR"] >= timedelta(days=39).total_seconds()


def assert_as_brute_force(functions: list[Windows], seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311
    brute = BruteWindow()
    for each in history(dice):
        (counted,) = dice.choice(functions).sight([each])
        assert (counted.answer is Answer.YES) is brute.sight(each), (seed, each)


def _as_functions(cloud: Cloud, clock: Clock, seed: int) -> None:
    name = f"windows-{uuid4()}"
    cloud.make_table(name)
    clock.now += timedelta(days=60)
    assert_as_brute_force([DynamoWindows(cloud.wire(), name, clock) for _ in range(3)], seed)
