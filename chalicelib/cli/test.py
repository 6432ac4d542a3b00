"""`earshot test`: run the examples and the stories in the rules."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace

from chalicelib.cli import check
from chalicelib.cli.counted import counted
from chalicelib.cli.main import FINE, FOUND
from chalicelib.cli.stories import played
from chalicelib.cli.story_people import audience_of, people_beside
from chalicelib.codec import to_json
from chalicelib.errors import RulebookError
from chalicelib.pipeline.people import People
from chalicelib.reading import read
from chalicelib.rulebook.bundle import compiled
from chalicelib.rulebook.loader import Source, load
from chalicelib.rulebook.tryout import Tried, tried

add_arguments = check.add_arguments
NOBODY = People()


def run(args: argparse.Namespace) -> int:
    """1 where an example comes out otherwise, or the rules do not load."""
    try:
        source = load(args.rules)
        people = people_beside(args.rules, source)
    except RulebookError:
        return check.run(args)
    result = examples(source, people)
    tell(args.json, result)
    return FOUND if result.failures else FINE


def examples(source: Source, people: People = NOBODY, engine: str = "durable") -> Tried:
    """Try the examples of all rules and play their stories, with drafts too. `people`: who is told in these."""
    rulebook = compiled(source.book, engine, tried=True)
    try:
        told = audience_of(people, source.teams)
        result = tried(source, rulebook, read)
        failures = (*result.failures, *played(source.stories, rulebook, told))
        return replace(result, failures=failures, stories=len(source.stories))
    finally:
        rulebook.close()


def tell(as_json: bool, result: Tried) -> None:
    """What failed, and how much was tried."""
    if as_json:
        print(json.dumps(_shown(result)))
        return
    for failure in result.failures:
        print(failure)
    stories = f" and {result.stories} {'story' if result.stories == 1 else 'stories'}" if result.stories else ""
    print(
        f"{counted(result.examples, 'example')}{stories} of {counted(result.rules, 'rule')}: "
        f"{len(result.failures)} failed, {counted(result.known_mistakes, 'known mistake')}."
    )


def _shown(result: Tried) -> dict[str, object]:
    failures = [
        {
            "file": each.problem.file,
            "line": each.problem.line,
            "message": each.problem.message,
            "lines": to_json(each.lines),
        }
        for each in result.failures
    ]
    counts = {
        "examples": result.examples,
        "stories": result.stories,
        "rules": result.rules,
        "known_mistakes": result.known_mistakes,
    }
    return {"failures": failures, **counts}
