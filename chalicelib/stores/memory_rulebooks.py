"""Published rulebooks in one process's memory: the fake beside the real one, with the same promises."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock

from chalicelib.errors import Conflict, NotFound
from chalicelib.model import Declined, Move, Pointer, Published


class MemoryRulebooks:
    """ports.deciding.Rulebooks."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pointer = Pointer()
        self._texts: dict[str, str] = {}
        self._published: dict[str, Published] = {}
        self._moves: list[Move] = []
        self._declined: dict[tuple[int, str], Declined] = {}

    def pointer(self) -> Pointer:
        return self._pointer

    def text(self, version: str) -> str:
        if version not in self._texts:
            raise NotFound(f"there is no version '{version}' in the table")
        return self._texts[version]

    def published(self) -> list[Published]:
        return sorted(self._published.values(), key=lambda one: (one.at, one.version), reverse=True)

    def moves(self) -> list[Move]:
        return self._moves[::-1]

    def declined(self) -> list[Declined]:
        return sorted(self._declined.values(), key=lambda one: (one.at, one.version), reverse=True)

    def add(self, published: Published, text: str) -> bool:
        with self._lock:
            self._texts.setdefault(published.version, text)
            return self._published.setdefault(published.version, published) is published

    def move(self, move: Move) -> None:
        with self._lock:
            if move.revision != self._pointer.revision + 1:
                raise Conflict("memory: the pointer to the live rulebook was moved meanwhile")
            self._pointer = Pointer(move.revision, move.live, move.live_before, move.shadow)
            self._moves.append(move)

    def take(self, revision: int, version: str) -> None:
        with self._lock:
            if revision == self._pointer.revision:
                self._pointer = replace(self._pointer, taken=self._pointer.taken | {version})

    def decline(self, declined: Declined) -> None:
        with self._lock:
            self._declined.setdefault((declined.revision, declined.version), declined)
