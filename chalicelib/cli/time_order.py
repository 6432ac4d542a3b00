"""Posts in the order in which they came, in bounded memory: sorted by parts on disk, then merged."""

from __future__ import annotations

import heapq
import pickle
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import islice
from tempfile import TemporaryFile
from typing import IO

from chalicelib.cli.replay_posts import Heard

A_PART = 20_000
EARLIEST = datetime.min.replace(tzinfo=UTC)
Entry = tuple[datetime, int, Heard]


def in_time_order(posts: Iterable[Heard]) -> Iterator[Heard]:
    """By the time at which each was heard; one of no known time stays behind the one before it.

    The parts lie in nameless files of the temporary folder (TMPDIR), which are gone when the last post was taken.
    """
    entries = _dated(posts)
    with ExitStack() as files:
        last = sorted(islice(entries, A_PART), key=_place)
        parts: list[Iterable[Entry]] = []
        while len(last) == A_PART:
            parts.append(_kept(files.enter_context(TemporaryFile()), last))
            last = sorted(islice(entries, A_PART), key=_place)
        for _, _, heard in heapq.merge(*parts, last, key=_place):
            yield heard


def _dated(posts: Iterable[Heard]) -> Iterator[Entry]:
    at = EARLIEST
    for number, heard in enumerate(posts):
        at = heard.context.now or at
        yield at, number, heard


def _place(entry: Entry) -> tuple[datetime, int]:
    return entry[:2]


def _kept(file: IO[bytes], entries: Iterable[Entry]) -> Iterator[Entry]:
    for entry in entries:
        pickle.dump(entry, file, pickle.HIGHEST_PROTOCOL)
    file.seek(0)
    return _read(file)


def _read(file: IO[bytes]) -> Iterator[Entry]:
    while file.peek(1):  # type: ignore[attr-defined]  # a temporary file is buffered, whatever its stub says
        yield pickle.load(file)  # noqa: S301  # nobody but us wrote it: the file has no name
