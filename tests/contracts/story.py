"""Made-up posts of Acme's customers, and what is saved about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.model import (
    Action,
    Answer,
    Author,
    Case,
    Decision,
    Delivery,
    LineAnswer,
    OpenCase,
    Outcome,
    Post,
    Priority,
    RuleTrace,
    Saved,
    Standing,
    Verb,
)
from chalicelib.ports.store import Store

MORNING = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


def post(number: int | str = 1, **fields: Any) -> Post:
    """A post about a router."""
    given = {
        "text": "My Acme router is dead again",
        "created_at": MORNING,
        "account_id": "acme",
        "conversation_id": "c-1",
        "author": Author(id="ana", handle="ana_writes"),
    }
    return Post(id=f"mastodon:{number}", platform="mastodon", **{**given, **fields})


def ignored(of: Post, **fields: Any) -> Decision:
    """A decision that does nothing."""
    return Decision(of.id, of.version, Outcome.IGNORE, "no rule", **fields)


def escalated(of: Post, **fields: Any) -> Decision:
    """A decision that opens or joins a case."""
    line = LineAnswer("all", "text has any: [router]", Answer.YES, ("router",))
    trace = RuleTrace("router-dead", "live", True, (line,))
    given = {"rule": "router-dead", "priority": Priority.HIGH, "team": "network-care", "lines": (trace,)}
    return Decision(of.id, of.version, Outcome.ESCALATE, "a dead router", **{**given, **fields})


def delivery(case_id: str, sequence: str, of: Post, verb: Verb = Verb.OPEN_CASE) -> Delivery:
    """What the CRM is owed for a post."""
    return Delivery(case_id, sequence, f"key-{case_id}-{sequence}", verb, of.id, of.version, "A dead router")


def opening(of: Post, standing: Standing, **fields: Any) -> Saved:
    """A post that opens a case."""
    at = of.at or MORNING
    case = Case(
        id=of.external_key,
        post_id=of.id,
        record="case",
        subject="Router dead - ana_writes",
        team="network-care",
        priority=Priority.HIGH,
        tell=("brand-duty",),
        platform=of.platform,
        author_key=of.author_key,
        conversation_id=of.conversation_id,
        topics=("router",),
        rule="router-dead",
        reason="a dead router",
        opened_at=fields.pop("opened_at", at),
        last_post_at=at,
    )
    opened = OpenCase(case.id, case.conversation_id, case.topics, case.rule, at)
    owed = delivery(case.id, "0001", of)
    saved = Saved(of, escalated(of), standing, opens=case, remembers=(*standing.open_cases, opened), deliveries=(owed,))
    return replace(saved, **fields)


def joining(of: Post, standing: Standing, case_id: str, sequence: str = "0002") -> Saved:
    """A post that joins a case."""
    owed = delivery(case_id, sequence, of, Verb.ADD_TO_CASE)
    remembers = tuple(
        replace(case, last_post_at=of.at or case.last_post_at) if case.case_id == case_id else case
        for case in standing.open_cases
    )
    return Saved(of, escalated(of), standing, joins=case_id, remembers=remembers, deliveries=(owed,))


def open_case(store: Store, of: Post | None = None) -> Saved:
    """Save a post that opens a case."""
    of = of or post()
    saved = opening(of, store.standings([of])[0])
    assert store.save(saved)
    return saved


def case_id(saved: Saved) -> str:
    """The case it belongs to."""
    found = saved.case_id
    assert found is not None
    return found


def edit_of(before: Post, text: str, minutes: int = 5) -> Post:
    """The same post, edited."""
    return replace(before, action=Action.EDIT, text=text, edited_at=MORNING + timedelta(minutes=minutes))


def deletion_of(before: Post) -> Post:
    """The same post, deleted; some platforms send the text along."""
    return replace(before, action=Action.DELETE, edited_at=None)
