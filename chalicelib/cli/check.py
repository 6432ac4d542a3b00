"""`earshot check`: load the rules and tell every problem at once."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from chalicelib.cli import crm_file
from chalicelib.cli.counted import counted
from chalicelib.cli.main import FINE, FOUND
from chalicelib.crm.mapping import FieldMapping
from chalicelib.errors import Problem, RulebookError
from chalicelib.rulebook.advice import advice
from chalicelib.rulebook.loader import Source, load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the rules are."""
    parser.add_argument("rules", nargs="?", type=Path, default=Path("rules"), metavar="DIR")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")


def run(args: argparse.Namespace) -> int:
    """1 where there are problems."""
    try:
        source = load(args.rules)
        mapping(args.rules, source)
    except RulebookError as error:
        tell(args, error.problems)
        return FOUND
    tell(args, [], advice(source, datetime.now(UTC).date()), source)
    return FINE


def mapping(rules: Path, source: Source) -> FieldMapping:
    """The CRM's names beside the rules. Raises RulebookError."""
    named = {team for item in source.rules for team in (item.rule.then.team, *item.rule.then.tell) if team}
    return crm_file.load(rules / crm_file.NAME if rules.is_dir() else rules.with_name(crm_file.NAME), named)


def tell(
    args: argparse.Namespace,
    problems: Sequence[Problem],
    warnings: Sequence[Problem] = (),
    source: Source | None = None,
    ending: str = "nothing was loaded",
) -> None:
    """The problems; where there is a `source`, it has none, and perhaps warnings."""
    if args.json:
        print(json.dumps({"problems": [_shown(p) for p in problems], "warnings": [_shown(w) for w in warnings]}))
        return
    for problem in problems:
        print(problem)
    for warning in warnings:
        print(f"{warning} (a warning)")
    if source is None:
        print(f"{counted(len(problems), 'problem')}; {ending}.")
    else:
        print(f"{args.rules}: {counted(len(source.rules), 'rule')}, no problems.")


def _shown(problem: Problem) -> dict[str, object]:
    return {"file": problem.file, "line": problem.line, "message": problem.message}
