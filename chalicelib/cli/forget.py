"""`earshot forget`: everything that some authors wrote is erased; without one, the wishes to be forgotten there are."""

from __future__ import annotations

import argparse
import hashlib
import json
import secrets
from collections.abc import Sequence
from typing import Any

from chalicelib.cli.main import FINE, FOUND
from chalicelib.cli.place import wiring
from chalicelib.codec import to_json
from chalicelib.errors import NotFound, SettingsError
from chalicelib.model.erasure import BY_HAND, Erasure
from chalicelib.ports.store import Erasures
from chalicelib.wiring import now

ERASED = [
    "text", "media", "author", "permalink", "conversation",
    "words of the text in reasons and traces of decisions",
    "the author's record",
    "author, name and words in their cases, in what the CRM is owed for these and in what people were told of them",
]  # fmt: skip
KEPT = [
    "that something was decided about a post, by which rule and when",
    "words of theirs that other people's posts quote or answer, as long as those posts are kept: they are not searched",
    "what people were told by a channel, and what the CRM holds until its people erase it",
    "a hash of their id for 45 days, so that nothing of before that arrives late is kept",
]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `earshot forget` takes."""
    told = "platform:id, as `author_key` in the cases; one person's names may be given together"
    parser.add_argument("author", metavar="AUTHOR", nargs="*", help=f"{told}. Without any: list the wishes there are")
    parser.add_argument("--receipt", metavar="CODE", help="what was erased for this wish, to give to the person")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """Note the wish and print its code, or list all; then 1 when one found nothing, which a person should look after.

    Raises SettingsError, Unavailable.
    """
    authors, erasures = named(args.author), wiring().erasures
    if args.receipt:
        print(json.dumps(receipt(erasures, args.receipt), indent=2))
        return FINE
    return _ask(erasures, authors, args.json) if authors else _list(erasures, args.json)


def named(authors: Sequence[str]) -> tuple[str, ...]:
    """The authors, when each is written as one is. Raises SettingsError."""
    if not all(all(author.partition(":")) for author in authors):
        raise SettingsError("an author is written platform:id, for example facebook:10158000000000000")
    return tuple(authors)


def receipt(erasures: Erasures, code: str) -> dict[str, Any]:
    """What was erased, how much and when; its hash shows later that this is what was given. Raises NotFound."""
    erasure = erasures.find(code)
    if erasure is None:
        raise NotFound(f"there is no wish {code!r}: `earshot forget` lists them")
    if erasure.done_at is None:
        raise NotFound(f"the wish {code} is still under way: there is a receipt once it is done")
    told = {
        "code": erasure.code,
        "asked_by": erasure.platform,
        "asked_at": to_json(erasure.asked_at),
        "done_at": to_json(erasure.done_at),
        "posts": erasure.posts,
        "cases": erasure.cases,
        "erased": ERASED if erasure.found else [],
        "kept": KEPT,
    }
    canonical = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return {**told, "sha256": hashlib.sha256(canonical.encode()).hexdigest()}


def _ask(erasures: Erasures, authors: tuple[str, ...], as_json: bool) -> int:
    erasure = Erasure(secrets.token_hex(12), BY_HAND, now(), authors)
    erasures.ask(erasure)
    told = "is being erased, from 35 minutes from now on; `earshot forget` and /deletions/<code> tell how far it is"
    print(json.dumps({"code": erasure.code}) if as_json else f"{erasure.code}  {told}")
    return FINE


def _list(erasures: Erasures, as_json: bool) -> int:
    found = erasures.everything()
    for erasure in found:
        row = {**to_json(erasure), "state": _state(erasure)}
        row.pop("cursor", None)
        print(json.dumps(row) if as_json else _line(row))
    if not found and not as_json:
        print("nobody asked to be forgotten")
    return FOUND if any(_state(erasure) == "found nothing" for erasure in found) else FINE


def _state(erasure: Erasure) -> str:
    if erasure.done_at is None:
        return "under way"
    return "done" if erasure.found else "found nothing"


def _line(row: dict[str, Any]) -> str:
    names = " ".join(row.get("author_keys", []))
    when, counted = row["asked_at"][:16], f"{row['posts']} posts  {row['cases']} cases"
    return f"{row['code']}  {when}  {row['platform']:<12} {row['state']:<13} {counted}  {names}"
