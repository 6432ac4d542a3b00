"""`earshot crm check NAME`: whether a live CRM has what Earshot needs of it, found without changing anything there."""

from __future__ import annotations

import argparse
import json

from chalicelib.cli.cases import one_line
from chalicelib.cli.main import FINE, FOUND
from chalicelib.cli.place import wiring
from chalicelib.codec import to_json
from chalicelib.crm import CRMS
from chalicelib.errors import NotFound
from chalicelib.model import Finding
from chalicelib.ports.crm import Crm


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `earshot crm` takes."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    check = actions.add_parser("check", help="try credentials, rights and fields, read-only")
    check.add_argument("name", metavar="NAME", help=f"one that is in the settings: {', '.join(CRMS)}")
    check.add_argument("--json", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """Tell what was looked at; 1 when something is missing. Raises NotFound, SettingsError, Unavailable."""
    found = _configured(args.name).check()
    for finding in found:
        print(json.dumps(to_json(finding)) if args.json else line(finding))
    if not found and not args.json:
        print(f"{args.name} has nothing that could be looked at without sending something")
    return FINE if all(finding.is_right for finding in found) else FOUND


def line(finding: Finding) -> str:
    """One finding as an administrator reads it: what is missing, and what to do there."""
    if finding.is_right:
        return f"ok       {one_line(finding.what)}"
    return f"missing  {one_line(finding.what)}" + (f": {one_line(finding.remedy)}" if finding.remedy else "")


def _configured(name: str) -> Crm:
    """The CRM with its settings. Raises NotFound that says what there is."""
    if name not in CRMS:
        raise NotFound(f"there is no CRM '{name}' here; there are {', '.join(CRMS)}")
    parts = wiring()
    if name not in parts.company.crms:
        raise NotFound(f"'{name}' is not in the settings: put it under \"crms\" (docs/crm/{name}.md)")
    return parts.crm(name)
