"""`earshot rollback`: an older version decides again. Nothing is taken out of the history."""

from __future__ import annotations

import argparse
import json

from chalicelib.cli import cause
from chalicelib.cli.main import FINE
from chalicelib.cli.place import published_rulebooks
from chalicelib.cli.publish import overtaken
from chalicelib.codec import to_json
from chalicelib.errors import Conflict, SettingsError
from chalicelib.model import Move, Pointer
from chalicelib.ports.deciding import Rulebooks
from chalicelib.rulebook.publishing import before, find, roll_back, unshadow


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Back to what, by whom and why."""
    parser.add_argument(
        "version",
        nargs="?",
        metavar="VERSION",
        help="its beginning will do; `shipped` is what the functions come with; without, what was live before",
    )
    cause.add_arguments(parser)
    parser.add_argument("--shadow", action="store_true", help="let the shadow version run no more; the live one stays")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")


def run(args: argparse.Namespace) -> int:
    """Move the pointer back. Raises NotFound, and SettingsError where somebody else moved it meanwhile."""
    if args.shadow and args.version:
        raise SettingsError("--shadow ends the one shadow version there is: leave VERSION away")
    rulebooks, pointer = published_rulebooks()
    try:
        moved = _moved(args, rulebooks, pointer)
    except Conflict:
        raise SettingsError(overtaken(rulebooks)) from None
    _tell(moved, pointer, args)
    return FINE


def _moved(args: argparse.Namespace, rulebooks: Rulebooks, pointer: Pointer) -> Move | None:
    by = cause.cause(args)
    if args.shadow:
        return unshadow(rulebooks, pointer, by)
    to = find(rulebooks, args.version) if args.version else before(rulebooks, pointer)
    return roll_back(rulebooks, pointer, to, by)


def _tell(moved: Move | None, pointer: Pointer, args: argparse.Namespace) -> None:
    if args.json:
        print(json.dumps({"moved": moved is not None, **(to_json(moved) if moved else {})}))
    elif args.shadow:
        print(
            f"Version {pointer.shadow} runs no more." if moved else "There is no shadow version; nothing was changed."
        )
    elif moved is None:
        print(f"{_named(pointer.live)} is live already; nothing was changed.")
    else:
        print(f"{_named(moved.live)} is live again. Functions take it within 30 seconds.")


def _named(version: str | None) -> str:
    return f"Version {version}" if version else "What the functions ship with"
