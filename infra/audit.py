"""`python -m infra.audit`: whether a known vulnerability is in what we ship, asked of PyPI by pip-audit.

It needs PyPI's vulnerability service. Where that cannot be asked, it says so and that nothing was checked: exit code 2.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from infra import wheels
from infra.package import ROOT
from infra.target import PackageError

TOOL = "pip-audit==2.10.1"
FINE, FOUND, NOT_CHECKED = 0, 1, 2


def judge(told: Mapping[str, Any]) -> tuple[int, list[str]]:
    """An exit code and what to say, of pip-audit's report."""
    asked = told["dependencies"]
    bugs = [(f"{item['name']} {item['version']}", bug) for item in asked for bug in item.get("vulns", [])]
    found = [f"{what}: {bug['id']}, mended in {', '.join(bug['fix_versions']) or 'nothing yet'}" for what, bug in bugs]
    skipped = [item["name"] for item in asked if "skip_reason" in item]
    if found:
        return FOUND, found
    if skipped:
        return NOT_CHECKED, [f"skipped: PyPI's vulnerability service told nothing of {', '.join(sorted(skipped))}"]
    return FINE, [f"{len(asked)} packages, no known vulnerability"]


def main(requirements: Path = ROOT / "requirements.txt") -> int:
    """0: none known; 1: at least one; 2: not everything could be checked."""
    try:
        tool = _tool()
    except PackageError as error:
        print(f"make audit: skipped: {error}", file=sys.stderr)
        return NOT_CHECKED
    options = ["--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    told = _run([str(tool), "--requirement", str(requirements), *options])
    unasked = (NOT_CHECKED, ["skipped: PyPI's vulnerability service cannot be asked from here"])
    code, lines = judge(told) if told else unasked
    print(*lines, sep="\n", file=sys.stderr if code else sys.stdout)
    return code


def _run(command: Sequence[str]) -> dict[str, Any] | None:
    """Its report; None when it made none."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    try:
        told: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return None
    return told


def _tool() -> Path:
    """pip-audit, in a folder of its own: it brings three dozen packages. Raises PackageError."""
    folder = ROOT / ".cache" / "audit"
    if not (folder / "ready").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True, timeout=120)
        wheels.run(folder / "bin" / "python", ["install", TOOL], {}, "pip-audit cannot be fetched")
        (folder / "ready").touch()
    return folder / "bin" / "pip-audit"


if __name__ == "__main__":
    sys.exit(main())
