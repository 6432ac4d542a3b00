"""`--limit`: how many at most, of the commands that have it."""

from __future__ import annotations

import argparse


def limit(given: str) -> int:
    """A whole number above 0. Raises argparse.ArgumentTypeError: with less, what is there would look as if it were
    not."""
    try:
        number = int(given)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number above 0; {given!r} is none")
    return number
