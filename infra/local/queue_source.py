"""The SQS event source: batches to a function, and back to the queue what failed.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from chalicelib.stores.wire import Wire
from infra.local.answers import failed
from infra.local.engine import REGION
from infra.local.runtime import Function
from infra.local.source import Poller

LONG_POLL_SECONDS = 1  # how long `pause` may have to wait for a turn to end


class QueueSource:
    """Polls one queue with as many pollers as the function has workers, each over a connection of its own.

    Ordering within a message group is the queue's own work: it hands out nothing of a group that is in flight.
    """

    def __init__(self, wires: Sequence[Wire], url: str, settings: Mapping[str, Any], *, function: Function) -> None:
        self._url = url
        self._arn = settings["Queue"]
        self._batch_size = int(settings.get("BatchSize", 10))
        self._reports = "ReportBatchItemFailures" in settings.get("FunctionResponseTypes", [])
        self._function = function
        self.pollers = [Poller(f"{function.name}-{n}", partial(self._poll, wire)) for n, wire in enumerate(wires)]

    def _poll(self, wire: Wire) -> None:
        asked = {
            "QueueUrl": self._url,
            "MaxNumberOfMessages": min(self._batch_size, 10),
            "WaitTimeSeconds": LONG_POLL_SECONDS,
            "MessageSystemAttributeNames": ["All"],
            "MessageAttributeNames": ["All"],
        }
        if messages := wire.call("ReceiveMessage", asked).get("Messages", []):
            self._deliver(wire, messages)

    def _deliver(self, wire: Wire, messages: Sequence[Mapping[str, Any]]) -> None:
        """What failed stays: it is seen again when its visibility time-out ends, and dead after its last receive."""
        invocation = self._function.invoke({"Records": [_record(message, self._arn) for message in messages]})
        left = set(failed(invocation, [message["MessageId"] for message in messages], self._reports))
        done = [message for message in messages if message["MessageId"] not in left]
        if done:
            entries = [_entry(item) for item in enumerate(done)]
            wire.call("DeleteMessageBatch", {"QueueUrl": self._url, "Entries": entries})


def _entry(item: tuple[int, Mapping[str, Any]]) -> dict[str, str]:
    number, message = item
    return {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}


def _record(message: Mapping[str, Any], arn: str) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {key: _attribute(item) for key, item in message.get("MessageAttributes", {}).items()},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
        "awsRegion": REGION,
    }


def _attribute(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "stringValue": item.get("StringValue"),
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": item["DataType"],
    }
