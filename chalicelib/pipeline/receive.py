"""A delivery of a platform to posts on the queue."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.errors import BadPayload
from chalicelib.model import Parked
from chalicelib.ports import Platform, PostQueue, WebhookRequest


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a delivery; `parked` says why its body was kept for a person."""

    posts: int
    parked: str | None = None


def receive(platform: Platform, queue: PostQueue, request: WebhookRequest) -> Received:
    """Verify, read and queue one delivery. Raises BadSignature, or Unavailable so that the platform sends again.

    A body that is signed and cannot be read is parked and acknowledged: sent again, it would fail again for days.
    """
    platform.verify(request)
    try:
        posts = platform.parse(request)
    except BadPayload as error:
        queue.put(error.posts)
        queue.park(_parked(platform.name, request, str(error)))
        return Received(len(error.posts), parked=str(error))
    queue.put(posts)
    return Received(len(posts))


def _parked(platform: str, request: WebhookRequest, why: str) -> Parked:
    return Parked(platform, request.body, request.headers, why, request.received_at)
