"""What is asked of a social platform's webhook, and of what keeps it sending."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from chalicelib.model import Heard, Hearing, Post
    from chalicelib.model.compliance import ComplianceJob
    from chalicelib.model.erasure import Erasure
    from chalicelib.model.lease import Grant, Lease, Subscription


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """An HTTP request as it came: header names in lower case, the body's bytes untouched."""

    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered to a webhook."""

    status: int = 200
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Platform(Protocol):
    """One social platform's webhook contract. `taken` is what it wants a delivery answered that was queued."""

    name: str
    taken: Reply

    def verify(self, request: WebhookRequest) -> None:
        """Return, or raise BadSignature and nothing else, for any bytes and headers whatever."""

    def answer(self, request: WebhookRequest) -> Reply | None:
        """The answer to a verified POST that only asks whether we are here; None for a delivery. Raises nothing."""

    def hear(self, request: WebhookRequest) -> Heard:
        """Everything in a verified delivery: its posts, what was skipped, what could not be read. Raises nothing."""

    def parse(self, request: WebhookRequest) -> list[Post]:
        """The posts of a verified delivery; unknown kinds are skipped. Raises BadPayload and nothing else."""

    def handshake(self, request: WebhookRequest) -> Reply:
        """Answer the platform's verification GET. Raises BadHandshake and nothing else."""

    def grant(self, request: WebhookRequest) -> Grant | None:
        """What a handshake that was answered says of a subscription of ours."""

    def subscriptions(self) -> Iterator[Subscription]:
        """What must be asked of a hub again and again, so that it goes on sending."""

    def permit(self, request: WebhookRequest) -> Reply:
        """Answer an OPTIONS by which a sender asks leave to send. Raises BadHandshake and nothing else."""

    def deletion(self, request: WebhookRequest) -> Erasure:
        """The wish to be forgotten in a request to its deletion callback. Raises BadSignature, BadPayload, NotFound."""

    def forgets(self, request: WebhookRequest) -> Erasure | None:
        """The erasure that a verified delivery demands; None for nearly all of them. Raises nothing."""

    def sign(self, body: bytes, now: datetime) -> dict[str, str]:
        """The headers with which the platform would send these bytes (for `earshot send` and tests)."""


class Hub(Protocol):
    """Where subscriptions are asked for."""

    def subscribe(self, subscription: Subscription) -> None:
        """Ask for it; granted it is by the hub's own call. Raises Refused, Unavailable."""


class Leases(Protocol):
    """How far our subscriptions at hubs reach, by their names."""

    def leases(self, names: Sequence[str]) -> list[Lease]:
        """What is known of each, in their order. Raises Unavailable."""

    def claim(self, lease: Lease, mark: str) -> bool:
        """Note, before a hub is asked, that it is; False when somebody else has since `lease` was read.

        Where `mark` differs from the lease's, something else is asked for than was granted: the old grant is forgotten.
        """

    def granted(self, grant: Grant) -> None:
        """A hub has granted what we asked for, or denied it; nothing where we never asked. Raises Unavailable."""


class Hearings(Protocol):
    """When each platform was last heard, and what it told that day."""

    def add(self, hearing: Hearing) -> None:
        """Count it to its platform's day. Raises Unavailable."""

    def last(self, platform: str) -> Hearing | None:
        """The last day on which the platform told anything; None where it never did. Raises Unavailable."""

    def last_post(self, platform: str) -> datetime | None:
        """When the last post of a platform came, to the minute; None where none ever did. Raises Unavailable."""


class Compliance(Protocol):
    """A platform that never tells of others' deletions, and answers for lists of ids. All calls raise Unavailable when
    it does not answer now, Refused when it never will."""

    platform: str

    def jobs(self) -> list[ComplianceJob]:
        """The jobs there are, whoever began them."""

    def begin(self, name: str) -> ComplianceJob:
        """A new job, still without ids. Raises Conflict where one runs already."""

    def look(self, job: ComplianceJob) -> ComplianceJob:
        """The job as it stands now."""

    def ask(self, job: ComplianceJob, native_ids: Sequence[str]) -> None:
        """Hand over the ids; a second time they take the place of the first."""

    def gone(self, job: ComplianceJob) -> Iterator[str]:
        """The ids of the posts that must go, of a job that is complete."""
