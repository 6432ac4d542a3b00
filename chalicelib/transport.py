"""One shared way to call others over HTTP: CRMs, hubs, the channels by which people are told."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from urllib.parse import urlsplit

import urllib3

from chalicelib.errors import Denied, SettingsError, Unavailable
from chalicelib.verdict import LONGEST_QUIET, QUIET_AFTER_DENIAL, Answer, verdict

CONNECT_SECONDS, READ_SECONDS = 3.0, 10.0
MOST_BYTES = 2_000_000
CALLS_IN_A_ROW, MOST_STRIKES = 10, 12


class Transport:
    """Pooled HTTP: 3 s to connect, 10 s to answer, no retry (that is the stream's), no redirect followed.

    While the CRM's Retry-After lasts, and for a minute after a 401, nothing is sent: calls raise Unavailable at once.
    Each further time the quiet doubles, up to an hour, until ten calls in a row have gone well.
    """

    def __init__(
        self,
        name: str,
        read_seconds: float = READ_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.name = name
        self.read_seconds = read_seconds
        self._monotonic = monotonic
        self._most_bytes = most_bytes
        self._quiet_until = 0.0
        self._denied = False
        self._strikes = self._well = 0
        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=read_seconds)
        self._pool = urllib3.PoolManager(num_pools=2, maxsize=10, timeout=timeout, retries=False)

    def call(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        taken: Collection[int] = (),
    ) -> Answer:
        """The answer, when it is a 2xx or among `taken`, the statuses that mean something of their own to the caller.

        Raises Refused, Unavailable, or Conflict (409, 412: look it up).
        """
        self._respect_quiet()
        answer = self._send(method, url, headers, body)
        error = None if answer.status in taken else verdict(self.name, answer)
        if error is None:
            self._went_well()
            return answer
        if isinstance(error, Unavailable) and error.retry_after:
            error.retry_after = self._keep_quiet(error.retry_after)
            self._denied = isinstance(error, Denied)
        raise error

    def rest(self, why: str, seconds: float) -> Unavailable:
        """Leave the CRM alone for that long, which it asked for in a way of its own; the error to raise."""
        self._denied = False
        return Unavailable(f"{self.name} {why}", retry_after=self._keep_quiet(seconds))

    def deny(self, why: str) -> Denied:
        """Leave it alone as after a 401: it told in a way of its own that it does not know us; the error to raise."""
        self._denied = True
        return Denied(f"{self.name} {why}", retry_after=self._keep_quiet(QUIET_AFTER_DENIAL))

    def _went_well(self) -> None:
        self._well += 1
        if self._well >= CALLS_IN_A_ROW:
            self._strikes = 0

    def _keep_quiet(self, seconds: float) -> float:
        """A CRM that lets us make one call at a time would never see a case through, which takes several: wait more."""
        now = self._monotonic()
        if now >= self._quiet_until:  # answers to calls that ran side by side are one strike
            self._strikes = min(self._strikes + 1, MOST_STRIKES)
        self._well = 0
        longer = min(seconds * 2.0 ** (self._strikes - 1), LONGEST_QUIET)
        self._quiet_until = max(self._quiet_until, now + longer)
        return longer

    def _respect_quiet(self) -> None:
        left = self._quiet_until - self._monotonic()
        if left > 0:
            if self._denied:
                raise Denied(f"{self.name} is left alone for another {left:.0f} s, as it locks out who knocks", left)
            raise Unavailable(f"{self.name} is left alone for another {left:.0f} s, as it asked", retry_after=left)

    def _send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        try:
            response = self._pool.request(
                method, url, headers=headers, body=body, redirect=False, preload_content=False
            )
            content = response.read(self._most_bytes)
            response.release_conn() if len(content) < self._most_bytes else response.close()
        except urllib3.exceptions.HTTPError as error:
            # `from None`: its text quotes the address, in which a webhook may carry a secret
            raise Unavailable(f"{self.name} did not answer ({type(error).__name__})") from None
        return Answer(response.status, {key.lower(): value for key, value in response.headers.items()}, content)


def address(where: str, url: str) -> str:
    """The url, when it is one that can be called. Raises SettingsError, which does not quote it."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(char.isspace() or not char.isascii() for char in url):
        raise SettingsError(f"{where}: expected an address that starts with https:// (or http:// on a safe network)")
    if parts.username or parts.password:
        raise SettingsError(f"{where}: the address must hold no user or password; they have settings of their own")
    return url
