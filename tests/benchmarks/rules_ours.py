"""The neutral rules in our own words, and a post's facts as reading leaves them: the stream of its text made."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from chalicelib.model import Facts, Outcome, Post, Priority, Value
from chalicelib.rulebook.rule import Book, Line, Rule, Status, Test, Then, Topic
from tests.benchmarks.rules_workload import FIELDS, NUMBERS, Json, value_of

AT = datetime(2026, 11, 20, 5, 30, tzinfo=UTC)
THEN = Then(Outcome.ESCALATE, priority=Priority.NORMAL, team="care")


def facts(post: Json) -> Facts:
    """What rules are asked about this post."""
    values: dict[str, Value] = {name: value_of(post, name.split(".")) for name in (*FIELDS, *NUMBERS)}
    made = Post(id=f"x:{post['id']}", platform="x", text=post["text"], created_at=AT)
    return Facts(made, {"text": post["text_n"], **values})


def book(rules: Sequence[Json]) -> Book:
    """The rules as ours; an `all` inside an `any` is a topic, as the loader asks people to write it."""
    topics: dict[str, Topic] = {}
    made = tuple(
        Rule(each["id"], each["id"], Status.LIVE, "2099-01-01", "", tuple(_lines(each["when"], topics)), THEN)
        for each in rules
    )
    return Book(tuple(topics.values()), made)


def _lines(when: Json, topics: dict[str, Topic]) -> list[Line]:
    found: list[Line] = []
    for part in when["all"]:
        if "any" in part:
            found += [_line("any", each, topics) for each in part["any"]]
        elif "not" in part:
            inside = part["not"]
            found += [_line("none", each, topics) for each in inside.get("any", [inside])]
        else:
            found.append(_line("all", part, topics))
    return found


def _line(block: str, leaf: Json, topics: dict[str, Topic]) -> Line:
    if "all" not in leaf:
        return Line(block, json.dumps(leaf), _test(leaf))
    name = json.dumps(leaf)
    if name not in topics:
        topics[name] = Topic(f"topic {len(topics)}", tuple(_line("all", each, topics) for each in leaf["all"]))
    return Line(block, name, Test("topic", "is any of", (topics[name].id,)))


def _test(leaf: Json) -> Test:
    if "kw" in leaf:
        return Test("text", "has any", tuple(leaf["kw"]))
    name, how, value = leaf["f"], leaf["op"], leaf["v"]
    if isinstance(value, bool):
        return Test(name, "is", ("yes" if value else "no",))
    if how in ("eq", "in"):
        return Test(name, "is any of", (value,) if how == "eq" else tuple(value))
    return _bound(name, how, value)


def _bound(name: str, how: str, value: Any) -> Test:
    """More than 5 is at least the number after 5."""
    if how in ("gt", "gte"):
        return Test(name, "at least", (), math.nextafter(value, math.inf) if how == "gt" else value)
    return Test(name, "at most", (), math.nextafter(value, -math.inf) if how == "lt" else value)
