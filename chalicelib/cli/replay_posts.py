"""The posts of the past: a file of JSON lines (plain or gzip, or standard input), or the table since a date."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from chalicelib.cli.decide import parsed
from chalicelib.config import PlatformSettings
from chalicelib.errors import BadPayload, SettingsError
from chalicelib.model import Context, Post, Recorded, Standing
from chalicelib.pipeline.standing import stand
from chalicelib.wiring import Wiring

GZIP = b"\x1f\x8b"
MOST_TOLD = 20
KNOWN_TO_THE_TABLE = frozenset({"deleted", "forgotten", "superseded", "moderated by us"})


@dataclass(frozen=True, slots=True)
class Heard:
    """A post and what was known beside it. `guard` stopped it before the rules; an `erased` one has no words left."""

    post: Post
    context: Context
    guard: str | None = None
    erased: bool = False


class PostFile:
    """Posts, one JSON object a line. `bad` lines are told where they stand, the first twenty, and left out."""

    def __init__(self, name: str, handles: frozenset[str], tell: Callable[[str], None]) -> None:
        self.name = "standard input" if name == "-" else name
        self.bad = 0
        self._path = None if name == "-" else Path(name)
        self._size = self._path.stat().st_size if self._path else 0  # a file that is missing is told at once
        self._handles = handles
        self._tell = tell
        self._read: BinaryIO | None = None

    def __iter__(self) -> Iterator[Heard]:
        number = 0
        with self._opened() as raw:
            self._read = raw
            try:
                for number, line in enumerate(_unpacked(raw), 1):
                    if line.strip() and (post := self._post(line, number)):
                        yield Heard(post, _then(post, self._handles), _guard(post))
            except (EOFError, zlib.error, gzip.BadGzipFile):
                self._note(number + 1, "the gzip data is broken or ends too early; nothing after it is read")

    @property
    def done(self) -> float | None:
        """How much of it was read, 0 to 1; None where nobody knows."""
        if not self._size or self._read is None or self._read.closed:
            return None
        return min(1.0, self._read.tell() / self._size)

    def _opened(self) -> BufferedReader:
        return self._path.open("rb") if self._path else BufferedReader(sys.stdin.buffer)  # type: ignore[arg-type]

    def _post(self, line: bytes, number: int) -> Post | None:
        try:
            return parsed(line)
        except BadPayload as error:
            self._note(number, str(error))
            return None

    def _note(self, number: int, why: str) -> None:
        self.bad += 1
        if self.bad <= MOST_TOLD:
            self._tell(f"{self.name}:{number}: {why}")
        if self.bad == MOST_TOLD:
            self._tell(f"{self.name}: further bad lines are only counted")


class PostTable:
    """What the table kept since a date, each with what was known of our accounts. `done` is never known."""

    bad = 0
    done: float | None = None

    def __init__(self, place: Wiring, since: datetime) -> None:
        self.name = f"the table since {since:%Y-%m-%d %H:%M} UTC"
        self._place = place
        self._since = since

    def __iter__(self) -> Iterator[Heard]:
        us = self._place.company.platforms
        for kept in self._place.store.decided_since(self._since):
            ours = us.get(kept.post.platform, PlatformSettings())
            context = Context(kept.decided_at, ours.handles, ours.accounts)
            yield Heard(kept.post, context, _guarded_then(kept), kept.erased)


def since(text: str) -> datetime:
    """A day or an instant, in UTC where it names no zone. Raises SettingsError."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise SettingsError(
            f"--since takes a date like 2026-11-15, or 2026-11-15T09:00+01:00; {text!r} is none"
        ) from None


def _unpacked(raw: BufferedReader) -> BinaryIO:
    return gzip.open(raw) if raw.peek(2)[:2] == GZIP else raw  # type: ignore[return-value]


def _then(post: Post, handles: frozenset[str]) -> Context:
    """What was known when it came: its own time stands for now, so that a post is as old as it was."""
    return Context(post.delivered_at or post.at, handles)


def _guard(post: Post) -> str | None:
    """The live guards, but for age: these posts are all of the past."""
    stopped = stand(post, Standing(), datetime.now(UTC), timedelta.max)
    return stopped.guard if stopped else None


def _guarded_then(kept: Recorded) -> str | None:
    """Guards that only the table could know stay as they were decided."""
    return kept.decision.guard if kept.decision.guard in KNOWN_TO_THE_TABLE else _guard(kept.post)
