"""Posts made to break a rulebook: out of its own words, to reach every rule, and with the worst that people send."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from chalicelib.model import Author, Kind, Post
from chalicelib.rulebook.rule import Book, Line

_AT = datetime(2026, 1, 5, 12, tzinfo=UTC)  # what repeats is counted only where time and author are known
_LONGEST = 100_000
_STRANGE = {
    "an empty text": "",
    "one word of 100,000 letters": "x" * _LONGEST,
    "the same word 20,000 times": "help " * (_LONGEST // 5),
    "quotes, backslashes and control characters": '"}\\",\\u0000\x00\x1b[31m\r\n\t\x7f" "$forward": 1, "sid": "s"',
    "half an emoji and a right-to-left override": "\ud83d \u202erefund\u202c 👩‍👩‍👧 راوتر 退款",
    "combining marks by the hundred": "e" + "\u0301" * 500,
}


def probes(book: Book) -> Iterator[tuple[str, Post]]:
    """What it is and a post; the first ones matter most, since there may be no time for all of thousands of rules."""
    owners = [*((topic.id, topic.lines) for topic in book.topics), *((rule.id, rule.lines) for rule in book.rules)]
    every = [line for _, lines in owners for line in lines]
    yield _probe("a post of which nothing is known", None)
    for name, text in _STRANGE.items():
        yield _probe(f"a post with {name}", text)
    for name, some in (("all rules", every), ("all rules but those of 'none'", _wanted(every))):
        yield _probe(f"a post with the words of {name}", _words(some))
        yield _probe(f"a post with everything of {name}", _words(some), **_parts(some))
    for name, lines in owners:
        yield _probe(f"a post with everything of '{name}'", _words(lines), **_parts(lines))
        yield _probe(f"a post with everything that '{name}' wants", _words(_wanted(lines)), **_parts(_wanted(lines)))


def _wanted(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line.block != "none"]


def _words(lines: Iterable[Line]) -> str:
    """Every word that a line looks for, its own text or another's: a stop between, so that phrases stay apart."""
    return " . ".join(value.rstrip("*") for line in lines for value in line.asks.values)


def _parts(lines: Iterable[Line]) -> dict[str, Any]:
    """What these lines ask of a post beside its words; of two that ask for different things the last is met."""
    asked = {line.asks.field: line.asks for line in lines}
    parts: dict[str, Any] = {"rating": 1e-05, "media": ("https://acme.example/a.jpg",)}
    for field in ("language", "platform"):
        if field in asked and asked[field].values:
            parts[field] = asked[field].values[0]
    if "kind" in asked and asked["kind"].values:
        parts["kind"] = Kind(asked["kind"].values[0])
    if "rating" in asked and asked["rating"].number is not None:
        parts["rating"] = asked["rating"].number
    return parts


def _probe(name: str, text: str | None, **parts: Any) -> tuple[str, Post]:
    author = Author(id="probe", handle="probe", followers=2**63, verified=True) if parts else Author(id="probe")
    given: dict[str, Any] = {
        "platform": "example",
        "kind": Kind.MENTION,
        "created_at": _AT,
        "quoted_text": text,
        "parent_text": text,
    }
    return name, Post(id="example:probe", text=text, author=author, **(given | parts))
