"""`earshot decide`: posts (JSON lines) to decisions (JSON lines), one at a time, no cloud."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from chalicelib.cli.course import Course
from chalicelib.cli.main import COULD_NOT_RUN, FINE
from chalicelib.codec import from_json, to_json
from chalicelib.errors import BadPayload
from chalicelib.model import Context, Decision, Post
from chalicelib.reading import read
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.bundle import compiled
from chalicelib.rulebook.guards import guard
from chalicelib.rulebook.loader import load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the rules and the posts are."""
    parser.add_argument("--rules", type=Path, default=Path("rules"), metavar="DIR")
    parser.add_argument("--trace", action="store_true", help="with each line's answer of the rules that came near")
    parser.add_argument("file", metavar="FILE", help="posts as they came, one JSON object a line; - is standard input")


def run(args: argparse.Namespace) -> int:
    """2 where a line could not be read; the others are decided all the same."""
    rulebook = compiled(load(args.rules).book)
    course = Course(rulebook)
    code = FINE
    with _opened(args.file) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                post = parsed(line)
            except BadPayload as error:
                print(f"{args.file}:{number}: {error}", file=sys.stderr)
                code = COULD_NOT_RUN
                continue
            made = shown(decision(rulebook, post, args.trace, course), args.trace)
            print(json.dumps(made), flush=args.file == "-")
    rulebook.close()
    return code


def parsed(line: bytes | str) -> Post:
    """One post from its JSON. Raises BadPayload that says where, and quotes none of it."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        raise BadPayload("this line is not JSON") from None
    return from_json(Post, data)


def decision(rulebook: Rulebook, post: Post, trace: bool, course: Course | None = None) -> Decision:
    """Guards first, then the rules; a `course` remembers what was before: what repeats, and what was recommended."""
    guarded = guard(post)
    if guarded is not None:
        return replace(guarded, rulebook=rulebook.version)
    return (course or rulebook).decide(read(post, Context(now=datetime.now(UTC))), trace)


def shown(decided: Decision, trace: bool) -> dict[str, object]:
    """The decision as scripts read it."""
    lines: dict[str, object] = {"lines": to_json(decided.lines)} if trace else {}
    return {
        "post_id": decided.post_id,
        "decision": decided.outcome.value,
        "rule": decided.rule,
        "reason": decided.reason,
        "priority": decided.priority and decided.priority.value,
        "team": decided.team,
        "tell": list(decided.tell),
        "matched": list(decided.matched),
        "shadow": list(decided.shadow),
        "rulebook": decided.rulebook,
        **lines,
    }


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        yield sys.stdin.buffer
        return
    with Path(file).open("rb") as lines:
        yield lines
