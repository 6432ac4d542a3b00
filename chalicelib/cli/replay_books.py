"""A rulebook by what people call it: a folder of rule files, a bundle's file, or a version."""

from __future__ import annotations

from pathlib import Path

from chalicelib.cli.place import published_rulebooks
from chalicelib.errors import NotFound, SettingsError
from chalicelib.rulebook import bundle
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.loader import load
from chalicelib.rulebook.publishing import SHIPPED, find

LEAST_LETTERS = 6


def named(given: str) -> Rulebook:
    """The rulebook of a folder, a file or a version. Raises NotFound, and RulebookError where it does not load.

    Versions: `live` and `shadow` of this stage, any published one by its beginning, and `shipped`.
    """
    path = Path(given)
    if path.is_dir() or (path.is_file() and path.suffix in (".yml", ".yaml")):
        return bundle.compiled(load(path).book)
    if path.is_file():
        return bundle.read(path)
    return _shipped(given) or _published(given)


def _shipped(given: str) -> Rulebook | None:
    if given != SHIPPED and len(given) < LEAST_LETTERS:
        return None
    rulebook = bundle.read()
    if given == SHIPPED or rulebook.version.startswith(given):
        return rulebook
    rulebook.close()
    return None


def _published(given: str) -> Rulebook:
    try:
        rulebooks, pointer = published_rulebooks()
    except SettingsError as error:
        raise NotFound(f"there is no folder and no file '{given}', and for published versions {error}") from error
    pointed = {"live": pointer.live, "shadow": pointer.shadow}
    version = pointed[given] if given in pointed else find(rulebooks, given)
    if version is None and given == "shadow":
        raise NotFound("no shadow version runs; `earshot versions` lists what there is")
    return bundle.loads(rulebooks.text(version), name=version) if version else bundle.read()
