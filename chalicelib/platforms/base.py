"""What every platform has in common: verify, read item by item, sign. Its own file is constants and one mapping."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from chalicelib.config import PlatformSettings
from chalicelib.errors import BadHandshake, BadPayload, BadSignature, SettingsError
from chalicelib.model import Post
from chalicelib.platforms.document import document
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.signature import Scheme
from chalicelib.ports import Reply, WebhookRequest

T = TypeVar("T")
Reading = Iterator[Post | BadPayload]
TOLD = 3  # problems told of one delivery; a platform may batch a thousand items


def each(items: Iterable[T], read: Callable[[T], Reading]) -> Reading:
    """What the items hold; one that cannot be read becomes a BadPayload among the posts and takes no other with it."""
    for item in items:
        try:
            yield from read(item)
        except BadPayload as problem:
            yield problem


class BasePlatform(ABC):
    """One platform's contract: `name`, `scheme` and `posts`; where it asks whether we are here, also `handshake`
    (it asks by GET) or `answer` (it asks by a signed POST)."""

    name: str
    scheme: Scheme
    taken = Reply(200, "ok")  # what a delivery is answered that we have

    def __init__(self, settings: PlatformSettings) -> None:
        self.settings = settings

    @abstractmethod
    def posts(self, body: Foreign) -> Reading:
        """The posts of a body, in its order; unknown kinds give none. Use `each` for every list."""

    def verify(self, request: WebhookRequest) -> None:
        """Return, or raise BadSignature and nothing else, for any bytes and headers whatever."""
        if not self.is_trusted(request):
            raise BadSignature(f"{self.name}: not signed with a secret of ours")

    def is_trusted(self, request: WebhookRequest) -> bool:
        """Whether the platform sent it, by its `scheme`; override it where a header cannot tell. Raises nothing."""
        return self.scheme.holds(request.headers, request.body, request.received_at, self.settings.secrets)

    def parse(self, request: WebhookRequest) -> list[Post]:
        """The posts of a verified delivery. Raises BadPayload, whose `posts` are those that could be read."""
        read = list(each([self.opened(request)], self.posts))
        posts = [_dated(item, request.received_at) for item in read if isinstance(item, Post)]
        problems = [str(item) for item in read if isinstance(item, BadPayload)]
        if problems:
            more = f"; and {len(problems) - TOLD} more" if len(problems) > TOLD else ""
            raise BadPayload(f"{self.name}: {'; '.join(problems[:TOLD])}{more}", tuple(posts))
        return posts

    def opened(self, request: WebhookRequest) -> Foreign:
        """The body as `posts` reads it; override it where it is no JSON object. Raises BadPayload."""
        return document(request.body)

    def answer(self, request: WebhookRequest) -> Reply | None:
        """The answer to a verified POST that only asks whether we are here; None for a delivery. Raises nothing."""
        return None

    def handshake(self, request: WebhookRequest) -> Reply:
        """Answer the platform's verification GET. Raises BadHandshake: this platform sends none."""
        raise BadHandshake(f"{self.name} sends no verification request")

    def permit(self, request: WebhookRequest) -> Reply:
        """Answer an OPTIONS by which a sender asks leave to send. Raises BadHandshake: this platform never asks."""
        raise BadHandshake(f"{self.name} asks for no permission")

    def sign(self, body: bytes, now: datetime) -> dict[str, str]:
        """The headers with which the platform would send these bytes. Raises SettingsError without a usable secret."""
        if not self.settings.secrets:
            raise SettingsError(f"{self.name}: no secret to sign with")
        try:
            signed = self.scheme.headers(self.settings.secrets[0], body, now)
        except ValueError:
            raise SettingsError(f"{self.name}: the secret is not in the platform's form") from None
        return {"content-type": "application/json", **signed}

    def id_of(self, native: str) -> str:
        """A post's id from the platform's own."""
        return f"{self.name}:{native}"

    def is_ours(self, author: str | None, account: str | None = None) -> bool | None:
        """Whether the author is the account that heard it, or another of ours; None where the author is withheld."""
        return None if author is None else author == account or author in self.settings.accounts


def _dated(post: Post, arrived: datetime) -> Post:
    return post if post.delivered_at else replace(post, delivered_at=arrived)
