"""What every CRM adapter has: its settings, its transport, and how safe a repeated call is there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from chalicelib.crm import rendering
from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.moves import Moved, moves
from chalicelib.errors import NotFound, SettingsError
from chalicelib.model import Case, Changes, CrmEvent, Customer, Entry, Finding, Priority, Profile
from chalicelib.ports.platform import WebhookRequest
from chalicelib.transport import Transport

CASE = "case"


class Idempotency(StrEnum):
    """What makes a repeated call harmless in a CRM (docs/adding-a-crm.md says what each asks of an adapter)."""

    NATIVE_KEY = "A"
    RECEIVER_KEEPS_KEYS = "B"
    DUPLICATE_RULE = "C"
    LOOK_UP = "D"


class BaseCrm:
    """The ground of an adapter. `required` and `optional` name its settings; `optional` holds their defaults.

    `priorities` is what the CRM calls ours unless the company's mapping says otherwise; `recommendations` what one can
    become there beside a case: `task`, `lead`. Beside `open_case` and
    `add_to_case` an adapter overrides what its CRM has: customers with profiles, webhooks or polling, a check.
    """

    name: ClassVar[str]
    idempotency: ClassVar[Idempotency]
    required: ClassVar[tuple[str, ...]]
    optional: ClassVar[Mapping[str, str]] = {}
    priorities: ClassVar[Mapping[Priority, str]] = {}
    recommendations: ClassVar[Collection[str]] = ()

    def __init__(
        self, settings: Mapping[str, str], transport: Transport | None = None, mapping: FieldMapping | None = None
    ) -> None:
        self.settings = self._checked(settings)
        self.transport = transport or Transport(self.name)
        self.mapping = mapping or FieldMapping()

    def subject(self, case: Case) -> str:
        """The case's title in the CRM."""
        return rendering.subject(case)

    def body(self, case: Case, entry: Entry) -> str:
        """What a person reads on the case: plain text, at most about 13,000 characters."""
        return rendering.body(case, entry)

    def priority(self, case: Case) -> str | None:
        """What the CRM calls the case's priority; None where neither the mapping nor the adapter has a word for it."""
        if case.priority is None:
            return None
        return self.mapping.priorities.get(case.priority) or self.priorities.get(case.priority)

    def queue(self, case: Case) -> str | None:
        """Who works on it there; None where the team has no counterpart (the CRM's own routing decides)."""
        return self.mapping.queue(case)

    def moves(self, case: Case, entry: Entry, team: str, priority: str) -> dict[str, Moved]:
        """What of the record moves with this entry, by the names that its team and priority have there; mostly nothing.

        The company's own fields that show either are among them. Write what `moved` makes of it before the entry: where
        the entry is found, it was written, and people may have changed it since.
        """
        if not entry.shifts or case.merged_into:  # the record that took its place is not ours to move
            return {}
        return moves(case, entry, (team, self.queue), (priority, self.priority), self.mapping)

    def named(self, event: CrmEvent) -> CrmEvent:
        """The same, with those of our teams that its team is the counterpart of."""
        return replace(event, ours=self.mapping.called(event.team)) if event.team else event

    def kind(self, case: Case) -> str:
        """What the case is there: `case`, or the `task` or `lead` that a recommendation is, as its reference tells."""
        if case.crm_ref is not None:
            kind = case.crm_ref.partition(":")[0]
            return kind if kind in self.recommendations else CASE
        wanted = self.mapping.record(case)
        return wanted if wanted in self.recommendations else CASE

    def customers(self, profile: Profile) -> list[Customer]:
        """Nobody: this CRM is not asked."""
        return []

    def hear(self, request: WebhookRequest) -> list[CrmEvent]:
        """It has no webhooks."""
        raise NotFound("this CRM sends no webhooks")

    def poll(self, since: datetime) -> Iterator[Changes]:
        """Nothing: it tells by webhook, or not at all."""
        return iter(())

    @property
    def is_polled(self) -> bool:
        """Whether the adapter asks what people did there."""
        return type(self).poll is not BaseCrm.poll

    def check(self) -> list[Finding]:
        """Nothing to look at without asking it to do something."""
        return []

    def _checked(self, settings: Mapping[str, str]) -> dict[str, str]:
        missing = [key for key in self.required if not settings.get(key)]
        if missing:
            raise SettingsError(f"crms.{self.name}: missing {', '.join(missing)}")
        known = (*self.required, *self.optional)
        unknown = sorted(settings.keys() - set(known))
        if unknown:
            raise SettingsError(f"crms.{self.name}: unknown {', '.join(unknown)}; known are {', '.join(known)}")
        return {**self.optional, **settings}
