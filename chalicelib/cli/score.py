"""`earshot score`: how far the rules agree with people who labelled posts. Acts on nothing, each post by itself."""

from __future__ import annotations

import argparse
import heapq
import json
from contextlib import closing
from pathlib import Path

from chalicelib.cli.main import FINE
from chalicelib.cli.replay_books import named
from chalicelib.cli.score_lines import OUTCOMES, Labelled, labelled, labels
from chalicelib.cli.score_told import as_json, lines
from chalicelib.cli.scored import Miss, Positive, Scored
from chalicelib.errors import NotFound, SettingsError
from chalicelib.model import Decision, Facts, Outcome
from chalicelib.reading import read
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.guards import guard

WORST = 10
NO_STRENGTH = 0.5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The rules, the labelled posts, and what of their labels counts."""
    parser.add_argument("--rules", default="rules", metavar="DIR|VERSION", help="rules, as `earshot replay` takes them")
    parser.add_argument("file", type=Path, metavar="FILE", help="labelled posts, one JSON object a line")
    parser.add_argument("--label", required=True, metavar="NAME", help="where the label is, like task.complaint")
    parser.add_argument("--positive", type=_positive, default=Positive("escalate"), metavar="OUTCOME[:REASON]",
                        help="the decision that a label of 1 stands for (escalate)")  # fmt: skip
    parser.add_argument("--only", metavar="NAME", help="only lines where this is 1 or true, like task.sure")
    parser.add_argument("--worst", type=int, default=WORST, metavar="N", help=f"misses to tell of each kind ({WORST})")
    parser.add_argument("--html", type=Path, metavar="PAGE", help="write one page to show in a meeting, too")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")


def run(args: argparse.Namespace) -> int:
    """0 however good it is; 2 where the file cannot be read."""
    if args.html and not args.html.absolute().parent.is_dir():
        raise SettingsError(f"--html: there is no folder '{args.html.parent}' to write the page to")
    with closing(named(args.rules)) as rulebook:
        scored = _scored(rulebook, args)
    if not scored.agreement.posts:
        raise NotFound(_nothing(args, scored.left_out))
    if args.html:
        from chalicelib.cli.score_page import page  # templates and plots cost a third of a second

        args.html.write_text(page(scored), encoding="utf-8")
    print(json.dumps(as_json(scored)) if args.json else "\n".join(lines(scored)))
    return FINE


def _nothing(args: argparse.Namespace, lines: int) -> str:
    """Why there is nothing to compare, and what the first line has instead."""
    if not lines:
        return f"there is no post in {args.file}"
    has = ", ".join(labels(args.file))
    missing = f"no line of {args.file} has {args.label}" + f" and {args.only}" * bool(args.only)
    return missing + (f"; the first has {has}" if has else "; the first has no label")


def _scored(rulebook: Rulebook, args: argparse.Namespace) -> Scored:
    names = {rule.id: rule.name for rule in rulebook.book.rules}
    scored = Scored(args.file.name, args.label, args.positive, names)
    kinds: dict[tuple[str, str], list[tuple[float, Labelled, Decision]]] = {}
    for each in labelled(args.file, args.label, args.only):
        if each is None:
            scored.left_out += 1
            continue
        facts = read(each.post, each.context)
        made = guard(each.post) or rulebook.decide(facts, trace=False)
        expected, decided = _classes(each.label, made, args.positive)
        scored.agreement.add(expected, decided, made)
        if expected != decided:
            kinds.setdefault((expected, decided), []).append((_clear(facts, decided), each, made))
    for kind, misses in kinds.items():
        worst = heapq.nlargest(args.worst, misses, key=lambda miss: miss[0])
        scored.worst[kind] = [_miss(kind, each, made) for _, each, made in worst]
    return scored


def _classes(label: str | bool, made: Decision, positive: Positive) -> tuple[str, str]:
    """What people say and what was decided, as one of the same few words."""
    if isinstance(label, str):
        return label, made.outcome.value
    other = f"not {positive}"
    return str(positive) if label else other, str(positive) if positive.is_met(made) else other


def _clear(facts: Facts, decided: str) -> float:
    """How sure the mistake was, 0 to 1: what surely complains and is no case, what surely does not and is one."""
    strength = facts.values.get("complaint")
    share = float(strength) if isinstance(strength, float) else NO_STRENGTH
    return share if decided == Outcome.ESCALATE.value else 1 - share


def _miss(kind: tuple[str, str], each: Labelled, made: Decision) -> Miss:
    facts = read(each.post, each.context)
    strength = facts.values.get("complaint")
    why = made.reason if made.rule else "no rule matches"
    words = ", ".join(f'"{word}"' for word in facts.because.get("complaint", ())[:5])
    sounds = "" if strength is None else f"; complaint {strength:.2f}" + f" ({words})" * bool(words)
    return Miss(each, *kind, why + sounds)


def _positive(text: str) -> Positive:
    outcome, _, reason = text.partition(":")
    if outcome not in OUTCOMES:
        raise argparse.ArgumentTypeError(f"expected {', '.join(OUTCOMES)}, or like ignore:spam; not {text!r}")
    return Positive(outcome, reason or None)
