"""What every queue promises, in memory and on SQS alike."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from chalicelib.errors import BadPayload, SettingsError, Unavailable
from chalicelib.model import Author, Parked, Post
from chalicelib.ports.deciding import PostQueue
from chalicelib.stores.memory import MemoryQueue
from chalicelib.stores.messages import encode
from chalicelib.stores.sqs import SqsQueue, decode, readable
from tests.contracts.cloud import Cloud
from tests.contracts.conftest import Clock
from tests.contracts.story import edit_of, post
from tests.contracts.test_store import STRANGE_TEXTS

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class SqsQueues:
    """A queue of posts, its dead letters and a queue of parked bodies, fresh for one test."""

    def __init__(self, cloud: Cloud) -> None:
        self.client = cloud.client("sqs")
        name = str(uuid4())
        self.dead_letters = self._make(f"{name}-dead.fifo", FifoQueue="true")
        found = self.client.get_queue_attributes(QueueUrl=self.dead_letters, AttributeNames=["QueueArn"])
        policy = f'{{"deadLetterTargetArn": "{found["Attributes"]["QueueArn"]}", "maxReceiveCount": 3}}'
        self.posts = self._make(f"{name}.fifo", FifoQueue="true", RedrivePolicy=policy)
        self.parked = self._make(f"{name}-parked")
        self.queue = SqsQueue(self.client, self.posts, self.parked)

    def take(self) -> list[Post]:
        return [decode(message["Body"]) for message in self.messages()]

    def messages(self, url: str | None = None) -> Iterator[Any]:
        """Every message there is; each is removed as it is read."""
        arguments = {"MaxNumberOfMessages": 10, "MessageSystemAttributeNames": ["All"]}
        while found := self.client.receive_message(QueueUrl=url or self.posts, **arguments).get("Messages"):
            for message in found:
                self.client.delete_message(QueueUrl=url or self.posts, ReceiptHandle=message["ReceiptHandle"])
            yield from found

    def bury(self, posts: list[Post]) -> None:
        for of in posts:
            self.client.send_message(
                QueueUrl=self.dead_letters,
                MessageBody=encode(of),
                MessageGroupId="a",
                MessageDeduplicationId=of.native_id,
            )

    def _make(self, name: str, **attributes: str) -> str:
        return str(self.client.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])


class MemoryQueues:
    """The same ends of the queue in memory."""

    def __init__(self, clock: Clock) -> None:
        self.queue = MemoryQueue(clock)
        self.take = self.queue.take

    def bury(self, posts: list[Post]) -> None:
        self.queue.dead.extend(posts)


@pytest.fixture
def sqs(cloud: Cloud) -> SqsQueues:
    return SqsQueues(cloud)


@pytest.fixture(params=["memory", pytest.param("sqs", marks=pytest.mark.local)])
def ends(request: pytest.FixtureRequest, clock: Clock) -> Any:
    return MemoryQueues(clock) if request.param == "memory" else request.getfixturevalue("sqs")


@pytest.fixture
def queue(ends: Any) -> PostQueue:
    made: PostQueue = ends.queue
    return made


def parked(body: bytes = b'{"object": "page"}', **fields: Any) -> Parked:
    given = {"headers": {"content-type": "application/json"}, "why": "entry: expected a list", "received_at": NOON}
    return Parked(platform="facebook", body=body, **{**given, **fields})


def test_posts_come_out_in_the_order_they_were_put(queue: PostQueue, ends: Any) -> None:
    posts = [post(number) for number in range(25)]
    queue.put(posts)

    assert ends.take() == posts


@pytest.mark.parametrize("text", STRANGE_TEXTS.values(), ids=STRANGE_TEXTS)
def test_any_text_comes_out_as_it_was_put(queue: PostQueue, ends: Any, text: str) -> None:
    queue.put([post(text=text)])

    assert ends.take() == [post(text=text)]


def test_a_version_that_is_put_twice_is_queued_once(queue: PostQueue, ends: Any) -> None:
    edit = edit_of(post(), "dead again")
    queue.put([post(), edit, replace(post(), delivered_at=NOON)])
    queue.put([post()])

    assert [of.version for of in ends.take()] == [post().version, edit.version]


def test_nothing_to_put_is_no_request(queue: PostQueue, ends: Any) -> None:
    queue.put([])

    assert ends.take() == []


def test_endless_texts_are_cut_to_64_kb_and_all_of_them_arrive(queue: PostQueue, ends: Any) -> None:
    posts = [post(n, text="🔥" * 80_000, quoted_text="q" * 80_000, parent_text="p" * 80_000) for n in range(6)]
    queue.put(posts)

    taken = ends.take()

    assert [of.id for of in taken] == [of.id for of in posts]
    assert all(of.text.startswith("🔥" * 5000) and "[cut: 80000 characters" in of.text for of in taken)
    assert all(len(of.quoted_text) <= 64 * 1024 for of in taken)


def test_a_post_that_is_endless_in_every_field_still_fits(queue: PostQueue, ends: Any) -> None:
    endless = "\x00" * 70_000
    of = post(
        endless, text=endless, language=endless, permalink=endless, media=(endless[:5_000],) * 60, account_id=endless,
        in_reply_to=endless, conversation_id=endless, author=Author(endless, endless, endless),
    )  # fmt: skip
    other = replace(of, id=of.id + "other")
    queue.put([of, other])

    taken = ends.take()

    assert len({of.id for of in taken}) == 2


def test_a_parked_body_is_shown_as_it_came_and_stays_until_it_is_unparked(queue: PostQueue) -> None:
    body = bytes(range(256)) * 10
    queue.park(parked(body))

    shown = queue.parked(10)
    queue.unpark(shown[0])

    assert [replace(one, receipt=None) for one in shown] == [parked(body)]
    assert queue.parked(10) == []


SECRETS = ("authorization", "cookie", "x-hub-signature-256", "x-telegram-bot-api-secret-token", "x-goog-channel-token")


def test_of_a_parked_bodys_headers_only_those_it_is_read_by_are_kept(queue: PostQueue) -> None:
    read_by = {"content-type": "text/plain", "ce-type": "com.example.post.created", "ce-time": "2026-03-01T11:59:58Z"}
    queue.park(parked(headers={**read_by, **dict.fromkeys((*SECRETS, "ce-authtoken", "x-new"), "worth-a-secret")}))

    assert queue.parked(1)[0].headers == read_by


@pytest.mark.parametrize("megabytes", [2, pytest.param(10, marks=pytest.mark.local)])
def test_a_body_of_many_megabytes_that_does_not_compress_is_parked_whole(queue: PostQueue, megabytes: int) -> None:
    body = random.Random(1).randbytes(megabytes * 1_000_000)  # noqa: S311
    queue.park(parked(body))

    shown = queue.parked(1)
    queue.unpark(shown[0])

    assert shown[0].body == body
    assert queue.parked(1) == []


@pytest.mark.parametrize("body", [b"", b"x" * 5_000_000], ids=["empty", "compressible"])
def test_any_body_is_parked_whole(queue: PostQueue, body: bytes) -> None:
    queue.park(parked(body, headers={}))

    assert [one.body for one in queue.parked(5)] == [body]


def test_parked_shows_no_more_than_it_is_asked_for(queue: PostQueue) -> None:
    for number in range(13):
        queue.park(parked(f"{number}".encode()))

    assert len(queue.parked(3)) == 3


def test_what_was_never_shown_cannot_be_unparked(queue: PostQueue) -> None:
    queue.park(parked())
    queue.unpark(parked())

    assert len(queue.parked(1)) == 1


def test_dead_letters_are_moved_back_in_order_though_they_were_sent_minutes_ago(queue: PostQueue, ends: Any) -> None:
    posts = [post(number) for number in range(12)]
    queue.put(posts)
    ends.take()
    ends.bury(posts)

    assert queue.redrive(5) == 5
    assert ends.take() == posts[:5]
    assert queue.redrive(100) == 7
    assert ends.take() == posts[5:]
    assert queue.redrive(100) == 0


def test_a_sending_that_is_named_is_no_repetition_of_another(queue: PostQueue, ends: Any) -> None:
    queue.put([post()])
    queue.put([post()], again="restored at nine")
    queue.put([post()], again="restored at nine")

    assert ends.take() == [post(), post()]


def test_a_repeated_post_is_taken_again_after_five_minutes(clock: Clock) -> None:
    queue = MemoryQueue(clock)
    queue.put([post()])
    clock.now += timedelta(minutes=5)
    queue.put([post()])

    assert queue.take() == [post(), post()]


@pytest.mark.parametrize("body", ["", "no json", "[" * 100_000, "[]", '{"id": 1}', '{"id": "a", "platform": []}'])
def test_a_message_that_is_no_post_is_a_bad_payload_and_left_out_of_the_readable(body: str) -> None:
    with pytest.raises(BadPayload):
        decode(body)

    assert readable([body, encode(post())]) == [post()]


@pytest.mark.local
def test_an_author_has_one_group_and_nobody_is_named_in_it(sqs: SqsQueues) -> None:
    nameless = [post(n, author=Author(), conversation_id=c) for n, c in ((3, "c-1"), (4, "c-1"), (5, None), (6, None))]
    sqs.queue.put([post(1), post(2), *nameless])

    groups = [message["Attributes"]["MessageGroupId"] for message in sqs.messages()]

    assert groups[0] == groups[1]
    assert groups[2] == groups[3]
    assert len(set(groups)) == 4
    assert all("ana" not in group for group in groups)


@pytest.mark.local
def test_a_message_sqs_did_not_take_is_sent_once_more(sqs: SqsQueues) -> None:
    calls: list[int] = []

    def fail_second_first(parsed: Any, **_: Any) -> None:
        calls.append(len(parsed["Successful"]))
        if len(calls) == 1:
            parsed["Failed"] = [{"Id": "1", "SenderFault": False, "Code": "InternalError"}]

    sqs.client.meta.events.register("after-call.sqs.SendMessageBatch", fail_second_first)
    sqs.queue.put([post(1), post(2), post(3)])

    assert calls == [3, 1]


@pytest.mark.local
def test_a_message_sqs_refuses_twice_is_unavailable(sqs: SqsQueues) -> None:
    failed = [{"Id": "0", "SenderFault": True, "Code": "InvalidMessageContents"}]
    sqs.client.meta.events.register("after-call.sqs.SendMessageBatch", lambda parsed, **_: parsed.update(Failed=failed))

    with pytest.raises(Unavailable):
        sqs.queue.put([post()])


@pytest.mark.local
def test_a_part_that_was_parked_twice_still_makes_one_body(sqs: SqsQueues) -> None:
    body = random.Random(2).randbytes(2_000_000)  # noqa: S311
    sqs.queue.park(parked(body))
    sqs.client.send_message(QueueUrl=sqs.parked, MessageBody="not ours")
    shown = sqs.queue.parked(10)

    assert {one.body for one in shown} == {body, b"not ours"}
    for one in shown:
        sqs.queue.unpark(one)
    assert list(sqs.messages(sqs.parked)) == []


@pytest.mark.local
def test_a_queue_that_is_not_there_is_the_operators_to_mend(sqs: SqsQueues) -> None:
    missing = SqsQueue(sqs.client, sqs.posts + "x.fifo", sqs.parked + "x")

    for call in (lambda: missing.put([post()]), lambda: missing.park(parked()), lambda: missing.redrive(1)):
        with pytest.raises(SettingsError):
            call()


@pytest.mark.local
def test_a_queue_without_dead_letters_says_so(sqs: SqsQueues) -> None:
    with pytest.raises(SettingsError, match="dead-letter"):
        SqsQueue(sqs.client, sqs.parked, sqs.parked).redrive(1)


def test_a_queue_that_cannot_be_reached_is_unavailable() -> None:
    nowhere = Cloud("http://127.0.0.1:9").client("sqs")

    with pytest.raises(Unavailable, match="EndpointConnectionError"):
        SqsQueue(nowhere, "http://127.0.0.1:9/posts", "http://127.0.0.1:9/parked").put([post()])


def test_a_post_that_was_decided_leaves_the_queue_before_its_batch_is_answered_for(cloud: Cloud) -> None:
    queues = SqsQueues(cloud)
    queues.queue.put([post(1), post(2)])
    messages = queues.client.receive_message(QueueUrl=queues.posts, MaxNumberOfMessages=10, VisibilityTimeout=1)[
        "Messages"
    ]

    queues.queue.decided(messages[0]["ReceiptHandle"])
    time.sleep(1.2)

    assert [of.id for of in queues.take()] == [decode(messages[1]["Body"]).id]
