"""The hubs of WebSub over HTTP. https://www.w3.org/TR/websub/#subscriber-sends-subscription-request"""

from __future__ import annotations

from urllib.parse import urlencode

from chalicelib.model.lease import Subscription
from chalicelib.transport import Transport, address

FORM = {"content-type": "application/x-www-form-urlencoded"}


class HttpHub:
    """ports.platform.Hub, by the one way we call anybody: no retry of its own, and quiet while a hub asks for it."""

    def __init__(self) -> None:
        self._transports: dict[str, Transport] = {}

    def subscribe(self, subscription: Subscription) -> None:
        """Ask for it. Raises Refused, Unavailable, or SettingsError where the hub's address is none."""
        name = f"{subscription.platform}'s hub"
        hub = address(f"platforms.{subscription.platform}.hub", subscription.hub)
        transport = self._transports.setdefault(hub, Transport(name))
        transport.call("POST", hub, FORM, urlencode(subscription.form).encode())
