"""How often an author posted: what every keeper of windows promises, in memory and on DynamoDB alike."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest

from chalicelib.ports.deciding import Windows
from chalicelib.stores.memory_windows import MemoryWindows
from chalicelib.stores.windows import DynamoWindows
from tests.contracts.cloud import Cloud
from tests.contracts.conftest import Clock
from tests.contracts.counting import CountingWire

HOUR = timedelta(hours=1)
DAYS = (1, 7)


@pytest.fixture(params=["memory", pytest.param("dynamo", marks=pytest.mark.local)])
def windows(request: pytest.FixtureRequest, clock: Clock) -> Windows:
    clock.now += timedelta(days=60)
    if request.param == "memory":
        return MemoryWindows(clock)
    cloud: Cloud = request.getfixturevalue("cloud")
    return DynamoWindows(cloud.wire(), request.getfixturevalue("table"), clock)


def posted(windows: Windows, number: int, hours: float, who: str = "x:ana") -> tuple[int, ...]:
    counts = windows.posted(who, f"x:{number}", Clock().now + hours * HOUR, DAYS)
    return tuple(counts[days] for days in DAYS)


def test_a_post_counts_itself_and_those_before_it(windows: Windows) -> None:
    assert [posted(windows, number, hours) for number, hours in enumerate((0, 1, 24, 24.5, 167))] == [
        (1, 1), (2, 2), (2, 3), (3, 4), (1, 5),
    ]  # fmt: skip


def test_a_post_seen_again_counts_once(windows: Windows) -> None:
    assert [posted(windows, number, 1) for number in (1, 2, 1, 2)] == [(1, 1), (2, 2), (2, 2), (2, 2)]


def test_each_author_is_counted_apart(windows: Windows) -> None:
    posted(windows, 1, 0)

    assert posted(windows, 2, 0, "x:bo") == (1, 1)


def test_a_late_post_counts_those_before_its_own_time(windows: Windows) -> None:
    posted(windows, 1, 0)
    posted(windows, 2, 10)

    assert posted(windows, 3, 5) == (2, 2)


def test_memory_forgets_the_authors_who_were_not_heard_for_longest() -> None:
    windows = MemoryWindows(most=2)
    for number, who in enumerate(("x:ana", "x:bo", "x:ana", "x:cy")):
        posted(windows, number, 0, who)

    assert [posted(windows, 9, 0, who)[0] for who in ("x:ana", "x:bo")] == [3, 1]


def test_more_than_rules_can_ask_for_are_not_remembered(windows: Windows) -> None:
    assert [posted(windows, number, number / 100) for number in range(210)][-1] == (200, 200)


def test_a_time_of_the_future_is_now(windows: Windows) -> None:
    assert posted(windows, 1, 24 * 365 * 50) == (1, 1)
    assert posted(windows, 2, 24 * 61) == (2, 2)


@pytest.mark.local
def test_functions_at_the_same_author_lose_no_post(cloud: Cloud, table: str, clock: Clock) -> None:
    def work(start: int) -> None:
        mine = DynamoWindows(cloud.wire(), table, clock)
        for number in range(start, start + 10):
            mine.posted("x:ana", f"x:{number}", clock.now, (1,))

    threads = [Thread(target=work, args=(start,)) for start in (0, 100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert DynamoWindows(cloud.wire(), table, clock).posted("x:ana", "x:0", clock.now, (1,)) == {1: 30}


@pytest.mark.local
def test_a_post_costs_one_read_and_one_write_and_a_post_seen_again_one_read(
    cloud: Cloud, table: str, clock: Clock
) -> None:
    wire = cloud.wired(CountingWire)
    windows = DynamoWindows(wire, table, clock)
    costs = []
    for _ in range(2):
        before = sum(wire.calls.values())
        windows.posted("x:ana", "x:1", clock.now, (1,))
        costs.append(sum(wire.calls.values()) - before)

    assert costs == [2, 1]
