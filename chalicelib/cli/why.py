"""`earshot why`: how a post came to its decision; for a rule that did not match, the least change that would do it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from chalicelib.cli import why_heard, why_recorded, why_rule
from chalicelib.cli.decide import decision, parsed, shown
from chalicelib.cli.main import FINE
from chalicelib.cli.traced import lines, summed_up
from chalicelib.errors import BadPayload, NotFound
from chalicelib.model import Kind, Post
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.bundle import compiled
from chalicelib.rulebook.forms import WrittenRule
from chalicelib.rulebook.loader import Source, load
from chalicelib.rulebook.notes import nearest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The post, and perhaps one rule."""
    parser.add_argument(
        "post",
        metavar="POST",
        help="a text in quotes, a JSON file with one post, - for standard input, or the id of a post that was decided",
    )
    parser.add_argument("rule", nargs="?", metavar="RULE", help="a rule's id: what kept it from matching")
    parser.add_argument("--rules", type=Path, default=Path("rules"), metavar="DIR")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")


def run(args: argparse.Namespace) -> int:
    """1 where the asked rule did not match."""
    recorded = why_recorded.find(args.post)
    if recorded and not args.rule:
        why_recorded.tell(recorded, args.json)
        return FINE
    source = load(args.rules)
    rulebook = compiled(source.book, tried=True)
    try:
        post = recorded[-1].post if recorded else _post(args.post)
        if args.rule:
            if recorded and not args.json:
                print("\n".join(why_recorded.of_rule(recorded, args.rule)))
            return why_rule.tell(source, rulebook, _rule(source, args.rule), post, args.json)
        return _all_rules(rulebook, post, args.json)
    finally:
        rulebook.close()


def _post(given: str) -> Post:
    if given == "-":
        return parsed(sys.stdin.buffer.read())
    if _is_file(given):
        return parsed(Path(given).read_bytes())
    if given.endswith((".json", ".jsonl")):
        raise NotFound(f"there is no file '{given}'")
    if given.lstrip().startswith("{"):
        raise BadPayload("a post as JSON comes from a file, or from standard input with -; in quotes comes a text")
    return Post(id="example:text", platform="example", kind=Kind.MENTION, text=given)


def _is_file(given: str) -> bool:
    try:
        return Path(given).is_file()
    except (OSError, ValueError):  # a text too long or too strange to be a file's name
        return False


def _all_rules(rulebook: Rulebook, post: Post, as_json: bool) -> int:
    made = decision(rulebook, post, trace=True)
    if as_json:
        print(json.dumps({**shown(made, trace=True), "heard": why_heard.as_json(post)}))
        return FINE
    print(summed_up(made))
    if (heard := why_heard.line(post)) is not None:
        print(heard)
    for trace in made.lines:
        print("\n".join(lines(trace)))
    return FINE


def _rule(source: Source, name: str) -> WrittenRule:
    rules = {written.rule.id: written for written in source.rules}
    if name not in rules:
        raise NotFound(f"there is no rule '{name}'.{nearest(name, rules, listed=False) or _listed(rules)}")
    return rules[name]


def _listed(rules: Iterable[str]) -> str:
    return f" There are {', '.join(sorted(rules))}."
