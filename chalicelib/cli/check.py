"""`earshot check`: load the rules and tell every problem at once."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from chalicelib.cli import crm_file
from chalicelib.cli.counted import counted
from chalicelib.cli.main import FINE, FOUND
from chalicelib.cli.story_people import never_told, people_beside
from chalicelib.crm.mapping import FieldMapping
from chalicelib.errors import Problem, RulebookError
from chalicelib.pipeline.people import People
from chalicelib.platforms import PLATFORMS
from chalicelib.rulebook.advice import advice
from chalicelib.rulebook.loader import Source, load
from chalicelib.rulebook.notes import nearest
from chalicelib.rulebook.rule import Status


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the rules are."""
    parser.add_argument("rules", nargs="?", type=Path, default=Path("rules"), metavar="DIR")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")


def run(args: argparse.Namespace) -> int:
    """1 where there are problems."""
    try:
        source = load(args.rules)
        beside(args.rules, source)
    except RulebookError as error:
        tell(args, error.problems)
        return FOUND
    tell(args, [], advice(source, datetime.now(UTC).date()), source)
    return FINE


def unheard_of(source: Source) -> list[Problem]:
    """Silences of what no platform is called: nothing is ever heard from there, so they would never be told.

    Deliveries are noted by their endpoint, and there are no others. A retired rule may name one that was.
    """
    rules = (item for item in source.rules if item.rule.status is not Status.RETIRED)
    silences = [(item, name) for item in rules if item.rule.unheard for name in item.rule.unheard.of]
    return [
        Problem(
            item.file,
            item.at,
            f"rule '{item.rule.id}' waits for '{name}', which is no platform.{nearest(name, PLATFORMS)}",
        )
        for item, name in silences
        if name not in PLATFORMS
    ]


@dataclass(frozen=True, slots=True)
class Beside:
    """What the company's files beside its rules say."""

    mapping: FieldMapping
    people: People


def beside(rules: Path, source: Source) -> Beside:
    """The CRM's names, and who is told, as they stand beside the rules; that platforms whose silence is told are there.

    Raises RulebookError with all problems.
    """
    folder = rules if rules.is_dir() else rules.parent
    problems = unheard_of(source)
    mapping, people = FieldMapping(), People()
    try:
        mapping = crm_file.load(folder / crm_file.NAME, source.teams)
    except RulebookError as error:
        problems += error.problems
    try:
        people = people_beside(rules, source)
        problems += never_told(source, people)
    except RulebookError as error:
        problems += error.problems
    if problems:
        raise RulebookError(problems)
    return Beside(mapping, people)


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
