"""What `earshot cost` reckons with is what a fresh run counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chalicelib.cli import cost_model
from tests.benchmarks.cost_run import counted, site

pytestmark = pytest.mark.live
EXACT = ("write units", "read units", "queue requests", "table requests", "crm requests", "log lines")
SLACK = 0.15


def test_a_fresh_small_run_counts_what_is_written_down(tmp_path: Path) -> None:
    with site(tmp_path) as run:
        fresh = counted(run, 30, 6)

    assert _differences(cost_model.counted(), fresh) == []


def _differences(written: dict[str, Any], fresh: dict[str, Any]) -> list[str]:
    return [
        f"{sort}, {way}, {function}: {what} is {fresh[sort][way][function].get(what, 0)}, written down {count}"
        for sort in ("ignored", "told")
        for way in cost_model.WAYS
        for function, counts in written[sort][way].items()
        for what, count in counts.items()
        if what in EXACT and abs(fresh[sort][way][function].get(what, 0) - count) > SLACK * max(count, 1)
    ]
