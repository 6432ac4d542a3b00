"""One shared way to call a CRM over HTTP, and the verdict on its answers that all CRMs have in common."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import urllib3

from chalicelib.crm.plain import one_line
from chalicelib.errors import Conflict, EarshotError, Refused, SettingsError, Unavailable

CONNECT_SECONDS, READ_SECONDS = 3.0, 10.0
MOST_BYTES = 2_000_000
LONGEST_QUIET = 3600.0
CALLS_IN_A_ROW, MOST_STRIKES = 10, 12
# Some CRMs lock an address out after a few wrong passwords, even for the right one: knock slowly.
QUIET_AFTER_DENIAL = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: header names in lower case, at most 2 MB of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON. Raises ValueError."""
        return json.loads(self.body)

    @property
    def words(self) -> str:
        """The CRM's own words, at most 500 characters on one line."""
        return one_line(self.body[:4000].decode(errors="replace"), 500)


class Transport:
    """Pooled HTTP: 3 s to connect, 10 s to answer, no retry (that is the stream's), no redirect followed.

    While the CRM's Retry-After lasts, and for a minute after a 401, nothing is sent: calls raise Unavailable at once.
    Each further time the quiet doubles, up to an hour, until ten calls in a row have gone well.
    """

    def __init__(
        self, name: str, read_seconds: float = READ_SECONDS, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = name
        self.read_seconds = read_seconds
        self._monotonic = monotonic
        self._quiet_until = 0.0
        self._strikes = self._well = 0
        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=read_seconds)
        self._pool = urllib3.PoolManager(num_pools=2, maxsize=10, timeout=timeout, retries=False)

    def call(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """The answer, when it is a 2xx. Raises Refused, Unavailable, or Conflict (409, 412: look it up)."""
        self._respect_quiet()
        answer = self._send(method, url, headers, body)
        error = verdict(self.name, answer)
        if error is None:
            self._went_well()
            return answer
        if isinstance(error, Unavailable) and error.retry_after:
            error.retry_after = self._keep_quiet(error.retry_after)
        raise error

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
            raise Unavailable(f"{self.name} is left alone for another {left:.0f} s, as it asked", retry_after=left)

    def _send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        try:
            response = self._pool.request(
                method, url, headers=headers, body=body, redirect=False, preload_content=False
            )
            content = response.read(MOST_BYTES)
            response.release_conn() if len(content) < MOST_BYTES else response.close()
        except urllib3.exceptions.HTTPError as error:
            # `from None`: its text quotes the address, in which a webhook may carry a secret
            raise Unavailable(f"{self.name} did not answer ({type(error).__name__})") from None
        return Answer(response.status, {key.lower(): value for key, value in response.headers.items()}, content)


def verdict(name: str, answer: Answer) -> EarshotError | None:
    """None for 2xx; else the error that says who must act.

    401 and 403 are Unavailable: an administrator must act, but what is owed stays owed until it is put right.
    """
    status = answer.status
    if 200 <= status < 300:
        return None
    if status in (408, 425, 429) or status >= 500:
        return Unavailable(f"{name} cannot take it now ({status})", _wait(answer))
    if status in (409, 412):
        return Conflict(answer.words or f"{name} sees a conflict ({status})")
    return _for_an_administrator(name, answer) or Refused(answer.words or f"{name} answered {status} without a word")


def _wait(answer: Answer) -> float | None:
    asked = retry_after(answer.headers.get("retry-after"))
    return max(asked or 0.0, 1.0) if answer.status == 429 else asked  # Roundup rounds half a second down to 0


def _for_an_administrator(name: str, answer: Answer) -> Unavailable | None:
    if answer.status == 401:
        return Unavailable(f"{name} does not accept our credentials (401): correct them", QUIET_AFTER_DENIAL)
    if answer.status == 403:
        return Unavailable(f"{name} forbids this to our user (403): grant it there. It says: {answer.words}")
    if answer.status < 400:
        return Unavailable(f"{name} redirects us ({answer.status}), which is not followed: correct the url")
    return None


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds to wait, at most an hour; None when it is absent or unreadable (RFC 9110, 10.2.3: seconds or a date)."""
    if value is None:
        return None
    try:
        seconds = float(value) if value.strip().isdecimal() else _until(value, now or datetime.now(UTC))
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), LONGEST_QUIET)


def _until(date: str, now: datetime) -> float:
    moment = parsedate_to_datetime(date)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - now).total_seconds()


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
