"""How deep the queues are, and what CloudWatch has counted: for people who look, and for all-clears that wait."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.errors import SettingsError, Unavailable
from chalicelib.ports.clock import Clock
from chalicelib.stores.failures import told

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)
SETTLES = timedelta(minutes=1)  # the counts of a queue, says AWS, after the last message was sent
PARKED, FAILED = "-parked", "-deliveries-failed"  # how infra/resources.yaml names the queues of a stack


class Depths:
    """The queues of one stack. Every method raises Unavailable, or SettingsError for what is missing or forbidden."""

    def __init__(self, sqs: SQSClient, figures: Any, posts_url: str, parked_url: str, clock: Clock) -> None:
        self._sqs, self._figures = sqs, figures
        self._posts, self._parked = posts_url, parked_url
        self._clock = clock

    @property
    def stack(self) -> str:
        """The stack's name, by that of its queue of parked bodies."""
        return self._parked.rpartition("/")[2].removesuffix(PARKED)

    def posts(self) -> int:
        """Posts that wait for their decision, those under way included."""
        return self._depth(self._posts)

    def dead(self) -> int:
        """Posts among the dead letters."""
        policy = json.loads(self._attributes(self._posts, "RedrivePolicy").get("RedrivePolicy", "{}"))
        return self._depth(self._named(policy["deadLetterTargetArn"].rpartition(":")[2])) if policy else 0

    def parked(self) -> int:
        """Messages of parked bodies; one that is very large has several."""
        return self._depth(self._parked)

    def failed(self) -> int | None:
        """Records of the stream that were given up; None where there is no such queue."""
        try:
            return self._depth(self._named(f"{self.stack}{FAILED}"))
        except SettingsError:
            return None

    def oldest(self) -> timedelta | None:
        """How long the oldest post has waited, as CloudWatch saw it in the last minutes; None where it says nothing."""
        points = self._ages()
        return timedelta(seconds=max(point["Maximum"] for point in points)) if points else None

    def decided_until(self) -> datetime:
        """What was queued before then waits no more: it is decided, or among the dead letters. Raises Unavailable where
        nobody can say.

        One request where the queue is empty, whose counts may be a minute behind; else what CloudWatch saw last.
        """
        now = self._clock()
        if self.posts() == 0:
            return now - SETTLES
        points = self._ages()
        if not points:
            raise Unavailable("posts wait, and CloudWatch has no age of the oldest")
        latest = max(points, key=lambda point: point["Timestamp"])
        seen_at: datetime = latest["Timestamp"]
        return min(seen_at, now) - timedelta(seconds=latest["Maximum"])

    def counted(self, name: str, since: timedelta) -> tuple[int, int]:
        """How often filters of the stack's logs have counted this, and out of how many."""
        points = self._points(f"Earshot/{self.stack}", name, [], since)
        return round(sum(point["Sum"] for point in points)), round(sum(point["SampleCount"] for point in points))

    def ringing(self) -> list[str]:
        """The stack's alarms that are on, as infra/resources.yaml names them."""
        prefix = f"{self.stack}-"
        with told("CloudWatch"):
            answer = self._figures.describe_alarms(AlarmNamePrefix=prefix, StateValue="ALARM", MaxRecords=100)
        names = (alarm["AlarmName"].removeprefix(prefix) for alarm in answer["MetricAlarms"])
        return sorted(name.partition("-")[0] for name in names)  # CloudFormation adds letters of its own

    def _ages(self) -> list[Any]:
        """Of the oldest post, a minute each."""
        queue = {"Name": "QueueName", "Value": self._posts.rpartition("/")[2]}
        return self._points("AWS/SQS", "ApproximateAgeOfOldestMessage", [queue], timedelta(minutes=15))

    def _points(self, namespace: str, name: str, dimensions: list[dict[str, str]], since: timedelta) -> list[Any]:
        now = self._clock()
        with told("CloudWatch"):
            answer = self._figures.get_metric_statistics(
                Namespace=namespace,
                MetricName=name,
                Dimensions=dimensions,
                StartTime=now - since,
                EndTime=now + timedelta(minutes=1),
                Period=60,
                Statistics=["Maximum", "Sum", "SampleCount"],
            )
        points: list[Any] = answer["Datapoints"]
        return points

    def _depth(self, url: str) -> int:
        found = self._attributes(url, *COUNTS)
        return sum(int(found[name]) for name in COUNTS)

    def _attributes(self, url: str, *names: str) -> dict[str, str]:
        with told("queue"):
            answer = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names))  # type: ignore[arg-type]
        return {str(name): value for name, value in answer.get("Attributes", {}).items()}

    def _named(self, name: str) -> str:
        with told("queue"):
            return self._sqs.get_queue_url(QueueName=name)["QueueUrl"]
