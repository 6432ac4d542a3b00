"""The functions that killer.py kills, by a clock that the test turns.

The clock's file in the folder that EARSHOT_FAULTS names holds by how many seconds it is ahead.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import chalicelib.wiring.stores

CLOCK = "clock"


class Turned:
    """The time by the test's clock."""

    @staticmethod
    def now(tz: tzinfo | None = None) -> datetime:
        """As far ahead as the file says."""
        ahead = float((Path(os.environ["EARSHOT_FAULTS"]) / CLOCK).read_text())
        return datetime.now(tz) + timedelta(seconds=ahead)


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:  # else the HTTP front, which asks for the routes
    vars(chalicelib.wiring.stores)["datetime"] = Turned

from tests.faults.killer import api_handler, deliver_cases, keep_time, tell_people, triage_posts  # noqa: E402

__all__ = ["api_handler", "deliver_cases", "keep_time", "tell_people", "triage_posts"]
