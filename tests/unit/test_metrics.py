"""What is counted for CloudWatch: events, by stage and function, written once an invocation, and nothing of anybody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.log import Log
from chalicelib.metrics import COUNTED, NAMESPACE, OUTCOMES, Figures
from chalicelib.model import Outcome

ROOT = Path(__file__).parents[2]
SERVICE = "a service that is counted"


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [line for line in lines if "_aws" in line]


def test_an_invocation_writes_its_figures_once_by_stage_and_function(capsys: pytest.CaptureFixture[str]) -> None:
    figures, log = Figures("prod", "earshot-prod-triage_posts"), Log(SERVICE, "INFO")

    with log.heard_by(figures.heard):
        for outcome, guard in (("escalate", None), ("escalate", None), ("ignore", None), ("ignore", "too old")):
            log.info("post.triaged", post_id="x:hush", decision=outcome, guard=guard, rule="hush-rule")
        log.info("post.of_no_figure", text="hush")
    log.info("post.triaged", decision="escalate", guard=None)  # of the next invocation
    figures.write()
    figures.write()

    (line,) = written(capsys)
    told = line.pop("_aws")["CloudWatchMetrics"][0]
    assert (told["Namespace"], told["Dimensions"]) == (NAMESPACE, [["stage", "function"]])
    assert line == {
        "stage": "prod",
        "function": "earshot-prod-triage_posts",
        "PostsEscalated": [2],
        "PostsIgnored": [1],
        "PostsGuarded": [1],
    }


def test_what_is_too_quiet_for_the_log_is_counted_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    figures, log = Figures("dev", "f"), Log(SERVICE, "ERROR")

    with log.heard_by(figures.heard):
        log.info("case.told", case_id="c", deliveries=3)
        log.warning("deliveries.nudged", count=7)
    figures.write()

    (line,) = written(capsys)
    assert (line["DeliveriesTold"], line["DeliveriesNudged"]) == ([3], [7])


def test_where_nothing_happened_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    figures = Figures("dev", "f")

    figures.heard("case.told", {"deliveries": 0})
    figures.write()

    assert capsys.readouterr().out == ""


def test_every_outcome_has_a_figure() -> None:
    assert set(OUTCOMES) == set(Outcome)


def test_no_event_that_is_counted_is_one_that_nobody_tells() -> None:
    pages = [page for page in (ROOT / "chalicelib").rglob("*.py") if page.name != "metrics.py"]
    told = "".join(page.read_text() for page in (ROOT / "app.py", *pages))

    assert [event for event in COUNTED if f'"{event}"' not in told] == []


FIELDS = {"guard": "too old", "decision": "ignore", "deliveries": 1, "count": 1}
NAMES = {count(FIELDS)[0] for count in COUNTED.values()} | set(OUTCOMES.values())


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_figure_is_in_the_operators_page(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs" / "operating.md").read_text()
