"""What a bridge must not forget when it is killed: how far it has read, and what it has forwarded of whom."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

KEPT_SECONDS = 430 * 86_400  # longer than the table keeps what was forwarded
TABLES = """
CREATE TABLE IF NOT EXISTS place
    (one INTEGER PRIMARY KEY CHECK (one = 1), server TEXT, cursor INTEGER, time_us INTEGER);
CREATE TABLE IF NOT EXISTS told (uri TEXT PRIMARY KEY, did TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS told_of ON told (did);
"""


@dataclass(frozen=True, slots=True)
class Place:
    """How far a stream was read; `cursor` counts on its own server only."""

    server: str
    cursor: int | None
    time_us: int


class Memory:
    """One file. What is written in one `together` is there after a power cut, or none of it."""

    def __init__(self, file: Path) -> None:
        self._base = sqlite3.connect(file, isolation_level=None)
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA synchronous = FULL")
        self._base.executescript(TABLES)

    def close(self) -> None:
        """Nothing is lost without it."""
        self._base.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """All writes within, or none."""
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")

    def place(self) -> Place | None:
        """How far the stream was read; None before the first time."""
        row = self._base.execute("SELECT server, cursor, time_us FROM place").fetchone()
        return Place(*row) if row else None

    def move(self, place: Place) -> None:
        """Everything up to here is dealt with."""
        row = (place.server, place.cursor, place.time_us)
        self._base.execute("INSERT OR REPLACE INTO place VALUES (1, ?, ?, ?)", row)

    def note(self, uri: str, did: str, at: int) -> None:
        """This post of theirs was forwarded, `at` in seconds since 1970."""
        self._base.execute("INSERT OR REPLACE INTO told VALUES (?, ?, ?)", (uri, did, at))

    def knows(self, uri: str) -> bool:
        """Whether it was forwarded, and is not gone since."""
        return self._base.execute("SELECT 1 FROM told WHERE uri = ?", (uri,)).fetchone() is not None

    def noted_at(self, uri: str) -> int:
        """The time it was noted with; 0 where it never was."""
        row = self._base.execute("SELECT at FROM told WHERE uri = ?", (uri,)).fetchone()
        return int(row[0]) if row else 0

    def forget(self, uri: str) -> None:
        """It is gone."""
        self._base.execute("DELETE FROM told WHERE uri = ?", (uri,))

    def told_of(self, did: str) -> list[str]:
        """Everything of theirs that was forwarded and is not gone since."""
        return [uri for (uri,) in self._base.execute("SELECT uri FROM told WHERE did = ? ORDER BY uri", (did,))]

    def told_since(self, at: int) -> list[str]:
        """Everything that was forwarded since then, in seconds since 1970."""
        return [uri for (uri,) in self._base.execute("SELECT uri FROM told WHERE at >= ? ORDER BY uri", (at,))]

    def clear(self, now: int) -> None:
        """Forget what nobody keeps any more."""
        self._base.execute("DELETE FROM told WHERE at < ?", (now - KEPT_SECONDS,))
