"""What no live rule looks at: so that nobody takes silence for consent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.model import Kind
from chalicelib.rulebook.rule import Book, Line, Rule, Status
from chalicelib.rulebook.vocabulary import CONCLUDED, MEANING, TEXT_FIELDS, general

OF_WORDS = frozenset((*TEXT_FIELDS, "asks a question", "has link", "shouts", "sentiment"))


@dataclass(frozen=True, slots=True)
class Unseen:
    """What no live rule looks at: kinds of posts, fields of the catalogue, and posts without words."""

    kinds: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    needs_words: bool


def unseen(book: Book) -> Unseen:
    """What the live rules leave out."""
    live = [rule for rule in book.rules if rule.status is Status.LIVE]
    read = {field for rule in live for field in fields_read(rule, book)}
    asked = sorted(MEANING.keys() - read - {*CONCLUDED})
    fields = tuple((name, MEANING[name]) for name in asked)
    kinds = tuple(kind.value for kind in Kind if kind is not Kind.POSTBACK and not any(_hears(kind, r) for r in live))
    return Unseen(kinds, fields, all(_needs_words(rule, book) for rule in live))


def fields_read(rule: Rule, book: Book) -> list[str]:
    """The fields a rule's lines ask about, those of its topics too, as the catalogue names them."""
    lines = [*rule.lines, *_topic_lines(rule.lines, book)]
    return sorted({general(line.asks.field) for line in lines})


def _topic_lines(lines: Iterable[Line], book: Book) -> Iterator[Line]:
    named = {name for line in lines if line.asks.field == "topic" for name in line.asks.values}
    yield from (line for topic in book.topics if topic.id in named for line in topic.lines)


def _hears(kind: Kind, rule: Rule) -> bool:
    """Whether its lines about kinds let this one through."""
    asked = [line for line in rule.lines if line.asks.field == "kind" and line.asks.test == "is any of"]
    wanted = all(kind.value in line.asks.values for line in asked if line.block == "all")
    return wanted and not any(kind.value in line.asks.values for line in asked if line.block == "none")


def _needs_words(rule: Rule, book: Book) -> bool:
    topics = {topic.id: _on_words(topic.lines, {}) for topic in book.topics}
    return _on_words(rule.lines, topics)


def _on_words(lines: Sequence[Line], topics: Mapping[str, bool]) -> bool:
    """Whether these lines hold for no post without words."""

    def asks(line: Line) -> bool:
        if line.asks.field == "topic":
            return all(topics.get(name, False) for name in line.asks.values)
        return line.asks.field in OF_WORDS and line.asks.test != "is known"

    some = [asks(line) for line in lines if line.block == "any"]
    return any(asks(line) for line in lines if line.block == "all") or (bool(some) and all(some))
