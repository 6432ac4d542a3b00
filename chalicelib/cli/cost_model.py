"""What posts cost on AWS: counted requests times prices. Both lie beside this file, each with its date."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MILLION = 1_000_000
GB = 1_000_000_000
MINUTES_A_MONTH = 43_200
# Five long polls of 20 seconds at a time ask an empty queue for messages, day and night:
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
IDLE_POLLS_A_MONTH = 5 * 3 * MINUTES_A_MONTH
SETTINGS_EVERY_MINUTES = 5  # a process that is never idle reads the secret so often: chalicelib/stores/settings.py
DAYS_A_MONTH = 30
KEYS = ("aws-owned", "aws-managed", "own")
WAYS = ("in batches", "one by one")


@dataclass(frozen=True, slots=True)
class Traffic:
    """What is asked for: `crm_share` of the posts open a case, a delivery brings `posts_a_delivery` of them; people are
    told `notices` at once, of alerts and overdue replies."""

    posts: float = MILLION
    crm_share: float = 0.05
    posts_a_delivery: float = 1.0
    way: str = WAYS[0]
    door: str = "own"
    processor: str = "arm64"  # what infra/stages/prod.yml deploys; a test holds them together
    crm_ms: float | None = None
    notices: float = 100.0
    table_key: str = KEYS[0]  # the template's TableKey
    log_days: int = 90  # prod's LogRetentionDays


@dataclass(frozen=True, slots=True)
class Line:
    """So many of something at a price, in US dollars."""

    what: str
    count: float
    usd: float


@cache
def prices() -> dict[str, Any]:
    """The price list, with its date and sources."""
    found: dict[str, Any] = json.loads((HERE / "cost_prices.json").read_text())
    return found


@cache
def counted() -> dict[str, Any]:
    """What was counted, with its date and command."""
    found: dict[str, Any] = json.loads((HERE / "cost_counted.json").read_text())
    return found


def lines(traffic: Traffic) -> list[Line]:
    """What these posts cost, the dearest first."""
    billed: defaultdict[str, float] = defaultdict(float)
    for sort, share in (("ignored", 1 - traffic.crm_share), ("told", traffic.crm_share)):
        for function, counts in counted()[sort][traffic.way].items():
            for what, count in _billed(function, counts, traffic):
                billed[what] += count * share * traffic.posts
    for function, counts in counted().get("a notice", {}).items():
        for what, count in _billed(function, counts, traffic):
            billed[what] += count * traffic.notices
    return sorted((_priced(what, count) for what, count in billed.items()), key=lambda line: -line.usd)


def a_month(traffic: Traffic) -> list[Line]:
    """What is paid every month, with posts or without: for the clock, idle polls, reading settings, watching."""
    minute, functions = counted()["a minute"]["keep_time"], len(counted()["memory"])
    found = [_priced(what, count * MINUTES_A_MONTH) for what, count in _billed("keep_time", minute, traffic) if count]
    counts: dict[str, float] = {
        "queue request": IDLE_POLLS_A_MONTH,
        "secret a month": 1,
        "secret request": functions * MINUTES_A_MONTH / SETTINGS_EVERY_MINUTES,
        "alarm a month": counted()["alarms"],
        "metric a month": counted()["metrics"],
        "dashboard a month": counted()["dashboards"],
    }
    if traffic.table_key != KEYS[0]:
        counts["kms request"] = functions * assumed("key reads an hour") * 24 * DAYS_A_MONTH
    if traffic.table_key == "own":
        counts["kms key a month"] = 1
    return sorted([*found, *(_priced(what, count) for what, count in counts.items())], key=lambda line: -line.usd)


def kept_a_month(traffic: Traffic) -> list[Line]:
    """What keeping these posts costs in every month that they are kept: the table, its backups; and for so many days
    the log."""
    shares = (("ignored", 1 - traffic.crm_share), ("told", traffic.crm_share))
    gigabytes = sum(counted()[sort]["bytes kept"] * share for sort, share in shares) * traffic.posts / GB
    logged = sum(line.count for line in lines(traffic) if line.what == "gb of log")
    return [
        _priced("table gb a month", gigabytes),
        _priced("backup gb a month", gigabytes),
        _priced("log gb a month", logged),
    ]


def _billed(function: str, counts: Mapping[str, float], traffic: Traffic) -> Iterator[tuple[str, float]]:
    """What one post, or one minute, makes of this function's bill."""
    of_a_delivery = traffic.posts_a_delivery if function == "api_handler" else 1
    each = {what: count / of_a_delivery for what, count in counts.items()}
    invocations = each.get("invocations", 0.0)
    yield "invocation", invocations
    yield f"gb-second {traffic.processor}", _gigabyte_seconds(function, each, traffic)
    yield "queue request", each.get("queue requests", 0.0)
    yield "write unit", each.get("write units", 0.0)
    yield "read unit", each.get("read units", 0.0)
    yield "gb of log", (each.get("log bytes", 0.0) + each.get("log lines", 0.0) * assumed("line overhead")) / GB
    if function == "api_handler" and traffic.door != "own":  # a function's own address costs nothing
        yield "rest api request", invocations
    if function == "triage_posts":  # Lambda's own poller receives a batch and deletes it
        yield "queue request", 2 * invocations


def _gigabyte_seconds(function: str, each: Mapping[str, float], traffic: Traffic) -> float:
    """Processor time at the function's share of a processor, and the waiting for what it asks."""
    memory = float(counted()["memory"][function])
    milliseconds = each.get("cpu ms", 0.0) * max(1.0, assumed("memory of a processor") / memory)
    milliseconds += each.get("table requests", 0.0) * assumed("table ms")
    milliseconds += each.get("queue requests", 0.0) * assumed("queue ms")
    crm_ms = assumed("crm ms") if traffic.crm_ms is None else traffic.crm_ms
    milliseconds += each.get("crm requests", 0.0) * crm_ms
    return milliseconds / 1000 * memory / 1024


def _priced(what: str, count: float) -> Line:
    return Line(what, count, count * _price(what))


def _price(what: str) -> float:
    price = prices()["prices"][what]
    return float(price["usd"]) / float(price["per"])


def assumed(what: str) -> float:
    """What no run on one machine can count."""
    return float(prices()["assumed"][what]["value"])
