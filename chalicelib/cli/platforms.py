"""`earshot platforms`: which there are, and which are on in the local cloud that runs."""

from __future__ import annotations

import argparse
import json
from typing import Any

from chalicelib.cli.place import local_cloud
from chalicelib.errors import SettingsError
from chalicelib.platforms import PLATFORMS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `earshot platforms` takes."""
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """List them by name."""
    url, given = _running()
    for name in sorted(PLATFORMS):
        row = {"platform": name, "path": f"/webhooks/{name}", "on": bool(given.get(name, {}).get("secrets"))}
        print(json.dumps(row) if args.json else _line(row))
    if not args.json:
        print(f"the local cloud is at {url}" if url else "no local cloud is running here (`make run` starts one)")
    return 0


def _line(row: dict[str, Any]) -> str:
    return f"{row['platform']:<20} {'on' if row['on'] else 'off':<4} {row['path']}"


def _running() -> tuple[str | None, dict[str, Any]]:
    """Its address and its platforms; none of either is an answer too, not a failure."""
    try:
        state = local_cloud()
    except SettingsError:
        return None, {}
    return state.get("url"), state.get("platforms", {})
