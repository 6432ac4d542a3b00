"""What the next bundle owes the last: a rule stays readable, and its id never means another (rules-format 1, 22)."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.errors import Problem
from chalicelib.rulebook.loader import Source
from chalicelib.rulebook.rule import Book, Status


def disowned(before: Book, after: Source) -> list[Problem]:
    """Rules of the last bundle that are gone, and retired ones that come back as something else."""
    return list(_disowned(before, after))


def _disowned(before: Book, after: Source) -> Iterator[Problem]:
    now = {written.rule.id: written for written in after.rules}
    somewhere = after.owners[0].file if after.owners else "rules"
    for rule in before.rules:
        written = now.get(rule.id)
        if written is None and rule.status is not Status.DRAFT:
            message = f"rule '{rule.id}' was in use and is gone. Put it back as retired: old decisions point to it."
            yield Problem(somewhere, 1, message)
        elif written and rule.status is Status.RETIRED and written.rule.status is not Status.RETIRED:
            message = f"rule '{rule.id}' was retired. Ids are never used again: give it a new one."
            yield Problem(written.file, written.at, message)
