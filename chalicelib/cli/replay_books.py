"""A rulebook by what people call it: a folder of rule files, a bundle's file, or a version."""

from __future__ import annotations

from pathlib import Path

from chalicelib.errors import NotFound
from chalicelib.rulebook import bundle
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.loader import load

LEAST_LETTERS = 6


def named(given: str) -> Rulebook:
    """The rulebook of a folder, a file or a version. Raises NotFound, and RulebookError where it does not load."""
    path = Path(given)
    if path.is_dir() or (path.is_file() and path.suffix in (".yml", ".yaml")):
        return bundle.compiled(load(path).book)
    if path.is_file():
        return bundle.read(path)
    return _shipped(given) or _published(given)


def _shipped(given: str) -> Rulebook | None:
    """The version that the functions ship with, by its first letters or as `shipped`."""
    if given != "shipped" and len(given) < LEAST_LETTERS:
        return None
    rulebook = bundle.read()
    if given == "shipped" or rulebook.version.startswith(given):
        return rulebook
    rulebook.close()
    return None


def _published(given: str) -> Rulebook:
    raise NotFound(f"there is no folder, no bundle and no version {given!r}")
