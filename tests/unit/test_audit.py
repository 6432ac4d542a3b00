"""What is made of pip-audit's report: a bug is told with its mending, and what was not checked never counts as fine."""

from __future__ import annotations

from typing import Any

import pytest

from infra.audit import FINE, FOUND, NOT_CHECKED, judge

CLEAN: dict[str, Any] = {"name": "six", "version": "1.17.0", "vulns": []}
BUG = {"id": "PYSEC-2026-1", "fix_versions": ["2.9.0"]}
ILL: dict[str, Any] = {"name": "urllib3", "version": "2.8.0", "vulns": [BUG]}
UNKNOWN: dict[str, Any] = {"name": "cffi", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("dependencies", "code", "line"),
    [
        ([CLEAN], FINE, "1 packages, no known vulnerability"),
        ([CLEAN, ILL, UNKNOWN], FOUND, "urllib3 2.8.0: PYSEC-2026-1, mended in 2.9.0"),
        ([CLEAN, UNKNOWN], NOT_CHECKED, "skipped: PyPI's vulnerability service told nothing of cffi"),
        ([{**ILL, "vulns": [{**BUG, "fix_versions": []}]}], FOUND, "PYSEC-2026-1, mended in nothing yet"),
    ],
)
def test_a_report_is_judged(dependencies: list[dict[str, Any]], code: int, line: str) -> None:
    found, lines = judge({"dependencies": dependencies})

    assert found == code
    assert line in lines[0]
