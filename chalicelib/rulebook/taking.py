"""From a published version to a loaded rulebook, in a running function; what cannot be loaded is declined in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from chalicelib.errors import EarshotError, Problem, RulebookError, Unavailable
from chalicelib.model import Declined, Pointer
from chalicelib.ports import deciding
from chalicelib.ports.clock import Clock
from chalicelib.rulebook.book import Rulebook


class Log(Protocol):
    """Where a function tells events: each a name, with fields."""

    @property
    def info(self) -> Callable[..., None]:
        """What is as it should be."""

    @property
    def warning(self) -> Callable[..., None]:
        """What heals by itself."""

    @property
    def error(self) -> Callable[..., None]:
        """What somebody must look at."""


@dataclass(frozen=True, slots=True)
class Held:
    """A loaded rulebook and the version it was published as; None is what the functions ship with."""

    version: str | None
    rulebook: Rulebook


@dataclass(frozen=True, slots=True)
class Making:
    """How rulebooks are made on one engine; `examine` tells what keeps a bundle's text from deciding."""

    engine: str
    shipped: Callable[[], Rulebook]
    load: Callable[[str], Rulebook]
    examine: Callable[[str], Sequence[str]]


class Taker:
    """Loads versions. The first function to do so tries it in a process of its own, and notes that it is sound."""

    def __init__(self, rulebooks: deciding.Rulebooks, making: Making, clock: Clock, log: Log) -> None:
        self._rulebooks, self._making, self._clock, self._log = rulebooks, making, clock, log

    def take(self, pointer: Pointer, version: str | None) -> Held | None:
        """The version, loaded; None where it cannot be, and then it is declined. Raises Unavailable."""
        try:
            if version is None:
                return Held(None, self._making.shipped())
            return Held(version, self._examined(pointer, version))
        except Unavailable:
            raise
        except Exception as trouble:  # whatever it is, this version cannot be used here, and the one before can
            self._decline(pointer, version, _words(trouble))
            return None

    def note(self, pointer: Pointer, version: str) -> None:
        """It is loaded here, and decides: the next functions need not try it."""
        if self._name(version) not in pointer.taken:
            self._noted(lambda: self._rulebooks.take(pointer.revision, self._name(version)))

    def _examined(self, pointer: Pointer, version: str) -> Rulebook:
        if self._name(version) in pointer.taken:
            return self._making.load(self._rulebooks.text(version))
        if told := [one for one in self._rulebooks.declined() if _is_of(one, pointer, version)]:
            raise RulebookError([Problem(version, 1, f"another function declined it: {told[0].why}")])
        text = self._rulebooks.text(version)
        if problems := self._making.examine(text):
            raise RulebookError([Problem(version, 1, problem) for problem in problems])
        return self._making.load(text)

    def _decline(self, pointer: Pointer, version: str | None, why: str) -> None:
        self._log.error("rulebook.declined", version=version or "shipped", why=why)
        if version is not None:
            declined = Declined(version, pointer.revision, why, self._clock())
            self._noted(lambda: self._rulebooks.decline(declined))

    def _noted(self, note: Callable[[], None]) -> None:
        """A note is for `earshot versions`: that it fails is no reason to stop deciding."""
        try:
            note()
        except EarshotError as trouble:
            self._log.warning("rulebook.not_noted", why=str(trouble))

    def _name(self, version: str) -> str:
        """A version is proven on the engine that loaded it."""
        return f"{version} {self._making.engine}"


def _words(trouble: Exception) -> str:
    if isinstance(trouble, RulebookError):
        return "; ".join(problem.message for problem in trouble.problems)
    return str(trouble) if isinstance(trouble, EarshotError) else f"it does not load ({type(trouble).__name__})"


def _is_of(declined: Declined, pointer: Pointer, version: str) -> bool:
    return (declined.revision, declined.version) == (pointer.revision, version)
