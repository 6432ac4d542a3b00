"""`earshot cases`: the cases there are, newest first."""

from __future__ import annotations

import argparse
import json

from chalicelib.cli.place import wiring
from chalicelib.codec import to_json
from chalicelib.model import Case, CaseStatus


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `earshot cases` takes."""
    parser.add_argument("--status", choices=[status.value for status in CaseStatus], help="only these")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """List them."""
    cases = list(wiring().store.cases(CaseStatus(args.status) if args.status else None))
    for case in cases:
        print(json.dumps(to_json(case)) if args.json else line(case))
    if not cases and not args.json:
        print("no cases")
    return 0


def line(case: Case) -> str:
    """One case as a person reads it."""
    told = f"{case.crm} {case.crm_ref}" if case.crm_ref else _untold(case)
    posts = "1 post" if case.posts == 1 else f"{case.posts} posts"
    priority = case.priority.value if case.priority else "-"
    where = f"{case.status:<9}  {priority:<6}  {case.team or '-':<16}"
    return f"{case.id[:8]}  {where}  {posts:<8}  {told:<22}  {case.subject}"


def _untold(case: Case) -> str:
    return f"refused: {case.refused}" if case.refused else "not in a CRM"
