"""What the starters of real CRMs share: a free port, waiting for an answer, and saying why a test is skipped."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import urllib3

REPO = Path(__file__).parents[2]
CACHE = REPO / ".cache"
INSTALL = "run .ci/install-live as root"


def need(what: str, is_there: bool) -> None:
    """Skip the test that asks, saying what is missing and how it comes."""
    if not is_there:
        pytest.skip(f"{what} is not installed: {INSTALL}")


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(what: str, is_so: Callable[[], bool], log: Path, seconds: float = 60) -> None:
    """Raises RuntimeError with the log's place when it does not become so."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise RuntimeError(f"{what} does not answer; see {log}")
        time.sleep(0.1)


def answers(url: str, headers: Mapping[str, str]) -> bool:
    """Whether a GET is answered with 200."""
    try:
        return urllib3.request("GET", url, headers=dict(headers), timeout=10.0, retries=False).status == 200
    except urllib3.exceptions.HTTPError:
        return False
