"""`earshot versions`: what was published by whom and why, what decides now, and what running functions say of it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from itertools import takewhile

from chalicelib.cli.cases import one_line
from chalicelib.cli.main import FINE
from chalicelib.cli.place import published_rulebooks
from chalicelib.codec import to_json
from chalicelib.model import Declined, Move, Pointer, Published


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What of it to show."""
    parser.add_argument("--history", action="store_true", help="every move of the pointer instead, the last first")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")


def run(args: argparse.Namespace) -> int:
    """List them, the one published last first."""
    rulebooks, pointer = published_rulebooks()
    published, moves, declined = rulebooks.published(), rulebooks.moves(), rulebooks.declined()
    if args.json:
        parts = {"pointer": pointer, "versions": published, "moves": moves, "declined": declined}
        print(json.dumps({name: to_json(part) for name, part in parts.items()}))
    else:
        print("\n".join(_history(moves) if args.history else _listed(pointer, published, moves, declined)))
    return FINE


def _listed(
    pointer: Pointer, published: Sequence[Published], moves: Sequence[Move], declined: Sequence[Declined]
) -> Iterator[str]:
    if pointer.live is None:
        yield "live: what the functions ship with"
    if not published:
        yield "no versions; `earshot publish` makes the first"
    for one in published:
        state = {pointer.live: "live", pointer.shadow: "shadow"}.get(one.version, "")
        size = f"{one.rules} rules, {(one.size + 999) // 1000} kB"
        why = f"{one_line(one.who)}: {one_line(one.why)}"
        yield f"{one.version}  {state:<6}  {one.at:%Y-%m-%d %H:%M} UTC  {size:<18}  {why}"
        if state:
            yield from _now(one.version, pointer, moves)
        yield from (f"    {_said(each)}" for each in declined if each.version == one.version)


def _now(version: str, pointer: Pointer, moves: Sequence[Move]) -> Iterator[str]:
    is_live = version == pointer.live
    run = takewhile(lambda move: version == (move.live if is_live else move.shadow), moves)
    *_, since = run
    yield f"    since {_moved(since)}"
    engines = sorted(name.partition(" ")[2] for name in pointer.taken if name.startswith(f"{version} "))
    yield f"    decides in running functions ({', '.join(engines)})" if engines else "    no function has taken it yet"


def _said(declined: Declined) -> str:
    return f"declined by a function at {declined.at:%Y-%m-%d %H:%M} UTC: {one_line(declined.why)}"


def _history(moves: Sequence[Move]) -> Iterator[str]:
    if not moves:
        yield "nothing was published yet"
    for move in moves:
        shadow = f", beside it {move.shadow}" if move.shadow else ""
        yield f"{move.revision:>4}  {move.live or 'shipped':<12}{shadow}  {_moved(move)}"


def _moved(move: Move) -> str:
    return f"{move.at:%Y-%m-%d %H:%M} UTC, {move.what} by {one_line(move.who)}: {one_line(move.why)}"
