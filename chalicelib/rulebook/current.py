"""The rulebook that decides now: looks every few seconds what is published, and swaps versions between batches."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.errors import EarshotError, Problem, RulebookError, Unavailable
from chalicelib.model import Pointer
from chalicelib.ports import deciding
from chalicelib.ports.clock import Clock
from chalicelib.rulebook.beside import Beside
from chalicelib.rulebook.taking import Held, Log, Taker


class CurrentRulebook:
    """Called for each batch, it answers with the rulebook to decide it by.

    The pointer is read when what is known is older than `age`: at most once in that time, and by no idle process. A
    version that does not load is declined once; the old one goes on, and it is not tried again before the pointer
    moves. While the table does not answer, what is known goes on.
    """

    def __init__(self, rulebooks: deciding.Rulebooks, taker: Taker, clock: Clock, age: timedelta, log: Log) -> None:
        self._rulebooks, self._taker, self._clock, self._age, self._log = rulebooks, taker, clock, age, log
        self._revision: int | None = None
        self._looked_at: datetime | None = None
        self._live: Held | None = None
        self._shadow: Held | None = None

    def __call__(self) -> deciding.Rulebook:
        """The rulebook for the next batch; that of the last batch may be closed now.

        Raises Unavailable and RulebookError only where nothing is loaded yet: posts wait in the queue rather than be
        decided for good by rules that may be outdated.
        """
        if self._is_due():
            self._look()
        if self._live is None:
            raise RulebookError([Problem("rulebook", 1, "neither what is published nor what was shipped loads here")])
        if self._shadow is None:
            return self._live.rulebook
        return Beside(self._live.rulebook, self._shadow.rulebook, self._shadow_failed)

    def _is_due(self) -> bool:
        return self._live is None or self._looked_at is None or self._clock() - self._looked_at >= self._age

    def _look(self) -> None:
        self._looked_at = self._clock()
        try:
            pointer = self._rulebooks.pointer()
            if pointer.revision != self._revision:
                self._follow(pointer)
                self._revision = pointer.revision
        except EarshotError as trouble:
            if self._live is None:
                raise
            self._log.warning("rulebook.not_seen", why=str(trouble))

    def _follow(self, pointer: Pointer) -> None:
        if self._live is None:
            self._swap(self._first(pointer))
        elif self._live.version != pointer.live:
            self._swap(self._taker.take(pointer, pointer.live))
        if self._shadow is None or self._shadow.version != pointer.shadow:
            self._swap_shadow(self._taker.take(pointer, pointer.shadow) if pointer.shadow else None)
        for held, version in ((self._live, pointer.live), (self._shadow, pointer.shadow)):
            if held is not None and version is not None and held.version == version:
                self._taker.note(pointer, version)

    def _first(self, pointer: Pointer) -> Held | None:
        """At a cold start there is nothing to keep: next best is what was live before, which warm functions keep."""
        wanted = dict.fromkeys((pointer.live, pointer.live_before, None))
        return next((held for version in wanted if (held := self._taker.take(pointer, version))), None)

    def _swap(self, new: Held | None) -> None:
        if new is None:
            return
        old, self._live = self._live, new
        if old is not None:
            old.rulebook.close()
        self._log.info("rulebook.taken", version=new.version or "shipped", rulebook=new.rulebook.version)

    def _swap_shadow(self, new: Held | None) -> None:
        old, self._shadow = self._shadow, new
        if old is not None:
            old.rulebook.close()

    def _shadow_failed(self, trouble: Exception) -> None:
        """It is not asked again before the pointer moves, but where only the table did not answer."""
        version = self._shadow.version if self._shadow else None
        if isinstance(trouble, Unavailable):
            self._log.warning("rulebook.shadow_waits", version=version, why=str(trouble))
            return
        self._log.error("rulebook.shadow_failed", version=version, why=type(trouble).__name__)
        self._swap_shadow(None)
