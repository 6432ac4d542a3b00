"""Moving the pointer to the rulebook that decides: publish, shadow, roll back. History only grows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.errors import NotFound
from chalicelib.model import Move, Moved, Pointer, Published
from chalicelib.ports.deciding import Rulebooks

SHIPPED = "shipped"


@dataclass(frozen=True, slots=True)
class Cause:
    """Who moves the pointer, why and when."""

    who: str
    why: str
    at: datetime


def publish(
    rulebooks: Rulebooks, pointer: Pointer, published: Published, text: str, shadow: bool = False
) -> Move | None:
    """Keep the version, then make it live (or run it beside what is live); None where it is that already.

    Cut short at any point and called again, it goes on. Raises Conflict when the pointer moved since it was read.
    """
    rulebooks.add(published, text)
    version = published.version
    if version == pointer.live or (shadow and version == pointer.shadow):
        return None
    cause = Cause(published.who, published.why, published.at)
    if shadow:
        return _move(rulebooks, replace(pointer, shadow=version), pointer, Moved.SHADOWED, cause)
    beside = None if pointer.shadow == version else pointer.shadow
    return _move(rulebooks, replace(pointer, live=version, shadow=beside), pointer, Moved.PUBLISHED, cause)


def roll_back(rulebooks: Rulebooks, pointer: Pointer, version: str | None, cause: Cause) -> Move | None:
    """Make an older version live again, or with None what the functions ship with; None where it is live already."""
    if version == pointer.live:
        return None
    beside = None if pointer.shadow == version else pointer.shadow
    return _move(rulebooks, replace(pointer, live=version, shadow=beside), pointer, Moved.ROLLED_BACK, cause)


def unshadow(rulebooks: Rulebooks, pointer: Pointer, cause: Cause) -> Move | None:
    """Let the shadow version run no more; None where there is none."""
    if pointer.shadow is None:
        return None
    return _move(rulebooks, replace(pointer, shadow=None), pointer, Moved.UNSHADOWED, cause)


def before(rulebooks: Rulebooks, pointer: Pointer) -> str | None:
    """What the live version took over from when it was published last; None is what the functions ship with.

    Called after a rollback it goes one further back, never to what was just rolled back. Raises NotFound.
    """
    if pointer.live is None:
        raise NotFound("the functions decide by the rules they ship with: there is nothing before these")
    made_live = (move for move in rulebooks.moves() if move.what is Moved.PUBLISHED and move.live == pointer.live)
    found = next(made_live, None)
    if found is None:
        raise NotFound(f"version {pointer.live} ran beside another and was never published alone: name a version")
    return found.live_before


def find(rulebooks: Rulebooks, beginning: str) -> str | None:
    """The one version that begins so; None for `shipped`. Raises NotFound."""
    if beginning == SHIPPED:
        return None
    found = [one.version for one in rulebooks.published() if beginning and one.version.startswith(beginning)]
    if len(found) != 1:
        many = f"{len(found)} versions begin with '{beginning}': give more of it"
        raise NotFound(many if found else f"there is no version '{beginning}': `earshot versions` lists them")
    return found[0]


def _move(rulebooks: Rulebooks, to: Pointer, pointer: Pointer, what: Moved, cause: Cause) -> Move:
    live_before = pointer.live if to.live != pointer.live else pointer.live_before
    move = Move(pointer.revision + 1, what, to.live, live_before, to.shadow, cause.who, cause.why, cause.at)
    rulebooks.move(move)
    return move
