"""A little traffic with everything in it, and the books that must balance after it, whatever was killed meanwhile."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib import platforms
from chalicelib.config import company
from chalicelib.model import Case, CaseStatus, DeliveryState
from chalicelib.ports.store import Store
from infra.local.roundup import LocalRoundup
from infra.local.samples import SETTINGS, Body, ago, envelope, plain_post

PLATFORM = "standard-webhooks"
COMPLAINT = "You charged me twice, I want my money back"


@dataclass(frozen=True, slots=True)
class Scenario:
    """The traffic of one run; `number` keeps its posts and authors apart from those of other runs."""

    number: int

    def deliveries(self) -> list[Body]:
        """A complaint, its follow-up and its edit; a question; small talk; a complaint taken back, and another."""
        now = datetime.now(UTC)
        ana, bo, cy, di = (self._who(name) for name in ("ana", "bo", "cy", "di"))
        thread: dict[str, Any] = {"conversation_id": f"thread-{self.number}"}
        edited = ago(1, now).isoformat()
        complaint = plain_post(self._id(1), ana, COMPLAINT, ago(9, now), **thread)
        return [
            envelope("post.created", [complaint], now),
            envelope("post.created", [plain_post(self._id(2), ana, "Still nothing?", ago(8, now), **thread)], now),
            envelope("post.updated", [{**complaint, "text": COMPLAINT + "!!", "edited_at": edited}], now),
            envelope("post.created", [plain_post(self._id(3), bo, "How do I activate my SIM card?", ago(7, now))], now),
            envelope("post.created", [plain_post(self._id(4), cy, "Nice weather at the tower", ago(6, now))], now),
            envelope("post.created", [plain_post(self._id(5), di, COMPLAINT, ago(5, now))], now),
            envelope("post.deleted", [plain_post(self._id(5), di, None, ago(5, now))], now),
            envelope("post.created", [plain_post(self._id(6), di, COMPLAINT, ago(4, now))], now),
        ]

    @property
    def versions(self) -> dict[str, int]:
        """How many decisions each post must have in the end."""
        return {f"forum:{self._id(place)}": count for place, count in ((1, 2), (2, 1), (3, 1), (4, 1), (5, 2), (6, 1))}

    def _id(self, place: int) -> int:
        return self.number * 10 + place

    def _who(self, name: str) -> tuple[str, str]:
        return f"{name}-{self.number}", name


def send(url: str, body: Body, tries: int = 20, at: datetime | None = None) -> None:
    """Send as a platform does: again until it is taken. `at` is when, by the receiver's clock (None: now)."""
    raw = json.dumps(body).encode()
    platform = platforms.platform(PLATFORM, company(SETTINGS).platforms[PLATFORM])
    for _ in range(tries):
        headers = {**platform.sign(raw, at or datetime.now(UTC)), "Content-Type": "application/json"}
        try:
            request = urllib.request.Request(f"{url}/webhooks/{PLATFORM}", raw, headers)  # noqa: S310
            with urllib.request.urlopen(request, timeout=30):  # noqa: S310
                return
        except urllib.error.HTTPError as error:
            if error.code < 500:
                raise
            time.sleep(0.05)
    raise AssertionError("the webhook was never taken")


def discrepancies(scenario: Scenario, store: Store, roundup: LocalRoundup, in_order: bool = True) -> Iterator[str]:
    """What is lost, double, still owed or out of order; nothing when the books balance.

    Sent in disorder, the complaint that is taken back may open no case at all: its deletion came first.
    """
    case_ids, said = set(), set()
    for post_id, versions in scenario.versions.items():
        recorded = store.recorded(post_id)
        if len(recorded) != versions:
            yield f"{post_id} has {len(recorded)} decisions instead of {versions}"
        case_ids |= {record.case_id for record in recorded if record.case_id}
        said |= {record.case_id for record in recorded if record.decision.rule and not record.erased}
    issues = [issue for issue in roundup.issues() if issue["key"] in case_ids]
    for case_id in sorted(case_ids):
        case = store.case(case_id)
        if case is None:
            yield f"case {case_id} is not in the table"
        else:
            yield from told(case, store, [issue for issue in issues if issue["key"] == case_id])
            if case.status is CaseStatus.WITHDRAWN and case_id in said:
                yield f"case {case_id} was withdrawn with a post that nobody took back"
    if len(case_ids) not in ((3,) if in_order else (2, 3)):
        yield f"{len(case_ids)} cases instead of 3"


def told(case: Case, store: Store, issues: list[dict[str, Any]]) -> Iterator[str]:
    """What is wrong between a case and its records in the CRM, which are to be one, with each entry once, in order."""
    if store.owed(case.id):
        yield f"case {case.id} still owes {[delivery.verb for delivery in store.owed(case.id)]}"
    expected = 0 if case.status is CaseStatus.WITHDRAWN else 1
    if len(issues) != expected:
        yield f"case {case.id} ({case.status}) has {len(issues)} records instead of {expected}"
    for issue in issues:
        marks = [_mark(text) for text in issue["messages"]]
        deliveries = [item for item in store.deliveries(case.id) if item.state is DeliveryState.DONE]
        if marks != [delivery.key for delivery in deliveries]:
            yield f"case {case.id}: entries {Counter(marks)} instead of {[d.key for d in deliveries]} in this order"


def _mark(text: str) -> str:
    return text.rpartition("[ref:")[2].partition("]")[0]
