"""Reddit's bridge: asks for what is new, forwards what is about us, and looks again whether it is still there.

    EARSHOT_BRIDGE_SECRET=whsec_... REDDIT_CLIENT_ID=... REDDIT_CLIENT_SECRET=... python -m infra.bridges.reddit \
        --to https://.../webhooks/standard-webhooks --subreddit acme --word acme --state reddit.sqlite --agent "..."
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.errors import EarshotError, SettingsError, Unavailable
from infra.bridges.forwarding import Endpoint, Stopped, log, secret_of
from infra.bridges.reddit_api import API, LOGIN, Reddit
from infra.bridges.reddit_things import Thing
from infra.bridges.remembering import Memory, Place

MOST_PAGES, PAGE = 10, 100  # more than a thousand Reddit does not list
OVERLAP_SECONDS = 600  # what is said may be listed a little later
LOOKED_AFTER_SECONDS = 14 * 86_400


class Bridge:
    """One round after the other: what is new, then what became of what was forwarded."""

    def __init__(
        self,
        reddit: Reddit,
        where: Sequence[str],
        words: tuple[str, ...],
        memory: Memory,
        tell: Callable[[bytes], None],
    ) -> None:
        self._reddit, self._where, self._words = reddit, "+".join(where), words
        self._memory, self._tell = memory, tell

    def round(self, now: float) -> None:
        """Raises Unavailable; what was forwarded by then is noted, and the rest found by the next round."""
        place = self._memory.place()
        since = place.time_us // 1_000_000 - OVERLAP_SECONDS if place else int(now) - OVERLAP_SECONDS
        new = [thing for listing in ("new", "comments") for thing in self._since(listing, since)]
        for thing in sorted(new, key=lambda thing: thing.said_at):
            if not thing.is_gone and not self._memory.knows(thing.name) and thing.holds(self._words):
                self._send("post.created", thing.post, now)
                self._memory.note(thing.name, "", max(thing.said_at, thing.changed))
        self._look_again(int(now))
        self._memory.move(Place("reddit", None, int(now * 1_000_000)))

    def _since(self, listing: str, since: int) -> list[Thing]:
        found: list[Thing] = []
        after: str | None = None
        for _ in range(MOST_PAGES):
            query = {"limit": PAGE, **({"after": after} if after else {})}
            page, after = self._reddit.listing(f"/r/{self._where}/{listing}", **query)
            found += [thing for thing in page if thing.said_at >= since]
            if after is None or not page or page[-1].said_at < since:
                return found
        log.error("more was said than Reddit lists (%d): the rest is lost", len(found))
        return found

    def _look_again(self, now: int) -> None:
        told = self._memory.told_since(now - LOOKED_AFTER_SECONDS)
        for start in range(0, len(told), PAGE):
            names = told[start : start + PAGE]
            found, _ = self._reddit.listing("/api/info", id=",".join(names))
            known = {thing.name: thing for thing in found}
            for name in names:
                self._look_at(name, known.get(name), now)

    def _look_at(self, name: str, thing: Thing | None, now: int) -> None:
        if thing is None or thing.is_gone:
            self._send("post.deleted", {"id": name, "platform": "reddit"}, now)
            self._memory.forget(name)
        elif thing.changed > self._memory.noted_at(name):
            self._send("post.updated", thing.post, now)
            self._memory.note(name, "", thing.changed)

    def _send(self, kind: str, post: dict[str, Any], now: float) -> None:
        sent = datetime.fromtimestamp(now, UTC).isoformat()
        self._tell(json.dumps({"type": kind, "timestamp": sent, "data": post}, ensure_ascii=False).encode())


def run(bridge: Bridge, every: float, wait: Callable[[float], None]) -> None:
    """Round after round. Raises Stopped."""
    while True:
        pause = every
        try:
            bridge.round(time.time())
        except Unavailable as trouble:
            log.warning("%s; trying again", trouble)
            pause = max(every, trouble.retry_after or 0)
        wait(pause)


def main(argv: list[str] | None = None) -> int:
    """0 when it was told to end, 2 when it could not begin."""
    args = _arguments().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    ended = threading.Event()

    def wait(seconds: float) -> None:
        if ended.wait(seconds):
            raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    try:
        endpoint = Endpoint("standard-webhooks", args.to, secret_of(os.environ), wait)
        reddit = Reddit(_app(), args.agent, args.api, args.login)
        with closing(Memory(args.state)) as memory:
            memory.clear(int(time.time()))
            run(Bridge(reddit, args.subreddit, tuple(args.word), memory, endpoint.tell), args.every, wait)
    except Stopped:
        return 0
    except EarshotError as error:
        print(f"reddit: {error}", file=sys.stderr)
    return 2


def _app() -> tuple[str, str]:
    names = ("REDDIT_CLIENT_ID", "REDDIT_CLIENT_SECRET")
    if missing := [name for name in names if not os.environ.get(name)]:
        raise SettingsError(f"not set: {', '.join(missing)} (docs/platforms/reddit.md)")
    return os.environ[names[0]], os.environ[names[1]]


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.bridges.reddit", description=__doc__)
    parser.add_argument("--to", required=True, metavar="URL", help="Earshot's address: .../webhooks/standard-webhooks")
    parser.add_argument("--subreddit", action="append", required=True, metavar="NAME", help="where; repeatable")
    parser.add_argument("--word", action="append", default=[], metavar="WORD", help="what; repeatable; else everything")
    parser.add_argument("--state", type=Path, required=True, metavar="FILE", help="where to keep how far it has read")
    parser.add_argument("--agent", required=True, metavar="NAME", help="how Reddit asks to be told who is calling")
    parser.add_argument("--every", type=float, default=60.0, metavar="SECONDS", help="between two rounds")
    parser.add_argument("--api", default=API, help=argparse.SUPPRESS)
    parser.add_argument("--login", default=LOGIN, help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
