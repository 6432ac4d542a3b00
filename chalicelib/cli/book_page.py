"""The rule book as one page."""

from __future__ import annotations

from typing import Any

from chalicelib.cli.book_chapters import Contents, Entry
from chalicelib.cli.book_words import headline, known_mistakes, left_out, met, pair, reviews, sentence
from chalicelib.cli.pages import rendered
from chalicelib.rulebook.spoken import spelled


def page(book: Contents) -> str:
    """The page's HTML."""
    return rendered(
        "book.html.j2",
        headline=headline(book),
        mistakes=known_mistakes(book),
        reviews=reviews(book),
        chapters=[(chapter.team, chapter.contact, list(map(_entry, chapter.entries))) for chapter in book.chapters],
        topics=book.topics,
        lists=[(name, ", ".join(map(spelled, words))) for name, words in book.lists.items()],
        calendars=book.calendars,
        personal=[(name, meaning, ", ".join(rules)) for name, meaning, rules in book.personal],
        overlaps=[(pair(overlap, book), met(overlap, book)) for overlap in book.overlaps],
        left_out=left_out(book),
        retired=[(rule.name, rule.id) for rule in book.retired],
    )


def _entry(entry: Entry) -> dict[str, Any]:
    rule = entry.rule
    return {
        "id": rule.id,
        "name": rule.name,
        "status": rule.status.value,
        "sentence": sentence(entry),
        "why": rule.why,
        "team": entry.team,
        "review_by": rule.review_by,
        "review": entry.review,
        "mistakes": entry.mistakes,
        "told_mistakes": rule.known_mistakes,
        "personal": ", ".join(entry.personal) or "nothing",
        "examples": entry.examples,
    }
