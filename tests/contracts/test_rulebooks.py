"""What every store of published rulebooks promises, in memory and on DynamoDB alike."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.errors import Conflict, NotFound, SettingsError
from chalicelib.model import Declined, Move, Moved, Pointer, Published
from chalicelib.ports.deciding import Rulebooks
from chalicelib.stores.memory_rulebooks import MemoryRulebooks
from chalicelib.stores.rulebooks import PART_BYTES, DynamoRulebooks
from tests.contracts.cloud import Cloud

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
FIRST = Published("aaa111", 14, 6, "ana", "the first", NOON)
SECOND = Published("bbb222", 15, 7, "bo", "Ärger mit 退款 🔥", NOON + timedelta(hours=1))


@pytest.fixture(params=["memory", pytest.param("dynamo", marks=pytest.mark.local)])
def rulebooks(request: pytest.FixtureRequest) -> Rulebooks:
    if request.param == "memory":
        return MemoryRulebooks()
    cloud: Cloud = request.getfixturevalue("cloud")
    return DynamoRulebooks(cloud.wire(), request.getfixturevalue("table"))


def move(revision: int, live: str | None = "aaa111", **more: Any) -> Move:
    given = {"what": Moved.PUBLISHED, "live_before": None, "shadow": None, "who": "ana", "why": "why", "at": NOON}
    return Move(revision=revision, live=live, **(given | more))


def test_where_nothing_was_published_nothing_is_live(rulebooks: Rulebooks) -> None:
    assert rulebooks.pointer() == Pointer()
    assert (rulebooks.published(), rulebooks.moves(), rulebooks.declined()) == ([], [], [])
    with pytest.raises(NotFound, match="no version 'aaa111'"):
        rulebooks.text("aaa111")


def test_a_version_comes_back_as_it_was_published(rulebooks: Rulebooks) -> None:
    assert rulebooks.add(SECOND, "the rules 🔥\n")
    assert rulebooks.add(FIRST, "others")

    assert rulebooks.text("bbb222") == "the rules 🔥\n"
    assert rulebooks.text("aaa111") == "others"
    assert rulebooks.published() == [SECOND, FIRST]


def test_a_version_published_again_stays_as_it_was(rulebooks: Rulebooks) -> None:
    assert rulebooks.add(FIRST, "rules")

    assert not rulebooks.add(replace(FIRST, who="bo", why="again"), "rules")
    assert rulebooks.published() == [FIRST]
    assert rulebooks.text("aaa111") == "rules"


@pytest.mark.parametrize("length", [PART_BYTES - 1, PART_BYTES, PART_BYTES * 5 + 1])
def test_a_version_larger_than_an_item_comes_back_whole(rulebooks: Rulebooks, length: int) -> None:
    signs = [chr(code) for code in (*range(32, 127), *range(0x4E00, 0x9FFF))]  # what hardly compresses
    text = "".join(random.Random(length).choices(signs, k=length // 3))  # noqa: S311

    rulebooks.add(FIRST, text)

    assert rulebooks.text("aaa111") == text


def test_the_pointer_points_where_the_last_move_did(rulebooks: Rulebooks) -> None:
    first = move(1)
    second = move(2, live="bbb222", live_before="aaa111", shadow="ccc333", who="bo")
    third = move(3, None, what=Moved.ROLLED_BACK, live_before="bbb222")

    rulebooks.move(first)
    assert rulebooks.pointer() == Pointer(1, "aaa111")
    rulebooks.move(second)
    assert rulebooks.pointer() == Pointer(2, "bbb222", "aaa111", "ccc333")
    rulebooks.move(third)
    assert rulebooks.pointer() == Pointer(3, None, "bbb222")
    assert rulebooks.moves() == [third, second, first]


@pytest.mark.parametrize("revision", [1, 3])
def test_of_two_who_move_the_pointer_one_is_told(rulebooks: Rulebooks, revision: int) -> None:
    rulebooks.move(move(1))

    with pytest.raises(Conflict, match="moved meanwhile"):
        rulebooks.move(move(revision, live="bbb222"))

    assert rulebooks.pointer() == Pointer(1, "aaa111")
    assert rulebooks.moves() == [move(1)]


def test_of_many_who_move_it_at_once_exactly_one_does(rulebooks: Rulebooks) -> None:
    def tries(number: int) -> bool:
        try:
            rulebooks.move(move(1, live=f"v{number}"))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        moved = [number for number, done in enumerate(pool.map(tries, range(8))) if done]

    assert [one.live for one in rulebooks.moves()] == [f"v{number}" for number in moved]
    assert rulebooks.pointer() == Pointer(1, f"v{moved[0]}")


def test_who_took_a_version_is_known_until_the_next_move(rulebooks: Rulebooks) -> None:
    rulebooks.move(move(1, shadow="ccc333"))
    for version in ("aaa111", "aaa111", "ccc333"):
        rulebooks.take(1, version)
    assert rulebooks.pointer().taken == {"aaa111", "ccc333"}

    rulebooks.move(move(2, live="bbb222"))
    rulebooks.take(1, "aaa111")

    assert rulebooks.pointer() == Pointer(2, "bbb222")


def test_the_first_to_decline_a_version_after_a_move_is_kept(rulebooks: Rulebooks) -> None:
    early = Declined("aaa111", 1, "the engine crashed", NOON)
    late = Declined("aaa111", 2, "still", NOON + timedelta(hours=1))

    rulebooks.decline(early)
    rulebooks.decline(replace(early, why="another function"))
    rulebooks.decline(late)

    assert rulebooks.declined() == [late, early]


@pytest.mark.local
def test_a_table_that_is_not_there_is_told(cloud: Cloud) -> None:
    missing = DynamoRulebooks(cloud.wire(), "no-such-table")

    for ask in (missing.pointer, missing.published, lambda: missing.text("aaa111")):
        with pytest.raises(SettingsError, match="ResourceNotFound"):
            ask()


@pytest.mark.local
def test_a_version_without_its_last_part_is_not_taken_for_whole(cloud: Cloud, table: str) -> None:
    rulebooks = DynamoRulebooks(cloud.wire(), table)
    rulebooks.add(FIRST, "x" * (PART_BYTES + 1))

    key = {"pk": {"S": "RULEBOOK#aaa111"}, "sk": {"S": "PART#0001"}}
    cloud.client("dynamodb").delete_item(TableName=table, Key=key)

    with pytest.raises(NotFound):
        rulebooks.text("aaa111")
