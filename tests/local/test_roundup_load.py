"""Roundup under load: everything once and in order, whatever is lost, killed, repeated or put off."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.local.roundup import LocalRoundup
from tests.live.load import Load
from tests.live.stories import expected

pytestmark = pytest.mark.local
TEMPLATE = Path(__file__).parents[2] / ".local" / "roundup-template"


def test_500_cases_from_8_workers_are_500_issues_with_each_entry_once_in_order(tmp_path: Path) -> None:
    with LocalRoundup(tmp_path, TEMPLATE) as tracker:
        load = Load("roundup", tracker.settings, kills=4)
        outcome = load.run(tmp_path)
        kept = [(issue["key"], [_key(text) for text in issue["messages"]]) for issue in tracker.issues()]

        print(f"Roundup: {outcome}")
        assert len(kept) == load.cases
        assert dict(kept) == expected(load.cases)
        assert outcome.wrong == ()
        assert tracker.message_count() == sum(map(len, dict(kept).values()))
        assert outcome.deaths.keys() >= set(range(1, 8))
        assert min(outcome.cut, outcome.busy, outcome.repeats) > 5


def _key(text: str) -> str:
    return text.rsplit("[ref:", 1)[1].rstrip("]\n")
