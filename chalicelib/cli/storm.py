"""`earshot storm`: a stream of the past through the rules on a fast clock: what raises an alert, and how soon."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from chalicelib.cli.main import COULD_NOT_RUN, FINE, FOUND
from chalicelib.cli.replay_books import named
from chalicelib.cli.storm_posts import Stream, moment
from chalicelib.cli.storm_told import as_json, lines
from chalicelib.cli.stormed import Storm, go_through
from chalicelib.errors import NotFound, SettingsError

STOPPED = 130
LASTS_DAYS = 7.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The rules, the stream, and when something really happened."""
    parser.add_argument("--rules", default="rules", metavar="DIR|VERSION", help="rules, as `earshot replay` takes them")
    stream = "posts, JSON lines, or one ISO time a line; plain or gzip, in any order; - is standard input"
    parser.add_argument("file", metavar="FILE", help=stream)
    parser.add_argument("--onset", type=moment, action="append", default=[], metavar="TIME",
                        help="when something really began (UTC without a zone); once for each")  # fmt: skip
    parser.add_argument("--lasts", type=_days, default=timedelta(days=LASTS_DAYS), metavar="DAYS",
                        help=f"for how long after an onset alerts are about it ({LASTS_DAYS:g})")  # fmt: skip
    parser.add_argument("--handle", action="append", default=[], help="one of ours, for 'mentions us'")
    parser.add_argument("--html", type=Path, metavar="PAGE", help="write one page with a plot, too")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")


def run(args: argparse.Namespace) -> int:
    """1: false alarms, or an onset that no alert followed; 2 where lines could not be read; 130: stopped by Ctrl-C."""
    if args.html and not args.html.absolute().parent.is_dir():
        raise SettingsError(f"--html: there is no folder '{args.html.parent}' to write the page to")
    handles = frozenset(handle.lstrip("@") for handle in args.handle)
    stream = Stream(args.file, handles, lambda said: print(said, file=sys.stderr))
    with closing(named(args.rules)) as rulebook:
        storm = go_through(stream, rulebook, sorted(args.onset), args.lasts)
    if storm.span is None:
        if storm.stopped:
            print("earshot storm: stopped before the first post was decided", file=sys.stderr)
            return STOPPED
        raise NotFound(f"no post in {stream.name}" + f", and {storm.bad} lines that are none" * bool(storm.bad))
    _tell(args, storm)
    if storm.stopped or storm.bad:
        return STOPPED if storm.stopped else COULD_NOT_RUN
    return FOUND if storm.false_alarms or storm.missed else FINE


def _tell(args: argparse.Namespace, storm: Storm) -> None:
    if args.html:  # first: whoever pipes the lines into `head` wants the page as well
        from chalicelib.cli.storm_page import page  # templates and plots cost a third of a second

        args.html.write_text(page(storm), encoding="utf-8")
        print(f"written to {args.html}", file=sys.stderr)
    print(json.dumps(as_json(storm)) if args.json else "\n".join(lines(storm)))


def _days(text: str) -> timedelta:
    try:
        days = float(text)
    except ValueError:
        days = -1.0
    if not 0 < days <= 3650:  # nor is "nan" a number of days
        raise argparse.ArgumentTypeError(f"expected a number of days, like 1 or 0.5, not {text!r}")
    return timedelta(days=days)
