"""What passes between a CRM and us beside cases: who an author may be there, what people did there, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import uuid5

from chalicelib.model.post import EXTERNAL_KEYS, Author


@dataclass(frozen=True, slots=True)
class Profile:
    """An author as a platform knows them, kept apart from the customer they may be."""

    platform: str
    author: Author

    @property
    def key(self) -> str:
        """The UUIDv5 of platform and author: what a CRM keeps the profile by."""
        who = self.author.id or f"@{self.author.handle}"
        name = "\x1f".join(("profile", self.platform, who))
        return str(uuid5(EXTERNAL_KEYS, name.encode("utf-8", "backslashreplace").decode()))

    @property
    def is_known(self) -> bool:
        """Whether the platform tells who it is at all."""
        return bool(self.author.id or self.author.handle)


@dataclass(frozen=True, slots=True)
class Customer:
    """A CRM's record of somebody whom a profile may belong to; `evidence` says by which field it was found."""

    ref: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Link:
    """Which customer of a CRM an author is, since `at`, and by what evidence; `ref` is None where nobody was found.

    It is looked up again from `until` on; None: never, since a person made it, or revoked it (`is_revoked`).
    """

    crm: str
    at: datetime
    ref: str | None = None
    evidence: str = ""
    until: datetime | None = None
    is_revoked: bool = False

    @property
    def customer(self) -> str | None:
        """The CRM's record, unless the link was revoked."""
        return None if self.is_revoked else self.ref

    def stands(self, crm: str, now: datetime) -> bool:
        """Whether nobody has to be asked: it is this CRM's, or was revoked, and not too old."""
        return self.is_revoked or (self.crm == crm and (self.until is None or now < self.until))

    def tells_a_customer(self, now: datetime) -> bool | None:
        """True while it stands; None where nobody was found: they may be a customer who never told us that name."""
        return True if self.customer is not None and (self.until is None or now < self.until) else None


class Happened(StrEnum):
    """What people do with a case in the CRM, as far as the conversation and its clocks need to know."""

    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"
    REASSIGNED = "reassigned"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class CrmEvent:
    """One thing that happened to a case there. `id` is the CRM's own id of the event, so that it counts once.

    The case is told by our key where the CRM sends it, else by the CRM's reference. `into` is the reference it was
    merged into, `team` who has it now, and `ours` those of our teams that are called so there.
    """

    id: str
    happened: Happened
    at: datetime
    case_id: str | None = None
    crm_ref: str | None = None
    into: str | None = None
    team: str | None = None
    ours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """One page of what changed in a CRM, oldest first: what of it means something, and the time of the last change.

    A page may mean nothing at all, and still tells how far has been read.
    """

    events: tuple[CrmEvent, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """How far a CRM was asked what people did there: `until`, the latest change it told of, by its own clock.

    By ours, the last round that heard all there was ended `at`, and was the first to hear of that change at `seen_at`.
    Both are None after a round that was cut short: the next one goes on from `until`.
    """

    until: datetime
    at: datetime | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing `earshot crm check` looked at: whether it is right, and if not, how an administrator puts it right."""

    what: str
    is_right: bool
    remedy: str = ""
