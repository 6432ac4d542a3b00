"""`earshot status` beside a running service: 1, and a page of the runbook, for what needs a person."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.stores.depths import Depths
from chalicelib.wiring import now
from tests.service.conftest import Service
from tests.service.test_commands import POISON, earshot

pytestmark = pytest.mark.local


def status(service: Service) -> tuple[int, dict[str, dict[str, Any]]]:
    said = earshot(service.folder, "status", "--json", env=service.cloud.environment)
    told = json.loads(said.out[0])
    return said.code, {check["name"]: check for check in told["checks"]}


def test_a_parked_body_needs_a_person_and_the_line_names_the_page(service: Service) -> None:
    sqs, url = service.cloud.client("sqs"), service.cloud.environment["EARSHOT_PARKED_QUEUE"]
    sqs.purge_queue(QueueUrl=url)
    code, before = status(service)
    sqs.send_message(QueueUrl=url, MessageBody=POISON.decode())

    after_code, after = status(service)
    lines = earshot(service.folder, "status", env=service.cloud.environment).out
    sqs.purge_queue(QueueUrl=url)

    assert (before["parked"]["fine"], after["parked"]["fine"], after_code) == (True, False, 1)
    assert after["parked"]["runbook"] == "docs/operating.md#a-body-nobody-could-read-alarm-on-parkedqueue"
    assert any("docs/operating.md#a-body-nobody-could-read" in line for line in lines)
    assert code == int(any(check["fine"] is False for check in before.values()))


def test_what_was_counted_nowhere_is_not_called_fine(service: Service) -> None:
    _, checks = status(service)

    assert checks["oldest post"]["fine"] is None
    assert {"posts waiting", "undecided", "dead letters", "owed", "rules", "platforms", "forgetting"} <= checks.keys()
    assert checks["rules"]["told"].startswith("live: ")


def test_ages_and_counts_are_those_that_cloudwatch_has(service: Service) -> None:
    environment = service.cloud.environment
    sqs, figures = service.cloud.client("sqs"), service.cloud.client("cloudwatch")
    depths = Depths(sqs, figures, environment["EARSHOT_POSTS_QUEUE"], environment["EARSHOT_PARKED_QUEUE"], now)
    queue = [{"Name": "QueueName", "Value": environment["EARSHOT_POSTS_QUEUE"].rpartition("/")[2]}]
    figures.put_metric_data(
        Namespace="AWS/SQS",
        MetricData=[{"MetricName": "ApproximateAgeOfOldestMessage", "Dimensions": queue, "Value": 700}],
    )
    for value in (1, 0, 1) * 10:
        figures.put_metric_data(
            Namespace=f"Earshot/{depths.stack}", MetricData=[{"MetricName": "BadSignatures", "Value": value}]
        )

    _, checks = status(service)

    assert (checks["oldest post"]["told"], checks["oldest post"]["fine"]) == ("the oldest has waited 11 minutes", False)
    assert (checks["signatures"]["told"], checks["signatures"]["fine"]) == (
        "20 of 30 deliveries of the last hour were not signed by us",
        False,
    )


def test_deliveries_that_failed_and_alarms_that_ring_are_told(service: Service) -> None:
    environment, figures = service.cloud.environment, service.cloud.client("cloudwatch")
    sqs = service.cloud.client("sqs")
    depths = Depths(sqs, figures, environment["EARSHOT_POSTS_QUEUE"], environment["EARSHOT_PARKED_QUEUE"], now)
    name = f"{depths.stack}-DeliveriesAreThrottled-1XYZ"
    _, before = status(service)
    counted = {"MetricName": "DeliveriesUnavailable", "Value": 1}
    figures.put_metric_data(Namespace=f"Earshot/{depths.stack}", MetricData=[counted])
    figures.put_metric_alarm(
        AlarmName=name,
        Namespace="AWS/Lambda",
        MetricName="Throttles",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
    )
    figures.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="a test")

    _, after = status(service)
    figures.delete_alarms(AlarmNames=[name])

    assert before["receiving"]["fine"] is True
    assert (after["receiving"]["fine"], after["receiving"]["told"].split()[0]) == (False, "1")
    assert (after["alarms"]["fine"], "DeliveriesAreThrottled" in after["alarms"]["told"]) == (False, True)


def test_a_place_where_nothing_is_says_so(service: Service) -> None:
    said = earshot(Path("/"), "status")

    assert said.code == 2
    assert "no cloud to talk to" in said.err[0]
