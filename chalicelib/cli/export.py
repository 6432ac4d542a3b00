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
from chalicelib.model import Case, Recorded
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
    return FINE if found["posts"] or any(found["records"].values()) else FOUND


def held(parts: Wiring, authors: Sequence[str]) -> dict[str, Any]:
    """By the same search that an erasure makes: posts with their decisions, cases, and what is remembered of each."""
    recorded = sorted(parts.erasures.written_by(authors), key=lambda record: record.decided_at)
    cases = [case for name in _case_ids(recorded) if (case := parts.store.case(name)) and case.author_key in authors]
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
    return {**to_json(case), "told_to_the_crm": told}


def _case_ids(recorded: Sequence[Recorded]) -> list[str]:
    return list(dict.fromkeys(record.case_id for record in recorded if record.case_id))


def _record(parts: Wiring, author: str) -> dict[str, Any]:
    """What is remembered of the author beside their posts: which customer they are taken for."""
    link = parts.identities.link(author)
    return {"customer": to_json(link)} if link else {}
