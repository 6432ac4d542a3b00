"""`earshot parked`: signed bodies that could not be read, kept for fourteen days."""

from __future__ import annotations

import argparse
import json

from chalicelib.cli.limits import limit
from chalicelib.cli.place import wiring
from chalicelib.codec import to_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `earshot parked` takes."""
    parser.add_argument("--limit", type=limit, default=50, help="at most so many (50)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--body", action="store_true", help="print the bodies too: they hold what people wrote")


def run(args: argparse.Namespace) -> int:
    """List them; 1 when there are any."""
    found = wiring().queue.parked(args.limit)
    for parked in found:
        shown = {"platform": parked.platform, "received_at": to_json(parked.received_at), "bytes": len(parked.body)}
        shown["why"] = parked.why
        if args.body:
            shown["body"] = parked.body.decode("utf-8", "backslashreplace")
        print(json.dumps(shown) if args.json else "  ".join(str(value) for value in shown.values()))
    if not found and not args.json:
        print("nothing is parked")
    return 1 if found else 0
