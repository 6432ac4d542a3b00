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
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from chalicelib.errors import BadPayload, EarshotError
from infra.bridges.forwarding import Endpoint, Stopped, log, pause_after, secret_of
from infra.bridges.frames import Interest
from infra.bridges.jetstream import SERVER, CursorRefused, stream
from infra.bridges.listening import Bridge
from infra.bridges.remembering import Memory

Messages = Callable[[str], Iterable[str | bytes]]


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
        with closing(Memory(args.state)) as memory:
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


def _end(ended: threading.Event) -> None:
    ended.set()
    raise Stopped


def _wait(ended: threading.Event, seconds: float) -> None:
    if ended.wait(seconds):
        raise Stopped


if __name__ == "__main__":
    sys.exit(main())
