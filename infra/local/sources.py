"""The event sources, made as the template says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from infra.local.engine import Engine
from infra.local.functions import LOGICAL
from infra.local.process import CloudError
from infra.local.queue_source import QueueSource
from infra.local.runtime import Function
from infra.local.shard import Shard
from infra.local.source import Bell
from infra.local.stack import QUEUE, Stack
from infra.local.stream_source import StreamSource, Watcher


def queue_source(engine: Engine, stack: Stack, function: Function, pollers: int) -> QueueSource:
    """A function's SQS event source, named as Chalice names it."""
    settings = _settings(stack, function, "SqsEventSource")
    url = _address(stack, settings["Queue"])
    return QueueSource([engine.wire("sqs") for _ in range(pollers)], url, settings, function=function)


def stream_source(
    engine: Engine, stack: Stack, function: Function, bell: Bell, watchers: Sequence[Watcher]
) -> StreamSource:
    """A function's DynamoDB stream event source."""
    settings = _settings(stack, function, "DynamodbEventSource")
    shard = Shard(engine.wire("dynamodbstreams"), settings["Stream"], settings["StartingPosition"])
    failures = _address(stack, settings["DestinationConfig"]["OnFailure"]["Destination"])
    sqs = engine.client("sqs")

    def tell(text: str) -> None:
        sqs.send_message(QueueUrl=failures, MessageBody=text)

    return StreamSource(shard, settings, function=function, tell=tell, bell=bell, watchers=watchers)


def _settings(stack: Stack, function: Function, kind: str) -> dict[str, Any]:
    logical = LOGICAL[function.name]
    try:
        found: dict[str, Any] = stack.properties(logical)["Events"][logical + kind]["Properties"]
    except KeyError as missing:
        raise CloudError(f"infra/resources.yaml: {logical} has no event source {logical}{kind}") from missing
    return found


def _address(stack: Stack, arn: str) -> str:
    """Of a queue, of which the template tells the ARN."""
    name = arn.rsplit(":", 1)[-1]
    return next(url for url in stack.of_type(QUEUE).values() if url.rsplit("/", 1)[-1] == name)
