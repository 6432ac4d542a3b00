"""What `earshot cost` reckons with is what a fresh run counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chalicelib.cli import cost_model
from tests.benchmarks.cost_run import by_sort, site, warmed

pytestmark = pytest.mark.live
EXACT = ("write units", "read units", "queue requests", "table requests", "crm requests", "log lines")
SLACK = 0.15
MANY, FEW, ROUNDS = 30, 6, 3  # what a function asks once a minute weighs much among so few, but not in every round


def test_a_fresh_small_run_counts_what_is_written_down(tmp_path: Path) -> None:
    with site(tmp_path) as run:
        warmed(run, then=ROUNDS * 2 * (MANY + FEW))
        rounds = [by_sort(run, MANY, FEW) for _ in range(ROUNDS)]

    assert _differences(cost_model.counted(), rounds) == []


def _differences(written: dict[str, Any], rounds: list[dict[str, Any]]) -> list[str]:
    return [
        f"{sort}, {way}, {function}: {what} is {fresh}, written down {count}"
        for sort in ("ignored", "told")
        for way in cost_model.WAYS
        for function, counts in written[sort][way].items()
        for what, count in counts.items()
        for fresh in [[each[sort][way][function].get(what, 0) for each in rounds]]
        if what in EXACT and min(abs(one - count) for one in fresh) > SLACK * max(count, 1)
    ]
