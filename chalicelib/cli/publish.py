"""`earshot publish`: let these rules decide. They are checked, tried and examined first; then one pointer moves."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from chalicelib.cli import cause, check, test
from chalicelib.cli.decide import parsed
from chalicelib.cli.main import FINE, FOUND
from chalicelib.cli.place import published_rulebooks
from chalicelib.codec import to_json
from chalicelib.errors import BadPayload, Conflict, RulebookError, SettingsError
from chalicelib.model import Context, Published
from chalicelib.pipeline.people import People
from chalicelib.ports.deciding import Rulebooks
from chalicelib.rulebook import bundle, gate
from chalicelib.rulebook.changes import Change, changes
from chalicelib.rulebook.lineage import reused
from chalicelib.rulebook.loader import Source, load
from chalicelib.rulebook.publishing import publish

MOST_POSTS = 10_000


@dataclass(frozen=True, slots=True)
class Publication:
    """What a call came to; `moved` is False where the pointer was there already, `against` is what was live before."""

    published: Published
    shadow: bool
    moved: bool
    examined: gate.Examined
    against: str | None
    changed: tuple[Change, ...]
    people_changed: bool = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which rules, who publishes them and why."""
    check.add_arguments(parser)
    cause.add_arguments(parser)
    parser.add_argument("--shadow", action="store_true", help="beside the live version: recorded, acting on nothing")
    parser.add_argument("--posts", type=Path, metavar="FILE", help="posts to try them on too, one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """1 where the rules have problems, use an id again, fail an example or the gate; then nothing is written."""
    rulebooks, pointer = published_rulebooks()
    try:
        source = load(args.rules)
        told = check.beside(args.rules, source).people
        people = to_json(told)
    except RulebookError:
        return check.run(args)
    text = bundle.dumps(source.book, people)
    if problems := reused(rulebooks, pointer, source):
        return _refused([str(problem) for problem in problems], args.json)
    examined = _examined(args, source, told, text)
    if examined is None:
        return FOUND
    published, changed = _published(args, source, text), _changes(rulebooks, pointer.live, source)
    told_otherwise = pointer.live is not None and bundle.people_of(rulebooks.text(pointer.live)) != people
    try:
        moved = publish(rulebooks, pointer, published, text, args.shadow)
    except Conflict:
        raise SettingsError(overtaken(rulebooks)) from None
    _tell(
        Publication(published, args.shadow, moved is not None, examined, pointer.live, changed, told_otherwise),
        args.json,
    )
    return FINE


def _examined(args: argparse.Namespace, source: Source, people: People, text: str) -> gate.Examined | None:
    """None where they must not decide; then it is told why."""
    # By the plain evaluator: what would crash the engine must come to it in the gate's process, not in this one.
    tried = test.examples(source, people, "plain")
    if tried.failures:
        test.tell(args.json, tried)
        return None
    examined = gate.examine(text, [*_examples(source), *_posts(args.posts)])
    if examined.problems:
        _refused(examined.problems, args.json)
        return None
    return examined


def _published(args: argparse.Namespace, source: Source, text: str) -> Published:
    by = cause.cause(args)
    return Published(json.loads(text)["version"], len(source.rules), len(text.encode()), by.who, by.why, by.at)


def overtaken(rulebooks: Rulebooks) -> str:
    """Who moved the pointer while we were at it; nothing of ours has changed what decides."""
    last = rulebooks.moves()[0]
    return (
        f"{last.who} was faster: since {last.at:%Y-%m-%d %H:%M:%S} UTC {last.live or 'what was shipped'} is live "
        f"({last.what}: {last.why}). See `earshot versions`, then try again"
    )


def _examples(source: Source) -> Iterator[gate.Sample]:
    for written in source.rules:
        for example in written.examples:
            yield gate.Sample(f"the example {written.file}:{example.line}", example.post, example.context)


def _posts(file: Path | None) -> Iterator[gate.Sample]:
    if file is None:
        return
    with file.open("rb") as lines:
        for number, line in enumerate(islice(lines, MOST_POSTS), 1):
            try:
                yield gate.Sample(f"the post {file}:{number}", parsed(line), Context())
            except BadPayload as error:
                raise BadPayload(f"{file}:{number}: {error}") from None


def _changes(rulebooks: Rulebooks, live: str | None, source: Source) -> tuple[Change, ...]:
    if live is None:
        return ()
    return changes(bundle.rules_of(rulebooks.text(live)), source.book)


def _refused(problems: Sequence[str], as_json: bool) -> int:
    if as_json:
        print(json.dumps({"refused": list(problems)}))
    else:
        print("\n".join([*(f"REFUSED {problem}" for problem in problems), "Nothing was published."]))
    return FOUND


def _tell(told: Publication, as_json: bool) -> None:
    if as_json:
        print(json.dumps(to_json(told)))
        return
    seconds = f"({told.examined.seconds:.1f} s)"
    print(f"{told.examined.posts} posts are decided alike by durable_rules and the plain evaluator {seconds}.")
    if told.against is not None:
        differs = told.changed or told.people_changed
        print(f"Against {told.against}, the live version:" if differs else f"Nothing differs from {told.against}.")
    for change in told.changed:
        print(f"  {change}")
    if told.people_changed:
        print("  people.yml: who is told, or how, is another")
    print(_ending(told))


def _ending(told: Publication) -> str:
    rules = told.published.rules
    what = f"Version {told.published.version} ({rules} rule{'' if rules == 1 else 's'})"
    if not told.moved:
        return f"{what} is {'beside the live one' if told.shadow else 'live'} already; nothing was changed."
    does = "runs beside the live one and acts on nothing" if told.shadow else "is live"
    return f"{what} {does}. Functions take it within 30 seconds; `earshot versions` shows when they have."
