"""A FIFO queue and one function that takes from it, in memory: posts that end the function, and ends by chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from chalicelib import deciding
from chalicelib.log import Log
from chalicelib.model import Context, Facts, Post
from chalicelib.pipeline import triage
from chalicelib.stores import messages
from chalicelib.stores.underway import MemoryUnderway
from tests.unit.people import Office, read

KILLS = "kills whoever decides it"
BATCH = 10


class Ended(BaseException):
    """The process is gone: no code of ours hears of it."""


@dataclass(eq=False)
class Message:
    """One message; it is handed out from turn `visible_at` on."""

    post: Post
    receives: int = 0
    visible_at: int = 0

    @property
    def group(self) -> str:
        return str(self.post.author_key)

    @property
    def record(self) -> dict[str, Any]:
        attributes = {"MessageGroupId": self.group, "ApproximateReceiveCount": str(self.receives)}
        body = messages.encode(self.post)
        return {"messageId": self.post.id, "receiptHandle": self.post.id, "body": body, "attributes": attributes}


@dataclass
class Line:
    """The wiring of the function and the queue before it.

    `ends` is how often the function may end by chance, before any of its calls to queue and table; `company` is
    whether whoever failed together comes again together. What was tried `tries` times and comes again is `dead`.
    """

    posts: Sequence[Post]
    luck: Random
    tries: int
    ends: int = 0
    company: bool = False
    office: Office = field(default_factory=Office)
    kept: MemoryUnderway = field(default_factory=MemoryUnderway)
    dead: list[str] = field(default_factory=list)
    struck: int = 0
    turn: int = 0

    def __post_init__(self) -> None:
        self.waiting = [Message(post) for post in self.posts]

    def run(self) -> None:
        """Until nothing waits."""
        while self.waiting:
            self.turn += 1
            if batch := self._take():
                self._answer(batch)

    @property
    def undecided(self) -> set[str]:
        """Posts without a decision."""
        return {post.id for post in self.posts if len(self.office.store.recorded(post.id)) != 1}

    @property
    def triage_desk(self) -> triage.Desk:
        return replace(self.office.desk, read=self._read)

    @property
    def underway(self) -> Line:
        return self

    @property
    def queue(self) -> Line:
        return self

    def begin(self, message: str, receive: int) -> None:
        self._chance()
        self.kept.begin(message, receive)
        self._chance()

    def answered(self, message: str, receive: int) -> None:
        self.kept.answered(message, receive)

    def ended(self, names: Sequence[str]) -> dict[str, int]:
        return self.kept.ended(names)

    def decided(self, receipt: str) -> None:
        self._chance()
        self.waiting = [message for message in self.waiting if message.post.id != receipt]

    def _take(self) -> list[Message]:
        """Up to ten of any authors, each one's in order; nothing of an author of whom something is not visible."""
        hidden = {message.group for message in self.waiting if message.visible_at > self.turn}
        groups = list(dict.fromkeys(message.group for message in self.waiting if message.group not in hidden))
        self.luck.shuffle(groups)
        batch = [message for group in groups for message in self.waiting if message.group == group][:BATCH]
        for message in batch:
            message.receives += 1
        lost = [message for message in batch if message.receives > self.tries]
        self.dead += [message.post.id for message in lost]
        self.waiting = [message for message in self.waiting if message not in lost]
        return [message for message in batch if message not in lost]

    def _answer(self, batch: list[Message]) -> None:
        try:
            failed = deciding.decide(self, Log("line"), [message.record for message in batch])  # type: ignore[arg-type]
        except Ended:
            failed = [message.post.id for message in batch]
        done = [message for message in batch if message.post.id not in failed]
        self.waiting = [message for message in self.waiting if message not in done]
        rests = {message.group: self.turn + self.luck.randint(1, 4) for message in batch}
        for message in batch:
            message.visible_at = self.turn + 4 if self.company else rests[message.group]

    def _read(self, post: Post, context: Context) -> Facts:
        self._chance()
        if KILLS in (post.text or ""):
            raise Ended
        return read(post, context)

    def _chance(self) -> None:
        if self.struck < self.ends and self.luck.random() < 0.1:
            self.struck += 1
            raise Ended
