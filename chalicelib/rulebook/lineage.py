"""What new rules owe the old: a rule stays readable, and its id never means another (rules-format 1, 22)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chalicelib.errors import Problem
from chalicelib.model import Move, Moved, Pointer
from chalicelib.ports.deciding import Rulebooks
from chalicelib.rulebook.bundle import rules_of, shipped_before
from chalicelib.rulebook.forms import WrittenRule
from chalicelib.rulebook.loader import Source
from chalicelib.rulebook.rule import Book, Rule, Status


def disowned(before: Book, after: Source) -> list[Problem]:
    """Rules of the last bundle that are gone, and retired ones that come back: nothing else keeps what shipped."""
    return [*_gone(before, after), *_woken(before, after)]


def reused(rulebooks: Rulebooks, pointer: Pointer, after: Source) -> list[Problem]:
    """Retired rules of the live version that come back, and ids that meant another rule in a version before it.

    A rule may be left out, since published versions stay readable; one that was rolled back may be published mended.
    """
    live, moves = _rules(rulebooks, pointer.live), rulebooks.moves()
    known = {rule.id for book in (live, _published_last(rulebooks, moves)) for rule in book.every}
    new = {written.rule.id: written for written in after.rules if written.rule.id not in known}
    older = dict.fromkeys(move.live for move in moves)
    return [*_woken(live, after), *_others(new, ((version, _rules(rulebooks, version)) for version in older))]


def _published_last(rulebooks: Rulebooks, moves: Iterable[Move]) -> Book:
    """The newest that can be used at all: what was put there by hand may not."""
    books = (_rules(rulebooks, move.live) for move in moves if move.what is Moved.PUBLISHED)
    return next((book for book in books if book.every), Book())


def _rules(rulebooks: Rulebooks, version: str | None) -> Book:
    return shipped_before() if version is None else rules_of(rulebooks.text(version))


def _gone(before: Book, after: Source) -> Iterator[Problem]:
    now = {written.rule.id for written in after.rules}
    somewhere = after.owners[0].file if after.owners else "rules"
    for rule in before.every:
        if rule.id not in now and rule.status is not Status.DRAFT:
            message = f"rule '{rule.id}' was in use and is gone. Put it back as retired: old decisions point to it."
            yield Problem(somewhere, 1, message)


def _woken(before: Book, after: Source) -> Iterator[Problem]:
    retired = {rule.id for rule in before.every if rule.status is Status.RETIRED}
    for written in after.rules:
        if written.rule.id in retired and written.rule.status is not Status.RETIRED:
            message = f"rule '{written.rule.id}' was retired. Ids are never used again: give it a new one."
            yield Problem(written.file, written.at, message)


def _others(new: dict[str, WrittenRule], older: Iterable[tuple[str | None, Book]]) -> Iterator[Problem]:
    """The versions are read only while there is a new id to look for: few publications bring one."""
    for version, book in older if new else ():
        for rule in book.every:
            written = new.pop(rule.id, None) if rule.status is not Status.DRAFT else None
            if written and not _is_same(written.rule, rule):
                message = (
                    f"rule '{rule.id}' was another in version {version or 'shipped'}. "
                    "Ids are never used again: give it a new one."
                )
                yield Problem(written.file, written.at, message)


def _is_same(rule: Rule, before: Rule) -> bool:
    return (rule.lines, rule.unheard, rule.then) == (before.lines, before.unheard, before.then)
