"""X's batch compliance over HTTP. https://docs.x.com/x-api/compliance/batch-compliance/introduction"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from chalicelib.errors import Unavailable
from chalicelib.model.compliance import ComplianceJob, JobStatus
from chalicelib.transport import Transport

API = "https://api.x.com"
MOST_BYTES = 200_000_000  # a line of some 150 bytes for each post that is gone
READ_SECONDS = 60.0
STAYS = "scrub_geo"  # only the place is to go, and none is kept


class XCompliance:
    """ports.platform.Compliance. Calls raise Unavailable when X does not answer now, Refused when it never will."""

    platform = "x"

    def __init__(self, token: str, api: str = API, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._jobs = f"{api}/2/compliance/jobs"
        self._headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        self._http = Transport("x", READ_SECONDS, monotonic, MOST_BYTES)

    def jobs(self) -> list[ComplianceJob]:
        """The jobs about posts that there are, of the last week, whoever began them."""
        return [_job(item) for item in self._asked("GET", f"{self._jobs}?type=tweets").get("data", [])]

    def begin(self, name: str) -> ComplianceJob:
        """A new job, still without ids. Raises Conflict where X runs one of ours already."""
        body = json.dumps({"type": "tweets", "name": name}).encode()
        return _job(self._asked("POST", self._jobs, body)["data"])

    def look(self, job: ComplianceJob) -> ComplianceJob:
        """The job as it stands now."""
        return _job(self._asked("GET", f"{self._jobs}/{job.id}")["data"])

    def ask(self, job: ComplianceJob, native_ids: Sequence[str]) -> None:
        """Upload the ids; a second time they take the place of the first."""
        self._http.call("PUT", job.upload_url, {"content-type": "text/plain"}, "\n".join(native_ids).encode())

    def gone(self, job: ComplianceJob) -> Iterator[str]:
        """The ids of the posts that must go, of a job that is complete."""
        content = self._http.call("GET", job.download_url, {}).body
        if len(content) >= MOST_BYTES:
            raise Unavailable(f"x: the answer is longer than {MOST_BYTES} bytes; ask of fewer posts at once")
        for line in content.splitlines():
            found = _parsed(line) if line.strip() else {}
            if found.get("id") and found.get("reason") != STAYS:
                yield str(found["id"])

    def _asked(self, method: str, url: str, body: bytes | None = None) -> Any:
        return _parsed(self._http.call(method, url, self._headers, body).body)


def _parsed(content: bytes) -> Any:
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Unavailable("x: the answer is no JSON object")
    return found


def _job(item: Any) -> ComplianceJob:
    try:
        status = JobStatus(item["status"])
        return ComplianceJob(str(item["id"]), item.get("name") or "", status, item["upload_url"], item["download_url"])
    except (KeyError, TypeError, ValueError):
        raise Unavailable("x: the answer describes no compliance job") from None
