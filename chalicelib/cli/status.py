"""`earshot status`: whether a person is needed, and for what; the same as on the dashboard."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from chalicelib.cli.cases import one_line
from chalicelib.cli.main import FINE, FOUND
from chalicelib.cli.place import wiring
from chalicelib.cli.status_checks import Check, checks
from chalicelib.wiring import now


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `earshot status` takes."""
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace) -> int:
    """Look at everything; 1 when something needs a person. Raises SettingsError where there is nothing to look at."""
    parts = wiring()
    found = list(checks(parts, parts.depths, now()))
    bad = [check for check in found if check.is_fine is False]
    print(json.dumps(_object(found)) if args.json else "\n".join([*map(line, found), _ending(bad)]))
    return FOUND if bad else FINE


def line(check: Check) -> str:
    """One check as a person reads it; of what is not fine, the page that says what to do."""
    sign = {True: "ok", False: "LOOK", None: "?"}[check.is_fine]
    runbook = f"\n{'':<25}{check.page}" if check.is_fine is False else ""
    return f"{sign:<5} {check.name:<18} {one_line(check.told)}{runbook}"


def _ending(bad: Sequence[Check]) -> str:
    return f"\n{len(bad)} need a person: {', '.join(check.name for check in bad)}" if bad else "\nnobody is needed"


def _object(found: Sequence[Check]) -> dict[str, object]:
    told = [{"name": each.name, "told": each.told, "fine": each.is_fine, "runbook": each.page} for each in found]
    return {"needs_a_person": any(each.is_fine is False for each in found), "checks": told}
