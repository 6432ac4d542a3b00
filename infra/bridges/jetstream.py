"""Jetstream over a websocket. https://github.com/bluesky-social/jetstream"""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.errors import EarshotError

SERVER = "wss://jetstream2.us-east.bsky.network/subscribe"
NEW_WIRE = "/xrpc/network.bsky.jetstream.subscribeEvents"
MOST_BYTES = 4_000_000


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
