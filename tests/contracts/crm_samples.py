"""Cases and entries for the tests of CRMs: Acme sells routers, Ana's router smokes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from chalicelib.errors import Unavailable
from chalicelib.model import (
    Author,
    Case,
    Changes,
    CrmEvent,
    Decision,
    Entry,
    Kind,
    Outcome,
    Post,
    Priority,
    Recommendation,
)

T = TypeVar("T")
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
ANA = Author(id="77", handle="ana_r", name="Ana Rell", followers=1200, verified=True)


def a_post(number: int = 1, text: str = "My Acme router started to smoke, send help") -> Post:
    """A mention of Acme; each number is another post."""
    return Post(
        id=f"x:{number}",
        platform="x",
        kind=Kind.MENTION,
        text=text,
        created_at=NOON + timedelta(minutes=number),
        permalink=f"https://social.example/ana_r/{number}",
        account_id="acme",
        author=ANA,
    )


def a_decision(post: Post, priority: Priority = Priority.URGENT) -> Decision:
    """What the rules say of it."""
    return Decision(
        post_id=post.id,
        post_version=post.version,
        outcome=Outcome.ESCALATE,
        reason="Smoke is dangerous",
        rule="danger-smoke",
        priority=priority,
        team="product-safety",
        tell=("care-duty",),
        subject="Smoke - ana_r",
        recommendation=Recommendation("activation-question", "activation-help", "community-helper", "after approval"),
        rulebook="r-17",
        owner="product-safety (safety@acme.example)",
    )


def an_entry(post: Post, heading: str = "Escalated") -> Entry:
    """The post, to be written onto a case."""
    return Entry(post.external_key, heading, post, a_decision(post))


def a_case(post: Post) -> Case:
    """The case which the post opens."""
    return Case(
        id=post.external_key,
        post_id=post.id,
        record="case",
        subject="Smoke - ana_r",
        team="product-safety",
        priority=Priority.URGENT,
        tell=("care-duty",),
        platform="x",
        author_key="x:77",
        conversation_id=None,
        topics=("router",),
        rule="danger-smoke",
        reason="Smoke is dangerous",
        opened_at=NOON,
        last_post_at=NOON,
        first_reply_due=NOON + timedelta(minutes=15),
    )


def opened(case: Case, ref: str) -> Case:
    """The case once the CRM knows it."""
    return replace(case, crm_ref=ref)


def heard(pages: Iterable[Changes]) -> list[CrmEvent]:
    """What a CRM told that was asked, all pages together."""
    return [event for page in pages for event in page.events]


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def until_done(call: Callable[[], T], clock: Clock, most: int = 40) -> T:
    """Call as the stream does: again after every Unavailable, not before the CRM wants to hear of us."""
    for _ in range(most):
        try:
            return call()
        except Unavailable as error:
            clock.seconds += (error.retry_after or 0) + 1
    raise AssertionError(f"still not done after {most} calls")
