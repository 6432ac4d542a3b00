"""A stream of posts: JSON lines as `earshot read` writes them, or plain ISO times, in any order.

A bare time is a post of which nothing else is known: without words, by an author who is nobody else.
"""

from __future__ import annotations

import argparse
import re
from datetime import UTC, datetime

from chalicelib.cli.decide import parsed
from chalicelib.cli.replay_posts import PostFile
from chalicelib.codec import instant
from chalicelib.errors import BadPayload
from chalicelib.model import Author, Post

PLATFORM = "stream"
NO_TIME = "created_at is missing: when it was said is not known, and it is not counted"
_TIME = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}[T ][0-9]{2}.*")


class Stream(PostFile):
    """Posts with their times. Lines that are none are told where they stand, the first twenty, and left out."""

    def _post(self, line: bytes, number: int) -> Post | None:
        try:
            return _read(line.strip(), number)
        except BadPayload as error:
            self._note(number, str(error))
            return None


def moment(text: str) -> datetime:
    """An instant, in UTC where it names no zone. Raises ArgumentTypeError."""
    try:
        return instant(text)
    except BadPayload:
        raise argparse.ArgumentTypeError(f"expected a time like 2026-11-15T09:00Z, not {text!r}") from None


def _read(line: bytes, number: int) -> Post:
    if line.startswith(b"{"):
        post = parsed(line)
        if post.at is None:
            raise BadPayload(NO_TIME)
        return post
    written = line.decode("utf-8", "replace").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")  # of a file's first line
    if written.startswith("{"):
        return _read(written.encode(), number)
    return Post(f"{PLATFORM}:{number}", PLATFORM, created_at=_time(written), author=Author(f"unknown-{number}"))


def _time(written: str) -> datetime:
    try:
        at = instant(written) if _TIME.fullmatch(written) else None
        if at is not None:
            return at.astimezone(UTC)
    except BadPayload:
        pass  # 2026-02-30T09:00 has the form of a time, too
    raise BadPayload("a line is a post, as a JSON object, or a time like 2026-11-15T09:00:00Z; this one is neither")
