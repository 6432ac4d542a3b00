"""What every platform has in common: verify, read item by item, sign. Its own file is constants and one mapping."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from chalicelib.config import PlatformSettings
from chalicelib.errors import BadHandshake, BadPayload, BadSignature, NotFound, SettingsError
from chalicelib.model import Action, Heard, Post
from chalicelib.platforms.document import document
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.skipped import Skipped
from chalicelib.ports.platform import Reply, WebhookRequest
from chalicelib.signature import Scheme

if TYPE_CHECKING:
    from chalicelib.model.erasure import Erasure
    from chalicelib.model.lease import Grant, Subscription

T = TypeVar("T")
Reading = Iterator[Post | BadPayload | Skipped]
TOLD = 3  # problems told of one delivery; a platform may batch a thousand items


def each(items: Iterable[T], read: Callable[[T], Reading]) -> Reading:
    """What the items hold; one that cannot be read becomes a BadPayload among the posts and takes no other with it,
    and one that gives nothing is counted as skipped."""
    for item in items:
        gives = False
        try:
            for found in read(item):
                gives = True
                yield found
        except BadPayload as problem:
            gives = True
            yield problem
        if not gives and isinstance(item, Foreign):
            yield Skipped.of(item)


class BasePlatform(ABC):
    """One platform's contract: `name`, `scheme` and `posts`; where it asks whether we are here, also `handshake`
    (it asks by GET) or `answer` (it asks by a signed POST)."""

    name: str
    scheme: Scheme
    needs: tuple[str, ...] = ("secrets",)  # the settings it cannot do without
    taken = Reply(200, "ok")  # what a delivery is answered that we have

    def __init__(self, settings: PlatformSettings) -> None:
        self.settings = settings

    @classmethod
    def made(cls, settings: PlatformSettings, others: Mapping[str, PlatformSettings]) -> BasePlatform:
        """The platform as an operator has set it; `others` are the settings of all, by name."""
        return cls(settings)

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

    def hear(self, request: WebhookRequest) -> Heard:
        """Everything in a verified delivery, wholly readable or not. Raises nothing."""
        posts: list[Post] = []
        skipped: dict[str, int] = {}
        problems: list[BadPayload] = []
        for item in each([request], self._read):
            if isinstance(item, BadPayload):
                problems.append(item)
            elif isinstance(item, Post) and self.wants(item):
                posts.append(_dated(item, request.received_at))
            else:
                kind = item.kind if isinstance(item, Skipped) else f"{item.kind} (not listened to)"
                skipped[kind] = skipped.get(kind, 0) + 1
        return Heard(tuple(posts), skipped, _told(self.name, problems))

    def parse(self, request: WebhookRequest) -> list[Post]:
        """The posts of a verified delivery. Raises BadPayload, whose `posts` are those that could be read."""
        heard = self.hear(request)
        if heard.problem:
            raise BadPayload(heard.problem, heard.posts)
        return list(heard.posts)

    def _read(self, request: WebhookRequest) -> Reading:
        body, gives = self.opened(request), False
        for found in self.posts(body):
            gives = True
            yield found
        # A body that names nothing is no event: some platforms send an empty one to see whether we are here.
        if not gives and (skipped := Skipped.of(body)) != Skipped():
            yield skipped

    def wants(self, post: Post) -> bool:
        """Whether somebody listens to posts of this kind; what is taken back, or of no known kind, always counts."""
        listens = self.settings.listens
        return listens is None or post.kind is None or post.action is Action.DELETE or post.kind in listens

    def opened(self, request: WebhookRequest) -> Foreign:
        """The body as `posts` reads it; override it where it is no JSON object. Raises BadPayload."""
        return document(request.body)

    def answer(self, request: WebhookRequest) -> Reply | None:
        """The answer to a verified POST that only asks whether we are here; None for a delivery. Raises nothing."""
        return None

    def handshake(self, request: WebhookRequest) -> Reply:
        """Answer the platform's verification GET. Raises BadHandshake: this platform sends none."""
        raise BadHandshake(f"{self.name} sends no verification request")

    def grant(self, request: WebhookRequest) -> Grant | None:
        """What a handshake that was answered says of a subscription of ours; most platforms' says nothing."""
        return None

    def subscriptions(self) -> Iterator[Subscription]:
        """What must be asked of a hub again and again, so that it goes on sending."""
        return iter(())

    def deletion(self, request: WebhookRequest) -> Erasure:
        """The wish to be forgotten that a request to the deletion callback passes on.

        Raises BadSignature, BadPayload, or NotFound: this platform has no such callback.
        """
        raise NotFound(f"{self.name} has no deletion callback")

    def forgets(self, request: WebhookRequest) -> Erasure | None:
        """The erasure that a verified delivery demands; None for nearly all of them. Raises nothing."""
        return None

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

    def is_our_handle(self, handle: str | None) -> bool:
        """Whether an operator gave this handle as ours, with or without its @."""
        return handle is not None and handle.casefold() in {
            ours.lstrip("@").casefold() for ours in self.settings.handles
        }


def _dated(post: Post, arrived: datetime) -> Post:
    return post if post.delivered_at else replace(post, delivered_at=arrived)


def _told(name: str, problems: Sequence[BadPayload]) -> str | None:
    more = f"; and {len(problems) - TOLD} more" if len(problems) > TOLD else ""
    return f"{name}: {'; '.join(map(str, problems[:TOLD]))}{more}" if problems else None
