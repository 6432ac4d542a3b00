"""What becomes of a batch of stream records that failed: split, tried again, or given up.

https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html and
https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html. Splitting costs no retry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

FOR_EVER = -1
EXHAUSTED = "RetryAttemptsExhausted"
TOO_OLD = "RecordAgeExceeded"

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """Records that are delivered together, in order; `retries` so far."""

    records: tuple[Record, ...]
    retries: int = 0


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one tries: `retries` and `age` in seconds may be FOR_EVER."""

    retries: int = FOR_EVER
    age: float = FOR_EVER
    bisect: bool = False

    def after_failure(self, piece: Piece, first_failed: int) -> list[Piece]:
        """What is to be delivered next, in order, when the record at `first_failed` did not go through.

        Empty when there is no retry left: the piece is given up.
        """
        left = Piece(piece.records[first_failed:], piece.retries)
        if self.bisect and first_failed:
            return [left]  # AWS bisects at the returned sequence number
        if self.bisect and len(left.records) > 1:
            middle = (len(left.records) + 1) // 2
            return [Piece(left.records[:middle], piece.retries), Piece(left.records[middle:], piece.retries)]
        if self.retries != FOR_EVER and piece.retries >= self.retries:
            return []
        return [Piece(left.records, piece.retries + 1)]

    def too_old(self, record: Record, now: datetime) -> bool:
        """Past MaximumRecordAgeInSeconds."""
        return self.age != FOR_EVER and now.timestamp() - arrival(record) > self.age


def patience(settings: Mapping[str, Any]) -> Patience:
    """From an event source's properties; AWS's default is to try for ever."""
    return Patience(
        retries=int(settings.get("MaximumRetryAttempts", FOR_EVER)),
        age=float(settings.get("MaximumRecordAgeInSeconds", FOR_EVER)),
        bisect=bool(settings.get("BisectBatchOnFunctionError", False)),
    )


def obituary(
    piece: Piece, *, stream: str, shard: str, function_arn: str, condition: str, request_id: str
) -> dict[str, Any]:
    """What an on-failure destination is told: where the records are, not what is in them.

    https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
    """
    first, last = piece.records[0], piece.records[-1]
    return {
        "requestContext": {
            "requestId": request_id,
            "functionArn": function_arn,
            "condition": condition,
            "approximateInvokeCount": piece.retries + 1,
        },
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "version": "1.0",
        "timestamp": _iso(datetime.now(UTC)),
        "DDBStreamBatchInfo": {
            "shardId": shard,
            "startSequenceNumber": first["dynamodb"]["SequenceNumber"],
            "endSequenceNumber": last["dynamodb"]["SequenceNumber"],
            "approximateArrivalOfFirstRecord": _iso(datetime.fromtimestamp(arrival(first), UTC)),
            "approximateArrivalOfLastRecord": _iso(datetime.fromtimestamp(arrival(last), UTC)),
            "batchSize": len(piece.records),
            "streamArn": stream,
        },
    }


def arrival(record: Record) -> float:
    """When the stream got it, in seconds since 1970."""
    return float(record["dynamodb"]["ApproximateCreationDateTime"])


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
