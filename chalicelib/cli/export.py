"""`earshot export AUTHOR`: everything that is held about an author, for them to read, and nothing of others."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from chalicelib.cli.forget import named
from chalicelib.cli.main import FINE, FOUND
from chalicelib.cli.place import wiring
from chalicelib.codec import to_json
from chalicelib.model import Author, Case, Post, Recorded
from chalicelib.model.notice import keys_of_case
from chalicelib.wiring import Wiring, now


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `earshot export` takes."""
    told = "platform:id, as `author_key` in the cases; one person's names may be given together"
    parser.add_argument("author", metavar="AUTHOR", nargs="+", help=told)


def run(args: argparse.Namespace) -> int:
    """Print one JSON object; 1 where nothing is held. It reads the whole table. Raises SettingsError, Unavailable."""
    authors = named(args.author)
    found = held(wiring(), authors)
    print(json.dumps(found, indent=2, ensure_ascii=False))
    return FINE if found["posts"] or found["cases"] or any(found["records"].values()) else FOUND


def held(parts: Wiring, authors: Sequence[str]) -> dict[str, Any]:
    """By the same search that an erasure makes: posts with their decisions, cases, and what is remembered of each."""
    found = parts.erasures.held(authors)
    recorded = sorted(found.posts, key=lambda record: record.decided_at)
    cases = sorted(found.cases, key=lambda case: case.opened_at)  # they outlive their posts
    return {
        "authors": list(authors),
        "exported_at": to_json(now()),
        "posts": [_post(record) for record in recorded],
        "cases": [_case(parts, case) for case in cases],
        "records": {name: _record(parts, name) for name in authors},
        "not_held_here": "What the CRM keeps, and what waits in queues for at most fourteen days.",
    }


def _post(record: Recorded) -> dict[str, Any]:
    """Without the words of those whom they answered or quoted: these are others'."""
    mine = replace(record.post, parent_text=None, quoted_text=None)
    more = {"decided_at": to_json(record.decided_at), "case_id": record.case_id, "erased": record.erased}
    return {"post": to_json(mine), "decision": to_json(record.decision), **more}


def _case(parts: Wiring, case: Case) -> dict[str, Any]:
    told = [{"what": each.heading, "state": each.state.value} for each in parts.store.deliveries(case.id)]
    names = keys_of_case(case.id, len(case.late))
    notices = [to_json(notice) for name in names if (notice := parts.notices.find(name))]
    return {**to_json(case), "told_to_the_crm": told, "told_to_people": notices}


def _record(parts: Wiring, author: str) -> dict[str, Any]:
    """What is remembered of the author beside their posts; nothing where they have no record.

    Of the cases those that are not told to the rules any more (400 days) stand among the cases alone.
    """
    platform, _, name = author.partition(":")
    (known,) = parts.store.standings([Post(f"{platform}:", platform, author=Author(id=name))])
    kept = {"open_cases": known.open_cases, "recommended": known.recommended, "customer": known.link}
    return {what: to_json(value) for what, value in kept.items() if value}
