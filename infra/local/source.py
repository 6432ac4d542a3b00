"""What all event sources share: pollers that can be paused between two turns, and that never die silently."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

from infra.local.process import CloudError

Poll = Callable[[], None]


class Poller:
    """One thread that takes turns at polling until it is stopped."""

    def __init__(self, name: str, poll: Poll) -> None:
        self.trouble: Exception | None = None
        self._poll = poll
        self._open = threading.Event()
        self._open.set()
        self._stopping = threading.Event()
        self._turn = threading.Lock()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def name(self) -> str:
        """Of its function, with a number."""
        return self._thread.name

    def start(self) -> None:
        """Begin, once all that `poll` needs is there."""
        self._thread.start()

    def pause(self) -> None:
        """Return when the turn under way has ended; no other begins."""
        self._open.clear()
        with self._turn:
            pass

    def resume(self) -> None:
        """Take turns again."""
        self._open.set()

    def stop(self) -> None:
        """Ask it to end; what it holds goes back to where it came from."""
        self._stopping.set()
        self._open.set()

    def join(self, seconds: float) -> None:
        """Wait for its end. Raises CloudError when it does not end."""
        if self._thread.ident is None:
            return  # never started
        self._thread.join(seconds)
        if self._thread.is_alive():
            raise CloudError(f"the poller {self.name} did not end within {seconds} s")

    def rest(self, seconds: float) -> None:
        """Wait, but not longer than until the stop."""
        self._stopping.wait(seconds)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._open.wait()
            with self._turn:
                if self._open.is_set() and not self._stopping.is_set():
                    self._take_turn()

    def _take_turn(self) -> None:
        try:
            self._poll()
        except Exception as error:
            if not self._stopping.is_set():  # at the stop the services go first
                self.trouble = error
                self._stopping.set()


class Source(Protocol):
    """What calls one function."""

    pollers: list[Poller]


class Bell:
    """Rung when something may have been written, so that nobody has to poll an idle stream often."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def ring(self) -> None:
        """There may be work."""
        self._event.set()

    def wait(self, seconds: float) -> None:
        """Until rung, or that long."""
        self._event.wait(seconds)
        self._event.clear()


def until(deadline: float) -> float:
    """Seconds left on the monotonic clock, never negative."""
    return max(deadline - time.monotonic(), 0.0)
