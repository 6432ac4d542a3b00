"""Sentences of the rule book that Markdown and the page share."""

from __future__ import annotations

from collections import Counter

from chalicelib.cli.book_chapters import Contents, Entry
from chalicelib.rulebook.notes import either
from chalicelib.rulebook.overlaps import Overlap
from chalicelib.rulebook.rule import Status

GUARDS = (
    "Ignored before any rule: posts of our own accounts, reposts without a comment, pressed buttons, deleted posts, "
    "posts overtaken by an edit, posts of people who asked to be forgotten, and posts older than the limit (14 days)."
)


def headline(book: Contents) -> str:
    """How many rules of how many teams."""
    counts = Counter(entry.rule.status for entry in book.entries)
    told = ", ".join(f"{counts[status]} {status}" for status in reversed(Status) if counts[status])
    teams = len({chapter.team for chapter in book.chapters})
    rules = len(book.entries)
    return f"{rules} rule{'s' * (rules != 1)} of {teams} team{'s' * (teams != 1)}" + (f": {told}." if told else ".")


def known_mistakes(book: Contents) -> str:
    """How often the rules are known to be wrong."""
    examples = sum(said.is_mistake for entry in book.entries for said in entry.examples)
    words = sum(len(entry.rule.known_mistakes) for entry in book.entries)
    return f"Known mistakes: {words} told in words, {examples} shown by examples that come out wrong."


def reviews(book: Contents) -> list[str]:
    """The rules whose review is past or near."""
    late = sorted((entry for entry in book.entries if entry.review), key=lambda entry: entry.rule.review_by)
    return [f"{entry.rule.name} ({entry.rule.id}), by {entry.rule.review_by}: {entry.review}" for entry in late]


def sentence(entry: Entry) -> str:
    """The rule in one sentence."""
    return f"When {entry.hears}, then {'; '.join(entry.happens)}."


def pair(overlap: Overlap, book: Contents) -> str:
    """Two rules and their teams."""
    one, other = overlap.one, overlap.other
    return f"{one} ({book.teams[one]}) and {other} ({book.teams[other]})"


def met(overlap: Overlap, book: Contents) -> str:
    """Two rules, what they share, and who wins."""
    parts = []
    if overlap.words:
        parts.append("both look for " + ", ".join(f'"{word}"' for word in overlap.words))
    if overlap.posts:
        some = f" and {len(overlap.posts) - 1} more" if len(overlap.posts) > 1 else ""
        parts.append(f'both match the example "{overlap.posts[0]}"{some}')
    named = {entry.rule.id: entry.rule for entry in book.entries}
    idle = [name for name in (overlap.one, overlap.other) if named[name].status is not Status.LIVE]
    wins = f"{overlap.wins} wins" + (f", once {either(idle)} is live" if idle else "")
    return f"{'; '.join(parts)}. {wins}."


def left_out(book: Contents) -> list[str]:
    """What no live rule sees, one sentence each."""
    told = [GUARDS]
    if book.unseen.kinds:
        told.append(f"No live rule hears a post of the kind {either(book.unseen.kinds)}.")
    if book.unseen.needs_words:
        told.append("No live rule hears a post without words, like a picture alone.")
    if book.unseen.fields:
        fields = "; ".join(f"{name} ({meaning})" for name, meaning in book.unseen.fields)
        told.append(f"No live rule asks for: {fields}.")
    return told
