"""How many posts a second go through queue, rules, table and stream in the local cloud.

    make bench                          or: .venv/bin/python -m tests.benchmarks.throughput [POSTS]

The clock starts when the first post is put on the queue and stops when the stream has handed out the last decision (and
the last case has been told off by deliver_cases). Putting them there is inside the time.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import Condition
from typing import Any

from chalicelib.model import Author, Kind, Post
from chalicelib.wiring import Wiring
from infra.local.cloud import LocalCloud
from infra.local.samples import SETTINGS

ROOT = Path(__file__).parents[2]
SMALL_TALK = (
    "Walked past the Acme shop today, nice window",
    "my cousin works at acme and says hi",
    "Is it me or is everybody talking about acme's advert?",
    "Lunch near the acme tower again. The soup was fine, the queue was not.",
    "Acme sponsors the local team this year, good for them 🎉",
)
COMPLAINT = "Acme charged me twice again, I want a refund"
WARM_UP = 10
SHARE_OF_COMPLAINTS = 20  # one in so many: 5 %


def posts(count: int) -> Iterator[Post]:
    """Posts of `count` / 4 authors, one in twenty a complaint."""
    now = datetime.now(UTC)
    for number in range(count):
        text = COMPLAINT if number % SHARE_OF_COMPLAINTS == 0 else SMALL_TALK[number % len(SMALL_TALK)]
        author = Author(id=str(number % (count // 4)), handle=f"person{number % (count // 4)}")
        yield Post(
            id=f"forum:bench-{number}",
            platform="forum",
            kind=Kind.MENTION,
            text=f"{text} #{number}",
            language="en",
            created_at=now,
            account_id="acme",
            author=author,
        )


class Count:
    """Waits until every post has its decision in the stream."""

    def __init__(self, wanted: set[str]) -> None:
        self._missing, self._changed = wanted, Condition()

    def __call__(self, record: Mapping[str, Any]) -> None:
        """Watch one record of the stream."""
        with self._changed:
            self._missing.discard(record["dynamodb"]["Keys"]["pk"]["S"].removeprefix("POST#"))
            self._changed.notify_all()

    def wait(self, left: int, seconds: float) -> None:
        """Return when no more than `left` are missing; ends the benchmark when that takes too long."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._missing) <= left, seconds):
                raise SystemExit(f"{len(self._missing)} posts were not decided within {seconds} s")


def measure(count: int, data: Path) -> float:
    """Seconds for all but the first ten of `count` posts: cold starts are not what this measures."""
    everything = list(posts(count))
    with LocalCloud(ROOT, SETTINGS, data=data) as cloud:
        os.environ.update(cloud.environment)
        decided = Count({post.id for post in everything})
        cloud.watch(decided)
        queue = Wiring(cloud.environment).queue
        queue.put(everything[:WARM_UP])
        decided.wait(count - WARM_UP, 30)
        cloud.drain()
        started = time.perf_counter()
        for first in range(WARM_UP, count, 100):
            queue.put(everything[first : first + 100])
        decided.wait(0, 300)
        cloud.drain(60)
        return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as folder:
        took = measure(count, Path(folder))
    print(f"{count} posts in {took:.2f} s: {(count - WARM_UP) / took:.0f} posts/s")


if __name__ == "__main__":
    main()
