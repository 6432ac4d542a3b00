"""What becomes of stream records that failed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from infra.local.retries import EXHAUSTED, FOR_EVER, Patience, Piece, obituary, patience

BISECTING = Patience(retries=2, bisect=True)


def record(number: int, at: float = 1_700_000_000.0) -> dict[str, Any]:
    return {"dynamodb": {"SequenceNumber": str(number), "ApproximateCreationDateTime": at}}


def piece(*numbers: int, retries: int = 0) -> Piece:
    return Piece(tuple(record(number) for number in numbers), retries)


def test_what_came_before_the_failure_is_not_repeated() -> None:
    assert BISECTING.after_failure(piece(1, 2, 3), 1) == [piece(2, 3)]


def test_a_batch_that_fails_at_its_head_is_halved_at_no_cost() -> None:
    assert BISECTING.after_failure(piece(1, 2, 3, retries=1), 0) == [piece(1, 2, retries=1), piece(3, retries=1)]


def test_a_single_record_is_tried_until_its_retries_are_spent() -> None:
    assert BISECTING.after_failure(piece(1, retries=1), 0) == [piece(1, retries=2)]
    assert BISECTING.after_failure(piece(1, retries=2), 0) == []


def test_without_bisecting_the_rest_of_the_batch_is_tried_together() -> None:
    patient = Patience(retries=2)

    assert patient.after_failure(piece(1, 2, 3), 1) == [piece(2, 3, retries=1)]
    assert patient.after_failure(piece(2, 3, retries=2), 0) == []


def test_by_default_a_record_is_tried_for_ever() -> None:
    default = patience({})

    assert default == Patience(retries=FOR_EVER, age=FOR_EVER, bisect=False)
    assert default.after_failure(piece(1, retries=10_000), 0) == [piece(1, retries=10_001)]


def test_a_record_grows_too_old() -> None:
    patient = patience({"MaximumRecordAgeInSeconds": 60})
    arrived = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)
    old = record(1, at=arrived.timestamp())

    assert patient.too_old(old, datetime(2026, 1, 1, 12, 1, 1, tzinfo=UTC))
    assert not patient.too_old(old, datetime(2026, 1, 1, 12, 0, 59, tzinfo=UTC))


def test_the_failure_destination_is_told_where_the_records_are_and_nothing_of_them() -> None:
    told = obituary(
        piece(7, 8, retries=4),
        stream="arn:stream",
        shard="shard-1",
        function_arn="arn:function",
        condition=EXHAUSTED,
        request_id="r",
    )

    assert told["requestContext"] == {
        "requestId": "r",
        "functionArn": "arn:function",
        "condition": "RetryAttemptsExhausted",
        "approximateInvokeCount": 5,
    }
    assert told["DDBStreamBatchInfo"] == {
        "shardId": "shard-1",
        "startSequenceNumber": "7",
        "endSequenceNumber": "8",
        "approximateArrivalOfFirstRecord": "2023-11-14T22:13:20.000Z",
        "approximateArrivalOfLastRecord": "2023-11-14T22:13:20.000Z",
        "batchSize": 2,
        "streamArn": "arn:stream",
    }
