"""`earshot forget`: everything that some authors wrote is erased; without one, the wishes to be forgotten there are."""

from __future__ import annotations

import argparse
import json
import secrets
from typing import Any

from chalicelib.cli.main import FINE, FOUND
from chalicelib.cli.place import wiring
from chalicelib.codec import to_json
from chalicelib.errors import SettingsError
from chalicelib.model.erasure import BY_HAND, Erasure
from chalicelib.ports import Erasures
from chalicelib.wiring import now


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `earshot forget` takes."""
    told = "platform:id, as `author_key` in the cases; one person's names may be given together"
    parser.add_argument("author", metavar="AUTHOR", nargs="*", help=f"{told}. Without any: list the wishes there are")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """Note the wish and print its code, or list all; then 1 when one found nothing, which a person should look after.

    Raises SettingsError, Unavailable.
    """
    wrong = [author for author in args.author if not all(author.partition(":"))]
    if wrong:
        raise SettingsError("an author is written platform:id, for example facebook:10158000000000000")
    erasures = wiring().erasures
    return _ask(erasures, tuple(args.author), args.json) if args.author else _list(erasures, args.json)


def _ask(erasures: Erasures, authors: tuple[str, ...], as_json: bool) -> int:
    erasure = Erasure(secrets.token_hex(12), BY_HAND, now(), authors)
    erasures.ask(erasure)
    told = "is being erased, from ten minutes from now on; `earshot forget` and /deletions/<code> tell how far it is"
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
    return "done" if erasure.posts else "found nothing"


def _line(row: dict[str, Any]) -> str:
    names = " ".join(row.get("author_keys", []))
    return (
        f"{row['code']}  {row['asked_at'][:16]}  {row['platform']:<12} {row['state']:<13} {row['posts']} posts  {names}"
    )
