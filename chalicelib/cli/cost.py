"""`earshot cost`: what posts cost on AWS, by counted requests and a dated list of prices."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from chalicelib.cli import cost_model
from chalicelib.cli.cost_model import Line, Traffic
from chalicelib.cli.main import FINE

MILLION = cost_model.MILLION


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `earshot cost` takes."""
    parser.add_argument("--posts", type=_many, default=float(MILLION), metavar="N", help="so many posts (1e6)")
    parser.add_argument("--crm-share", type=_share, default=0.05, metavar="SHARE", help="of them open a case (.05)")
    parser.add_argument("--posts-a-delivery", type=_many, default=1.0, metavar="N", help="that a delivery brings (1)")
    told = "whether functions find ten posts waiting, or one at a time as on a quiet day"
    parser.add_argument(
        "--quiet", action="store_const", dest="way", const="one by one", default="in batches", help=told
    )
    told_of_doors = "what platforms call, the stack's parameter Door: the function's own address (own)"
    parser.add_argument("--door", choices=["own", "rest-api"], default="own", help=told_of_doors)
    parser.add_argument(
        "--processor", choices=["arm64", "x86_64"], default=Traffic().processor, help="of the functions (prod's: arm64)"
    )
    told_of_keys = "what the table is encrypted with, the stack's parameter TableKey (aws-owned)"
    parser.add_argument(
        "--key", dest="table_key", choices=cost_model.KEYS, default=Traffic().table_key, help=told_of_keys
    )
    parser.add_argument("--notices", type=_many, default=100.0, metavar="N", help="that people are told at once (100)")
    parser.add_argument("--crm-ms", type=_many, metavar="MS", help="what a request to the CRM takes (200)")
    parser.add_argument("--json", action="store_true", help="print a JSON object")


def run(args: argparse.Namespace) -> int:
    """Print it."""
    names = ("posts", "crm_share", "posts_a_delivery", "way", "door", "processor", "crm_ms", "table_key", "notices")
    traffic = Traffic(**{name: getattr(args, name) for name in names})
    print(json.dumps(report(traffic)) if args.json else "\n".join(_shown(traffic)))
    return FINE


def report(traffic: Traffic) -> dict[str, Any]:
    """Everything, in US dollars."""
    lines = cost_model.lines(traffic)
    total = _sum(lines)
    return {
        "traffic": asdict(traffic),
        "prices_as_of": cost_model.prices()["as_of"],
        "counted_on": cost_model.counted()["counted_on"],
        "lines": [asdict(line) for line in lines],
        "usd": round(total, 4),
        "usd_a_million": round(total / traffic.posts * MILLION, 4),
        "ignored_write_units": cost_model.counted()["ignored"][traffic.way]["triage_posts"]["write units"],
        "a_month": [asdict(line) for line in cost_model.a_month(traffic)],
        "usd_a_month": round(_sum(cost_model.a_month(traffic)), 4),
        "kept_a_month": [asdict(line) for line in cost_model.kept_a_month(traffic)],
        "kept_usd_a_month": round(_sum(cost_model.kept_a_month(traffic)), 4),
    }


def _shown(traffic: Traffic) -> Iterator[str]:
    lines, prices = cost_model.lines(traffic), cost_model.prices()
    found = "ten waiting at a time" if traffic.way == "in batches" else "one at a time"
    yield f"{traffic.posts:,.0f} posts, {traffic.crm_share:.0%} of them to the CRM, found {found}:"
    yield from map(_line, lines)
    total = _sum(lines)
    yield f"  {'':<44} ${total:>9.2f}   that is ${total / traffic.posts * MILLION:.2f} for a million posts"
    kept, standing = cost_model.kept_a_month(traffic), cost_model.a_month(traffic)
    yield f"\nEvery month that they are kept (the log for {traffic.log_days} days): ${_sum(kept):.2f}"
    yield from map(_line, kept)
    yield f"\nEvery month, with posts or without: ${_sum(standing):.2f}"
    yield from map(_line, standing)
    yield f"\nFor {traffic.processor}, the table's key {traffic.table_key}, door {traffic.door}."
    yield f"Prices of {prices['region']} as of {prices['as_of']}, no free tier; counted {_when()}."


def _when() -> str:
    counted = cost_model.counted()
    return f"on {counted['counted_on']} with {counted['posts']} posts by {counted['command']}"


def _line(line: Line) -> str:
    return f"  {line.what:<24} {line.count:>18,.2f}   ${line.usd:>9.4f}"


def _sum(lines: Sequence[Line]) -> float:
    return sum(line.usd for line in lines)


def _many(given: str) -> float:
    try:
        number = float(given)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        raise argparse.ArgumentTypeError(f"expected a number above 0, such as 1e6; {given!r} is none")
    return number


def _share(given: str) -> float:
    try:
        share = float(given)
    except ValueError:
        share = math.nan
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"expected a share from 0 to 1, such as .05; {given!r} is none")
    return share
