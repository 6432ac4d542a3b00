"""`earshot ack ABOUT`: somebody has taken up an alert or a case; it is not told again, and whoever knew hears so."""

from __future__ import annotations

import argparse
import getpass
import json

from chalicelib.cli.cases import one_line
from chalicelib.cli.live_names import named
from chalicelib.cli.main import FINE, FOUND
from chalicelib.cli.place import wiring
from chalicelib.codec import to_json
from chalicelib.errors import NotFound
from chalicelib.pipeline.taking_up import acknowledge
from chalicelib.wiring import now


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `earshot ack` takes."""
    parser.add_argument("about", metavar="ABOUT", help="the alert or the case, as the notice names it")
    parser.add_argument("--who", default=getpass.getuser(), help="who takes it up (whoever is logged in here)")
    parser.add_argument("--json", action="store_true", help="print a JSON object")


def run(args: argparse.Namespace) -> int:
    """1 where somebody had taken up what was asked last. Raises NotFound where nobody was told of it, SettingsError,
    Unavailable."""
    who = named(args.who, "takes it up")
    notices = wiring().notices
    asked = notices.matter(args.about).latest
    if asked is None:
        raise NotFound(f"nobody was told of {args.about!r}: a notice ends with what to type")
    is_first = acknowledge(notices, asked, who, now())
    given = notices.acknowledged(args.about)
    if args.json:
        print(json.dumps(to_json(given)))
    elif given is not None:
        told = f"{one_line(asked.title)}: taken up by {one_line(given.who)}, {given.at:%Y-%m-%d %H:%M} UTC"
        print(told if is_first else f"{told}; that stands")
    return FINE if is_first else FOUND
