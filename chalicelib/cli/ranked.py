"""`earshot cases --by relevance`: what nobody has answered, most pressing first, each place with its reasons."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from chalicelib.codec import to_json
from chalicelib.model import Case, CaseStatus, Context
from chalicelib.ports.store import Store
from chalicelib.reading import read
from chalicelib.rulebook.relevance import Ranked, ranked, waits_for_people


def in_order(store: Store, now: datetime | None = None) -> list[Ranked]:
    """Open cases that nobody has answered: most points first, then the oldest. Raises Unavailable."""
    now = now or datetime.now(UTC)
    waiting = filter(waits_for_people, store.cases(CaseStatus.OPEN))
    return sorted((_ranked(store, case, now) for case in waiting), key=lambda each: each.place)


def lines(each: Ranked, shown: str) -> Iterator[str]:
    """What a person reads: the case as `earshot cases` shows it, and beneath it why it stands here."""
    yield f"{each.score:>6.1f}  {shown}"
    told = " + ".join(f"{part.points:g} {part.why}" for part in each.parts)
    follow = "" if each.followers is None else f" ({each.followers:,} followers, which count for nothing)"
    yield f"        {told or 'no reason to hurry'}{follow}"


def as_json(each: Ranked) -> str:
    """One JSON object: the case, and its points by reason."""
    parts = [{"why": part.why, "points": part.points} for part in each.parts]
    relevance = {"score": each.score, "parts": parts, "followers": each.followers}
    return json.dumps({**to_json(each.case), "relevance": relevance})


def _ranked(store: Store, case: Case, now: datetime) -> Ranked:
    versions = store.recorded(case.post_id)
    if not versions:
        return ranked(case, {}, now)
    post = versions[-1].post
    (standing,) = store.standings([post])
    heard = read(post, Context()).values
    return ranked(case, heard, now, standing.link is not None, post.author.followers)
