"""`earshot sweep`: ask a platform that never tells of deletions which of the posts we keep are gone there."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import timedelta

from chalicelib.cli.main import FINE, FOUND
from chalicelib.cli.place import wiring
from chalicelib.pipeline.sweep import Sweep, Swept
from chalicelib.wiring import SWEPT, now


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `earshot sweep` takes."""
    parser.add_argument("platform", choices=SWEPT, help="a platform that can be asked")
    parser.add_argument("--wait", type=float, default=60, metavar="MINUTES", help="leave off after so long (60)")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace) -> int:
    """Ask, wait, delete. 0: answered; 1: not yet, or in vain: run it again.

    Raises SettingsError, Unavailable, Refused.
    """
    parts = wiring()
    sweep = Sweep(parts.compliance(args.platform), parts.store, parts.queue, now, timedelta(minutes=args.wait))
    swept = sweep.run()
    print(json.dumps(asdict(swept)) if args.json else _told(swept))
    return FINE if swept.gone is not None or swept.asked == 0 else FOUND


def _told(swept: Swept) -> str:
    if swept.asked == 0:
        return "no words of anybody are kept from there: nothing to ask"
    about = f"asked about {swept.asked} posts" if swept.asked is not None else "asked by an earlier run"
    if swept.gone is not None:
        return f"{swept.job}: {about}; {swept.gone} are gone there and are deleted here"
    return f"{swept.job}: {about}; the job is {swept.status}. Run it again"
