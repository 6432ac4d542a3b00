"""Posts that are gone on X, of which X never told: asked of a fake of X over HTTP, and deleted on the whole way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.compliance import XCompliance
from chalicelib.errors import Refused, Unavailable
from chalicelib.model import Action, Post
from chalicelib.model.compliance import JobStatus
from chalicelib.pipeline import triage
from chalicelib.pipeline.sweep import POLL, Sweep, Swept
from chalicelib.ports.store import Store
from chalicelib.stores.memory import MemoryQueue, MemoryStore
from tests.contracts.fake_x import TOKEN, FakeX
from tests.unit.people import OLDEST, ThreeWords, Watch, post, read

LIST, LOOK, BEGIN, UPLOAD, DOWNLOAD = "GET 2", "GET 2", "POST 2", "PUT upload", "GET download"


class Day:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def x() -> Iterator[FakeX]:
    with FakeX().running() as fake:
        yield fake


@pytest.fixture
def queue() -> MemoryQueue:
    return MemoryQueue(Watch())


@pytest.fixture
def memory() -> MemoryStore:
    store = MemoryStore(Watch())
    decide(store, *(of_x(number) for number in (1, 2, 3)))
    return store


def of_x(number: int, text: str | None = "nice weather") -> Post:
    return replace(post(number, text), id=f"x:{number}", platform="x")


def decide(store: Store, *posts: Post) -> None:
    batch = triage.Desk(store, ThreeWords(), read, Watch(), OLDEST, {}).batch(posts)
    for each in posts:
        batch.triage(each)
    batch.settle()


def sweep(x: FakeX, store: Store, queue: MemoryQueue, minutes: float = 60, token: str = TOKEN) -> Sweep:
    day = Day()
    return Sweep(
        XCompliance(token, x.url, lambda: day.now.timestamp()), store, queue, day, timedelta(minutes=minutes), day.pause
    )


def texts(store: Store) -> list[str | None]:
    return [one.post.text for number in (1, 2, 3) for one in store.recorded(f"x:{number}")]


def test_every_post_whose_words_are_kept_is_asked_about_and_no_other(store: Store) -> None:
    decide(store, of_x(1), replace(of_x(1), action=Action.EDIT, text="new"), post(9), of_x(2), of_x(3, None))
    decide(store, replace(of_x(2), action=Action.DELETE, text=None))

    assert sorted(store.with_words("x")) == ["x:1", "x:3"]
    assert list(store.with_words("mastodon")) == []


def test_what_is_gone_on_x_is_deleted_here_as_if_x_had_told(x: FakeX, memory: MemoryStore, queue: MemoryQueue) -> None:
    x.gone = {"2": "deleted", "3": "suspended", "404": "deleted"}

    swept = sweep(x, memory, queue).run()
    told_us = queue.take()
    decide(memory, *told_us)

    assert swept == Swept("earshot-2026-03-02", JobStatus.COMPLETE, asked=3, gone=2)
    assert [(told.id, told.action, told.text) for told in told_us] == [
        ("x:2", Action.DELETE, None),
        ("x:3", Action.DELETE, None),
    ]
    assert [text for text in texts(memory) if text] == ["nice weather"]
    assert sorted(memory.with_words("x")) == ["x:1"]


def test_a_post_that_only_lost_its_place_stays(x: FakeX, memory: MemoryStore, queue: MemoryQueue) -> None:
    x.gone = {"1": "scrub_geo"}

    assert sweep(x, memory, queue).run().gone == 0
    assert queue.take() == []


def test_where_nothing_is_kept_nothing_is_asked(x: FakeX, queue: MemoryQueue) -> None:
    assert sweep(x, MemoryStore(Watch()), queue).run() == Swept(asked=0)
    assert x.jobs == {}


@pytest.mark.parametrize("call", [LIST, BEGIN, UPLOAD, DOWNLOAD])
@pytest.mark.parametrize("fault", [429, 500, 503, None], ids=str)
def test_a_fault_of_x_is_waited_out(
    x: FakeX, memory: MemoryStore, queue: MemoryQueue, call: str, fault: int | None
) -> None:
    x.gone, x.faults = {"1": "deleted"}, [(call, fault)]

    swept = sweep(x, memory, queue).run()

    assert (swept.status, swept.gone, len(x.jobs)) == (JobStatus.COMPLETE, 1, 1)


def test_a_begin_whose_answer_was_lost_begins_no_second_job(x: FakeX, memory: MemoryStore, queue: MemoryQueue) -> None:
    x.faults = [(BEGIN, None)]

    sweep(x, memory, queue).run()

    assert len(x.jobs) == 1


@pytest.mark.parametrize("dies_at", range(1, 7))
def test_a_sweep_killed_anywhere_goes_on_with_the_same_job(
    x: FakeX, memory: MemoryStore, queue: MemoryQueue, dies_at: int
) -> None:
    x.gone = {"1": "deleted", "3": "deactivated"}
    killed = sweep(x, memory, queue)
    dying: Any = Dying(killed.compliance, dies_at)
    with pytest.raises(KeyboardInterrupt):
        replace(killed, compliance=dying).run()

    swept = sweep(x, memory, queue).run()
    decide(memory, *queue.take())

    assert (swept.status, swept.gone, len(x.jobs)) == (JobStatus.COMPLETE, 2, 1)
    assert sorted(memory.with_words("x")) == ["x:2"]


class Dying:
    """A platform during whose nth call the process dies: after the call was made."""

    def __init__(self, real: Any, dies_at: int) -> None:
        self._real, self._left = real, dies_at
        self.platform = real.platform

    def __getattr__(self, name: str) -> Any:
        def call(*given: Any) -> Any:
            result = getattr(self._real, name)(*given)
            self._left -= 1
            if not self._left:
                raise KeyboardInterrupt
            return result

        return call


def test_a_job_that_takes_longer_than_anybody_waits_is_found_done_by_the_next_run(
    x: FakeX, memory: MemoryStore, queue: MemoryQueue
) -> None:
    x.gone, x.looks = {"1": "deleted"}, 8
    first = sweep(x, memory, queue, minutes=2).run()
    second = sweep(x, memory, queue, minutes=5).run()

    assert (first.status, first.asked, first.gone) == (JobStatus.IN_PROGRESS, 3, None)
    assert (second.status, second.asked, second.gone) == (JobStatus.COMPLETE, None, 1)
    assert x.calls.count(UPLOAD) == 1


def test_a_job_that_failed_is_begun_anew_the_next_time(x: FakeX, memory: MemoryStore, queue: MemoryQueue) -> None:
    sweep(x, memory, queue, minutes=0).run()
    (only,) = x.jobs.values()
    only["status"] = "failed"

    assert sweep(x, memory, queue).run().job == "earshot-2026-03-02.1"


def test_a_job_of_somebody_else_is_left_alone(x: FakeX, memory: MemoryStore, queue: MemoryQueue) -> None:
    XCompliance(TOKEN, x.url).begin("another tool's")
    only = next(iter(x.jobs.values()))
    only["status"] = "complete"

    assert sweep(x, memory, queue).run().job == "earshot-2026-03-02"


def test_a_wrong_token_is_told_and_an_x_that_stays_silent_too(
    x: FakeX, memory: MemoryStore, queue: MemoryQueue
) -> None:
    with pytest.raises(Unavailable, match="credentials"):
        sweep(x, memory, queue, minutes=0, token="wrong").run()
    x.faults = [(LIST, 503)] * 99
    with pytest.raises(Unavailable, match="503"):
        sweep(x, memory, queue, minutes=3).run()


@pytest.mark.parametrize("status", [400, 404])
def test_what_x_refuses_for_good_is_not_asked_again(
    x: FakeX, memory: MemoryStore, queue: MemoryQueue, status: int
) -> None:
    x.faults = [(BEGIN, status)]

    with pytest.raises(Refused):
        sweep(x, memory, queue).run()
    assert x.calls.count(BEGIN) == 1


def test_two_looks_at_a_job_are_half_a_minute_apart(x: FakeX, memory: MemoryStore, queue: MemoryQueue) -> None:
    x.looks = 3
    one = sweep(x, memory, queue)
    began = one.clock()

    one.run()

    assert one.clock() - began == timedelta(seconds=3 * POLL)
