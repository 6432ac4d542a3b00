"""One local cloud for all tests of event sources, with handlers that do what their records say; its services alone."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from infra.local.cloud import LocalCloud
from infra.local.engine import Engine

TRIES = 5  # the fewest that the template allows
ROOT = Path(__file__).resolve().parents[2]
HANDLERS = {
    "api_handler": "tests.local.handlers.app",
    "triage_posts": "tests.local.handlers.triage",
    "deliver_cases": "tests.local.handlers.deliver",
    "tell_people": "tests.local.handlers.deliver",
    "keep_time": "tests.local.handlers.tick",
}


@dataclass
class Stage:
    """A cloud, what its functions noted, and what its stream held."""

    cloud: LocalCloud
    calls: Path
    watched: list[Any] = field(default_factory=list)

    def notes(self, key: str) -> list[Any]:
        """Everything noted under one key."""
        lines = [json.loads(line) for line in self.calls.read_text().splitlines()] if self.calls.exists() else []
        return [line for line in lines if key in line]

    def send(self, group: str, *tasks: dict[str, Any]) -> None:
        """Queue tasks for one author, up to ten at once."""
        entries = [
            {
                "Id": str(number),
                "MessageBody": json.dumps(task),
                "MessageGroupId": group,
                "MessageDeduplicationId": f"{group}-{task['id']}",
            }
            for number, task in enumerate(tasks)
        ]
        self.cloud.client("sqs").send_message_batch(
            QueueUrl=self.cloud.environment["EARSHOT_POSTS_QUEUE"], Entries=entries
        )

    def received(self, queue: str) -> list[dict[str, Any]]:
        """What lies in a queue, taken out of it."""
        sqs, url = self.cloud.client("sqs"), self.url(queue)
        messages: list[dict[str, Any]] = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"]) for message in messages]

    def url(self, queue: str) -> str:
        """A queue's address, by the end of its name."""
        urls: list[str] = self.cloud.client("sqs").list_queues()["QueueUrls"]
        return next(url for url in urls if url.endswith(queue))

    def write(self, *names: str, does: dict[str, str] | None = None, owes: bool = True) -> None:
        """Items in this order, read by the stream source together."""
        self.cloud.pause("deliver_cases")
        table = self.cloud.client("dynamodb")
        for name in names:
            item = {"pk": {"S": "TEST"}, "sk": {"S": name}}
            item |= {"owes": {"S": "crm#0"}, "owed_since": {"S": "2026"}} if owes else {}
            item |= {"does": {"S": does[name]}} if does and name in does else {}
            table.put_item(TableName=self.cloud.environment["EARSHOT_TABLE"], Item=item)
        self.cloud.resume("deliver_cases")


@pytest.fixture(scope="package")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A running cloud; a failed post is tried again after one second."""
    data = tmp_path_factory.mktemp("cloud")
    watched: list[Any] = []
    cloud = LocalCloud(
        data,
        {"platforms": {}},
        handlers=HANDLERS,
        env={"CALLS": str(data / "calls")},
        parameters={"PostsVisibilitySeconds": "1", "PostsTries": str(TRIES)},
        schedule_seconds=2,
    )
    cloud.watch(watched.append)
    with cloud:
        yield Stage(cloud, data / "calls", watched)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The services alone."""
    data = tmp_path_factory.mktemp("engine")
    for folder in ("logs", "tmp"):
        (data / folder).mkdir()
    running = Engine(ROOT, data)
    running.wait_until_ready()
    yield running
    running.stop()


def eventually(true: Callable[[], object], seconds: float = 8) -> None:
    """Wait for something that happens elsewhere."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"did not happen within {seconds} s"
        time.sleep(0.02)
