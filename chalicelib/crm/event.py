"""The JSON of the generic webhook: `case.opened` and `case.added`, always below 20 kB."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from chalicelib.crm import rendering
from chalicelib.model import Author, Case, Decision, Entry, Post
from chalicelib.plain import clean, cut_bytes, one_line

MOST_BYTES = 20_000  # what Standard Webhooks advise
# JSON writes a line end, a quotation mark and a backslash in two bytes: with the second even those fit.
TEXT_BYTES = (12_000, 3_500)
CONTEXT_BYTES, LINE_BYTES, LINK_BYTES, MOST_NAMES = 600, 150, 500, 5
SAMPLE_BYTES = 600


def event(kind: str, subject: str, case: Case, entry: Entry) -> bytes:
    """One event as JSON; the same case and entry always give the same bytes."""
    at = case.opened_at if kind == "case.opened" or entry.post is None else entry.post.at or case.last_post_at
    head = {"type": kind, "timestamp": _instant(at)}
    for most in TEXT_BYTES:
        data = {"case": _case(subject, case), "entry": _entry(entry, most)}
        content = json.dumps({**head, "data": data}, ensure_ascii=False, separators=(",", ":")).encode()
        if len(content) < MOST_BYTES:
            break
    return content


def _case(subject: str, case: Case) -> dict[str, Any]:
    return _known(
        id=case.id,
        record=_line(case.record),
        subject=_line(subject),
        platform=_line(case.platform),
        priority=case.priority.value if case.priority else None,
        team=_line(case.team),
        tell=_lines(case.tell),
        topics=_lines(case.topics),
        opened_at=_instant(case.opened_at),
        first_reply_due=_instant(case.first_reply_due),
    )


def _entry(entry: Entry, most: int) -> dict[str, Any]:
    return {
        "key": entry.key,
        "heading": _line(entry.heading),
        "post": _post(entry.post, most) if entry.post else None,
        "decision": _decision(entry.decision),
        **({"alert": _alert(entry)} if entry.told else {}),
    }


def _alert(entry: Entry) -> dict[str, Any]:
    """What an alert tells, and some of the posts that raised it, without who wrote them."""
    samples = (_post(replace(post, author=Author()), SAMPLE_BYTES) for post in entry.samples)
    return {"lines": [_line(line) for line in entry.told], "posts": list(samples)}


def _post(post: Post, most: int) -> dict[str, Any]:
    permalink = rendering.link(post.permalink)
    return _known(
        id=_line(post.id),
        platform=_line(post.platform),
        kind=post.kind.value if post.kind else None,
        text=_text(post.text, most),
        parent_text=_text(post.parent_text, CONTEXT_BYTES),
        quoted_text=_text(post.quoted_text, CONTEXT_BYTES),
        at=_instant(post.at),
        at_is_delivery_time=post.is_delivery_time or None,
        url=permalink if permalink and len(permalink.encode()) <= LINK_BYTES else None,
        conversation=_line(post.conversation_id),
        in_reply_to=_line(post.in_reply_to),
        rating=post.rating if post.rating is not None and math.isfinite(post.rating) else None,
        author=_author(post.author),
    )


def _author(author: Author) -> dict[str, Any]:
    return _known(
        id=_line(author.id),
        handle=_line(author.handle),
        name=_line(author.name),
        followers=author.followers,
        verified=author.verified,
    )


def _decision(decision: Decision) -> dict[str, Any]:
    offer = decision.recommendation
    return _known(
        outcome=decision.outcome.value,
        reason=_line(decision.reason),
        rule=_line(decision.rule),
        owner=_line(decision.owner),
        rulebook=_line(decision.rulebook),
        priority=decision.priority.value if decision.priority else None,
        team=_line(decision.team),
        recommendation=_known(template=_line(offer.template), offer=_line(offer.offer), send=_line(offer.send))
        if offer
        else None,
    )


def _known(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _line(text: str | None) -> str | None:
    return cut_bytes(one_line(text, LINE_BYTES), LINE_BYTES) if text else None


def _lines(names: Sequence[str]) -> list[str | None]:
    return [_line(name) for name in names[:MOST_NAMES]]


def _text(text: str | None, most: int) -> str | None:
    return cut_bytes(clean(text), most) if text is not None else None


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None
