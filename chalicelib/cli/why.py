"""`earshot why`: how a post came to its decision; for a rule that did not match, the least change that would do it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from chalicelib.cli.decide import decision, parsed, shown
from chalicelib.cli.main import FINE, FOUND
from chalicelib.codec import to_json
from chalicelib.errors import BadPayload, NotFound
from chalicelib.model import Context, Decision, Facts, Kind, LineAnswer, Outcome, Post, RuleTrace
from chalicelib.reading import read
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.bundle import compiled
from chalicelib.rulebook.guards import guard
from chalicelib.rulebook.loader import load
from chalicelib.rulebook.notes import nearest
from chalicelib.rulebook.rule import Rule, Status
from chalicelib.rulebook.trace import failing
from chalicelib.rulebook.tryout import shown as line_shown


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The post, and perhaps one rule."""
    parser.add_argument(
        "post", metavar="POST", help="a JSON file with one post, - for standard input, or a text in quotes"
    )
    parser.add_argument("rule", nargs="?", metavar="RULE", help="a rule's id")
    parser.add_argument("--rules", type=Path, default=Path("rules"), metavar="DIR")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")


def run(args: argparse.Namespace) -> int:
    """1 where the asked rule did not match."""
    rulebook = compiled(load(args.rules).book, tried=True)
    try:
        post = _post(args.post)
        return _one_rule(args, rulebook, post) if args.rule else _all_rules(args, rulebook, post)
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


def _all_rules(args: argparse.Namespace, rulebook: Rulebook, post: Post) -> int:
    made = decision(rulebook, post, trace=True)
    if args.json:
        print(json.dumps(shown(made, trace=True)))
        return FINE
    print(_summed_up(made))
    for trace in made.lines:
        print("\n".join(_lines(trace)))
    return FINE


def _summed_up(made: Decision) -> str:
    who = f", {made.priority.value}, for {made.team}" if made.priority else ""
    return f"{made.outcome.value}{who}: {made.reason}" + (f" (rule {made.rule})" if made.rule else "")


def _lines(trace: RuleTrace) -> list[str]:
    head = f"{trace.rule} ({trace.status}): {'match' if trace.matched else 'no match'}"
    return [head, *map(line_shown, trace.lines)]


def _one_rule(args: argparse.Namespace, rulebook: Rulebook, post: Post) -> int:
    rule = _rule(rulebook, args.rule)
    facts = read(post, Context(now=datetime.now(UTC)))
    trace = rulebook.explain(facts, rule.id)
    if trace is None:
        raise NotFound(f"rule '{rule.id}' is retired; it is not tried any more")
    if args.json:
        print(json.dumps(to_json(trace)))
    else:
        print("\n".join([*_lines(trace), *_ending(rulebook, facts, rule, trace)]))
    return FINE if trace.matched else FOUND


def _rule(rulebook: Rulebook, name: str) -> Rule:
    rules = {rule.id: rule for rule in rulebook.book.rules}
    if name not in rules:
        raise NotFound(f"there is no rule '{name}'.{nearest(name, rules, listed=False) or _listed(rules)}")
    return rules[name]


def _listed(rules: Iterable[str]) -> str:
    return f" There are {', '.join(sorted(rules))}."


def _ending(rulebook: Rulebook, facts: Facts, rule: Rule, trace: RuleTrace) -> list[str]:
    if not trace.matched:
        return _least_change(rule, trace)
    if rule.status is not Status.LIVE:
        return [f"It is {rule.status.value}: it decides nothing."]
    made = guard(facts.post) or rulebook.decide(facts, trace=False)
    return [] if made.rule == rule.id else [f"It matched, but the decision is {_summed_up(made)}"]


def _least_change(rule: Rule, trace: RuleTrace) -> list[str]:
    stopping = failing(trace.lines, rule.then.outcome is Outcome.IGNORE)
    some = [line for line in stopping if line.block == "any"]
    rest = [_wanted(line) for line in stopping if line.block != "any"]
    if some:
        rest.append(f"one of these said yes: {'; '.join(line.line for line in some)}")
    return ["It would match if:", *(f"    {wanted}" for wanted in rest)]


def _wanted(line: LineAnswer) -> str:
    return f"'{line.line}' said {'yes' if line.block == 'all' else 'no'}, not {line.answer.value}"
