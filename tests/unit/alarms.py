"""The alarms of infra/resources.yaml over lines of the log, minute by minute, as CloudWatch's documentation has it.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib.ports.clock import Clock
from infra.local import template

RESOURCES: dict[str, Any] = template.read(Path(__file__).parents[2] / "infra" / "resources.yaml")["Resources"]
ALARMS = {name: item["Properties"] for name, item in RESOURCES.items() if item.get("Type") == "AWS::CloudWatch::Alarm"}
FILTERS = {
    name: item["Properties"] for name, item in RESOURCES.items() if item.get("Type") == "AWS::Logs::MetricFilter"
}
MINUTE = timedelta(minutes=1)


@dataclass
class Group:
    """The log of one function: when which event was told."""

    name: str
    clock: Clock
    told: list[tuple[datetime, str]] = field(default_factory=list)

    def info(self, event: str, **fields: Any) -> None:
        self.told.append((self.clock(), event))

    warning = error = info

    def belongs_to(self, invocation: str | None) -> None:
        """Nobody asks."""

    @contextmanager
    def heard_by(self, listener: Any) -> Iterator[None]:
        yield


def is_on(alarm: str, at: datetime, *groups: Group) -> bool:
    """Whether an alarm on a sum of counted lines rings."""
    said = ALARMS[alarm]
    period, periods = timedelta(seconds=said["Period"]), said["EvaluationPeriods"]
    sums = Counter(int((at - when) / period) for when in _counted(said["MetricName"], groups) if when <= at)
    breaching = sum(sums[number] > said["Threshold"] for number in range(periods))
    return bool(breaching >= said.get("DatapointsToAlarm", periods))


def _counted(metric: str, groups: tuple[Group, ...]) -> Iterator[datetime]:
    for item in FILTERS.values():
        if item["MetricTransformations"][0]["MetricName"] == metric:
            events = set(re.findall(r'\$\.message = "([\w.]+)"', item["FilterPattern"]))
            logs = item["LogGroupName"]["Ref"]
            yield from (at for group in groups if group.name == logs for at, event in group.told if event in events)


def share_that_rings(alarm: str) -> tuple[float, int, timedelta]:
    """Of an alarm on a share: above which, out of how many at least, and within which time."""
    said = ALARMS[alarm]
    share, some, all_ = said["Metrics"]
    (few,) = re.findall(r"^IF\(all >= (\d+), some / all, 0\)$", share["Expression"])
    figures = [each["MetricStat"]["Metric"] for each in (some, all_)]
    assert figures[0] == figures[1]
    assert [each["MetricStat"]["Stat"] for each in (some, all_)] == ["Sum", "SampleCount"]
    assert share.get("ReturnData", True)
    assert not any(each["ReturnData"] for each in (some, all_))
    return said["Threshold"], int(few), timedelta(seconds=all_["MetricStat"]["Period"])
