"""The rule book as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chalicelib.cli.book_chapters import Chapter, Contents, Entry
from chalicelib.cli.book_words import headline, known_mistakes, left_out, met, pair, reviews, sentence
from chalicelib.rulebook.spoken import spelled

_SIGNS = re.compile(r"([\\`*_\[\]<>|~#])")


def markdown(book: Contents) -> str:
    """The whole book; what its authors wrote is text, whatever signs are in it."""
    return "\n".join(_parts(book)) + "\n"


def plain(text: str) -> str:
    """A text that Markdown shows as it is, on one line."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))


def _parts(book: Contents) -> Iterator[str]:
    yield from ("# The rules", "", headline(book), known_mistakes(book))
    yield from _listed("Reviews", reviews(book))
    for chapter in book.chapters:
        yield from _chapter(chapter)
    yield from _listed("Topics", [f"{name}: {told}" for name, told in book.topics])
    lists = [f"{name}: {', '.join(map(spelled, words))}" for name, words in book.lists.items()]
    yield from _listed("Word lists", lists, "`…` stands for any ending.")
    yield from _listed("Calendars", [f"{name}: {told}" for name, told in book.calendars])
    yield from _personal(book)
    pairs = [f"{pair(overlap, book)}: {met(overlap, book)}" for overlap in book.overlaps]
    yield from _listed("Where teams meet", pairs or ["No two rules of different teams meet."])
    yield from _listed("What no rule sees", left_out(book))
    yield from _listed("Retired", [f"{rule.name} ({rule.id})" for rule in book.retired])


def _chapter(chapter: Chapter) -> Iterator[str]:
    yield from ("", f"## {plain(chapter.team)}", "", f"Ask {plain(chapter.contact)}.")
    for entry in chapter.entries:
        yield from _entry(entry)


def _entry(entry: Entry) -> Iterator[str]:
    rule = entry.rule
    review = f"review by {rule.review_by}" + (f" (**{entry.review}**)" if entry.review else "")
    yield from ("", f"### {plain(rule.name)}", "", f"`{rule.id}`, {rule.status}, {review}", "", plain(sentence(entry)))
    yield from ("", f"Why: {plain(rule.why)}")
    if entry.mistakes:
        yield from ("", f"Known mistakes ({entry.mistakes}): {plain('; '.join(_mistakes(entry)))}")
    yield from ("", f"Reads of a person: {plain(', '.join(entry.personal) or 'nothing')}", "")
    for said in entry.examples:
        wrong = ", which is wrong" if said.is_mistake else ""
        yield f"- {'matches' if said.matches else 'does not match'}{wrong}: {plain(said.text)}"


def _mistakes(entry: Entry) -> list[str]:
    return [*entry.rule.known_mistakes, *(f'example "{said.text}"' for said in entry.examples if said.is_mistake)]


def _personal(book: Contents) -> Iterator[str]:
    yield from ("", "## Personal data that rules read", "", "| field | what it says | rules |", "|---|---|---|")
    for name, meaning, rules in book.personal:
        yield f"| {plain(name)} | {plain(meaning)} | {plain(', '.join(rules))} |"


def _listed(title: str, items: list[str], note: str = "") -> Iterator[str]:
    if items:
        yield from ("", f"## {title}", "")
        yield from [note, ""] if note else []
        yield from (f"- {plain(item)}" for item in items)
