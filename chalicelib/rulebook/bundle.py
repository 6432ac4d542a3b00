"""All rules, and who is told, in one JSON file, one rule a line: what the functions ship with, and what is published.

Its version is the hash of its content.
"""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chalicelib import codec
from chalicelib.errors import BadPayload, Problem, RulebookError
from chalicelib.rulebook.book import SAMPLE, Rulebook
from chalicelib.rulebook.rule import Book

SHIPPED = Path(__file__).with_name("bundle.json")
FORMAT = "earshot-rulebook/1"


def dumps(book: Book, people: Mapping[str, Any] | None = None) -> str:
    """The bundle's text; the same rules always give the same. `people` is who is told, as `rules/people.yml` says."""
    told = f'"people": {json.dumps(people, ensure_ascii=False, sort_keys=True)},\n' if people is not None else ""
    calendars = f'"calendars": [{_lines(book.calendars)}],\n' if book.calendars else ""
    silences = f'"silences": [{_lines(book.silences)}],\n' if book.silences else ""
    body = f'{told}{calendars}{silences}"topics": [{_lines(book.topics)}],\n"rules": [{_lines(book.rules)}]}}\n'
    return f'{{"format": "{FORMAT}", "version": "{_version(body)}",\n{body}'


def write(book: Book, path: Path, people: Mapping[str, Any] | None = None) -> str:
    """Write the bundle, whole or not at all; its version."""
    text = dumps(book, people)
    new = path.with_name(path.name + ".new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)
    return _version(text.partition("\n")[2])


def read(path: Path = SHIPPED, engine: str = "durable", sample: float = SAMPLE) -> Rulebook:
    """The rulebook of a bundle. Raises RulebookError where it is missing or not as it was written.

    `engine` is `durable` or `plain`; `sample` is the share of posts without a rule that a person is to look at.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise RulebookError([Problem(path.name, 1, "no rules were shipped; run `earshot bundle`")]) from None
    return loads(text, engine, sample, path.name)


def loads(text: str, engine: str = "durable", sample: float = SAMPLE, name: str = "bundle") -> Rulebook:
    """The rulebook of a bundle's text."""
    with _without_collecting():
        book, version = _opened(text, name)
        return Rulebook(book, version, engine, sample)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Loading makes a hundred thousand values and no rubbish: looking for some is a fifth of a cold start."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            # Both together call what was made old, so that the next allocation does not look through all of it.
            gc.freeze()
            gc.unfreeze()
            gc.enable()


def _opened(text: str, name: str) -> tuple[Book, str]:
    try:
        data = _data(text)
        return codec.from_json(Book, data), data["version"]
    except (ValueError, BadPayload) as error:
        raise RulebookError([Problem(name, 1, f"this bundle cannot be used: {error}")]) from error


def _data(text: str) -> dict[str, Any]:
    """Raises BadPayload, ValueError."""
    data: Any = json.loads(text)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise BadPayload(f"expected the format {FORMAT}")
    if data.get("version") != _version(text.partition("\n")[2]):
        raise BadPayload("was changed by hand; change the rules and run `earshot bundle`")
    return data


def people_of(text: str) -> Mapping[str, Any] | None:
    """Who is told, by a bundle's text; None where it does not say, or cannot be used."""
    try:
        return _data(text).get("people")
    except (ValueError, BadPayload):
        return None


def rules_of(text: str) -> Book:
    """The rules that a bundle's text holds, to compare with; none where it cannot be used: then it decided nothing."""
    try:
        return _opened(text, "bundle")[0]
    except RulebookError:
        return Book()


def shipped_before(path: Path = SHIPPED) -> Book:
    """The rules that a bundle's file holds, to compare with; none where there is no bundle, or it cannot be used."""
    try:
        return rules_of(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Book()


def compiled(book: Book, engine: str = "durable", sample: float = SAMPLE, tried: bool = False) -> Rulebook:
    """A rulebook straight from checked rules, with the version its bundle would have."""
    return Rulebook(book, _version(dumps(book).partition("\n")[2]), engine, sample, tried)


def _lines(items: Sequence[object]) -> str:
    lines = ",\n".join(json.dumps(codec.to_json(item), ensure_ascii=False, sort_keys=True) for item in items)
    return f"\n{lines}\n" if lines else ""


def _version(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:12]
