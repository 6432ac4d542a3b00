"""From a bridge to Earshot's endpoint: signed, and sent again until it is taken."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from chalicelib.cli.send import deliver
from chalicelib.config import PlatformSettings
from chalicelib.errors import SettingsError, Unavailable
from chalicelib.platforms import platform

SECRET = "EARSHOT_BRIDGE_SECRET"  # noqa: S105 - the name of a variable
LONGEST_PAUSE = 60.0
log = logging.getLogger("earshot.bridge")


class Stopped(Exception):
    """Somebody wants the bridge to end; what is not forwarded yet is read again by the next one."""


def pause_after(tries: int) -> float:
    """Seconds to wait after so many tries in vain."""
    return min(2.0 ** min(tries, 10), LONGEST_PAUSE)


class Endpoint:
    """One platform's webhook address. `wait` sleeps, and raises Stopped when the bridge is to end."""

    def __init__(self, name: str, url: str, secret: str, wait: Callable[[float], None]) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise SettingsError("--to: expected Earshot's address of the webhook, with https://")
        self._sender = platform(name, PlatformSettings(secrets=(secret,)))
        self._sender.sign(b"", datetime.now(UTC))  # a secret that is none is told now, not with the first post
        self._url = url
        self._wait = wait

    def tell(self, body: bytes) -> None:
        """Return when it is taken, however long that takes: what is behind it in the stream waits. Raises Stopped."""
        tries = 0
        while not self._is_taken(body):
            self._wait(pause_after(tries))
            tries += 1

    def _is_taken(self, body: bytes) -> bool:
        try:
            status = deliver(self._url, body, self._sender.sign(body, datetime.now(UTC)))
        except Unavailable:
            log.warning("nobody answers at Earshot's address; trying again")
            return False
        if not 200 <= status < 300:
            log.warning("Earshot answers %d%s; trying again", status, _hint(status))
        return 200 <= status < 300


def secret_of(env: Mapping[str, str]) -> str:
    """The secret to sign with. Raises SettingsError."""
    if not env.get(SECRET):
        raise SettingsError(f"{SECRET} is not set: it holds the platform's secret of Earshot's settings")
    return env[SECRET]


def _hint(status: int) -> str:
    hints = {401: f": {SECRET} is not the secret in its settings", 404: ": the platform has no secret in its settings"}
    return hints.get(status, "")
