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
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

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


def measure(count: int, data: Path) -> float:
    """Seconds for `count` posts."""
    with LocalCloud(ROOT, SETTINGS, data=data) as cloud:
        os.environ.update(cloud.environment)
        decided: set[str] = set()
        cloud.watch(lambda record: decided.add(record["dynamodb"]["Keys"]["pk"]["S"]))
        queue = Wiring(cloud.environment).queue
        everything = list(posts(count))
        queue.put(everything[:10])
        cloud.drain(30)  # cold starts are not what this measures
        started = time.perf_counter()
        for first in range(10, count, 100):
            queue.put(everything[first : first + 100])
        cloud.drain(120)
        took = time.perf_counter() - started
        missing = {f"POST#{post.id}" for post in everything} - decided
    if missing:
        raise SystemExit(f"{len(missing)} posts were not decided")
    return took


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as folder:
        took = measure(count, Path(folder))
    print(f"{count} posts in {took:.2f} s: {(count - 10) / took:.0f} posts/s")


if __name__ == "__main__":
    main()
