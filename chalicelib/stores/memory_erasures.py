"""Erasures in one process's memory: the fake beside the real ones, over the store in memory, with the same promises."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from threading import RLock

from chalicelib.model import Case, Recorded
from chalicelib.model.erasure import Erasure, Held, Stretch, Written
from chalicelib.stores.memory import MemoryStore

A_STRETCH = 2  # versions and cases, so that a search goes on where it stopped, as in the table
EVER = datetime(1, 1, 1, tzinfo=UTC)


class MemoryErasures:
    """ports.store.Erasures."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._lock = RLock()
        self._erasures: dict[str, Erasure] = {}

    def ask(self, erasure: Erasure) -> bool:
        with self._lock:
            return self._erasures.setdefault(erasure.code, erasure) is erasure

    def find(self, code: str) -> Erasure | None:
        return self._erasures.get(code)

    def under_way(self) -> list[Erasure]:
        with self._lock:
            waiting = [erasure for erasure in self._erasures.values() if erasure.done_at is None]
        return sorted(waiting, key=lambda erasure: erasure.asked_at)

    def everything(self) -> list[Erasure]:
        with self._lock:
            return sorted(self._erasures.values(), key=lambda erasure: erasure.asked_at, reverse=True)

    def mark(self, erasure: Erasure) -> None:
        for author_key in erasure.author_keys:
            self._store.mark_forgotten(author_key, erasure.asked_at)

    def search(self, erasure: Erasure) -> Stretch:
        everything = self._everything()
        start = int(erasure.cursor or 0)
        found = _theirs(everything[start : start + A_STRETCH], erasure.author_keys)
        posts = (Written(record.post.id, record.post.platform, record.post.account_id) for record in found.posts)
        left = len(everything) > start + A_STRETCH
        return Stretch(tuple(posts), str(start + A_STRETCH) if left else None, tuple(case.id for case in found.cases))

    def held(self, author_keys: Collection[str]) -> Held:
        return _theirs(self._everything(), author_keys)

    def forget(self, post_id: str) -> None:
        self._store.forget(post_id)

    def forget_in_case(self, case_id: str, author_keys: Collection[str]) -> None:
        self._store.forget_in_case(case_id, author_keys)

    def remembered(self, author_key: str) -> list[str]:
        return self._store.remembered(author_key)

    def forget_author(self, author_key: str) -> None:
        self._store.forget_author(author_key)

    def advance(self, was: Erasure, now: Erasure) -> bool:
        with self._lock:
            if self._erasures.get(now.code) != was:
                return False
            self._erasures[now.code] = now
            return True

    def _everything(self) -> list[Recorded | Case]:
        return [*self._store.decided_since(EVER), *self._store.cases()]


def _theirs(everything: Sequence[Recorded | Case], author_keys: Collection[str]) -> Held:
    posts = (each for each in everything if isinstance(each, Recorded) and each.post.author_key in author_keys)
    cases = (each for each in everything if isinstance(each, Case) and each.author_key in author_keys)
    return Held(tuple(posts), tuple(cases))
