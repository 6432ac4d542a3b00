"""Any CRM or integration platform: a POST signed as Standard Webhooks ask.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar

from chalicelib.crm.base import BaseCrm, Idempotency
from chalicelib.crm.event import event
from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.webhook_events import heard
from chalicelib.errors import SettingsError
from chalicelib.model import Case, CrmEvent, Entry
from chalicelib.ports.platform import WebhookRequest
from chalicelib.signature import STANDARD_WEBHOOKS, whsec_key
from chalicelib.transport import Transport, address


class WebhookCrm(BaseCrm):
    """Tells a receiver of each entry once: `webhook-id` is the entry's key, and the same however often it is sent."""

    name: ClassVar[str] = "webhook"
    idempotency: ClassVar[Idempotency] = Idempotency.RECEIVER_KEEPS_KEYS
    required: ClassVar[tuple[str, ...]] = ("url", "secrets")
    optional: ClassVar[Mapping[str, str]] = {"event_secrets": ""}

    def __init__(
        self,
        settings: Mapping[str, str],
        transport: Transport | None = None,
        mapping: FieldMapping | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(settings, transport, mapping)
        self._url = address("crms.webhook.url", self.settings["url"])
        self._secrets = _secrets("secrets", self.settings["secrets"])
        self._event_secrets = _secrets("event_secrets", self.settings["event_secrets"])
        if not self._secrets:
            raise SettingsError("crms.webhook.secrets: expected at least one that starts with whsec_")
        self._now = now

    def open_case(self, case: Case, entry: Entry) -> str:
        """Send `case.opened`; the case's own id is its reference. Raises Refused (410 included) or Unavailable."""
        self._tell("case.opened", case, entry)
        return case.id

    def add_to_case(self, case: Case, entry: Entry) -> str:
        """Send `case.added`; the entry's key is its reference. Raises Refused (410 included) or Unavailable."""
        self._tell("case.added", case, entry)
        return entry.key

    def hear(self, request: WebhookRequest) -> list[CrmEvent]:
        """What the receiver tells back, signed with one of `event_secrets`."""
        return [self.named(event) for event in heard(request, self._event_secrets)]

    def named(self, event: CrmEvent) -> CrmEvent:
        """A receiver is told our own names of teams, and may tell them back."""
        named = super().named(event)
        return replace(named, ours=(*named.ours, event.team)) if event.team else named

    def _tell(self, kind: str, case: Case, entry: Entry) -> None:
        asked = replace(case, record=self.mapping.record(case))
        self._send(entry.key, event(kind, self.subject(case), asked, entry))

    def _send(self, key: str, body: bytes) -> None:
        stamp = str(int(self._now().timestamp()))
        signed = f"{key}.{stamp}.".encode() + body
        signatures = [STANDARD_WEBHOOKS.signature(whsec_key(secret), signed).decode() for secret in self._secrets]
        headers = {
            "content-type": "application/json",
            "user-agent": "earshot",
            "webhook-id": key,
            "webhook-timestamp": stamp,
            "webhook-signature": " ".join(signatures),
        }
        # 409 is what receivers answer to a webhook-id that they have: it is there, so it is done.
        self.transport.call("POST", self._url, headers, body, taken=(409,))


def _secrets(name: str, texts: str) -> list[str]:
    return [_secret(name, text) for text in texts.split(",") if text.strip()]


def _secret(name: str, text: str) -> str:
    text = text.strip()
    encoded = text.removeprefix("whsec_")
    try:
        secret = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if not text.startswith("whsec_") or not 24 <= len(secret) <= 64:
        raise SettingsError(f"crms.webhook.{name}: each must be whsec_ and the base64 of 24 to 64 bytes")
    return text
