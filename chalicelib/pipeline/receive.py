"""A delivery of a platform to posts on the queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.errors import TooMany
from chalicelib.model import Parked
from chalicelib.ports.deciding import PostQueue
from chalicelib.ports.platform import Platform, Reply, WebhookRequest

# Ten go to the queue in one request of some 20 ms, and the function has 20 seconds. Meta batches 1,000 at most.
MOST_POSTS = 3000
MOST_IDS = 10  # told in the log: a line is paid for by its length
TAKEN = Reply(200, "ok")


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a delivery.

    `parked` says why its body was kept for a person, `reply` is for its sender, `skipped` counts by type what was no
    post; None where it was no delivery. `post_ids` are the first of its posts: by its id a post's way can be followed
    through the logs of all functions.
    """

    posts: int
    parked: str | None = None
    reply: Reply = TAKEN
    skipped: Mapping[str, int] | None = None
    post_ids: tuple[str, ...] = ()


def receive(platform: Platform, queue: PostQueue, request: WebhookRequest) -> Received:
    """Verify, read and queue one delivery. Raises BadSignature, TooMany, or Unavailable so that it is sent again.

    A body that is signed and cannot be read is parked and acknowledged: sent again, it would fail again for days.
    """
    platform.verify(request)
    if asked := platform.answer(request):
        return Received(0, reply=asked)
    heard = platform.hear(request)
    if len(heard.posts) > MOST_POSTS:
        raise TooMany(f"{len(heard.posts)} posts in one delivery, at most {MOST_POSTS} can be taken")
    queue.put(heard.posts)
    if heard.problem:
        queue.park(Parked(platform.name, request.body, request.headers, heard.problem, request.received_at))
    first = tuple(dict.fromkeys(post.id for post in heard.posts))[:MOST_IDS]
    return Received(len(heard.posts), heard.problem, platform.taken, heard.skipped, first)
