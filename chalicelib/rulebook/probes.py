"""Posts made from a rulebook's own words, to reach every rule of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from chalicelib.model import Author, Kind, Post
from chalicelib.rulebook.rule import Book, Line

_AT = datetime(2026, 1, 5, 12, tzinfo=UTC)  # what repeats is counted only where time and author are known


def probes(book: Book) -> Iterator[tuple[str, Post]]:
    """A name and a post: without words, with the words of each rule, with those of all rules at once."""
    owners = [*((topic.id, topic.lines) for topic in book.topics), *((rule.id, rule.lines) for rule in book.rules)]
    yield _probe("a post without text", None)
    yield _probe("an empty post", "")
    every = [line for _, lines in owners for line in lines]
    yield _probe("a post with the words of all rules", _words(every))
    yield _probe("a post with the words of all rules but those of 'none'", _words(_wanted(every)))
    for name, lines in owners:
        yield _probe(f"a post with the words of '{name}'", _words(lines))
        yield _probe(f"a post with the words that '{name}' wants", _words(_wanted(lines)))


def _wanted(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line.block != "none"]


def _words(lines: Iterable[Line]) -> str:
    return " . ".join(value.rstrip("*") for line in lines for value in line.asks.values)


def _probe(name: str, text: str | None) -> tuple[str, Post]:
    return name, Post("example:probe", "example", Kind.MENTION, text=text, created_at=_AT, author=Author(id="probe"))
