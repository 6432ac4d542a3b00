"""A CRM's answer, and the verdict on it that all CRMs have in common: who must act."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from chalicelib.errors import Conflict, Denied, EarshotError, Refused, Unavailable
from chalicelib.plain import one_line

LONGEST_QUIET = 3600.0
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
        """The CRM's own words, at most 500 characters on one line: EspoCRM's stand in a header."""
        said = (self.headers.get("x-status-reason", ""), self.body[:4000].decode(errors="replace"))
        return one_line(" ".join(said), 500)


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
        return Conflict(f"{name} sees a conflict ({status})", words=answer.words)
    return _for_an_administrator(name, answer) or Refused(answer.words or f"{name} answered {status} without a word")


def _wait(answer: Answer) -> float | None:
    asked = retry_after(answer.headers.get("retry-after"))
    return max(asked or 0.0, 1.0) if answer.status == 429 else asked  # Roundup rounds half a second down to 0


def _for_an_administrator(name: str, answer: Answer) -> Unavailable | None:
    if answer.status == 401:
        return Denied(f"{name} does not accept our credentials (401): correct them", QUIET_AFTER_DENIAL)
    if answer.status == 403:
        return Unavailable(f"{name} forbids this to our user (403): grant it there", words=answer.words)
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
