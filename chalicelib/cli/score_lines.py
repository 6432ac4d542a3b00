"""Labelled posts, one JSON object a line: the post, who "us" is, and what people said of it.

A line is a post as `earshot read` writes it, or close to it: `lang` is taken for `language`, a bare `id` gets its
platform. `brand` is a handle or a name of ours. Nothing else of a line reaches the rules: not a label, not a split.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from chalicelib.codec import from_json
from chalicelib.errors import BadPayload
from chalicelib.model import Author, Context, Post

OUTCOMES = ("escalate", "recommend", "ignore")
_POST = frozenset(each.name for each in fields(Post)) - {"author"}
_HANDLE = re.compile(r"@(\w+)")
A_NAME = 4  # letters: shorter names begin too many handles of others
_AUTHOR = tuple(each.name for each in fields(Author))


@dataclass(frozen=True, slots=True)
class Labelled:
    """A post, what is known beside it, and its label: True or False, or an outcome."""

    post: Post
    context: Context
    label: str | bool


def labelled(path: Path, label: str, only: str | None = None) -> Iterator[Labelled | None]:
    """Each line that has the label; None for one that has not, or that `only` leaves out. Both are dotted names.

    Raises BadPayload, with the place, for a line that is no post or a label that is neither an outcome nor yes or no.
    """
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _line(f"{path}:{number}", line, label, only)


def labels(path: Path) -> list[str]:
    """The dotted names in a file's first line whose values can be labels."""
    with path.open(encoding="utf-8") as lines:
        data = json.loads(next(line for line in lines if line.strip()))
    named = ((f"{block}.{name}", value) for block, inner in data.items() if isinstance(inner, dict)
             for name, value in inner.items())  # fmt: skip
    return [name for name, value in named if isinstance(value, int | str) and (value in OUTCOMES or value in (0, 1))]


def _line(where: str, line: str, label: str, only: str | None) -> Labelled | None:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        raise BadPayload(f"{where}: this line is not JSON") from None
    if not isinstance(data, dict):
        raise BadPayload(f"{where}: a line holds one post, as a JSON object")
    said = _said(where, label, _at(data, label))
    if said is None or (only and not _at(data, only)):
        return None
    try:
        return Labelled(_post(data), _context(data), said)
    except BadPayload as error:
        raise BadPayload(f"{where}: {error}") from None


def _at(data: Any, name: str) -> Any:
    for part in name.split("."):
        data = data.get(part) if isinstance(data, Mapping) else None
    return data


def _said(where: str, name: str, value: Any) -> str | bool | None:
    if value is None or value in OUTCOMES:
        return value  # type: ignore[no-any-return]
    if value in (0, 1):  # True and False are, too
        return bool(value)
    raise BadPayload(f"{where}: {name} is to be 0 or 1, true or false, or one of {', '.join(OUTCOMES)}")


def _post(data: Mapping[str, Any]) -> Post:
    platform = str(data.get("platform") or "unknown")
    known = {name: value for name, value in data.items() if name in _POST and value is not None}
    known |= {"id": f"{platform}:{data.get('id')}", "platform": platform}
    if tag := data.get("language") or data.get("lang"):
        known["language"] = tag
    author = data.get("author")
    if isinstance(author, Mapping):
        known["author"] = {name: author[name] for name in _AUTHOR if author.get(name) is not None}
    return from_json(Post, known)


def _context(data: Mapping[str, Any]) -> Context:
    """Who "us" is: the brand as a handle, and handles of the text that begin with its name, as @acmehelp with acme."""
    brand = "".join(str(data.get("brand") or "").split()).lstrip("@")
    if not brand:
        return Context()
    handles = _HANDLE.findall(str(data.get("text") or "")) if len(brand) >= A_NAME else ()
    return Context(our_handles=frozenset({brand, *(each for each in handles if _begins(each, brand))}))


def _begins(handle: str, name: str) -> bool:
    return handle.casefold().startswith(name.casefold())
