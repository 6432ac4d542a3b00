"""What a queue message holds: a post, or a parked body in as many numbered parts as it needs."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from chalicelib.codec import from_json, instant, to_json
from chalicelib.errors import BadPayload
from chalicelib.model import Parked, Post
from chalicelib.stores.fitting import MESSAGE_BYTES, cut, queueable
from chalicelib.stores.keys import digest

# What a body cannot be read without, and nothing else. A token, a cookie, a signature is worth as much as a secret, and
# was checked before parking. CloudEvents writes an event's attributes into headers (http-protocol-binding.md, 3.1).
KEPT_HEADERS = ("content-type", "ce-specversion", "ce-id", "ce-source", "ce-type", "ce-time")
WORDS_BYTES = 1024


def encode(post: Post) -> str:
    """A post as ASCII JSON: SQS refuses control characters, and ASCII has none that JSON leaves unescaped."""
    return json.dumps(to_json(queueable(post)), separators=(",", ":"))


def decode(body: str) -> Post:
    """The post of a message. Raises BadPayload."""
    return from_json(Post, _json(body), "post")


def readable(bodies: Iterable[str]) -> list[Post]:
    """The posts of those messages that hold one; the others fail when they are decoded one by one."""
    posts = []
    for body in bodies:
        try:
            posts.append(decode(body))
        except BadPayload:
            continue
    return posts


def parts(parked: Parked) -> list[str]:
    """A parked body as messages: compressed when it would not fit into one, numbered when it still does not."""
    text = base64.b64encode(parked.body).decode()
    is_packed = len(text) > MESSAGE_BYTES
    if is_packed:
        text = base64.b64encode(gzip.compress(parked.body, mtime=0)).decode()
    pieces = [text[start : start + MESSAGE_BYTES] for start in range(0, len(text), MESSAGE_BYTES)] or [""]
    about = {
        "platform": parked.platform,
        "why": cut(parked.why, WORDS_BYTES),
        "headers": {n: cut(v, WORDS_BYTES) for n, v in parked.headers.items() if n in KEPT_HEADERS},
        "received_at": to_json(parked.received_at),
        "of": digest(f"{parked.platform} {text}"),
        "is_packed": is_packed,
        "parts": len(pieces),
    }
    return [json.dumps({**about, "part": number, "body": piece}) for number, piece in enumerate(pieces)]


@dataclass(slots=True)
class Shelf:
    """Parked bodies put together from their messages, in whatever order these come, and however often."""

    whole: list[Parked] = field(default_factory=list)
    _pieces: dict[str, dict[int, str]] = field(default_factory=dict)
    _receipts: dict[str, list[str]] = field(default_factory=dict)

    def add(self, body: str, receipt: str, sent_at: datetime) -> None:
        """One message; it is not lost when somebody else wrote it."""
        try:
            self._add(from_message(body), receipt)
        except BadPayload as error:
            alien = Parked("unknown", body.encode("utf-8", "replace"), {}, f"not a parked body: {error}", sent_at)
            self.whole.append(replace(alien, receipt=json.dumps([receipt])))

    def _add(self, part: _Part, receipt: str) -> None:
        pieces, receipts = self._pieces.setdefault(part.of, {}), self._receipts.setdefault(part.of, [])
        pieces[part.number] = part.body
        receipts.append(receipt)
        if len(pieces) < part.count:
            return
        body = part.unpack("".join(pieces[number] for number in sorted(pieces)))
        self.whole.append(replace(part.about, body=body, receipt=json.dumps(receipts)))
        del self._pieces[part.of], self._receipts[part.of]


@dataclass(frozen=True, slots=True)
class _Part:
    about: Parked
    of: str
    number: int
    count: int
    is_packed: bool
    body: str

    def unpack(self, text: str) -> bytes:
        try:
            raw = base64.b64decode(text, validate=True)
            return gzip.decompress(raw) if self.is_packed else raw
        except (ValueError, EOFError, OSError) as error:
            raise BadPayload("body: expected base64") from error


def from_message(body: str) -> _Part:
    """One part of a parked body. Raises BadPayload."""
    data = _json(body)
    try:
        about = Parked(data["platform"], b"", _headers(data), data["why"], instant(data["received_at"], "received_at"))
        return _Part(about, data["of"], data["part"], data["parts"], data["is_packed"], data["body"])
    except (KeyError, TypeError) as error:
        raise BadPayload("expected the message of a parked body") from error


def receipts(parked: Parked) -> list[str]:
    """The queue's handles of all messages of a parked body; none for one that never was in the queue."""
    return [str(receipt) for receipt in json.loads(parked.receipt or "[]")]


def sent_at(milliseconds: str) -> datetime:
    """When the queue took a message, from its `SentTimestamp`."""
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)


def _headers(data: Any) -> dict[str, str]:
    return {str(name): str(value) for name, value in dict(data["headers"]).items()}


def _json(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadPayload("expected JSON") from error
