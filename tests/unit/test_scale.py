"""The viral day on paper: the same by its seed, and its sums are right."""

from __future__ import annotations

import pytest

from chalicelib.cli import cost_model
from infra import scale
from infra.local import template
from infra.package import ROOT
from infra.scale_limits import BATCH, Day, loads, read_units, seconds_a_batch, write_units

PAGE = (ROOT / "docs" / "scale.md").read_text()
PEAKS = (10, 1000, 20000)
# The page's limits by the script's.
LIMITS = {
    "door rest-api": "throttle in the template, of `Door=rest-api`",
    "the CRM": "the CRM (100",
    "DeliverCases": "DeliverCases, one invocation a shard",
    "APIHandler": "functions at once: APIHandler",
    "index `cases`": "index `cases`, one partition",
    "the function's own address": "the function's own address",
    "table: read units": "table: read units",
    "table: write units": "table: write units",
    "TriagePosts": "TriagePosts, functions at once",
    "SQS FIFO, high throughput": "SQS FIFO at high throughput",
}


def test_the_same_seed_tells_the_same_day() -> None:
    day = Day(1000, 10)

    assert list(scale.told(day, 0.5, "7")) == list(scale.told(day, 0.5, "7"))
    assert list(scale.told(day, 0.5, "7")) != list(scale.told(day, 0.5, "8"))


def test_nothing_binds_at_ten_posts_a_second_and_the_templates_throttle_does_at_a_thousand() -> None:
    assert [load.what for load in loads(Day(10, 1)) if load.share > 1] == []
    assert "door rest-api, throttle in the template: requests a second" in [
        load.what for load in loads(Day(1000, 10)) if load.share > 1
    ]


def test_a_queue_that_is_drained_more_slowly_than_it_fills_grows_and_is_empty_again_once_the_wave_is_over() -> None:
    slow = Day(2000, 20, concurrency=10)

    minutes = scale.queue(slow, 6, "1")

    assert 10 * BATCH / seconds_a_batch() < 2000
    assert max(each.waiting for each in minutes) > 100_000
    assert minutes[-1].waiting == 0
    assert max(each.delay for each in minutes) > 60


def test_what_a_slow_crm_does_not_take_is_owed() -> None:
    minutes = scale.queue(Day(1000, 10, crm_share=0.1, crm_rate=10), 1, "1")

    assert minutes[-1].owed == pytest.approx(sum(each.arriving for each in minutes) * 0.1 - 3600 * 10 / 6, rel=0.05)


def test_more_cases_cost_more_writes() -> None:
    assert 1 <= write_units(0) < 1.3
    assert write_units(0.05) > write_units(0) + 0.8


def test_the_command_ends_with_1_when_something_binds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for rate, code in (("10", 0), ("20000", 1)):
        monkeypatch.setattr("sys.argv", ["scale", "--posts-per-second", rate, "--hours", "0.3"])
        assert scale.main() == code
    assert "Binds first" in capsys.readouterr().out


def test_reads_and_calls_are_those_that_were_counted() -> None:
    told = cost_model.counted()["told"]["in batches"]
    reads = sum(function.get("read units", 0) for function in told.values())

    assert read_units(1) == pytest.approx(reads)
    assert read_units(0) < read_units(0.05) < reads


@pytest.mark.parametrize("what", LIMITS)
def test_the_pages_limits_are_the_scripts(what: str) -> None:
    days = [loads(Day(peak, peak / 100)) for peak in PEAKS]
    shares = [next(load.share for load in found if load.what.startswith(what)) for found in days]

    assert _cells(LIMITS[what])[:3] == [f"{share * 100:,.0f} %" for share in shares]


def test_the_pages_queues_are_the_scripts() -> None:
    minutes = [scale.queue(Day(peak, peak / 100), 3, "1") for peak in PEAKS[1:]]
    for minute in (0, 15, 30, 60, 90, 165):
        told = [float(cell.replace(",", "")) for cell in _cells(f"{minute} |")]
        found = [number for each in minutes for number in (each[minute * 60].waiting, each[minute * 60].owed)]
        assert told == pytest.approx(found, rel=0.02, abs=0.5)


def test_the_pages_hot_authors_are_the_scripts() -> None:
    found = [scale.hot_authors(Day(peak, peak / 100), "1") for peak in PEAKS[1:]]
    for row, name in enumerate(("the loudest author", "the tenth", "the hundredth")):
        cells = _cells(name)
        for cell, authors in zip(cells, found, strict=True):
            _, rate, share = authors[0 if row == 0 else row + 1]
            said, used = cell.partition(" posts/s, ")[::2]
            assert float(said) == pytest.approx(rate, rel=0.1, abs=0.05)
            assert used.startswith(f"{share * 100:,.0f} %")


def test_the_pages_words_are_the_scripts() -> None:
    usual = template.read(ROOT / "infra" / "resources.yaml")["Parameters"]["PostsAtOnce"]["Default"]
    one, few = BATCH / seconds_a_batch(), scale.queue(Day(2000, 20, concurrency=10), 3, "1")
    shards = next(load.limit for load in loads(Day(20000, 200)) if load.what.startswith("DeliverCases"))
    said = " ".join(PAGE.split())

    assert f"ten in {seconds_a_batch():.2f} s, so some {one:.0f} a second" in said
    assert f"its posts are one group: {one:.0f} a second" in said
    assert f"900 functions (`PostsAtOnce=900`) decide some {round(900 * one, -3):,.0f} posts a second" in said
    assert f"the {usual} of the default some {round(usual * one, -2):,.0f}" in said
    assert f"{usual} unless you say so, of which 20,000/s would take some {20000 / one / usual:.0%}" in said.replace(
        " %", "%"
    )
    assert f"only ten at once decides {round(10 * one, -1):,.0f} a second" in said
    assert f"wait up to {max(each.delay for each in few) / 60:.0f} minutes" in said
    assert f"(4 shards, {shards:.0f} at 20,000/s)" in said


def _cells(row: str) -> list[str]:
    """Behind the first of the page's row that begins so; without marks."""
    (line,) = [line for line in PAGE.splitlines() if line.startswith(f"| {row}")]
    return [cell.strip() for cell in line.replace("**", "").split("|")[2:-1]]
