"""`earshot schema`: the JSON Schema of rule files, for editors; or the page of their words, for people."""

from __future__ import annotations

import argparse
import json

from chalicelib.cli.main import FINE
from chalicelib.rulebook.guide import page
from chalicelib.rulebook.schema import schema


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which of the two."""
    parser.add_argument("--page", action="store_true", help="the page docs/vocabulary.md instead")


def run(args: argparse.Namespace) -> int:
    """Print it."""
    print(page() if args.page else json.dumps(schema(), indent=2), end="" if args.page else "\n")
    return FINE
