"""Which messages were under way when the function ended: in memory and in the table alike."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.ports.deciding import Underway
from chalicelib.stores import keys
from chalicelib.stores.underway import DynamoUnderway, MemoryUnderway
from tests.contracts.cloud import Cloud
from tests.contracts.conftest import Clock

FIRST, SECOND = "5fea7756-0ea4-451a-a703-a558b933e274", "message/\ud800 of any spelling"


@pytest.fixture(params=["memory", pytest.param("dynamo", marks=pytest.mark.local)])
def underway(request: pytest.FixtureRequest, clock: Clock) -> Underway:
    if request.param == "memory":
        return MemoryUnderway()
    cloud: Cloud = request.getfixturevalue("cloud")
    return DynamoUnderway(cloud.wire(), request.getfixturevalue("table"), clock)


def test_of_what_was_never_begun_nothing_is_known(underway: Underway) -> None:
    underway.answered(SECOND, 2)

    assert underway.ended([FIRST, SECOND]) == {}
    assert underway.ended([]) == {}


def test_what_was_begun_and_not_answered_for_is_counted_by_its_receives(underway: Underway) -> None:
    underway.begin(FIRST, 2)
    underway.begin(FIRST, 3)
    underway.begin(SECOND, 2)

    assert underway.ended([FIRST, SECOND, "another"]) == {FIRST: 2, SECOND: 1}
    assert underway.ended([SECOND]) == {SECOND: 1}


def test_a_note_that_is_repeated_since_its_answer_was_lost_counts_once(underway: Underway) -> None:
    for _ in range(2):
        underway.begin(FIRST, 2)

    assert underway.ended([FIRST]) == {FIRST: 1}


def test_whoever_lived_to_answer_takes_its_note_back_and_no_other(underway: Underway) -> None:
    underway.begin(FIRST, 2)
    underway.begin(FIRST, 10)
    for _ in range(2):
        underway.answered(FIRST, 10)

    assert underway.ended([FIRST]) == {FIRST: 1}
    underway.answered(FIRST, 2)
    assert underway.ended([FIRST]) == {}


@pytest.mark.local
def test_a_note_outlives_its_message_by_a_day(cloud: Cloud, table: str, dynamodb: Any, clock: Clock) -> None:
    DynamoUnderway(cloud.wire(), table, clock).begin(FIRST, 2)

    pk, sk = keys.underway(FIRST)
    item = dynamodb.get_item(TableName=table, Key={"pk": {"S": pk}, "sk": {"S": sk}})["Item"]
    assert 14 < (int(item["expires"]["N"]) - clock.now.timestamp()) / 86400 <= 15
