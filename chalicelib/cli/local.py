"""`earshot local`: the cloud on this laptop and its story, as `make run` starts it."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from chalicelib.errors import SettingsError

ROOT_FILES = ("app.py", "infra/resources.yaml")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `earshot local` takes; all of it goes to `python -m infra.local`."""
    parser.add_argument("--crm", choices=["none", "roundup"], default="none", help="where cases go (none)")
    parser.add_argument("--once", action="store_true", help="end after the story; 1 when it is not as it should be")
    parser.add_argument("--port", type=int, help="the web server's port (a free one)")


def run(args: argparse.Namespace) -> int:
    """Become that process, so that Ctrl-C and exit codes are its own. Raises SettingsError outside a checkout."""
    if not all(Path(name).exists() for name in ROOT_FILES):
        raise SettingsError("start it in the folder of the project, where app.py is")
    words = [sys.executable, "-m", "infra.local", "--crm", args.crm]
    words += ["--once"] if args.once else []
    words += ["--port", str(args.port)] if args.port else []
    sys.stdout.flush()
    os.execv(sys.executable, words)  # noqa: S606
