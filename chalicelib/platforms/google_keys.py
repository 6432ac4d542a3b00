"""The keys that Google signs with: fetched over HTTPS, kept as long as Google says, and longer while it is silent."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from chalicelib.platforms.google_token import RsaKey, keys_of

HOST, PATH = "www.googleapis.com", "/oauth2/v3/certs"
SECONDS = 3  # to connect, and to answer: the sender waits meanwhile
AGAIN_SECONDS = 60.0  # between two fetches, whatever strangers send
MOST_BYTES = 100_000
MAX_AGE = re.compile(r"max-age=([0-9]{1,7})")

Fetch = Callable[[], tuple[bytes, str]]


def fetch() -> tuple[bytes, str]:
    """The key set and its Cache-Control. Raises OSError."""
    from http.client import HTTPException, HTTPSConnection

    connection = HTTPSConnection(HOST, timeout=SECONDS)
    try:
        connection.request("GET", PATH)
        answer = connection.getresponse()
        if answer.status != 200:
            raise OSError(f"Google answers {answer.status} for its keys")
        return answer.read(MOST_BYTES), answer.getheader("cache-control") or ""
    except HTTPException as error:
        raise OSError("Google's answer for its keys is none") from error
    finally:
        connection.close()


@dataclass(slots=True)
class GoogleKeys:
    """Keys by id. A key of a set that is too old is believed until a new set comes: Google withdraws none early."""

    fetch: Fetch = fetch
    monotonic: Callable[[], float] = time.monotonic
    _known: Mapping[str, RsaKey] = field(default_factory=dict)
    _fresh_until: float = 0.0
    _next_fetch: float = float("-inf")

    def key(self, kid: str) -> RsaKey | None:
        """The key of that id; None where Google has none, or has not told us. Raises nothing."""
        now = self.monotonic()
        if (kid not in self._known or now >= self._fresh_until) and now >= self._next_fetch:
            self._next_fetch = now + AGAIN_SECONDS
            self._refresh(now)
        return self._known.get(kid)

    def _refresh(self, now: float) -> None:
        try:
            body, control = self.fetch()
            self._known = keys_of(body)
        except (OSError, ValueError):  # what is known stays known; the sender tries again, and so do we
            return
        found = MAX_AGE.search(control)
        self._fresh_until = now + (int(found[1]) if found else AGAIN_SECONDS)


KEYS = GoogleKeys()  # one a process: a platform is made anew for every request
