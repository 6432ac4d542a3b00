"""The viral day on paper: the same by its seed, and its sums are right."""

from __future__ import annotations

import pytest

from infra import scale
from infra.scale_limits import BATCH, Day, loads, seconds_a_batch, write_units


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
