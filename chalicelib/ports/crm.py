"""What is asked of a CRM, and of the table about what people do there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from chalicelib.model import (
        Asked,
        Case,
        Changes,
        CrmEvent,
        Customer,
        Delivery,
        Entry,
        Finding,
        Link,
        Notice,
        Profile,
    )
    from chalicelib.ports.platform import WebhookRequest


class Crm(Protocol):
    """Where cases are worked on. The first two calls have exactly one effect, however often they are made."""

    name: str

    @property
    def is_polled(self) -> bool:
        """Whether it must be asked what people did there."""

    def open_case(self, case: Case, entry: Entry) -> str:
        """The CRM's id of the case. Raises Refused or Unavailable."""

    def add_to_case(self, case: Case, entry: Entry) -> str:
        """The CRM's id of the entry on `case.crm_ref`. Raises Refused or Unavailable."""

    def customers(self, profile: Profile) -> list[Customer]:
        """The customers who have this profile on their record, found read-only. Raises Unavailable."""

    def hear(self, request: WebhookRequest) -> list[CrmEvent]:
        """What people did there, from its signed webhook; our own doings left out.

        Raises BadSignature for whatever is not signed, BadPayload, NotFound where the CRM has no webhooks.
        """

    def poll(self, since: datetime) -> Iterator[Changes]:
        """What people did there since then, where the CRM has no webhooks: page by page, oldest first, to the end.

        Raises Unavailable between pages; those given so far are whole.
        """

    def check(self) -> list[Finding]:
        """Whether credentials, rights and fields are as the adapter needs them, found read-only. Raises nothing."""


class BackChannel(Protocol):
    """What people did with cases in the CRM. Every method may be repeated, and raises Unavailable."""

    def heed(self, crm: str, event: CrmEvent) -> bool:
        """Move the case and what its author's record remembers of it; whether anything moved.

        With it people who were asked about the case are owed that somebody has it, or that it is settled.

        False also for an event that was heeded before, is outdated, or is about no case that this CRM was told of.
        Raises Conflict when somebody else changed the case or the record meanwhile.
        """

    def asked(self, crm: str) -> Asked | None:
        """How far a CRM was asked what happened there; None where it never was."""

    def ask(self, crm: str, was: Asked | None, now: Asked) -> bool:
        """Note how far it was asked; False when somebody else has since `was` was read."""


class Identities(Protocol):
    """Which customers authors are, in their records. Every method raises Unavailable."""

    def link(self, author_key: str) -> Link | None:
        """What is known of an author."""

    def note_link(self, author_key: str, was: Link | None, link: Link) -> bool:
        """Note it; False where the author has no record (no case, or forgotten), or somebody else wrote since `was`."""


class Clocks(Protocol):
    """The clocks of cases that wait for a reply. Every method may be repeated, and raises Unavailable."""

    def due(self, until: datetime) -> Iterator[Case]:
        """The cases of which something is due by then, as they are now, one at a time."""

    def lapse(self, after: Case, delivery: Delivery, notice: Notice) -> bool:
        """Write what comes about since nobody replied, with what it owes to the CRM and to people, at once.

        False where it has come about already, or somebody replied meanwhile: then nothing is written.
        """
