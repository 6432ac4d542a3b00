"""`earshot redrive`: parked bodies are read again, and what is owed to the CRM is handed out again, now."""

from __future__ import annotations

import argparse

from chalicelib.cli.place import wiring
from chalicelib.errors import BadPayload
from chalicelib.ports import WebhookRequest
from chalicelib.wiring import Wiring, now


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `earshot redrive` takes."""
    parser.add_argument("what", choices=["parked", "deliveries", "posts"], help="what to send again")
    parser.add_argument("--limit", type=int, default=1000, help="at most so many (1000)")


def run(args: argparse.Namespace) -> int:
    """Send them again; 1 when some could still not be read."""
    parts = wiring()
    if args.what == "deliveries":
        print(f"{parts.store.nudge(now())} owed deliveries handed out again")
        return 0
    if args.what == "posts":
        print(f"{parts.queue.redrive(args.limit)} posts moved from the dead letters to the queue")
        return 0
    return _parked(parts, args.limit)


def _parked(parts: Wiring, limit: int) -> int:
    """The body was verified when it came, and its signature was not kept: it is read again without one."""
    queued = left = 0
    for parked in parts.queue.parked(limit):
        request = WebhookRequest("POST", parked.headers, {}, parked.body, parked.received_at)
        try:
            posts = parts.platform(parked.platform).parse(request)
        except BadPayload as error:
            left += 1
            print(f"{parked.platform}  {parked.received_at:%Y-%m-%d %H:%M}  still cannot be read: {error}")
            continue
        parts.queue.put(posts)
        parts.queue.unpark(parked)
        queued += len(posts)
    print(f"{queued} posts queued, {left} bodies stay parked")
    return 1 if left else 0
