"""The parts that every store and every queue is held to the same promises on: in memory, and on a real ministack."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from chalicelib.ports.store import Store
from chalicelib.stores.dynamo import DynamoStore
from chalicelib.stores.memory import MemoryStore
from tests.contracts.cloud import Cloud, running


class Clock:
    """A clock that a test sets; each look at it takes a millisecond."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with running(tmp_path_factory.mktemp("ministack")) as started:
        yield started


@pytest.fixture
def table(cloud: Cloud) -> str:
    name = f"posts-{uuid4()}"
    cloud.make_table(name)
    return name


@pytest.fixture
def dynamodb(cloud: Cloud) -> Any:
    return cloud.client("dynamodb")


@pytest.fixture
def dynamo(dynamodb: Any, table: str, clock: Clock) -> DynamoStore:
    return DynamoStore(dynamodb, table, clock)


@pytest.fixture(params=["memory", pytest.param("dynamo", marks=pytest.mark.local)])
def store(request: pytest.FixtureRequest, clock: Clock) -> Store:
    if request.param == "memory":
        return MemoryStore(clock)
    cloud: Cloud = request.getfixturevalue("cloud")
    return DynamoStore(cloud.wire(), request.getfixturevalue("table"), clock)
