"""The SQS event source against the real queue, with real Lambda runtimes."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.local.conftest import TRIES, Stage, eventually

pytestmark = pytest.mark.local


def handled(stage: Stage, prefix: str) -> list[str]:
    """Ids of finished batches that begin so, in order."""
    return [name for note in stage.notes("done") for name in note["done"] if name.startswith(prefix)]


def called(stage: Stage, prefix: str) -> Counter[str]:
    """How often each id was handed out."""
    return Counter(name for note in stage.notes("call") for name in note["call"] if name.startswith(prefix))


def test_only_the_failed_message_of_a_batch_comes_again(stage: Stage) -> None:
    stage.send("partial", {"id": "partial-1"}, {"id": "partial-2", "fails": 1}, {"id": "partial-3"})
    stage.cloud.drain(10)

    assert called(stage, "partial") == {"partial-1": 1, "partial-2": 2, "partial-3": 1}


def test_a_function_error_brings_the_whole_batch_again(stage: Stage) -> None:
    stage.send("error", {"id": "error-1"}, {"id": "error-2", "raises": 1})
    stage.cloud.drain(10)

    assert called(stage, "error") == {"error-1": 2, "error-2": 2}


def test_a_killed_function_loses_nothing(stage: Stage) -> None:
    stage.send("killed", {"id": "killed-1"}, {"id": "killed-2", "dies": 1})
    stage.cloud.drain(10)

    assert called(stage, "killed") == {"killed-1": 2, "killed-2": 2}
    assert sorted(handled(stage, "killed")) == ["killed-1", "killed-2"]


def test_a_malformed_answer_fails_the_whole_batch_until_it_is_dead(stage: Stage) -> None:
    answer = {"batchItemFailures": [{"itemIdentifier": "not of this batch"}]}
    stage.send("unknown", {"id": "unknown-a", "answer": answer}, {"id": "unknown-b"})
    stage.cloud.drain(12)

    assert called(stage, "unknown") == {"unknown-a": TRIES, "unknown-b": TRIES}
    assert sorted(dead["id"] for dead in stage.received("posts-dead-letters.fifo")) == ["unknown-a", "unknown-b"]


def test_an_empty_answer_is_a_success_as_on_aws(stage: Stage) -> None:
    stage.send("nothing", {"id": "nothing-1", "answer": None})
    stage.cloud.drain(10)

    assert called(stage, "nothing") == {"nothing-1": 1}


def test_after_its_last_receive_a_message_is_dead_and_its_author_goes_on(stage: Stage) -> None:
    stage.send("poison", {"id": "poison-1", "fails": 9})
    eventually(lambda: called(stage, "poison")["poison-1"] == TRIES)
    stage.send("poison", {"id": "poison-2"})
    stage.cloud.drain(10)

    assert called(stage, "poison") == {"poison-1": TRIES, "poison-2": 1}
    assert stage.received("posts-dead-letters.fifo") == [{"id": "poison-1", "fails": 9}]


def test_one_author_is_in_order_while_others_run_beside_him(stage: Stage) -> None:
    stage.cloud.pause("triage_posts")
    stage.send("slow", *({"id": f"slow-{number}", "sleep": 0.04} for number in range(10)))
    stage.send("quick", *({"id": f"quick-{number}", "sleep": 0.05} for number in range(4)))
    stage.send("slow", *({"id": f"slow-{number}"} for number in range(10, 14)))
    stage.cloud.resume("triage_posts")
    stage.cloud.drain(10)
    batches = [note for note in stage.notes("done") if note["done"][0].startswith(("slow", "quick"))]
    overlaps = [
        (one, other)
        for one in batches
        for other in batches
        if one is not other and one["began"] <= other["began"] < one["ended"]
    ]

    assert handled(stage, "slow") == [f"slow-{number}" for number in range(14)]
    assert handled(stage, "quick") == [f"quick-{number}" for number in range(4)]
    assert overlaps
    assert not any({i.split("-")[0] for i in a["done"]} & {i.split("-")[0] for i in b["done"]} for a, b in overlaps)


def test_a_paused_function_is_not_called_until_it_is_resumed(stage: Stage) -> None:
    stage.cloud.pause("triage_posts")
    stage.send("paused", {"id": "paused-1"})
    eventually(lambda: stage.cloud.depths()["PostsQueue"] == 1)
    before = called(stage, "paused")
    stage.cloud.resume("triage_posts")
    stage.cloud.drain(10)

    assert not before
    assert called(stage, "paused") == {"paused-1": 1}


def test_the_schedule_calls_its_function(stage: Stage) -> None:
    eventually(lambda: stage.notes("tick"))

    assert stage.notes("tick")[0] == {"tick": "Scheduled Event"}
