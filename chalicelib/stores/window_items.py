"""Windows to the table's items and back. They hold hashes, times and some posts' ids: no name, no text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from chalicelib.model import Run, Sample, Window
from chalicelib.model.growth import Tally
from chalicelib.model.lately import SLOTS_AN_HOUR
from chalicelib.stores import keys
from chalicelib.stores.attributes import Item, Plain
from chalicelib.stores.packing import pack, unpack
from chalicelib.stores.table import Change

# As long as a dead letter can come back, and its post must get the answer it got.
KEPT_FOR = timedelta(days=35)
HOURS_KEPT_FOR = timedelta(weeks=6)
_HOUR = 3600


def changed(name: str, revision: int, window: Window, expires: datetime) -> Change:
    """A window's next state, if nobody wrote another since `revision` was read (0: there was none)."""
    values: dict[str, Plain] = {":window": _text(window), ":next": revision + 1, ":expires": int(expires.timestamp())}
    was = "revision = :was" if revision else "attribute_not_exists(revision)"
    values |= {":was": revision} if revision else {}
    # `window` is a reserved word.
    return Change(keys.window(name), "SET counted = :window, revision = :next, expires = :expires", was, values)


def kept(item: Item) -> tuple[int, Window]:
    """The revision and the state."""
    data = json.loads(unpack(item["counted"]))
    since = data.get("since", 0)
    runs = tuple(Run(who, since + first, since + first + long, times) for who, first, long, times in data["runs"])
    share, marks = data.get("whos", (1, ()))
    # The version before kept ids without times; of those nobody knows whether they belong to the next crossing.
    posts = tuple(
        Sample(name, since + at) for name, at in zip(data.get("posts", ()), data.get("said", ()), strict=False)
    )
    return item["revision"], Window(
        runs, data["latest"], data["quiet_until"], tuple(data["crossings"]), data.get("on"),
        Tally(share, frozenset(marks)), posts, tuple(data.get("quiets", ())), tuple(data.get("begins", ())),
    )  # fmt: skip


def more_posts(name: str, shard: int, hour: int, posts: Mapping[int, int]) -> Change:
    """So many posts more in each slot of an hour; nobody's write is in the way of another's."""
    expires = hour * _HOUR + int(HOURS_KEPT_FOR.total_seconds())
    values: dict[str, Plain] = {":expires": expires, ":posts": sum(posts.values())}
    adds = ["posts :posts"]
    for slot, number in sorted(posts.items()):
        values[f":{_slot(slot)}"] = number
        adds.append(f"{_slot(slot)} :{_slot(slot)}")
    does = f"SET expires = :expires ADD {', '.join(adds)}"
    return Change(keys.usual(name, hour)[shard], does, "attribute_not_exists(revision)", values)


def slots(items: Iterable[Item], hour: int) -> Counter[int]:
    """The posts in each slot of an hour, of all its items."""
    first = hour * SLOTS_AN_HOUR
    named = {slot: _slot(slot) for slot in range(first, first + SLOTS_AN_HOUR)}
    return sum(
        (Counter({slot: item[name] for slot, name in named.items() if name in item}) for item in items), Counter()
    )


def _slot(slot: int) -> str:
    return f"slot{slot % SLOTS_AN_HOUR}"


def _text(window: Window) -> str:
    since = min((*(run.first for run in window.runs), *(post.at for post in window.posts)), default=0)
    runs = [[run.who, run.first - since, run.last - run.first, run.times] for run in window.runs]
    data: dict[str, object] = {
        "since": since,
        "runs": runs,
        "latest": window.latest,
        "quiet_until": window.quiet_until,
        "crossings": window.crossings,
    }
    known = {"on": window.on, "whos": [window.whos.share, sorted(window.whos.marks)]}
    data |= known if window.on or window.posts else {}
    # Beside the ids, not with them: functions of the version before read them while a deployment goes on.
    posts = {"posts": [post.id for post in window.posts], "said": [post.at - since for post in window.posts]}
    data |= posts if window.posts else {}
    data |= {"quiets": window.quiets} if window.quiets else {}
    data |= {"begins": window.begins} if window.begins else {}
    return pack(json.dumps(data, separators=(",", ":")))
