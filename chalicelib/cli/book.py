"""`earshot book`: the rules in plain language, for those who answer for them and those who do not write rules."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from chalicelib.cli.book_chapters import contents
from chalicelib.cli.book_markdown import markdown
from chalicelib.cli.main import FINE
from chalicelib.codec import to_json
from chalicelib.rulebook.loader import load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the rules are, and where the book goes."""
    parser.add_argument("rules", nargs="?", type=Path, default=Path("rules"), metavar="DIR")
    parser.add_argument("--html", type=Path, metavar="PAGE", help="write one page")
    parser.add_argument("--md", type=Path, metavar="FILE", help="write Markdown, which is printed without either")
    parser.add_argument("--json", action="store_true", help="print what it holds as one JSON object")
    parser.add_argument("--today", type=_day, metavar="DATE", help="tell reviews as of this day (today)")


def run(args: argparse.Namespace) -> int:
    """Raises RulebookError where the rules have problems; then nothing is written."""
    book = contents(load(args.rules), args.today or datetime.now(UTC).date())
    if args.html:
        from chalicelib.cli.book_page import page  # templates cost a fifth of a second

        args.html.write_text(page(book), encoding="utf-8")
    if args.md:
        args.md.write_text(markdown(book), encoding="utf-8")
    if args.json:
        print(json.dumps(to_json(book)))
    elif not args.html and not args.md:
        print(markdown(book), end="")
    for file in filter(None, (args.html, args.md)):
        print(f"written to {file}", file=sys.stderr)
    return FINE


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a day like 2026-11-22, not {text!r}") from None
