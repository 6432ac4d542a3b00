"""Frames in, posts out: what is forwarded of a stream, and where it is taken up again."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from chalicelib.errors import BadPayload
from chalicelib.platforms.bluesky import POSTS
from infra.bridges import frames
from infra.bridges.forwarding import log
from infra.bridges.frames import MICROSECONDS, Frame, Interest
from infra.bridges.jetstream import NEW_WIRE
from infra.bridges.remembering import Memory, Place

LOOKBACK_SECONDS = 36 * 3600  # what a server keeps, if nobody has set it otherwise
OVERLAP_US = 60 * MICROSECONDS  # servers see one event at different times
KEEP_EVERY = 5.0  # seconds between two notes of how far we are, while nothing is for us


class Bridge:
    """Frames in, posts out, in order. The place is kept after what stands before it, so that a death loses nothing."""

    def __init__(self, server: str, interest: Interest, memory: Memory, tell: Callable[[bytes], None]) -> None:
        self._server, self._interest, self._memory, self._tell = server, interest, memory, tell
        self._kept_at = 0.0
        self._done = -1  # the cursor up to which this server's frames are dealt with
        self.seen = self.told = 0

    def url(self, now: float) -> str:
        """Where to go on: the server's own cursor, or the time where the server is another one."""
        is_new = urlsplit(self._server).path == NEW_WIRE
        query: list[tuple[str, str]] = [("collections" if is_new else "wantedCollections", POSTS)]
        query += [("kinds", "commit"), ("kinds", "account")] if is_new else []
        place, self._done = self._memory.place(), -1
        if place:
            _warn_of_a_gap(place, now)
            known = place.cursor if place.server == self._server else None
            self._done = -1 if known is None else known
            by_time = place.time_us if place.server == self._server else place.time_us - OVERLAP_US
            query.append(("cursor", str(by_time if known is None else known)))
        return f"{self._server}?{urlencode(query)}"

    def by_time(self) -> None:
        """Forget the server's cursor, which it does not take any more; the time it takes as far back as it goes."""
        place = self._memory.place()
        if place:
            self._memory.move(Place(place.server, None, place.time_us))

    def hear(self, message: str | bytes) -> None:
        """Deal with one message, wholly. Raises Stopped, BadPayload where the server ends the stream."""
        frame = _read(message)
        if frame is None or (frame.cursor is not None and frame.cursor <= self._done):
            return  # a server replays from the cursor on, its own frame included
        self.seen += 1
        place = Place(self._server, frame.cursor, frame.time_us)
        if frame.gone:
            self._account_is_gone(frame, place)
        elif frame.operation:
            self._post(frame, message, place)
        if time.monotonic() - self._kept_at > KEEP_EVERY:
            self.keep(place)

    def keep(self, place: Place) -> None:
        """Note how far we are."""
        self._memory.move(place)
        self._kept_at = time.monotonic()

    def _post(self, frame: Frame, message: str | bytes, place: Place) -> None:
        uri = frame.uri or ""
        is_known = self._memory.knows(uri)
        if not is_known and (frame.operation == "delete" or not self._is_for_us(frame)):
            return
        self._forward(message if isinstance(message, bytes) else message.encode())
        with self._memory.together():
            if frame.operation == "delete":
                self._memory.forget(uri)
            else:
                self._memory.note(uri, frame.did, frame.time_us // MICROSECONDS)
            self.keep(place)

    def _account_is_gone(self, frame: Frame, place: Place) -> None:
        told = self._memory.told_of(frame.did)
        for uri in told:
            self._forward(frames.deletion(frame.did, uri, frame.time_us))
            self._memory.forget(uri)
        if told:
            self.keep(place)

    def _is_for_us(self, frame: Frame) -> bool:
        try:
            return self._interest.covers(frame)
        except BadPayload:  # a record may be anything: one that is no post of Bluesky's app is not for us
            return False

    def _forward(self, body: bytes) -> None:
        self._tell(body)
        self.told += 1


def _read(message: str | bytes) -> Frame | None:
    try:
        return frames.read(message)
    except BadPayload as error:
        if "ends the stream" in str(error):
            raise
        log.warning("a frame cannot be read (%s)", error)
        return None


def _warn_of_a_gap(place: Place, now: float) -> None:
    hours = (now - place.time_us / MICROSECONDS) / 3600
    if hours * 3600 > LOOKBACK_SECONDS:
        log.error("away for %.0f hours, and servers keep %d: the rest is lost", hours, LOOKBACK_SECONDS // 3600)
