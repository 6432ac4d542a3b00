"""A load on a real CRM: many cases from several workers, with all that goes wrong between them and it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.live.journal import Journal
from tests.live.stories import Story, stories
from tests.local.cutting_proxy import CuttingProxy

REPO = Path(__file__).parents[2]
CUT_EVERY, BUSY_EVERY = 37, 199


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went: requests, answers lost, answers that were a 429, deaths by step, entries told again, seconds."""

    requests: int
    cut: int
    busy: int
    deaths: Mapping[int, int]
    repeats: int
    wrong: tuple[str, ...]
    seconds: float

    def __str__(self) -> str:
        died = sum(self.deaths.values())
        return (
            f"{self.requests} requests in {self.seconds:.0f} s: {self.cut} answers lost, {self.busy} times busy, "
            f"{died} processes killed at steps {min(self.deaths)} to {max(self.deaths)}, {self.repeats} repeats"
        )


@dataclass(frozen=True, slots=True)
class Load:
    """`cases` from `workers` processes, of which one call in `kills` is killed; every 37th answer is lost."""

    crm: str
    settings: Mapping[str, str]
    cases: int = 500
    workers: int = 8
    kills: int = 1
    seconds: float = 2400

    def run(self, folder: Path) -> Outcome:
        """Tell everything. Raises AssertionError with what the worker says where one fails."""
        parts = urlsplit(self.settings["url"])
        began = time.monotonic()
        with CuttingProxy(f"{parts.scheme}://{parts.netloc}") as proxy:
            proxy.cut = lambda number: number % CUT_EVERY == 0
            proxy.busy = lambda number: number % BUSY_EVERY == 0
            settings = {**self.settings, "url": proxy.url(parts.path)}
            journals = self._work(settings, folder)
            made = proxy.count
        return Outcome(
            requests=made,
            cut=made // CUT_EVERY,
            busy=made // BUSY_EVERY,
            deaths=Counter(step for journal in journals for step in journal.deaths),
            repeats=sum(journal.repeats for journal in journals),
            wrong=tuple(why for journal in journals for why in journal.wrong),
            seconds=time.monotonic() - began,
        )

    def stories(self) -> list[Story]:
        """What is told."""
        return stories(self.cases)

    def _work(self, settings: Mapping[str, str], folder: Path) -> list[Journal]:
        paths = [folder / f"journal-{number}" for number in range(self.workers)]
        workers = [self._start(number, path) for number, path in enumerate(paths)]
        try:
            for worker in workers:
                assert worker.stdin
                worker.stdin.write(json.dumps(dict(settings)).encode())
                worker.stdin.close()
            ends = [worker.wait(self.seconds) for worker in workers]
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()
        journals = [Journal(path) for path in paths]
        assert ends == [0] * self.workers, [why for journal in journals for why in journal.wrong]
        return journals

    def _start(self, number: int, path: Path) -> subprocess.Popen[bytes]:
        words = (self.crm, number, self.workers, self.cases, self.kills, path)
        command = [sys.executable, "-m", "tests.live.worker", *map(str, words)]
        return subprocess.Popen(command, stdin=subprocess.PIPE, cwd=REPO)
