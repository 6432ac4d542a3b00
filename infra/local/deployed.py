"""The packaged template, deployed into ministack by CloudFormation, its functions run from the zip by ministack itself.

API Gateway, event sources and the schedule are ministack's here, not ours. Of DynamoDB streams it loses what follows a
record that fails, so what fails is tried in cloud.py, on our own loop; here is shown that what is deployed works.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from chalicelib.stores import keys
from infra import target
from infra.deploy import Shelf, draw
from infra.local.calm import COUNTS
from infra.local.engine import CREDENTIALS, REGION, Engine
from infra.local.process import CloudError
from infra.local.shard import Shard
from infra.local.source import Poller
from infra.local.stack import QUEUE
from infra.local.stream_source import Watcher
from infra.package import ROOT
from infra.stacks import Stacks
from infra.stages import Stage

LOOK_SECONDS = 0.1
STILL_SECONDS = 1.0  # so long nothing must be under way before it counts as nothing


class DeployedCloud:
    """A stage's checked package, running between `with` and its end. Raises CloudError, DeployError, PackageError."""

    def __init__(self, build: Path, chosen: Stage, settings: Mapping[str, Any], data: Path, **parameters: str) -> None:
        self.data = data
        self.url = ""
        self.environment: dict[str, str] = {}
        self.said: list[str] = []
        self._build = build
        self._chosen = chosen
        self._settings = settings
        self._parameters = parameters
        self._watchers: list[Watcher] = []
        self._parts = ExitStack()

    def __enter__(self) -> DeployedCloud:
        try:
            self._start()
        except BaseException:
            self._parts.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._parts.close()

    def client(self, name: str) -> Any:
        """A boto3 client of the services here."""
        return self.engine.client(name)

    def watch(self, watcher: Watcher) -> None:
        """Show it every record of the stream from now on."""
        self._watchers.append(watcher)

    def depths(self) -> dict[str, int]:
        """Messages in every queue by its name in the template, those in flight included."""
        return {name: self._depth(url) for name, url in self.queues.items()}

    def check(self) -> None:
        """Raises CloudError when the services have died."""
        self.engine.check()

    def drain(self, timeout: float = 30) -> None:
        """Return when no post waits and nothing is owed, for a second. Raises CloudError telling what is left."""
        deadline = time.monotonic() + timeout
        still_since = time.monotonic()
        while time.monotonic() - still_since < STILL_SECONDS:
            self.check()
            if left := self._left():
                still_since = time.monotonic()
                if still_since > deadline:
                    raise CloudError(f"not drained within {timeout} s: {left}")
            time.sleep(LOOK_SECONDS)

    def logs(self) -> str:
        """Every line the functions have written."""
        client, lines = self.client("logs"), []
        for page in client.get_paginator("describe_log_groups").paginate():
            for group in page["logGroups"]:
                events = client.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"])
                lines += [event["message"] for found in events for event in found["events"]]
        return "\n".join(lines)

    def _start(self) -> None:
        for folder in ("logs", "tmp"):
            (self.data / folder).mkdir(parents=True, exist_ok=True)
        self.engine = Engine(ROOT, self.data, functions_on=target.python())
        self._parts.callback(self.engine.stop)
        self.engine.wait_until_ready()
        outputs = self._deploy()
        secret = outputs["CompanySettings"]
        self.client("secretsmanager").put_secret_value(SecretId=secret, SecretString=json.dumps(self._settings))
        self.url = self._door(outputs)
        services = {**CREDENTIALS, "AWS_REGION": REGION, "AWS_ENDPOINT_URL": self.engine.url}
        told = self.client("lambda").get_function_configuration(FunctionName=outputs["APIHandlerName"])
        self.environment = {**services, **told["Environment"]["Variables"]}
        self._follow_the_stream(outputs["PostsTable"])

    def _door(self, outputs: Mapping[str, str]) -> str:
        """Where ministack answers in place of the address that platforms are given."""
        if "RestAPIId" in outputs:
            return f"{self.engine.url}/restapis/{outputs['RestAPIId']}/{self._chosen.name}/_user_request_"
        host = urlsplit(outputs["EndpointURL"]).hostname or ""
        return f"{self.engine.url}/_aws/lambda-url/{host.partition('.')[0]}"

    def _deploy(self) -> dict[str, str]:
        s3 = self.client("s3")
        s3.create_bucket(Bucket="packages")
        stacks = Stacks(self.client("cloudformation"), self.said.append, LOOK_SECONDS)
        drawn = draw(stacks, Shelf(s3, "packages"), self._chosen, self._build, self._parameters)
        if drawn is None:
            raise CloudError("the package changes nothing in an empty cloud")
        outputs = drawn.carry_out()
        made = self.client("cloudformation").describe_stack_resources(StackName=self._chosen.stack)["StackResources"]
        self.queues = {
            item["LogicalResourceId"]: item["PhysicalResourceId"] for item in made if item["ResourceType"] == QUEUE
        }
        return outputs

    def _follow_the_stream(self, table: str) -> None:
        self._table = table
        stream = self.client("dynamodb").describe_table(TableName=table)["Table"]["LatestStreamArn"]
        shard = Shard(self.engine.wire("dynamodbstreams"), stream)

        def read() -> None:
            for record in shard.read():
                for watch in self._watchers:
                    watch(record)
            poller.rest(LOOK_SECONDS)

        poller = Poller("watching", read)
        self._parts.callback(lambda: poller.join(5))
        self._parts.callback(poller.stop)
        poller.start()

    def _left(self) -> str:
        posts = self._depth(self.queues["PostsQueue"])
        owed = sum(self._owed(partition) for partition in keys.owing())
        return f"{posts} posts wait, {owed} items are owed" if posts or owed else ""

    def _owed(self, partition: str) -> int:
        """Deliveries; the clocks of replies that nobody waits for are in other partitions of the same index."""
        found = self.client("dynamodb").query(
            TableName=self._table,
            IndexName="owing",
            Select="COUNT",
            KeyConditionExpression="owes = :partition",
            ExpressionAttributeValues={":partition": {"S": partition}},
        )
        return int(found["Count"])

    def _depth(self, url: str) -> int:
        found = self.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=list(COUNTS))["Attributes"]
        return sum(int(found[name]) for name in COUNTS)
