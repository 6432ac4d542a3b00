"""`earshot bundle`: compile the rules into the one file that the functions ship with."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from chalicelib.cli import check, crm_file, test
from chalicelib.cli.counted import counted
from chalicelib.cli.main import FINE, FOUND
from chalicelib.codec import to_json
from chalicelib.errors import RulebookError
from chalicelib.rulebook.bundle import SHIPPED, shipped_before, write
from chalicelib.rulebook.lineage import disowned
from chalicelib.rulebook.loader import load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the rules are, and where to."""
    check.add_arguments(parser)
    parser.add_argument("--out", type=Path, default=SHIPPED, metavar="FILE", help="instead of the shipped one")


def run(args: argparse.Namespace) -> int:
    """1 where the rules have problems or an example fails; then nothing is written."""
    try:
        source = load(args.rules)
        beside = check.beside(args.rules, source)
    except RulebookError:
        return check.run(args)
    if test.examples(source, beside.people).failures:
        return test.run(args)
    if problems := disowned(shipped_before(args.out), source):
        check.tell(args, problems, ending="nothing was written")
        return FOUND
    version = write(source.book, args.out, to_json(beside.people))
    if args.out == SHIPPED:
        crm_file.ship(beside.mapping)
    written = {"rules": len(source.rules), "version": version}
    print(json.dumps(written) if args.json else f"{counted(len(source.rules), 'rule')}, version {version}")
    return FINE
