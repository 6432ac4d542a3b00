"""What every CRM adapter has: its settings, its transport, and how safe a repeated call is there."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from chalicelib.crm import rendering
from chalicelib.crm.http import Transport
from chalicelib.errors import SettingsError
from chalicelib.model import Case, Entry


class Idempotency(StrEnum):
    """What makes a repeated call harmless in a CRM (docs/adding-a-crm.md says what each asks of an adapter)."""

    NATIVE_KEY = "A"
    RECEIVER_KEEPS_KEYS = "B"
    DUPLICATE_RULE = "C"
    LOOK_UP = "D"


class BaseCrm:
    """The ground of an adapter. `required` and `optional` name its settings; `optional` holds their defaults."""

    name: ClassVar[str]
    idempotency: ClassVar[Idempotency]
    required: ClassVar[tuple[str, ...]]
    optional: ClassVar[Mapping[str, str]] = {}

    def __init__(self, settings: Mapping[str, str], transport: Transport | None = None) -> None:
        self.settings = self._checked(settings)
        self.transport = transport or Transport(self.name)

    def subject(self, case: Case) -> str:
        """The case's title in the CRM."""
        return rendering.subject(case)

    def body(self, case: Case, entry: Entry) -> str:
        """What a person reads on the case: plain text, at most about 13,000 characters."""
        return rendering.body(case, entry)

    def _checked(self, settings: Mapping[str, str]) -> dict[str, str]:
        missing = [key for key in self.required if not settings.get(key)]
        if missing:
            raise SettingsError(f"crms.{self.name}: missing {', '.join(missing)}")
        known = (*self.required, *self.optional)
        unknown = sorted(settings.keys() - set(known))
        if unknown:
            raise SettingsError(f"crms.{self.name}: unknown {', '.join(unknown)}; known are {', '.join(known)}")
        return {**self.optional, **settings}
