"""A delivery of a platform to posts on the queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.errors import BadPayload, TooMany
from chalicelib.model import Parked, Post
from chalicelib.ports import Platform, PostQueue, Reply, WebhookRequest

# Ten go to the queue in one request of some 20 ms, and the function has 20 seconds. Meta batches 1,000 at most.
MOST_POSTS = 3000
TAKEN = Reply(200, "ok")


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a delivery; `parked` says why its body was kept for a person, `reply` is for its sender."""

    posts: int
    parked: str | None = None
    reply: Reply = TAKEN


def receive(platform: Platform, queue: PostQueue, request: WebhookRequest) -> Received:
    """Verify, read and queue one delivery. Raises BadSignature, TooMany, or Unavailable so that it is sent again.

    A body that is signed and cannot be read is parked and acknowledged: sent again, it would fail again for days.
    """
    platform.verify(request)
    if asked := platform.answer(request):
        return Received(0, reply=asked)
    try:
        posts = platform.parse(request)
    except BadPayload as error:
        _put(queue, error.posts)
        queue.park(_parked(platform.name, request, str(error)))
        return Received(len(error.posts), parked=str(error), reply=platform.taken)
    _put(queue, posts)
    return Received(len(posts), reply=platform.taken)


def _put(queue: PostQueue, posts: Sequence[Post]) -> None:
    if len(posts) > MOST_POSTS:
        raise TooMany(f"{len(posts)} posts in one delivery, at most {MOST_POSTS} can be taken")
    queue.put(posts)


def _parked(platform: str, request: WebhookRequest, why: str) -> Parked:
    return Parked(platform, request.body, request.headers, why, request.received_at)
