"""What one rulebook has that another has not: rules, topics and calendars added, removed and changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from chalicelib.rulebook.rule import Book

# As a rule's author writes them.
WRITTEN = {"lines": "when", "review_by": "review by", "known_mistakes": "known mistakes"}


@dataclass(frozen=True, slots=True)
class Change:
    """One rule, topic or calendar: `added`, `removed`, or `changed` in these of its `parts`."""

    how: str
    what: str
    id: str
    parts: tuple[str, ...] = ()

    def __str__(self) -> str:
        parts = f" ({', '.join(self.parts)})" if self.parts else ""
        return f"{self.how:<8} {self.what:<8} {self.id}{parts}"


def changes(before: Book, after: Book) -> tuple[Change, ...]:
    """From one rulebook to another: rules first, each kind by id."""
    kinds = (("rule", "rules"), ("topic", "topics"), ("calendar", "calendars"))
    return tuple(change for what, kind in kinds for change in _changes(what, _named(before, kind), _named(after, kind)))


def _changes(what: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for name in sorted(before.keys() | after.keys()):
        if name not in before:
            yield Change("added", what, name)
        elif name not in after:
            yield Change("removed", what, name)
        elif before[name] != after[name]:
            yield Change("changed", what, name, _parts(before[name], after[name]))


def _parts(before: Any, after: Any) -> tuple[str, ...]:
    names = [item.name for item in fields(before)]
    return tuple(WRITTEN.get(name, name) for name in names if getattr(before, name) != getattr(after, name))


def _named(book: Book, kind: str) -> dict[str, Any]:
    return {getattr(item, "id", None) or item.name: item for item in getattr(book, kind)}
