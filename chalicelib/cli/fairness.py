"""`earshot fairness`: outcome, promised and real wait by followers. Reach may inform, it may not decide."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict

from chalicelib.cli.main import FINE
from chalicelib.cli.place import wiring
from chalicelib.cli.replay_books import named
from chalicelib.cli.replay_posts import PostFile, since
from chalicelib.errors import NotFound
from chalicelib.reading import read
from chalicelib.rulebook.fairness import Decile, Heard, deciles, heard


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The posts, and the rules where they are not decided yet."""
    posts = parser.add_mutually_exclusive_group(required=True)
    posts.add_argument("--posts", metavar="FILE", help="posts, JSON lines, plain or gzip: decided by --rules")
    posts.add_argument("--since", metavar="DATE", help="the posts decided since, as the table of this stage has them")
    parser.add_argument("--rules", default="rules", metavar="DIR|VERSION", help="for --posts (rules)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")


def run(args: argparse.Namespace) -> int:
    """2 where no post tells how many follow its author."""
    found = deciles(list(_from_file(args) if args.posts else _from_table(args.since)))
    if not found:
        raise NotFound("no post there tells how many follow its author")
    if args.json:
        print(json.dumps({"deciles": [asdict(each) for each in found]}))
    else:
        waits = f"{'promised reply':>16}{'answered after':>16}"
        print(f"{'followers':>23}{'posts':>8}{'escalated':>11}{'recommended':>13}{waits}")
        print("\n".join(map(_line, found)))
    return FINE


def _from_file(args: argparse.Namespace) -> Iterator[Heard]:
    with closing(named(args.rules)) as rulebook:
        for each in PostFile(args.posts, frozenset(), lambda said: print(said, file=sys.stderr)):
            if each.guard is None:
                made = rulebook.decide(read(each.post, each.context), trace=False)
                if (told := heard(each.post, made)) is not None:
                    yield told


def _from_table(when: str) -> Iterator[Heard]:
    store = wiring().store
    for kept in store.decided_since(since(when)):
        case = store.case(kept.case_id) if kept.case_id else None
        answered = case.answered_at if case else None
        if (told := heard(kept.post, kept.decision, kept.decided_at, answered)) is not None:
            yield told


def _line(decile: Decile) -> str:
    between = f"{decile.least:,} to {decile.most:,}"
    waits = "".join(f"{_wait(hours):>16}" for hours in (decile.hours, decile.answered))
    return f"{between:>23}{decile.posts:>8,}{decile.escalated:>11.1%}{decile.recommended:>13.1%}{waits}"


def _wait(hours: float | None) -> str:
    return "-" if hours is None else f"{hours:.1f} hours"
