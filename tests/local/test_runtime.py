"""Functions run by awslambdaric through the Lambda Runtime API."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.local.process import CloudError, Leashed, environment
from infra.local.runtime import Function
from infra.local.worker import Broken, Spec, Worker
from tests.local.conftest import ROOT

pytestmark = pytest.mark.local


def make(folder: Path, handler: str = "tests.local.handlers.plain", workers: int = 1) -> Function:
    return Function(
        "plain", handler, workers=workers, timeout=0.5, env=environment(ROOT, folder), root=ROOT, logs=folder
    )


@pytest.fixture(scope="module")
def function(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Function]:
    made = make(tmp_path_factory.mktemp("function"), workers=2)
    made.wait_until_ready()
    yield made
    made.stop()


def test_an_answer_comes_back_with_the_context_the_handler_was_given(function: Function) -> None:
    payload = function.invoke({}).payload

    assert payload["name"] == "plain"
    assert 0 < payload["left"] <= 500


def test_an_error_is_told_with_its_type(function: Function) -> None:
    invocation = function.invoke({"raise": True})

    assert invocation.error is not None
    assert (invocation.error["errorType"], invocation.error["errorMessage"]) == ("ValueError", "as the event says")


def test_a_dead_worker_fails_its_invocation_and_is_replaced(function: Function) -> None:
    invocation = function.invoke({"die": True})

    assert invocation.error is not None
    assert invocation.error["errorType"] == "Runtime.ExitError"
    assert function.invoke({}).error is None
    assert function.invoke({}).error is None


def test_a_timeout_kills_the_worker_and_the_next_call_works(function: Function) -> None:
    began = time.monotonic()
    invocation = function.invoke({"sleep": 5})
    took = time.monotonic() - began

    assert invocation.error is not None
    assert invocation.error["errorType"] == "Sandbox.Timedout"
    assert 0.5 <= took < 2
    assert function.invoke({}).error is None


def test_workers_run_side_by_side(function: Function) -> None:
    function.wait_until_ready()
    with ThreadPoolExecutor(2) as pool:
        payloads = [item.payload for item in pool.map(function.invoke, [{"sleep": 0.2}] * 2)]

    assert len({payload["pid"] for payload in payloads}) == 2


def test_an_answer_over_six_megabytes_is_refused(function: Function) -> None:
    invocation = function.invoke({"big": 7_000_000})

    assert invocation.error is not None
    assert invocation.error["errorType"] == "Function.ResponseSizeTooLarge"


def test_a_busy_function_throttles_who_does_not_wait(function: Function) -> None:
    with ThreadPoolExecutor(3) as pool:
        errors = [item.error for item in pool.map(lambda _: function.invoke({"sleep": 0.3}, wait=0.05), range(3))]

    assert [error["errorType"] for error in errors if error] == ["TooManyRequestsException"]


def test_a_warm_call_costs_little(function: Function) -> None:
    function.invoke({})
    began = time.monotonic()
    for _ in range(50):
        function.invoke({})

    assert (time.monotonic() - began) / 50 < 0.02  # 0.4 ms alone; 88 ms when head and body are two packets


def test_a_handler_that_cannot_be_imported_is_told_with_its_log(tmp_path: Path) -> None:
    function = make(tmp_path, handler="tests.local.nowhere.plain")
    try:
        with pytest.raises(CloudError, match="No module named"):
            function.wait_until_ready()
    finally:
        function.stop()


def test_stopping_leaves_no_process_even_in_the_middle_of_a_call(tmp_path: Path) -> None:
    function = make(tmp_path)
    function.wait_until_ready()
    pids = function.pids
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(function.invoke, {"sleep": 0.4})
        time.sleep(0.1)
        function.stop()

    assert running.result().error is not None
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


class StoppedMeanwhile(Worker):
    """Stopped by another thread at the worst moment: after the look that found something, before the reading."""

    looks: int

    def _wait(self, deadline: float, too_late: str) -> socket.socket | Leashed:
        source = super()._wait(deadline, too_late)
        self.looks -= 1
        if not self.looks:
            self.stop()
        return source


@pytest.mark.parametrize("looks", [1, 2], ids=["a connection", "a request"])
def test_stopping_before_what_came_is_taken_is_told_as_stopping(tmp_path: Path, looks: int) -> None:
    spec = Spec("plain", "tests.local.handlers.plain", 0.5, environment(ROOT, tmp_path), ROOT, tmp_path / "plain.log")
    worker = StoppedMeanwhile(spec)
    worker.looks = looks

    with pytest.raises(Broken, match="plain was stopped"):
        worker.wait_until_ready()
