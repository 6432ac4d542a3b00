"""One shard of a table's stream, read from its beginning, as records of a Lambda event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.stores.wire import Wire
from infra.local.engine import REGION
from infra.local.process import CloudError
from infra.local.retries import Record

READ_LIMIT = 1000


class Shard:
    """The only shard there is: ministack never splits one. `stream` is the stream's ARN."""

    def __init__(self, streams: Wire, stream: str, start: str = "TRIM_HORIZON") -> None:
        self._streams = streams
        self.stream = stream
        shards = streams.call("DescribeStream", {"StreamArn": stream})["StreamDescription"]["Shards"]
        if len(shards) != 1:
            raise CloudError(f"{stream} has {len(shards)} shards; the local cloud reads exactly one")
        self.id: str = shards[0]["ShardId"]
        self._start = start
        self._last: str | None = None
        self._iterator = self._find()

    def read(self) -> list[Record]:
        """The next records, if any; each once."""
        try:
            answer = self._streams.call("GetRecords", {"ShardIterator": self._iterator, "Limit": READ_LIMIT})
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
        after = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": self._last}
        place = {"ShardIteratorType": self._start} if self._last is None else after
        asked = {"StreamArn": self.stream, "ShardId": self.id, **place}
        return str(self._streams.call("GetShardIterator", asked)["ShardIterator"])


def _record(item: Mapping[str, Any], stream: str) -> dict[str, Any]:
    return {
        "eventID": item["eventID"],
        "eventName": item["eventName"],
        "eventVersion": item.get("eventVersion", "1.1"),
        "eventSource": "aws:dynamodb",
        "awsRegion": REGION,
        "eventSourceARN": stream,
        "dynamodb": item["dynamodb"],  # on the wire it is what a function is handed
    }
