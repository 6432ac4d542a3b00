"""Figures for CloudWatch, counted from the events that are logged and written once an invocation.

Powertools writes them in CloudWatch's embedded metric format, a line of JSON on standard output: no call, no right.
It is imported only where there is something to count. A figure's dimensions are the stage and the function: no id, no
handle, no platform's word. docs/operating.md lists the figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

NAMESPACE = "Earshot"
Fields = Mapping[str, Any]
OUTCOMES = {"escalate": "PostsEscalated", "recommend": "PostsRecommended", "ignore": "PostsIgnored"}


def _decided(fields: Fields) -> tuple[str, int]:
    return ("PostsGuarded" if fields["guard"] else OUTCOMES[fields["decision"]]), 1


def _once(name: str) -> Callable[[Fields], tuple[str, int]]:
    return lambda fields: (name, 1)


COUNTED: dict[str, Callable[[Fields], tuple[str, int]]] = {
    "post.triaged": _decided,
    "post.already_decided": _once("PostsAgain"),
    "post.failed": _once("PostsFailed"),
    "rulebook.declined": _once("RulebooksDeclined"),
    "case.told": lambda fields: ("DeliveriesTold", fields["deliveries"]),
    "case.refused": _once("DeliveriesRefused"),
    "case.waits": _once("CasesWaiting"),
    "crm.rests": _once("CrmResting"),
    "crm.down": _once("CrmDown"),
    "alert.raised": _once("AlertsRaised"),
    "alert.told": _once("AlertsTold"),
    "deliveries.nudged": lambda fields: ("DeliveriesNudged", fields["count"]),
}


class Figures:
    """What one invocation of a function counts."""

    def __init__(self, stage: str, function: str) -> None:
        self._dimensions = {"stage": stage, "function": function}
        self._counts: Counter[str] = Counter()

    def heard(self, event: str, fields: Fields) -> None:
        """An event was told."""
        if count := COUNTED.get(event):
            name, number = count(fields)
            self._counts[name] += number

    def write(self) -> None:
        """Write what was counted, if anything was."""
        counts = +self._counts
        self._counts.clear()
        if not counts:
            return
        from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

        metrics = EphemeralMetrics(namespace=NAMESPACE)
        for name, value in self._dimensions.items():
            metrics.add_dimension(name, value)
        for name, number in sorted(counts.items()):
            metrics.add_metric(name, MetricUnit.Count, number)
        metrics.flush_metrics()
