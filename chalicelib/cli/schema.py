"""`earshot schema`: the JSON Schema of rule files, for editors."""

from __future__ import annotations

import argparse
import json

from chalicelib.cli.main import FINE
from chalicelib.rulebook.schema import schema


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to say."""


def run(args: argparse.Namespace) -> int:
    """Print it."""
    print(json.dumps(schema(), indent=2))
    return FINE
