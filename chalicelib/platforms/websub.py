"""WebSub, by which hubs push feeds: signature, verification of intent, and what we ask of a hub.

https://www.w3.org/TR/websub/
"""

from __future__ import annotations

import hashlib
import hmac
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

from chalicelib.errors import UnknownTopic
from chalicelib.model.lease import Grant, Subscription
from chalicelib.platforms.base import BasePlatform
from chalicelib.ports.platform import Reply, WebhookRequest
from chalicelib.signature import Scheme

HEADER = "x-hub-signature"
# The hub chooses, and names its choice in the header (section 7.1); none but these are in the standard.
METHODS = {
    name: Scheme(header=HEADER, prefix=f"{name}=", digest=name) for name in ("sha1", "sha256", "sha384", "sha512")
}
ASKED_SECONDS = 828_000  # nine and a half days; a hub may grant another time
LONGEST_LEASE = timedelta(days=366)
LONGEST_CHALLENGE = 1024


class HubScheme(Scheme):
    """An HMAC by whichever of the four methods the header names; we sign as the row says."""

    __slots__ = ()

    def holds(self, headers: Mapping[str, str], body: bytes, arrived: datetime, secrets: tuple[str, ...]) -> bool:
        """Whether one of the secrets signed these bytes, by the method that the header names."""
        method = METHODS.get(headers.get(self.header, "").partition("=")[0])
        return method is not None and method.holds(headers, body, arrived, secrets)


class WebSub(BasePlatform):
    """A platform that a hub speaks for. Its `verify_token` makes our address one that nobody can guess: who does not
    know it could otherwise have the hub replace our subscription by theirs, with a secret that we do not have."""

    scheme = HubScheme(header=HEADER, prefix="sha1=", digest="sha1")
    needs = ("secrets", "verify_token", "callback")
    hub: str

    @abstractmethod
    def topics(self) -> list[str]:
        """The feeds that we want."""

    def handshake(self, request: WebhookRequest) -> Reply:
        """Echo the challenge of a subscription we want, or of the end of one we do not. Raises UnknownTopic."""
        query, challenge = request.query, request.query.get("hub.challenge", "")
        mode, is_ours = query.get("hub.mode"), query.get("hub.topic") in self.topics()
        if not self._knows_us(query) or (mode, is_ours) not in (
            ("subscribe", True),
            ("unsubscribe", False),
            ("denied", True),
        ):
            raise UnknownTopic(f"{self.name}: not a subscription of ours")
        if mode == "denied":
            return Reply(200)
        if not 0 < len(challenge) <= LONGEST_CHALLENGE or not challenge.isprintable():
            raise UnknownTopic(f"{self.name}: hub.challenge is not one")
        return Reply(200, challenge, {"content-type": "text/plain", "x-content-type-options": "nosniff"})

    def grant(self, request: WebhookRequest) -> Grant | None:
        """What a verification that was answered says of our subscription."""
        mode, topic = request.query.get("hub.mode"), request.query.get("hub.topic", "")
        seconds = request.query.get("hub.lease_seconds", "")
        if mode == "denied":
            return Grant(f"{self.name}:{topic}", None)
        # A hub must say for how long (section 5.3); from one that does not, it is what we asked for.
        lasts = int(seconds) if seconds.isascii() and seconds.isdigit() and len(seconds) < 12 else ASKED_SECONDS
        granted = min(timedelta(seconds=lasts), LONGEST_LEASE)
        return Grant(f"{self.name}:{topic}", granted) if mode == "subscribe" else None

    def subscriptions(self) -> Iterator[Subscription]:
        """What to ask of the hub: nothing where the operator has not said how it reaches us."""
        token, callback = self.settings.verify_token, self.settings.callback
        if not (self.settings.answers and token and callback):
            return
        joint = "&" if "?" in callback else "?"
        for topic in self.topics():
            form = {
                "hub.mode": "subscribe",
                "hub.topic": topic,
                "hub.callback": f"{callback}{joint}{urlencode({'token': token})}",
                "hub.secret": self.settings.secrets[0],
                "hub.lease_seconds": str(ASKED_SECONDS),
                "hub.verify": "async",  # hubs of the time before the standard insist on it
            }
            hub = self.settings.hub or self.hub
            yield Subscription(self.name, topic, hub, form, _mark(hub, form))

    def _knows_us(self, query: Mapping[str, str]) -> bool:
        # Who subscribes by hand, on the hub's own page, gives it as the hub's verify token.
        ours, given = (
            (self.settings.verify_token or "").encode(),
            query.get("token") or query.get("hub.verify_token", ""),
        )
        return hmac.compare_digest(ours, given.encode("utf-8", "surrogatepass")) and ours != b""


def _mark(hub: str, form: Mapping[str, str]) -> str:
    """Tells one subscription from the next, and is too short to tell a secret."""
    return hashlib.sha256("\x1f".join((hub, *form.values())).encode("utf-8", "surrogatepass")).hexdigest()[:8]
