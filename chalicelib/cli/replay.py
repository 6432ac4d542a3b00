"""`earshot replay`: two rulebooks over the same past posts, and what would be handled differently. Acts on nothing."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from pathlib import Path

from chalicelib.cli.main import FINE, FOUND
from chalicelib.cli.place import wiring
from chalicelib.cli.replay_books import named
from chalicelib.cli.replay_posts import PostFile, PostTable, since
from chalicelib.cli.replay_told import as_json, lines
from chalicelib.cli.replayed import Edition, Replayed, go_through
from chalicelib.errors import NotFound, SettingsError

STOPPED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The posts, the two rulebooks, and what is told."""
    posts = parser.add_mutually_exclusive_group(required=True)
    posts.add_argument("--posts", metavar="FILE", help="posts, JSON lines, plain or gzip; - is standard input")
    posts.add_argument("--since", metavar="DATE", help="the posts decided since, from the table of this stage; UTC")
    book = "a folder of rule files, a bundle's file, or a version"
    parser.add_argument("--against", required=True, metavar="DIR|VERSION", help=f"the rules before: {book}")
    parser.add_argument("--rules", default="rules", metavar="DIR|VERSION", help="the rules after (rules)")
    parser.add_argument("--handle", action="append", default=[], help="one of ours in --posts, for 'mentions us'")
    parser.add_argument("--most-change", type=_percent, metavar="N", help="exit 1 when more than N %% change")
    parser.add_argument("--html", type=Path, metavar="PAGE", help="write one page to show in a meeting, too")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")


def run(args: argparse.Namespace) -> int:
    """1: more changes than --most-change; 130: stopped by Ctrl-C, after telling what was seen until then."""
    if args.html and not args.html.absolute().parent.is_dir():
        raise SettingsError(f"--html: there is no folder '{args.html.parent}' to write the page to")
    posts = _posts(args)
    with closing(named(args.against)) as before, closing(named(args.rules)) as after:
        replayed = go_through(posts, Edition(args.against, before), Edition(args.rules, after))
    if replayed.stopped and not replayed.tally.posts:
        print("earshot replay: stopped before the first post was decided", file=sys.stderr)
        return STOPPED
    if not replayed.tally.posts:
        raise NotFound(f"no post in {posts.name}" + f", and {posts.bad} lines that are none" * bool(posts.bad))
    _tell(args, replayed)
    if replayed.stopped:
        return STOPPED
    too_many = args.most_change is not None and replayed.tally.share > args.most_change
    return FOUND if too_many else FINE


def _posts(args: argparse.Namespace) -> PostFile | PostTable:
    if args.since is not None:
        when = since(args.since)
        return PostTable(wiring(), when)
    handles = frozenset(handle.lstrip("@") for handle in args.handle)
    return PostFile(args.posts, handles, lambda said: print(said, file=sys.stderr))


def _tell(args: argparse.Namespace, replayed: Replayed) -> None:
    if args.html:  # first: whoever pipes the lines into `head` wants the page as well
        from chalicelib.cli.replay_page import page  # templates and plots cost a third of a second

        args.html.write_text(page(replayed), encoding="utf-8")
        print(f"written to {args.html}", file=sys.stderr)
    if args.json:
        print(json.dumps(as_json(replayed)))
    else:
        print("\n".join(lines(replayed)))


def _percent(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 100:  # nor is "nan" a share
        raise argparse.ArgumentTypeError(f"expected a share of a hundred, like 5, not {text!r}")
    return share
