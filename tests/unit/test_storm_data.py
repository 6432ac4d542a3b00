"""What the shipped rules must hold on streams of real posts, which are no part of this project: EARSHOT_DATA=folder.

The folder holds spotify_stream.jsonl (two calm months) and streams/ (six events, one time a line).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from chalicelib.cli.main import main

DATA = Path(os.environ.get("EARSHOT_DATA", "nowhere"))
RULES = Path(__file__).parents[2] / "rules"
ONSETS = {  # UTC, from public knowledge
    "2012_Costa_Rica_earthquake": "2012-09-05T14:42",
    "2012_Guatemala_earthquake": "2012-11-07T16:35",
    "2013_Bohol_earthquake": "2013-10-15T00:12",
    "2013_Glasgow_helicopter_crash": "2013-11-29T22:22",
    "2013_LA_airport_shootings": "2013-11-01T16:18",
    "2013_NY_train_crash": "2013-12-01T12:20",
}
pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(not DATA.is_dir(), reason="the streams are not here: EARSHOT_DATA=folder"),
]


def stormed(capsys: Any, file: Path, *words: str) -> dict[str, Any]:
    main(["storm", "--rules", str(RULES), "--json", str(file), *words])
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_in_two_calm_months_there_is_at_most_one_false_alarm_a_month(capsys: Any) -> None:
    assert stormed(capsys, DATA / "spotify_stream.jsonl")["false_alarms_a_month"] <= 1


def test_of_six_events_the_median_is_told_within_a_quarter_of_an_hour_and_none_before_it_began(capsys: Any) -> None:
    delays = []
    for name, onset in ONSETS.items():
        told = stormed(capsys, DATA / "streams" / f"{name}.txt", "--onset", onset)
        (began,) = told["onsets"]
        delays.append(began["delay_seconds"] or float("inf"))
        assert all(alert["raised_at"] >= began["at"] for alert in told["alerts"])

    assert median(delays) <= 15 * 60
