"""What all of Meta's platforms have in common: the signature, the verification GET, and times in whatever unit.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.errors import BadHandshake, BadSignature
from chalicelib.platforms.base import BasePlatform
from chalicelib.platforms.foreign import Foreign
from chalicelib.ports.platform import Reply, WebhookRequest
from chalicelib.signature import Scheme

if TYPE_CHECKING:
    from chalicelib.model.erasure import Erasure

LONGEST_CHALLENGE = 1024
LONGEST_SECONDS = 11  # digits: as seconds the year 5138, as milliseconds 1973, before there was anything to hear


class Meta(BasePlatform):
    """Signs the bytes it sends, escapes included, with the app's secret."""

    scheme = Scheme(header="x-hub-signature-256", prefix="sha256=")
    needs = ("secrets", "verify_token")

    @property
    def deletes_of(self) -> tuple[str, ...]:
        """The platforms whose posts a deletion request to this one is about."""
        return (self.name,)

    def handshake(self, request: WebhookRequest) -> Reply:
        """Echo `hub.challenge` to who knows the verify token, as plain text. Raises BadHandshake."""
        token, challenge = request.query.get("hub.verify_token", ""), request.query.get("hub.challenge", "")
        ours = (self.settings.verify_token or "").encode()
        knows = hmac.compare_digest(ours, token.encode("utf-8", "surrogatepass")) and ours != b""
        if request.query.get("hub.mode") != "subscribe" or not knows:
            raise BadHandshake(f"{self.name}: the verify token is not ours")
        if not 0 < len(challenge) <= LONGEST_CHALLENGE or not challenge.isprintable():
            raise BadHandshake(f"{self.name}: hub.challenge is not one")
        return Reply(200, challenge, {"content-type": "text/plain", "x-content-type-options": "nosniff"})

    def deletion(self, request: WebhookRequest) -> Erasure:
        """A person's data deletion request, signed with the app's secret. Raises BadSignature, BadPayload."""
        from chalicelib.platforms.signed_request import signed_request
        from chalicelib.platforms.wish import wish

        said = signed_request(request, self.settings.secrets)
        if said is None:
            raise BadSignature(f"{self.name}: not signed with a secret of ours")
        user = said.need_id("user_id")
        authors = [(name, user) for name in self.deletes_of]
        return wish(self.name, authors, request.body, self.settings.secrets, request.received_at)


def moment(of: Foreign, name: str) -> datetime | None:
    """An instant in seconds, milliseconds or ISO 8601: Instagram and its console send all three."""
    given = of.at(name).value
    digits = str(given)
    if isinstance(given, str) and not (digits.isascii() and digits.isdigit()):
        return of.iso(name)
    return of.seconds(name) if len(digits) <= LONGEST_SECONDS else of.milliseconds(name)
