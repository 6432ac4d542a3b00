"""What a verb may name: the rules that are live, and the teams that are told; and whoever does it, by a name."""

from __future__ import annotations

import getpass
from collections.abc import Collection
from typing import TYPE_CHECKING

from chalicelib.errors import SettingsError
from chalicelib.rulebook import bundle
from chalicelib.rulebook.notes import MOST_LISTED, nearest

if TYPE_CHECKING:
    from chalicelib.rulebook.rule import Book
    from chalicelib.wiring import Wiring


def check_rule(parts: Wiring, name: str) -> None:
    """Raises SettingsError, with the nearest, where no live rule is called so; Unavailable, NotFound."""
    _check("rule", name, {rule.id for rule in _live(parts).every}, "no live rule")


def check_team(parts: Wiring, name: str) -> None:
    """Raises SettingsError, with the nearest, where no such team is told; Unavailable, NotFound.

    Where rules/people.yml names none, as on a laptop where one file is told everything, a team is one that rules name.
    """
    told = set(parts.people.teams)
    none = "rules/people.yml has no team" if told else "no rule names a team"
    _check("team", name, told or _teams(_live(parts)), none)


def named(who: str, does: str) -> str:
    """Who does it, as they gave it. Raises SettingsError where that is blank: others must know whom to ask."""
    if not who.strip():
        raise SettingsError(f"who {does}? Give --who a name, or leave it out: then it is {getpass.getuser()}")
    return who.strip()


def _check(what: str, name: str, known: Collection[str], none: str) -> None:
    """Where nothing at all is known, as of rules that this version cannot read, whoever is on call decides."""
    if known and name not in known:
        raise SettingsError(f"--{what}: {none} {name!r}.{nearest(name, known, listed=len(known) <= MOST_LISTED)}")


def _live(parts: Wiring) -> Book:
    live = parts.rulebooks.pointer().live
    return bundle.rules_of(parts.rulebooks.text(live)) if live else bundle.shipped_before()


def _teams(book: Book) -> set[str]:
    """Every team that may be told of what these rules find."""
    return set[str]().union(*(rule.then.teams for rule in book.every))
