"""Who changes what decides, and why: asked of everybody who does, and kept for ever."""

from __future__ import annotations

import argparse
import getpass
from datetime import UTC, datetime

from chalicelib.errors import SettingsError
from chalicelib.rulebook.publishing import Cause

LONGEST = 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--why`, which is needed, and `--who`."""
    parser.add_argument("--why", required=True, type=_words, metavar="WORDS", help="the reason, for whoever asks later")
    parser.add_argument("--who", type=_words, metavar="NAME", help="instead of this computer's user")


def cause(args: argparse.Namespace) -> Cause:
    """Who, why and now. Raises SettingsError where this computer does not know its user."""
    return Cause(args.who or _user(), args.why, datetime.now(UTC))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        raise SettingsError("this computer does not say who you are: give --who NAME") from None


def _words(given: str) -> str:
    words = " ".join(given.split())
    if not words or len(words) > LONGEST:
        raise argparse.ArgumentTypeError(f"expected 1 to {LONGEST} characters")
    return words
