"""Platforms: each delivery is signed and sent until it is taken or refused, by several senders at once."""

from __future__ import annotations

import threading
import time
import urllib.error
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib import platforms
from chalicelib.config import PlatformSettings, company
from infra.local.samples import SETTINGS
from infra.local.telling import FORGED, post
from tests.faults.traffic import Sending

TRIES = 200
PAUSE = 0.15  # seconds between two tries; platforms wait longer


@dataclass(frozen=True, slots=True)
class Sent:
    """One delivery and how it ended: the last answer (0: never one), after so many tries."""

    sending: Sending
    status: int
    tries: int

    @property
    def is_taken(self) -> bool:
        """Acknowledged: from now on it is the service's."""
        return self.status == 200


def send_all(url: str, sendings: Sequence[Sending], senders: int = 6) -> list[Sent]:
    """How each ended, in no order."""
    left, lock, sent = iter(sendings), threading.Lock(), list[Sent]()

    def work() -> None:
        for one in _next(left, lock):
            sent.append(send(url, one))

    threads = [threading.Thread(target=work, daemon=True) for _ in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sent


def send(url: str, sending: Sending) -> Sent:
    """Send one until it is taken or refused; 5xx and broken connections are tried again, as platforms do."""
    for tries in range(1, TRIES + 1):
        status = _once(url, sending)
        if 200 <= status < 500:
            return Sent(sending, status, tries)
        time.sleep(PAUSE)
    return Sent(sending, status, TRIES)


def _next(left: Iterator[Sending], lock: threading.Lock) -> Iterator[Sending]:
    while True:
        with lock:
            one = next(left, None)
        if one is None:
            return
        yield one


def _once(url: str, sending: Sending) -> int:
    settings = PlatformSettings(secrets=(FORGED,)) if sending.forged else KNOWN[sending.platform]
    known = sending.platform in platforms.PLATFORMS
    headers = platforms.platform(sending.platform, settings).sign(sending.raw, datetime.now(UTC)) if known else {}
    try:
        return post(f"{url}/webhooks/{sending.platform}", sending.raw, headers)
    except (urllib.error.URLError, OSError):
        return 0


KNOWN = company(SETTINGS).platforms
