"""Leases in one process's memory: the fake beside the real ones, with the same promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from threading import RLock

from chalicelib.model.lease import Grant, Lease
from chalicelib.ports.clock import Clock


class MemoryLeases:
    """ports.platform.Leases."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = RLock()
        self._leases: dict[str, Lease] = {}

    def leases(self, names: Sequence[str]) -> list[Lease]:
        with self._lock:
            return [self._leases.get(name, Lease(name)) for name in names]

    def claim(self, lease: Lease, mark: str) -> bool:
        with self._lock:
            now = self._leases.get(lease.name, Lease(lease.name))
            if now.asked_at != lease.asked_at:
                return False
            kept = now if mark == lease.mark else replace(now, granted_at=None, ends_at=None)
            self._leases[lease.name] = replace(kept, asked_at=self._clock(), tries=lease.tries + 1, mark=mark)
            return True

    def granted(self, grant: Grant) -> None:
        with self._lock:
            lease = self._leases.get(grant.name)
            if lease is None:
                return
            if grant.lasts is None:
                self._leases[grant.name] = replace(lease, granted_at=None, ends_at=None)
                return
            now = self._clock()
            self._leases[grant.name] = replace(lease, granted_at=now, ends_at=now + grant.lasts, tries=0)
