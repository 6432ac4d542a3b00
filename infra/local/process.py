"""Processes of the local cloud: each a Python module in its own group, leashed to this process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


class CloudError(Exception):
    """The local cloud cannot start or go on; the message says what to look at."""


class Leashed:
    """A running module that cannot outlive us; `fileno` turns readable when it has died."""

    def __init__(self, module: str, *arguments: str, env: Mapping[str, str], cwd: Path, log: Path) -> None:
        self._ours, theirs = socket.socketpair()
        fd = theirs.fileno()
        command = [sys.executable, "-m", "infra.local.leash", str(fd), module, *arguments]
        with theirs, log.open("ab") as out:
            self._process = subprocess.Popen(
                command,
                env=dict(env),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                pass_fds=[fd],
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Also the id of its process group."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Not yet ended."""
        return self._process.poll() is None

    def fileno(self) -> int:
        """What `select` waits on."""
        return self._ours.fileno()

    def wait(self, seconds: float) -> int | None:
        """Its exit status; None while it runs."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(seconds)
        return None

    def stop(self, grace: float = 0) -> None:
        """Ask for `grace` seconds, then kill its group, and wait until it is gone."""
        if self._ours.fileno() == -1:
            return  # stopped before; its id may be another's by now
        if grace:
            self._signal(signal.SIGTERM)
            self.wait(grace)
        self._signal(signal.SIGKILL)
        self._process.wait()
        self._ours.close()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):  # the whole group is gone: nothing left to stop
            os.killpg(self._process.pid, number)


def environment(root: Path, scratch: Path) -> dict[str, str]:
    """What every process of the local cloud is told: as little of this machine as possible, as on Lambda."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONPATH": str(root),
        "TMPDIR": str(scratch),
        "HOME": str(scratch),  # no ~/.aws of the developer is ever read
    }


def tail(log: Path, lines: int = 15) -> str:
    """The end of a log, for an error message."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else "(no log)"
