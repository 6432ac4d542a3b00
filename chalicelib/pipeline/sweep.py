"""Posts that are gone on a platform that never told us: asked of it in one job, and deleted here as if it had told.

The platform's own list of jobs is the only memory: a sweep that was killed finds its job by its name, and goes on with
it. Whatever is done twice (ids uploaded, deletions queued) comes to the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from chalicelib.errors import Unavailable
from chalicelib.model import Action, Post
from chalicelib.model.compliance import ComplianceJob, JobStatus
from chalicelib.ports.clock import Clock
from chalicelib.ports.deciding import PostQueue
from chalicelib.ports.platform import Compliance
from chalicelib.ports.store import Store

T = TypeVar("T")
PREFIX = "earshot-"
POLL = 30.0  # seconds between two looks at a job
AT_ONCE = 500  # deletions put on the queue together


@dataclass(frozen=True, slots=True)
class Swept:
    """How far a sweep came: its job and the job's status, how many posts were asked about, how many are gone.

    `job` is None where no post of the platform is kept, `asked` where an earlier run has uploaded the ids, `gone` until
    the platform has answered.
    """

    job: str | None = None
    status: JobStatus | None = None
    asked: int | None = None
    gone: int | None = None


@dataclass(frozen=True, slots=True)
class Sweep:
    """One platform's sweep; `patience` is how long it waits for the platform in all before it leaves off."""

    compliance: Compliance
    store: Store
    queue: PostQueue
    clock: Clock
    patience: timedelta
    pause: Callable[[float], None] = time.sleep

    def run(self) -> Swept:
        """Begin the day's job or go on with it, as far as the platform lets us. Raises Unavailable, Refused."""
        until, name = self.clock() + self.patience, f"{PREFIX}{self.clock():%Y-%m-%d}"
        job, _ = self._patiently(until, lambda: self._under_way(name))
        if job and job.status is not JobStatus.CREATED:
            return self._awaited(job, None, until)
        ids = [post_id.partition(":")[2] for post_id in self.store.with_words(self.compliance.platform)]
        if not ids:
            return Swept(asked=0)
        begun = self._patiently(until, lambda: self._begun(name))
        self._patiently(until, lambda: self.compliance.ask(begun, ids))
        return self._awaited(begun, len(ids), until)

    def _under_way(self, name: str) -> tuple[ComplianceJob | None, int]:
        """The day's job that may still come to something, and how many were begun that day."""
        ours = [job for job in self.compliance.jobs() if job.name.startswith(name)]
        return next((job for job in ours if not job.status.is_dead), None), len(ours)

    def _begun(self, name: str) -> ComplianceJob:
        """The day's job, begun unless it is: the answer to an earlier try may have been lost."""
        job, before = self._under_way(name)
        return job or self.compliance.begin(f"{name}.{before}" if before else name)  # a dead one keeps its name

    def _awaited(self, job: ComplianceJob, asked: int | None, until: datetime) -> Swept:
        while job.status is not JobStatus.COMPLETE:
            if job.status.is_dead or self.clock() >= until:
                return Swept(job.name, job.status, asked)
            self.pause(POLL)
            job = self._looked_at(job, until)
        gone = self._patiently(until, lambda: list(self.compliance.gone(job)))
        for some in _by(AT_ONCE, gone):
            self.queue.put([self._deletion(native) for native in some])
        return Swept(job.name, job.status, asked, len(gone))

    def _looked_at(self, job: ComplianceJob, until: datetime) -> ComplianceJob:
        return self._patiently(until, lambda: self.compliance.look(job))

    def _deletion(self, native: str) -> Post:
        """As the platform would have told it, had it told; whose it was it does not say."""
        platform = self.compliance.platform
        return Post(f"{platform}:{native}", platform, action=Action.DELETE, delivered_at=self.clock())

    def _patiently(self, until: datetime, call: Callable[[], T]) -> T:
        """The call's result, however often the platform must be asked, until time is up."""
        while True:
            try:
                return call()
            except Unavailable as trouble:
                wait = max(trouble.retry_after or POLL, 1.0)
                if self.clock() + timedelta(seconds=wait) > until:
                    raise
                self.pause(wait)


def _by(size: int, items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))
