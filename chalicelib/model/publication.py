"""Which rulebook decides: published versions, the pointer to the live one, and how it came to point there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Published:
    """One version of all rules as it was published first; it never changes. `size` is its bundle's, in bytes."""

    version: str
    rules: int
    size: int
    who: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Pointer:
    """The versions that decide now. Without `live` the functions decide by the rules they ship with.

    `revision` counts the moves. `live_before` was live until the last move that changed `live`. `shadow` runs beside
    `live` and acts on nothing. `taken` are those of them that a running function has loaded since the last move.
    """

    revision: int = 0
    live: str | None = None
    live_before: str | None = None
    shadow: str | None = None
    taken: frozenset[str] = frozenset()


class Moved(StrEnum):
    """What moved the pointer."""

    PUBLISHED = "published"
    SHADOWED = "shadowed"
    ROLLED_BACK = "rolled back"
    UNSHADOWED = "unshadowed"


@dataclass(frozen=True, slots=True)
class Move:
    """One move of the pointer, kept for ever: the versions it points to since, and who moved it, why and when."""

    revision: int
    what: Moved
    live: str | None
    live_before: str | None
    shadow: str | None
    who: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Declined:
    """A version that a running function could not take, since the move `revision`; `why` is for its publisher."""

    version: str
    revision: int
    why: str
    at: datetime
