"""One shard of a table's stream, read from its beginning, as records of a Lambda event."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from infra.local.engine import REGION
from infra.local.process import CloudError
from infra.local.retries import Record

READ_LIMIT = 1000


class Shard:
    """The only shard there is: ministack never splits one. `stream` is the stream's ARN."""

    def __init__(self, streams: Any, stream: str, start: str = "TRIM_HORIZON") -> None:
        self._streams = streams
        self.stream = stream
        shards = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"]
        if len(shards) != 1:
            raise CloudError(f"{stream} has {len(shards)} shards; the local cloud reads exactly one")
        self.id: str = shards[0]["ShardId"]
        self._start = start
        self._last: str | None = None
        self._iterator = self._find()

    def read(self) -> list[Record]:
        """The next records, if any; each once."""
        try:
            answer = self._streams.get_records(ShardIterator=self._iterator, Limit=READ_LIMIT)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ExpiredIteratorException":
                raise
            self._iterator = self._find()  # paused for a quarter of an hour
            return self.read()
        self._iterator = answer["NextShardIterator"]
        records: list[Record] = [_record(item, self.stream) for item in answer["Records"]]
        if records:
            self._last = records[-1]["dynamodb"]["SequenceNumber"]
        return records

    def _find(self) -> str:
        place = {"StreamArn": self.stream, "ShardId": self.id}
        if self._last is None:
            found = self._streams.get_shard_iterator(**place, ShardIteratorType=self._start)
        else:
            after = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": self._last}
            found = self._streams.get_shard_iterator(**place, **after)
        return str(found["ShardIterator"])


def _record(item: Mapping[str, Any], stream: str) -> dict[str, Any]:
    return {
        "eventID": item["eventID"],
        "eventName": item["eventName"],
        "eventVersion": item.get("eventVersion", "1.1"),
        "eventSource": "aws:dynamodb",
        "awsRegion": REGION,
        "eventSourceARN": stream,
        "dynamodb": _plain(item["dynamodb"]),
    }


def _plain(value: Any) -> Any:
    """As it stands in an event: instants in seconds, bytes in base64."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.timestamp()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
