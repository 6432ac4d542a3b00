"""Frames of Jetstream, as far as a bridge looks into them: who, what, where in the stream, and whether it is for us."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache

from chalicelib.errors import BadPayload
from chalicelib.platforms.bluesky import OPERATIONS, POSTS, author_of, named_in
from chalicelib.platforms.document import document
from chalicelib.platforms.foreign import EPOCH, Foreign
from chalicelib.words import stream

# What such an account said must not be shown any more (https://atproto.com/specs/account, "Hosting Status").
GONE = ("takendown", "suspended", "deleted", "deactivated")
MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Frame:
    """One event: `operation` of a post at `uri`, or an account that is `gone`; otherwise neither.

    `cursor` is the server's own place for it, None on old servers; `time_us` is the place in time, good on any server.
    """

    did: str
    time_us: int
    cursor: int | None = None
    operation: str | None = None
    uri: str | None = None
    gone: bool = False
    record: Foreign = field(default_factory=lambda: Foreign(None))


@dataclass(frozen=True, slots=True)
class Interest:
    """Whom and what to listen for: DIDs of ours, and words as rules write them."""

    accounts: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()

    def covers(self, frame: Frame) -> bool:
        """Whether somebody else's post names one of us, quotes us, answers us, or holds one of the words."""
        if frame.did in self.accounts:
            return False
        reply = frame.record.at("reply")
        answered = (reply.at(place).id("uri") for place in ("parent", "root"))
        addressed = named_in(frame.record) | {author_of(uri) for uri in answered if uri}
        return not self.accounts.isdisjoint(addressed) or self._is_said(frame.record.text("text") or "")

    def _is_said(self, text: str) -> bool:
        said = as_words(text)
        return any(word in said for word in map(wanted, self.words))


def as_words(text: str) -> str:
    """A text's words between single spaces, as rules search them."""
    return f" {stream(text).strip()} "


@lru_cache(maxsize=1000)
def wanted(word: str) -> str:
    """A word or a phrase of ours in the same form; folded once, not for every post."""
    return as_words(word)


def read(message: str | bytes) -> Frame | None:
    """The event of one message on either wire; None for what has no place in the stream. Raises BadPayload.

    An error frame is a BadPayload too: the server hangs up after it.
    """
    body = document(message.encode("utf-8", "surrogatepass") if isinstance(message, str) else message)
    if body.text("$type") == "error":
        raise BadPayload("the server ends the stream")
    return _of_the_new_wire(body.at("payload")) if body.has("payload") else _of_the_old_wire(body)


def deletion(did: str, uri: str, time_us: int) -> bytes:
    """A frame as the stream would send it, for a post that is gone with its account."""
    commit = {"operation": "delete", "collection": POSTS, "rkey": uri.rpartition("/")[2]}
    return json.dumps({"did": did, "time_us": time_us, "kind": "commit", "commit": commit}).encode()


def _of_the_old_wire(body: Foreign) -> Frame | None:
    did, time_us = body.id("did"), body.whole("time_us")
    if did is None or time_us is None:
        return None
    account = body.at("account") if body.text("kind") == "account" else None
    return _frame(did, time_us, body.whole("cursor"), body.at("commit"), account)


def _of_the_new_wire(event: Foreign) -> Frame | None:
    did, seen = event.id("did"), event.iso("witnessedAt") or event.iso("time")
    if did is None or seen is None:
        return None
    since = seen - EPOCH
    time_us = (since.days * 86_400 + since.seconds) * MICROSECONDS + since.microseconds
    kind = (event.text("$type") or "").rpartition("#")[2]
    # What the network said of an account is wrapped whole, and says `account` or stands beside the rest.
    account = (event.at("account") if event.has("account") else event) if kind == "account" else None
    return _frame(did, time_us, event.whole("seq"), event, account)


def _frame(did: str, time_us: int, cursor: int | None, commit: Foreign, account: Foreign | None) -> Frame:
    if account is not None:
        is_gone = account.flag("active") is False and account.text("status") in GONE
        return Frame(did, time_us, cursor, gone=is_gone)
    if commit.text("collection") != POSTS or commit.text("operation") not in OPERATIONS:
        return Frame(did, time_us, cursor)
    uri = f"at://{did}/{POSTS}/{commit.need_id('rkey')}"
    return Frame(did, time_us, cursor, commit.text("operation"), uri, record=commit.at("record"))
