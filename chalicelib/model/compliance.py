"""A platform's answer to the question which of the posts we keep are gone there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class JobStatus(StrEnum):
    """How far a compliance job has come, in X's words."""

    CREATED = "created"
    IN_PROGRESS = "in_progress"
    COMPLETE = "complete"
    FAILED = "failed"
    EXPIRED = "expired"

    @property
    def is_dead(self) -> bool:
        """Whether nothing will ever come of it."""
        return self in (JobStatus.FAILED, JobStatus.EXPIRED)


@dataclass(frozen=True, slots=True)
class ComplianceJob:
    """One such question at the platform; the addresses are signed, so they are worth as much as a secret."""

    id: str
    name: str
    status: JobStatus
    upload_url: str
    download_url: str
