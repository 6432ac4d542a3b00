"""`earshot cost`: counted requests times dated prices."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from chalicelib.cli import cost_model
from chalicelib.cli.cost_model import Traffic
from chalicelib.cli.main import main
from infra.stages import stage

SMALL: dict[str, Any] = {
    "ignored": {
        "in batches": {"api_handler": {"invocations": 1, "queue requests": 1}, "triage_posts": {"write units": 1}}
    },
    "told": {
        "in batches": {"api_handler": {"invocations": 1, "queue requests": 1}, "triage_posts": {"write units": 21}}
    },
    "memory": {"api_handler": 512, "triage_posts": 512},
}


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
    assert Traffic().processor == stage("prod").architecture


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
    assert "Every month without any post" in out
    assert cost_model.prices()["as_of"] in out


@pytest.mark.parametrize("words", [["--posts", "0"], ["--posts", "many"], ["--crm-share", "5"], ["--crm-share", "nan"]])
def test_a_number_that_cannot_be_is_told(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["cost", *words])

    assert "expected a" in capsys.readouterr().err
