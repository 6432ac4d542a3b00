"""A CRM of the company's own for `make run`: its settings from a file, and a look at it before any case goes there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from chalicelib.cli.crm import line
from chalicelib.config import company
from chalicelib.crm import crm as adapter
from chalicelib.errors import SettingsError

MOST_BYTES = 1_000_000


def own_settings(name: str, path: Path) -> dict[str, str]:
    """What the file, in the form of the company's settings, holds under `crms` for this CRM; nothing else is taken.

    Raises SettingsError that says where it is wrong and quotes no value, OSError where it cannot be read.
    """
    found = company(_read(path)).crm(name)
    if found is None:
        raise SettingsError(f"{path}: 'crms' holds nothing for {name}; docs/crm/{name}.md shows what it should")
    return dict(found)


def introduce(name: str, settings: dict[str, str]) -> None:
    """Print what a look at the CRM finds. Raises SettingsError where something is missing: then nothing is sent."""
    found = adapter(name, settings).check()
    for finding in found:
        print(f"  {line(finding)}", flush=True)
    missing = sum(not finding.is_right for finding in found)
    if missing:
        raise SettingsError(f"{name} lacks {missing} of what is listed above; no case was sent there")


def _read(path: Path) -> Any:
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    try:
        return json.loads(content[:MOST_BYTES])
    except (ValueError, RecursionError) as problem:
        where = f", line {problem.lineno}" if isinstance(problem, json.JSONDecodeError) else ""
        raise SettingsError(f"{path}{where}: is no JSON") from None
