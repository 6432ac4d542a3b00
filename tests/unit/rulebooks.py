"""Rules for tests, said in few words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from chalicelib.model import Context, Decision, Kind, Outcome, Post, Priority, Value
from chalicelib.ports import deciding
from chalicelib.reading import read
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.rule import Book, Line, Rule, Status, Test, Then, Topic

AT = datetime(2026, 11, 20, 5, 30, tzinfo=UTC)  # a Friday, 16:30 in Sydney
ESCALATE = Then(Outcome.ESCALATE, priority=Priority.NORMAL, team="care")
RECOMMEND = Then(Outcome.RECOMMEND, priority=Priority.NORMAL, template="help")
IGNORE = Then(Outcome.IGNORE, reason="noise")


@dataclass
class Journal:
    """A log that tests read."""

    told: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def info(self, event: str, **fields: Any) -> None:
        self.told.append(("info", event, fields))

    def warning(self, event: str, **fields: Any) -> None:
        self.told.append(("warning", event, fields))

    def error(self, event: str, **fields: Any) -> None:
        self.told.append(("error", event, fields))

    def events(self, level: str) -> list[str]:
        return [event for at, event, _ in self.told if at == level]


def words(*found: str, field: str = "text", test: str = "has any", number: float | None = None) -> Test:
    return Test(field, test, found, number)


def line(block: str, asks: Test) -> Line:
    return Line(block, f"{asks.field} {asks.test}: {', '.join(asks.values)}", asks)


def rule(name: str, *lines: Line, then: Then = ESCALATE, status: Status = Status.LIVE, **more: object) -> Rule:
    given = {"review_by": "2027-02-01", "timezone": "Australia/Sydney"} | more
    return Rule(name, name.title(), status, why="", lines=lines, then=then, **given)  # type: ignore[arg-type]


def rulebook(*rules: Rule, topics: Iterable[Topic] = (), engine: str = "plain", sample: float = 0.0) -> Rulebook:
    return Rulebook(Book(tuple(topics), rules), "v1", engine, sample)


def post(text: str | None = None, **parts: object) -> Post:
    given = {"id": "x:1", "platform": "x", "kind": Kind.MENTION, "created_at": AT} | parts
    return Post(text=text, **given)  # type: ignore[arg-type]


def decide(
    book: deciding.Rulebook, text: str | None = None, context: Context | None = None, **parts: object
) -> Decision:
    return book.decide(read(post(text, **parts), context or Context()))


def known(book: Rulebook, values: dict[str, Value], text: str = "") -> Decision:
    facts = read(post(text), Context())
    return book.decide(type(facts)(facts.post, {**facts.values, **values}))
