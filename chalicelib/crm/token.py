"""An access token by OAuth 2.0's client credentials, kept until shortly before it ends (RFC 6749, 4.4)."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from chalicelib.errors import Refused, Unavailable
from chalicelib.transport import Transport, address

EARLY_SECONDS = 120.0
LIFE_SECONDS = 1800.0  # of a token that does not say how long it lives


class ClientToken:
    """Fetches a token when it is needed; `forget` it once after a 401, and the next call fetches another.

    `granted` is what came with it: some products say there where their interface is.
    """

    def __init__(
        self,
        transport: Transport,
        where: str,
        url: str,
        form: Mapping[str, str],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = address(where, url)
        self._transport = transport
        self._form = urlencode({"grant_type": "client_credentials", **form}).encode()
        self._monotonic = monotonic
        self._token = ""
        self._until = 0.0
        self.granted: Mapping[str, Any] = {}

    def __call__(self) -> str:
        """The token. Raises Unavailable: an administrator must act, whatever the answer."""
        if not self._token or self._monotonic() >= self._until:
            self._fetch()
        return self._token

    def forget(self) -> None:
        """It was not accepted any more."""
        self._token = ""

    def _fetch(self) -> None:
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
        name = self._transport.name
        try:
            answer = self._transport.call("POST", self._url, headers, self._form)
            self.granted = data = answer.json()
            self._token, life = str(data["access_token"]), float(data.get("expires_in", LIFE_SECONDS))
        except Refused:
            raise self._transport.deny("gives us no token: correct its client id and secret") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Unavailable(f"{name} answered something that is no token: correct its token address") from None
        self._until = self._monotonic() + max(life - EARLY_SECONDS, life / 2)
