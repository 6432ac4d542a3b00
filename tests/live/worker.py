"""One worker of a load: `python -m tests.live.worker NAME WORKER WORKERS CASES KILLS JOURNAL`, settings on its input.

It has every WORKERS-th case to itself, as a shard of the stream has, and tells them in a child process. The child
kills itself in the middle of one call out of KILLS, at each request in turn and also after the last, before it could
note that the call was done; then the next child goes on from the journal.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chalicelib.crm import adapter, crm
from chalicelib.errors import EarshotError, Unavailable
from chalicelib.ports.crm import Crm
from tests.contracts.crm_samples import opened
from tests.live.journal import Journal
from tests.live.stories import MOST_ENTRIES, Story, stories

MOST_STEPS = 9  # no call makes more requests than that, less one
LONGEST_WAIT, MOST_TRIES = 5.0, 400


@dataclass
class Fate:
    """When this process dies: before the request of that number, counted within a call; never, at 0."""

    journal: Journal
    at: int = 0
    step: int = 0

    def begin(self, at: int) -> None:
        """A call begins."""
        self.at, self.step = at, 0

    def meet(self) -> None:
        """The next request is about to leave, or the call has ended."""
        self.step += 1
        if self.step == self.at:
            self.journal.note("dies", step=self.step)
            os.kill(os.getpid(), signal.SIGKILL)

    def end(self) -> None:
        """The call has ended, and nobody knows yet: who was to die later dies now."""
        if self.at > self.step:
            self.step = self.at - 1
            self.meet()
        self.at = 0


@dataclass
class Teller:
    """Tells its stories, an entry of each in turn; what is in the journal is not told again, or only as a repeat."""

    crm: Crm
    journal: Journal
    stories: list[Story]
    kills: int
    fate: Fate = field(init=False)

    def __post_init__(self) -> None:
        self.fate = Fate(self.journal)
        send = http.client.HTTPConnection.endheaders

        def endheaders(connection: Any, *args: Any, **kwargs: Any) -> None:
            self.fate.meet()
            send(connection, *args, **kwargs)

        http.client.HTTPConnection.endheaders = endheaders  # type: ignore[assignment,method-assign]

    def tell_all(self) -> None:
        """Everything that is not told yet."""
        for place in range(MOST_ENTRIES):
            for story in self.stories:
                if place < story.length and (story.number, place) not in self.journal.refs:
                    self._tell(story, place)

    def _tell(self, story: Story, place: int) -> None:
        is_first = (story.number, place) not in self.journal.tried
        self.journal.note("tried", number=story.number, place=place)
        self.fate.begin(self._death(story, place) if is_first else 0)
        ref = self._until_done(lambda: self._call(story, place))
        self.fate.end()
        self.journal.note("told", number=story.number, place=place, ref=ref)
        if (story.number // 8 + place) % 4 == 0:
            self._repeat(story, story.number % (place + 1))

    def _death(self, story: Story, place: int) -> int:
        turn, lives = divmod(story.number // 8 + place * 5, self.kills)
        return 0 if lives else turn % MOST_STEPS + 1

    def _repeat(self, story: Story, place: int) -> None:
        """The stream hands it out once more, late."""
        ref = self._until_done(lambda: self._call(story, place))
        self.journal.note("repeated")
        if ref != self.journal.refs[story.number, place]:
            self.journal.note("wrong", why=f"entry {place} of case {story.number} has another reference now")

    def _call(self, story: Story, place: int) -> str:
        if place == 0:
            return self.crm.open_case(story.case, story.entry(0))
        return self.crm.add_to_case(opened(story.case, self.journal.refs[story.number, 0]), story.entry(place))

    def _until_done(self, call: Callable[[], str]) -> str:
        for _ in range(MOST_TRIES):
            try:
                return call()
            except Unavailable as error:
                time.sleep(min(error.retry_after or 0.02, LONGEST_WAIT))
        raise TimeoutError("a call was never done")


def work(name: str, settings: Mapping[str, str], mine: list[Story], kills: int, path: Path) -> None:
    """Child after child, until one comes to the end. Raises RuntimeError when one fails otherwise than by our hand."""
    adapter(name)  # imported here, once, and not by every child
    while True:
        child = os.fork()
        if child == 0:
            _live(name, settings, mine, kills, path)
        _, status = os.waitpid(child, 0)
        if status == 0:
            return
        if not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL):
            raise RuntimeError(f"a teller failed: {Journal(path).wrong}")


def _live(name: str, settings: Mapping[str, str], mine: list[Story], kills: int, path: Path) -> None:
    """The child's life; it never returns, or it would go on as its parent does."""
    journal = Journal(path)
    try:
        Teller(crm(name, settings), journal, mine, kills).tell_all()
    except (EarshotError, TimeoutError) as error:
        journal.note("wrong", why=f"{type(error).__name__}: {error}")
        os._exit(1)
    os._exit(0)


def main() -> None:
    """See above."""
    name, worker, workers, cases, kills, path = sys.argv[1:]
    mine = stories(int(cases))[int(worker) :: int(workers)]
    work(name, json.load(sys.stdin), mine, int(kills), Path(path))


if __name__ == "__main__":
    main()
