"""Google Business Profile: that a review was written or changed, by Cloud Pub/Sub push. Its words are not sent.

https://developers.google.com/my-business/reference/notifications/rest/v1/NotificationSetting
"""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import datetime

from chalicelib.config import PlatformSettings
from chalicelib.errors import BadPayload, SettingsError
from chalicelib.model import Action, Kind, Post
from chalicelib.platforms.base import Reading
from chalicelib.platforms.document import document
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.google_keys import KEYS, GoogleKeys
from chalicelib.platforms.google_token import token
from chalicelib.platforms.shared_secret import SharedSecretPlatform, knows_secret
from chalicelib.platforms.skipped import Skipped
from chalicelib.ports.platform import WebhookRequest

REVIEWS = {"NEW_REVIEW": Action.CREATE, "UPDATED_REVIEW": Action.EDIT}
OIDC = "oidc:"  # `oidc:<service account> <audience>`: no secret, but whom and what Google's token must name
BEARER = "Bearer "


class GoogleBusiness(SharedSecretPlatform):
    """Trusted by Google's token, or by a secret in the address (which Pub/Sub keeps in its query)."""

    name = "google-business"

    def __init__(self, settings: PlatformSettings, keys: GoogleKeys = KEYS) -> None:
        super().__init__(settings)
        self._keys = keys

    def is_trusted(self, request: WebhookRequest) -> bool:
        """Raises nothing. Where Google's keys cannot be had the answer is no, and Pub/Sub delivers again."""
        secrets = tuple(secret for secret in self.settings.secrets if not secret.startswith(OIDC))
        return self._is_vouched_for(request) or knows_secret(request, secrets)

    def sign(self, body: bytes, now: datetime) -> dict[str, str]:
        """With a secret in the address. Raises SettingsError where there is none: Google's own key nobody else has."""
        shared = [secret for secret in self.settings.secrets if not secret.startswith(OIDC)]
        if not shared:
            raise SettingsError(f"{self.name}: only Google signs tokens; give a secret that is none of '{OIDC}'")
        return {"content-type": "application/json", **self.scheme.headers(shared[0], body, now)}

    def _is_vouched_for(self, request: WebhookRequest) -> bool:
        given = request.headers.get("authorization", "")
        found = token(given.removeprefix(BEARER)) if given.startswith(BEARER) else None
        if found is None or not any(found.is_for(*who, request.received_at) for who in _vouchable(self.settings)):
            return False  # before any key is fetched: a stranger's token must not make us ask Google
        key = self._keys.key(found.kid)
        return key is not None and key.signed(found.content, found.signature)

    def posts(self, body: Foreign) -> Reading:
        """The one notification; a message without data is somebody's test of the subscription."""
        message = body.at("message")
        if message.text("data"):
            yield from self._notification(message, _data(message))

    def _notification(self, message: Foreign, told: Foreign) -> Reading:
        kind = told.id("notificationType", "notification_type")
        action = REVIEWS.get(kind or "")
        if action is None:
            yield Skipped.named(kind)
            return
        sent = message.iso("publishTime")
        yield Post(
            id=self.id_of(told.need_id("reviewName", "review_name")),
            platform=self.name,
            kind=Kind.REVIEW,
            action=action,
            # The review's own times are not sent; two changes of one review differ in nothing else.
            edited_at=sent if action is Action.EDIT else None,
            delivered_at=sent,
            account_id=told.id("locationName", "location_name"),
        )


def _vouchable(settings: PlatformSettings) -> list[tuple[str, str]]:
    """The service accounts and audiences that Google's token may name."""
    named = [secret.removeprefix(OIDC).partition(" ") for secret in settings.secrets if secret.startswith(OIDC)]
    return [(email, audience) for email, _, audience in named if email and audience]


def _data(message: Foreign) -> Foreign:
    try:
        data = document(base64.b64decode(message.need_text("data"), validate=True))
    except (ValueError, BadPayload):
        raise message.at("data").wrong("a JSON object in base64") from None
    return replace(data, where=f"{message.where}.data")
