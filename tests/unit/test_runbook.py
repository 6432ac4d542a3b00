"""Whoever is called finds the page: alarms, dashboard and `earshot status` name sections and events that there are."""

from __future__ import annotations

import json
import re
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

from chalicelib.cli.status_checks import LOOKS
from infra.local import template

ROOT = Path(__file__).parents[2]
RESOURCES: dict[str, Any] = template.read(ROOT / "infra" / "resources.yaml")["Resources"]
ALARMS = {name: item for name, item in RESOURCES.items() if item.get("Type") == "AWS::CloudWatch::Alarm"}
FILTERS = {name: item for name, item in RESOURCES.items() if item.get("Type") == "AWS::Logs::MetricFilter"}


def anchors() -> set[str]:
    """As GitHub makes them of headings: lower case, signs dropped, spaces to hyphens."""
    headings = re.findall(r"(?m)^#+ (.*)$", (ROOT / "docs" / "operating.md").read_text("utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", sorted(ALARMS))
def test_every_alarm_names_a_section_of_the_runbook_and_is_heard(name: str) -> None:
    said = ALARMS[name]["Properties"]["AlarmDescription"]
    (anchor,) = re.findall(r"docs/operating\.md#([\w-]+)", said)

    assert anchor in anchors()
    assert name in (ROOT / "docs" / "operating.md").read_text("utf-8")  # by which it is looked for
    assert ALARMS[name]["Properties"]["AlarmActions"]


@pytest.mark.parametrize("name", sorted(LOOKS))
def test_every_line_of_status_names_a_section_of_the_runbook(name: str) -> None:
    assert LOOKS[name][1] in anchors()


@pytest.mark.parametrize("name", sorted(FILTERS))
def test_every_filter_counts_an_event_that_is_told_somewhere(name: str) -> None:
    (event,) = re.findall(r'\$\.message = "([\w.]+)"', FILTERS[name]["Properties"]["FilterPattern"])
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "chalicelib").rglob("*.py"))

    assert f'"{event}"' in sources + (ROOT / "app.py").read_text("utf-8")


def test_every_figure_that_alarms_rest_on_is_counted_by_a_filter_or_by_aws() -> None:
    counted = {each["Properties"]["MetricTransformations"][0]["MetricName"] for each in FILTERS.values()}
    for alarm in ALARMS.values():
        properties = alarm["Properties"]
        asked = [each["MetricStat"]["Metric"] for each in properties.get("Metrics", []) if "MetricStat" in each]
        for metric in asked or [properties]:
            if not str(metric["Namespace"]).startswith("AWS/"):
                assert metric["MetricName"] in counted


def test_what_the_runbook_deploys_are_parameters_of_the_stack() -> None:
    asked = re.findall(r"--parameter (\w+)=", (ROOT / "docs" / "operating.md").read_text("utf-8"))
    parameters = template.read(ROOT / "infra" / "resources.yaml")["Parameters"]

    assert "RestoredStreamArn" in asked
    assert set(asked) <= parameters.keys()


@pytest.mark.parametrize("figure", ["Errors", "Throttles"])
def test_the_dashboard_shows_errors_and_throttles_of_every_function(figure: str) -> None:
    widgets = json.loads(RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"])["widgets"]
    (rows,) = [each["properties"]["metrics"] for each in widgets if "throttles" in each["properties"]["title"]]
    begin = next(number for number, row in enumerate(rows) if row[1] == figure)
    shown = [rows[begin], *takewhile(lambda row: row[0] == "...", rows[begin + 1 :])]

    functions = {name for name, item in RESOURCES.items() if "LoggingConfig" in item.get("Properties", {})}
    assert {row[-1] for row in shown} == {f"${{{name}}}" for name in functions}


def test_the_dashboard_is_json_and_shows_every_alarm() -> None:
    body = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    widgets = json.loads(re.sub(r"\$\{[^}]+\}", "x", body))["widgets"]

    assert {widget["type"] for widget in widgets} == {"alarm", "metric"}
    assert [name for name in ALARMS if f"${{{name}.Arn}}" not in body] == []
