"""Bluesky's bridge: reads Jetstream, and forwards what is about us. One long-lived process, outside Lambda.

    EARSHOT_BRIDGE_SECRET=whsec_... python -m infra.bridges.bluesky --to https://.../webhooks/bluesky \
        --account did:plc:... --word acme --state bluesky.sqlite
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from chalicelib.errors import BadPayload, EarshotError
from chalicelib.platforms.bluesky import POSTS
from infra.bridges import frames
from infra.bridges.forwarding import Endpoint, Stopped, log, pause_after, secret_of
from infra.bridges.frames import MICROSECONDS, Frame, Interest
from infra.bridges.remembering import Memory, Place

SERVER = "wss://jetstream2.us-east.bsky.network/subscribe"
NEW_WIRE = "/xrpc/network.bsky.jetstream.subscribeEvents"
LOOKBACK_SECONDS = 36 * 3600  # what a server keeps, if nobody has set it otherwise
OVERLAP_US = 60 * MICROSECONDS  # servers see one event at different times
KEEP_EVERY = 5.0  # seconds between two notes of how far we are, while nothing is for us
MOST_BYTES = 4_000_000
Messages = Callable[[str], Iterable[str | bytes]]


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


def run(bridge: Bridge, messages: Messages, wait: Callable[[float], None]) -> None:
    """Read on and on, whatever the network does. Raises Stopped."""
    tries = 0
    while True:
        seen, began = bridge.seen, time.monotonic()
        try:
            for message in messages(bridge.url(time.time())):
                bridge.hear(message)
            why = "the server hung up"
        except BadPayload as error:
            why = str(error)
        except CursorRefused:
            log.error("the server does not go back as far as we were: what was said meanwhile is lost")
            bridge.by_time()
            why = "cursor refused"
        except OSError as error:
            why = type(error).__name__
        is_healthy = bridge.seen > seen and time.monotonic() - began > 60
        tries = 0 if is_healthy else tries + 1
        log.warning("the stream ended (%s); %d frames read, %d forwarded", why, bridge.seen, bridge.told)
        wait(pause_after(tries) * random.uniform(0.5, 1.0))  # noqa: S311 - not for secrets


class CursorRefused(Exception):
    """The server keeps nothing as old as our cursor (CursorTooOld, on the new wire)."""


def stream(url: str) -> Iterator[str | bytes]:
    """The messages of a websocket until it ends. Raises OSError, CursorRefused."""
    try:
        from websockets.exceptions import InvalidStatus, WebSocketException
        from websockets.sync.client import connect
    except ImportError:
        raise EarshotError("websockets is not installed: pip install -r infra/bridges/requirements.txt") from None
    try:
        with connect(url, max_size=MOST_BYTES, compression=None, close_timeout=2) as socket:
            yield from socket
    except InvalidStatus as error:
        if b"CursorTooOld" in (error.response.body or b""):
            raise CursorRefused from None
        raise ConnectionError(f"answered {error.response.status_code}") from None
    except WebSocketException as error:
        raise ConnectionError(type(error).__name__) from None


def main(argv: list[str] | None = None) -> int:
    """0 when it was told to end, 2 when it could not begin."""
    args = _arguments().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: _end(ended))
    try:
        interest = Interest(frozenset(args.account), tuple(args.word))
        endpoint = Endpoint("bluesky", args.to, secret_of(os.environ), lambda seconds: _wait(ended, seconds))
        memory = Memory(args.state)
        memory.clear(int(time.time()))
        run(Bridge(args.server, interest, memory, endpoint.tell), stream, lambda seconds: _wait(ended, seconds))
    except Stopped:
        return 0
    except EarshotError as error:
        print(f"bluesky: {error}", file=sys.stderr)
    return 2


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.bridges.bluesky", description=__doc__)
    parser.add_argument("--to", required=True, metavar="URL", help="Earshot's address, ending in /webhooks/bluesky")
    parser.add_argument("--account", action="append", default=[], metavar="DID", help="an account of ours; repeatable")
    parser.add_argument("--word", action="append", default=[], metavar="WORD", help="what to listen for; repeatable")
    parser.add_argument("--state", type=Path, required=True, metavar="FILE", help="where to keep how far it has read")
    parser.add_argument("--server", default=SERVER, metavar="URL", help="a Jetstream, on either wire")
    return parser


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


def _end(ended: threading.Event) -> None:
    ended.set()
    raise Stopped


def _wait(ended: threading.Event, seconds: float) -> None:
    if ended.wait(seconds):
        raise Stopped


if __name__ == "__main__":
    sys.exit(main())
