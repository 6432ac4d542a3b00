"""A receiver of Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md"""

from __future__ import annotations

import base64
from typing import Any

from standardwebhooks import Webhook

from tests.contracts.fakes.base import Call, FakeCrm, Reply


class Fake(FakeCrm):
    """A receiver of Standard Webhooks that does its duty: it verifies, and takes each webhook-id once."""

    secrets = ("whsec_" + base64.b64encode(b"n" * 32).decode(), "whsec_" + base64.b64encode(b"o" * 32).decode())

    def __init__(self) -> None:
        super().__init__()
        self.events: dict[str, Any] = {}

    @property
    def settings(self) -> dict[str, str]:
        return {"url": f"{self.url}hooks/earshot", "secrets": ",".join(self.secrets)}

    def respond(self, call: Call) -> Reply:
        # verified by the library of the standard's authors; the second secret: that of a receiver not yet rotated
        event = Webhook(self.secrets[-1]).verify(call.body, dict(call.headers))
        self.events.setdefault(call.headers["webhook-id"], event)
        return 204, {}, b""

    def kept(self) -> dict[str, list[str]]:
        records: dict[str, list[str]] = {}
        for event in self.events.values():
            records.setdefault(event["data"]["case"]["id"], []).append(event["data"]["entry"]["key"])
        return records
