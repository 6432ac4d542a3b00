"""A file of the company beside its rules: read whole, or told with file and line, every problem at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from chalicelib import codec
from chalicelib.errors import Problem, RulebookError
from chalicelib.rulebook.notes import Notes
from chalicelib.rulebook.source import Node, tree
from chalicelib.rulebook.spelling import spelling

T = TypeVar("T")


def read(path: Path, form: Callable[[Notes, Node], T], absent: T) -> T:
    """What `form` makes of the file, `absent` where there is none. Raises RulebookError with all its problems."""
    if not path.exists():
        return absent
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RulebookError([Problem(str(path), 1, "this file cannot be read; save it as UTF-8.")]) from None
    misspelt = spelling(text, str(path))
    node, unreadable = tree(text, str(path))
    if misspelt or unreadable or node is None:
        raise RulebookError(misspelt or unreadable or [Problem(str(path), 1, "this file is empty.")])
    notes = Notes(str(path))
    made = form(notes, node)
    if notes.problems:
        raise RulebookError(sorted(notes.problems, key=lambda problem: problem.line))
    return made


def ship(value: Any, path: Path) -> None:
    """Write what the functions read."""
    new = path.with_name(path.name + ".new")
    new.write_text(json.dumps(codec.to_json(value), indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")
    new.replace(path)
