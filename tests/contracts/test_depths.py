"""Until when what was queued is decided, as queue and CloudWatch tell it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from chalicelib.errors import Unavailable
from chalicelib.stores.depths import SETTLES, Depths
from tests.contracts.cloud import Cloud

pytestmark = pytest.mark.local


@pytest.fixture
def depths(cloud: Cloud) -> Depths:
    sqs, name = cloud.client("sqs"), f"{uuid4()}.fifo"
    url = sqs.create_queue(QueueName=name, Attributes={"FifoQueue": "true"})["QueueUrl"]
    return Depths(sqs, cloud.client("cloudwatch"), url, f"{url}-parked", lambda: datetime.now(UTC))


def waits(depths: Depths) -> None:
    depths._sqs.send_message(
        QueueUrl=depths._posts, MessageBody="a post", MessageGroupId="1", MessageDeduplicationId="1"
    )


def age(depths: Depths, seconds: float, at: datetime) -> None:
    queue = [{"Name": "QueueName", "Value": depths._posts.rpartition("/")[2]}]
    figure: dict[str, Any] = {"MetricName": "ApproximateAgeOfOldestMessage", "Dimensions": queue, "Value": seconds}
    depths._figures.put_metric_data(Namespace="AWS/SQS", MetricData=[{**figure, "Timestamp": at}])


def test_of_an_empty_queue_everything_is_decided_but_what_its_counts_may_not_show_yet(depths: Depths) -> None:
    before = datetime.now(UTC)

    assert before - SETTLES <= depths.decided_until() <= datetime.now(UTC) - SETTLES


def test_of_one_that_is_not_the_oldest_tells_as_it_was_seen_last(depths: Depths) -> None:
    waits(depths)
    now = datetime.now(UTC)
    age(depths, 5, now - timedelta(minutes=8))
    age(depths, 600, now - timedelta(minutes=3))

    minute = timedelta(minutes=1)
    assert now - 14 * minute <= depths.decided_until() <= now - 13 * minute


def test_where_posts_wait_and_nobody_knows_since_when_nobody_can_say(depths: Depths) -> None:
    waits(depths)

    with pytest.raises(Unavailable, match="no age of the oldest"):
        depths.decided_until()


def test_a_post_that_is_being_decided_waits_still(depths: Depths) -> None:
    waits(depths)
    assert depths._sqs.receive_message(QueueUrl=depths._posts)["Messages"]

    with pytest.raises(Unavailable):
        depths.decided_until()
