"""What answers to batches mean."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.answers import failed
from infra.local.worker import Invocation

IDS = ["a", "b", "c"]


def answer(payload: Any) -> list[str]:
    return failed(Invocation(payload=payload), IDS, reports=True)


@pytest.mark.parametrize("payload", [None, {}, {"batchItemFailures": None}, {"batchItemFailures": []}])
def test_nothing_reported_is_a_success(payload: Any) -> None:
    assert answer(payload) == []


def test_the_named_ones_failed_in_the_batchs_order() -> None:
    named = [{"itemIdentifier": "c"}, {"itemIdentifier": "a"}, {"itemIdentifier": "c"}]

    assert answer({"batchItemFailures": named}) == ["a", "c"]


@pytest.mark.parametrize(
    "payload",
    [
        "done",
        [],
        {"batchItemFailures": "a"},
        {"batchItemFailures": ["a"]},
        {"batchItemFailures": [{"itemIdentifier": ""}]},
        {"batchItemFailures": [{"itemIdentifier": None}]},
        {"batchItemFailures": [{"messageId": "a"}]},
        {"batchItemFailures": [{"itemIdentifier": "a"}, {"itemIdentifier": "not of this batch"}]},
        {"batchItemFailures": [{"itemIdentifier": ["a"]}]},
    ],
)
def test_a_malformed_answer_fails_everything(payload: Any) -> None:
    assert answer(payload) == IDS


def test_an_error_fails_everything() -> None:
    assert failed(Invocation(error={"errorType": "ValueError"}), IDS, reports=True) == IDS


def test_a_source_that_does_not_report_ignores_the_answer() -> None:
    payload = {"batchItemFailures": [{"itemIdentifier": "a"}]}

    assert failed(Invocation(payload=payload), IDS, reports=False) == []
