"""How many frames a second Bluesky's bridge deals with on one core: `python -m tests.benchmarks.bridge`.

One in 200 is for us, as a busy brand may have it; what is forwarded is taken at once. The network is not in it.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

from infra.bridges.frames import Interest
from infra.bridges.listening import Bridge
from infra.bridges.remembering import Memory

FRAMES = 40_000
TEXT = "so I finally tried that place by the river and honestly the weather was nice, would go again 😊 #weekend"


def frame(number: int) -> str:
    """A post of ordinary length on the old wire."""
    text = f"{TEXT} {'acme' if number % 200 == 0 else 'again'}"
    record = {"$type": "app.bsky.feed.post", "createdAt": "2026-03-01T11:59:54.100Z", "langs": ["en"], "text": text}
    commit = {"operation": "create", "collection": "app.bsky.feed.post", "rkey": str(number), "record": record}
    place = {"did": f"did:plc:{number % 5000}", "time_us": 1_772_366_395_000_000 + number, "cursor": number}
    return json.dumps({**place, "kind": "commit", "commit": commit})


def main() -> None:
    """Print it."""
    messages = [frame(number) for number in range(FRAMES)]
    words = tuple(f"brand {number}" for number in range(20))
    with tempfile.TemporaryDirectory() as folder:
        memory = Memory(Path(folder) / "state")
        bridge = Bridge(
            "wss://a.example/subscribe",
            Interest(frozenset({"did:plc:us"}), ("acme", *words)),
            memory,
            lambda body: None,
        )
        began = time.process_time()
        for message in messages:
            bridge.hear(message)
        seconds = time.process_time() - began
        memory.close()
    print(f"{FRAMES / seconds:,.0f} frames a second of CPU, {bridge.told} of {bridge.seen} forwarded")


if __name__ == "__main__":
    main()
