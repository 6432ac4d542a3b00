"""The stream event source against a real table's stream, with real Lambda runtimes."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.local.conftest import Stage, eventually

pytestmark = pytest.mark.local


def through(stage: Stage, prefix: str) -> list[str]:
    """Records that went through, in order."""
    return [note["through"] for note in stage.notes("through") if note["through"].startswith(prefix)]


def calls(stage: Stage, prefix: str) -> list[list[str]]:
    """Batches, in order."""
    return [note["call"] for note in stage.notes("call") if note["call"][0].startswith(prefix)]


def test_records_arrive_in_order_and_once(stage: Stage) -> None:
    names = [f"order-{number:02}" for number in range(30)]
    stage.write(*names)
    stage.cloud.drain(10)

    assert through(stage, "order") == names


def test_a_record_that_never_goes_through_is_given_up_alone(stage: Stage) -> None:
    stage.write("stop-a", "stop-b", "stop-bad", "stop-c", "stop-d", does={"stop-bad": "fails"})
    stage.cloud.drain(15)
    given_up = stage.received("deliveries-failed")
    attempts = Counter(name for call in calls(stage, "stop") for name in call)["stop-bad"]

    assert through(stage, "stop") == ["stop-a", "stop-b", "stop-c", "stop-d"]
    assert attempts == 1 + 2 + 5  # with the batch, alone after two halvings, and five times by itself
    assert [item["DDBStreamBatchInfo"]["batchSize"] for item in given_up] == [1]
    assert given_up[0]["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert given_up[0]["requestContext"]["approximateInvokeCount"] == 5


def test_a_function_error_halves_the_batch_until_the_culprit_is_alone(stage: Stage) -> None:
    stage.write("half-a", "half-b", "half-bad", "half-c", does={"half-bad": "raises"})
    stage.cloud.drain(15)

    assert calls(stage, "half")[:4] == [
        ["half-a", "half-b", "half-bad", "half-c"],
        ["half-a", "half-b"],
        ["half-bad", "half-c"],
        ["half-bad"],
    ]
    assert set(through(stage, "half")) == {"half-a", "half-b", "half-c"}
    assert len(stage.received("deliveries-failed")) == 1


def test_a_malformed_answer_fails_the_whole_batch(stage: Stage) -> None:
    stage.write("answer-a", "answer-b", does={"answer-b": "misreports"})
    stage.cloud.drain(15)

    assert calls(stage, "answer") == [["answer-a", "answer-b"], ["answer-a"], ["answer-b"]]
    assert through(stage, "answer") == ["answer-a", "answer-a", "answer-b"]


def test_what_owes_nothing_wakes_nobody_but_is_watched(stage: Stage) -> None:
    stage.write("quiet-a", owes=False)
    stage.cloud.drain(10)
    watched = [record["dynamodb"]["Keys"]["sk"]["S"] for record in stage.watched]

    assert not calls(stage, "quiet")
    assert "quiet-a" in watched


def test_a_stop_holds_up_later_records_and_loses_none(stage: Stage) -> None:
    stage.write("hold-bad", does={"hold-bad": "fails"})
    eventually(lambda: calls(stage, "hold"))  # it is read alone
    stage.write("hold-a", "hold-b")
    eventually(lambda: through(stage, "hold") == ["hold-a", "hold-b"])
    stage.cloud.drain(10)

    assert [call[0] for call in calls(stage, "hold")] == ["hold-bad"] * 5 + ["hold-a"]
    assert len(stage.received("deliveries-failed")) == 1
