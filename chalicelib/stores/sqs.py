"""The queues on SQS: posts (FIFO, grouped by author), parked bodies (standard), and the posts' dead letters."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from chalicelib.errors import SettingsError, Unavailable
from chalicelib.model import Parked, Post
from chalicelib.stores import messages
from chalicelib.stores.failures import told
from chalicelib.stores.keys import digest
from chalicelib.stores.messages import decode, readable

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef, SendMessageBatchRequestEntryTypeDef

__all__ = ["SqsQueue", "decode", "readable"]

BATCH_ENTRIES = 10
BATCH_BYTES = 1_000_000  # of the 1 MiB that all messages of a request may have together
SHOWN_SECONDS = 10  # how long a message is hidden from others while we look


class SqsQueue:
    """ports.deciding.PostQueue. Every method raises Unavailable when SQS does not answer, SettingsError for a missing
    queue."""

    def __init__(self, client: SQSClient, posts_url: str, parked_url: str) -> None:
        self._client = client
        self._posts = posts_url
        self._parked = parked_url

    def put(self, posts: Sequence[Post], again: str = "") -> None:
        """All of them are queued when this returns; a version that is there twice is sent once."""
        unique = {(post.id, post.version): post for post in posts}
        entries = [_entry(str(number), post, again) for number, post in enumerate(unique.values())]
        for batch in _batches(entries):
            failed = self._send(batch)
            if failed and self._send([entry for entry in batch if entry["Id"] in failed]):
                raise Unavailable("queue: it refused messages of a batch twice")

    def decided(self, receipt: str) -> None:
        """Off the queue, whatever becomes of the batch it came in."""
        with told("queue"):
            self._client.delete_message(QueueUrl=self._posts, ReceiptHandle=receipt)

    def park(self, parked: Parked) -> None:
        """Keep a raw body; a part that was sent again with a repeated delivery does no harm."""
        for body in messages.parts(parked):
            with told("parked queue"):
                self._client.send_message(QueueUrl=self._parked, MessageBody=body)

    def parked(self, limit: int) -> list[Parked]:
        """Look at parked bodies; whoever looks next sees them too."""
        shelf = messages.Shelf()
        receipts: dict[str, str] = {}
        while len(shelf.whole) < limit:
            found = self._receive(self._parked, limit - len(shelf.whole), SHOWN_SECONDS)
            new = [message for message in found if message["MessageId"] not in receipts]
            if not new:
                break
            for message in new:
                receipts[message["MessageId"]] = message["ReceiptHandle"]
                sent_at = messages.sent_at(message["Attributes"].get("SentTimestamp", "0"))
                shelf.add(message["Body"], message["ReceiptHandle"], sent_at)
        for receipt in receipts.values():  # looked at, not taken: whoever looks next sees them too
            with told("parked queue"):
                self._client.change_message_visibility(
                    QueueUrl=self._parked, ReceiptHandle=receipt, VisibilityTimeout=0
                )
        return shelf.whole[:limit]

    def unpark(self, parked: Parked) -> None:
        """Remove one that `parked` has shown; one that was never shown has nothing to remove."""
        for receipt in messages.receipts(parked):
            with told("parked queue"):
                self._client.delete_message(QueueUrl=self._parked, ReceiptHandle=receipt)

    def redrive(self, limit: int) -> int:
        """Move posts from the dead letters back, in their order; how many. SettingsError when it has no such queue."""
        dead_letters = self._dead_letters()
        moved = 0
        while moved < limit:
            found = self._receive(dead_letters, limit - moved, SHOWN_SECONDS)
            if not found:
                break
            for message in found:
                self._move(message, dead_letters)
            moved += len(found)
        return moved

    def _send(self, batch: list[SendMessageBatchRequestEntryTypeDef]) -> set[str]:
        """The ids of those that SQS did not take."""
        with told("queue"):
            answer = self._client.send_message_batch(QueueUrl=self._posts, Entries=batch)
        return {entry["Id"] for entry in answer.get("Failed", [])}

    def _receive(self, url: str, most: int, hidden: int) -> list[MessageTypeDef]:
        with told("queue"):
            answer = self._client.receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=min(BATCH_ENTRIES, most),
                VisibilityTimeout=hidden,
                WaitTimeSeconds=1,  # a short poll asks only some of the servers, and may find nothing
                MessageSystemAttributeNames=["All"],
            )
        return answer.get("Messages", [])

    def _move(self, message: MessageTypeDef, dead_letters: str) -> None:
        with told("queue"):
            self._client.send_message(
                QueueUrl=self._posts,
                MessageBody=message["Body"],
                MessageGroupId=message["Attributes"]["MessageGroupId"],
                # Not the post's own: within five minutes of its first sending it would be swallowed as a duplicate.
                MessageDeduplicationId=digest(message["MessageId"]),
            )
            self._client.delete_message(QueueUrl=dead_letters, ReceiptHandle=message["ReceiptHandle"])

    def _dead_letters(self) -> str:
        with told("queue"):
            answer = self._client.get_queue_attributes(QueueUrl=self._posts, AttributeNames=["RedrivePolicy"])
        policy = answer.get("Attributes", {}).get("RedrivePolicy")
        if not policy:
            raise SettingsError("queue: the posts' queue names no dead-letter queue")
        *_, account, name = json.loads(policy)["deadLetterTargetArn"].split(":")
        with told("dead letters"):
            return self._client.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=account)["QueueUrl"]


def _entry(id_: str, post: Post, again: str) -> SendMessageBatchRequestEntryTypeDef:
    return {
        "Id": id_,
        "MessageBody": messages.encode(post),
        # One author's posts keep their order; where the author is withheld, the conversation's do.
        "MessageGroupId": digest(post.author_key or f"{post.platform}:{post.conversation_id or post.id}"),
        "MessageDeduplicationId": digest("\x1f".join([post.id, post.version, *filter(None, [again])])),
    }


def _batches(
    entries: list[SendMessageBatchRequestEntryTypeDef],
) -> Iterator[list[SendMessageBatchRequestEntryTypeDef]]:
    batch: list[SendMessageBatchRequestEntryTypeDef] = []
    size = 0
    for entry in entries:
        length = len(entry["MessageBody"])
        if batch and (len(batch) == BATCH_ENTRIES or size + length > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += length
    if batch:
        yield batch
