"""`earshot cost`: counted requests times dated prices."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from chalicelib.cli import cost_model
from chalicelib.cli.cost_model import Line, Traffic
from chalicelib.cli.main import main
from chalicelib.stores.settings import MAX_AGE_SECONDS
from infra.local import template
from infra.package import ROOT
from infra.stages import stage
from tests.benchmarks.cost_run import standing

SMALL: dict[str, Any] = {
    "ignored": {
        "in batches": {"api_handler": {"invocations": 1, "queue requests": 1}, "triage_posts": {"write units": 1}}
    },
    "told": {
        "in batches": {"api_handler": {"invocations": 1, "queue requests": 1}, "triage_posts": {"write units": 21}}
    },
    "memory": {"api_handler": 512, "triage_posts": 512},
}
PARAMETERS = template.read(ROOT / "infra" / "resources.yaml")["Parameters"]


def test_a_million_posts_cost_what_was_counted_times_its_price(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost_model, "counted", lambda: SMALL)

    found = {line.what: line for line in cost_model.lines(Traffic(crm_share=0.1, door="rest-api"))}

    assert found["write unit"].count == pytest.approx(0.9e6 + 0.1e6 * 21)
    assert found["write unit"].usd == pytest.approx(3.0 * 0.625)
    assert found["rest api request"].usd == pytest.approx(3.5)
    assert found["queue request"].usd == pytest.approx(0.5)


def test_deliveries_that_bring_several_posts_share_what_a_delivery_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost_model, "counted", lambda: SMALL)

    found = {line.what: line.count for line in cost_model.lines(Traffic(posts_a_delivery=4, door="rest-api"))}

    assert found["rest api request"] == pytest.approx(250_000)
    assert found["invocation"] == pytest.approx(250_000)
    assert found["write unit"] == pytest.approx(1e6 * (0.95 + 0.05 * 21))


def test_what_is_reckoned_with_where_nobody_says_otherwise_is_what_the_stage_for_customers_deploys() -> None:
    prod = stage("prod")
    parameters = {name: str(each["Default"]) for name, each in PARAMETERS.items()} | dict(prod.parameters)

    assert Traffic().processor == prod.architecture
    assert Traffic().door == parameters["Door"]
    assert Traffic().table_key == parameters["TableKey"]
    assert str(Traffic().log_days) == parameters["LogRetentionDays"]


def test_a_million_posts_cost_three_dollars_at_most_as_the_stage_for_customers_is_deployed() -> None:
    assert sum(line.usd for line in cost_model.lines(Traffic(crm_share=0.05))) <= 3


def test_the_page_says_what_the_model_says() -> None:
    page = (ROOT / "docs" / "benchmarks.md").read_text()

    def usd(lines: Sequence[Line]) -> str:
        return f"{sum(line.usd for line in lines):.2f}"

    quiet, dev = Traffic(way="one by one"), Traffic(processor=stage("dev").architecture)
    assert f"| **${usd(cost_model.lines(Traffic()))}, held** | ${usd(cost_model.lines(quiet))} |" in page
    assert f"(dev, x86_64: ${usd(cost_model.lines(dev))})" in page
    (month,) = re.findall(r"^\| \*\*together, with posts or without\*\* \| \| \*\*([\d.]+)\*\* \|$", page, re.MULTILINE)
    assert float(month) == pytest.approx(float(usd(cost_model.a_month(Traffic()))), abs=1)  # an alarm more is a dime


def test_what_is_paid_every_month_is_what_the_template_makes() -> None:
    """Where it is not: `python -m tests.benchmarks.cost_run --standing`."""
    assert {name: cost_model.counted()[name] for name in standing()} == standing()


def test_every_month_the_settings_are_read_the_dashboard_is_kept_and_of_keys_dynamodbs_own_is_free() -> None:
    lines = {key: {line.what: line for line in cost_model.a_month(Traffic(table_key=key))} for key in cost_model.KEYS}
    free, managed, own = (lines[key] for key in cost_model.KEYS)

    assert free["secret request"].count == 5 * 30 * 24 * 3600 / MAX_AGE_SECONDS
    assert free["dashboard a month"].count == 1
    assert "kms request" not in free
    assert managed["kms request"].count == 5 * 12 * 24 * 30
    assert managed.keys() - free.keys() == {"kms request"}
    assert own.keys() - managed.keys() == {"kms key a month"}


def test_what_people_are_told_at_once_is_paid_for() -> None:
    few, many = ({line.what: line.count for line in cost_model.lines(Traffic(notices=n))} for n in (1, 1001))

    assert many["invocation"] - few["invocation"] == pytest.approx(1000)
    assert many["write unit"] - few["write unit"] >= 2000


def test_the_clock_runs_on_the_processor_that_is_asked_for() -> None:
    assert {f"gb-second {name}" for name in ("arm64", "x86_64")} == {
        line.what
        for name in ("arm64", "x86_64")
        for line in cost_model.a_month(Traffic(processor=name))
        if line.what.startswith("gb-second")
    }


def test_what_is_kept_is_the_table_its_backups_and_the_log() -> None:
    kept = {line.what: line for line in cost_model.kept_a_month(Traffic())}
    (logged,) = [line for line in cost_model.lines(Traffic()) if line.what == "gb of log"]

    assert kept["table gb a month"].count == kept["backup gb a month"].count > 0
    assert kept["log gb a month"].count == logged.count


def test_every_price_and_everything_assumed_is_reckoned_with() -> None:
    source = (ROOT / "chalicelib" / "cli" / "cost_model.py").read_text()
    names = [*cost_model.prices()["prices"], *cost_model.prices()["assumed"]]

    assert [name for name in names if f'"{name.partition(" x86")[0].partition(" arm")[0]}' not in source] == []


def test_waiting_for_a_slow_crm_is_paid_for() -> None:
    quick, slow = (cost_model.lines(Traffic(crm_ms=ms)) for ms in (50, 1000))

    assert sum(line.usd for line in slow) > sum(line.usd for line in quick)


@pytest.mark.parametrize("way", ["in batches", "one by one"])
def test_an_ignored_post_costs_one_write_unit_and_a_fifth_of_one_for_counting_waves(way: str) -> None:
    """The shipped rules that watch for waves write down together what several posts added (docs/table.md)."""
    assert 1 <= cost_model.counted()["ignored"][way]["triage_posts"]["write units"] <= 1.2


def test_every_price_has_a_source_and_the_list_a_date() -> None:
    prices = cost_model.prices()

    assert date.fromisoformat(prices["as_of"]) <= date.today()  # noqa: DTZ011
    assert all(
        each["source"].startswith("https://aws.amazon.com/") and each["usd"] > 0 for each in prices["prices"].values()
    )
    assert date.fromisoformat(cost_model.counted()["counted_on"])


def test_the_report_for_programs_adds_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", "--posts", "2e6", "--crm-share", ".05", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert found["usd"] == pytest.approx(sum(line["usd"] for line in found["lines"]), abs=1e-3)
    assert found["usd_a_million"] == pytest.approx(found["usd"] / 2, abs=1e-3)
    assert found["ignored_write_units"] == pytest.approx(1.2, abs=0.05)


def test_people_read_the_total_the_dates_and_what_is_paid_without_any_post(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", "--quiet"]) == 0

    out = capsys.readouterr().out
    assert "for a million posts" in out
    assert "Every month, with posts or without" in out
    assert cost_model.prices()["as_of"] in out


@pytest.mark.parametrize("words", [["--posts", "0"], ["--posts", "many"], ["--crm-share", "5"], ["--crm-share", "nan"]])
def test_a_number_that_cannot_be_is_told(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["cost", *words])

    assert "expected a" in capsys.readouterr().err
