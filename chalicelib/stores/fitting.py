"""What strangers send made to fit: a message holds 1 MiB, an item 400 KB. What is cut says so where it was cut."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chalicelib.codec import from_json, to_json
from chalicelib.model import Post
from chalicelib.stores.attributes import json_text

if TYPE_CHECKING:
    from chalicelib.model import Decision

ITEM_BYTES = 390_000  # of DynamoDB's 409,600: room for keys, names and the other attributes
MESSAGE_BYTES = 900_000  # of the queue's 1,048,576
TEXT_BYTES = 64 * 1024

# Bytes a text may take as ASCII JSON, and items a list may have; harder with each step, until it fits.
STEPS = ((TEXT_BYTES, 400), (8192, 100), (1024, 50), (256, 20))


def cut(text: str, limit: int) -> str:
    """The text, or its beginning and a mark that tells what is missing, in at most `limit` bytes of ASCII JSON.

    The mark names the whole text's SHA-256, so that two long ids stay two, and a cut is the same every time.
    """
    if len(text) * 12 + 2 <= limit or (len(text) < limit and len(json.dumps(text)) <= limit):
        return text
    sha = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    mark = f" [cut: {len(text)} characters, sha256 {sha}]"
    room = limit - len(mark)
    kept = bisect_right(range(min(len(text), room)), room, key=lambda count: len(json.dumps(text[:count])))
    return text[: max(kept - 1, 0)] + mark


def queueable(post: Post) -> Post:
    """The post with its texts cut to 64 KB, and all of it to what one message holds."""
    data = to_json(post)
    if len(json.dumps(data)) <= TEXT_BYTES:
        return post
    return from_json(Post, _shrunk(_capped(data, *STEPS[0]), MESSAGE_BYTES, _ascii_bytes))


def item_texts(post: Post, decision: Decision) -> tuple[str, str, frozenset[str]]:
    """The JSON of both for one item, and the names of what had to be cut: first `lines` of rules that did not match,
    then all lines, then `text`."""
    matched = tuple(trace for trace in decision.lines if trace.matched)
    dropped: frozenset[str] = frozenset()
    for lines in (decision.lines, matched, ()):
        texts = json_text(post), json_text(replace(decision, lines=lines))
        if sum(map(_utf8_bytes, texts)) <= ITEM_BYTES:
            return *texts, dropped
        dropped = frozenset({"lines"}) if decision.lines else dropped
    both = _shrunk([to_json(post), to_json(replace(decision, lines=()))], ITEM_BYTES, _size)
    return json_text(both[0]), json_text(both[1]), dropped | {"text"}


def fitting_text(value: Any) -> str:
    """The JSON of a smaller record (a case, a delivery, what an author's record remembers), cut where it must be."""
    text = json_text(value)
    return text if len(text) <= TEXT_BYTES else json_text(_shrunk(to_json(value), ITEM_BYTES, _size))


def _shrunk(data: Any, budget: int, size: Callable[[Any], int]) -> Any:
    for limit, items in STEPS:
        if size(data) <= budget:
            return data
        data = _capped(data, limit, items)
    return data


def _capped(data: Any, limit: int, items: int) -> Any:
    if isinstance(data, str):
        return cut(data, limit)
    if isinstance(data, list):
        return [_capped(item, limit, items) for item in data[:items]]
    if isinstance(data, dict):
        return {name: _capped(item, limit, items) for name, item in data.items()}
    return data


def _ascii_bytes(data: Any) -> int:
    return len(json.dumps(data))


def _size(data: Any) -> int:
    return _utf8_bytes(json_text(data))


def _utf8_bytes(text: str) -> int:
    return len(text.encode())
