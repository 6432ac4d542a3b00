"""Half a CRM: Roundup behind a proxy, away for half the time, busy at times, refusing some cases for good."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler
from typing import Self
from urllib.parse import urlsplit

import urllib3

from infra.local.roundup import LocalRoundup
from tests.faults.traffic import REFUSED
from tests.local.cutting_proxy import PASSED, CuttingProxy, answer

AWAY_SECONDS, THERE_SECONDS = 5.0, 5.0
STARTS = 5
KILLED_EVERY = 3  # one outage in so many is a server that is killed and starts anew; the others are a network's


class CrmWeather(CuttingProxy):
    """Stands before a tracker; `settings` are those that lead here, `faults` counts what went wrong."""

    def __init__(self, roundup: LocalRoundup, seed: str) -> None:
        parts = urlsplit(roundup.settings["url"])
        super().__init__(f"{parts.scheme}://{parts.netloc}")
        self._roundup, self._path = roundup, parts.path
        self._luck, self._lock = random.Random(seed), threading.Lock()  # noqa: S311
        self._away, self._over = threading.Event(), threading.Event()
        self.faults: Counter[str] = Counter()
        self.away_seconds = self.seconds = 0.0
        self._thread = threading.Thread(target=self._come_and_go, daemon=True)

    @property
    def settings(self) -> dict[str, str]:
        """What `crms.roundup` holds to reach the tracker by way of this."""
        return {**self._roundup.settings, "url": self.url(self._path)}

    def __enter__(self) -> Self:
        super().__enter__()
        self._thread.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self.clear_up()
        super().__exit__(*reason)

    def clear_up(self) -> None:
        """Fair weather from now on; returns when the tracker answers."""
        self._over.set()
        self._thread.join()

    def forward(self, handler: BaseHTTPRequestHandler) -> None:
        """Hand one request on, or not."""
        body = handler.rfile.read(int(handler.headers.get("content-length", 0)))
        fault = self._fault(handler.command, body)
        self.faults[fault] += 1
        if fault == "away":
            handler.close_connection = True
        elif fault == "busy":
            answer(handler, 429, {"retry-after": "1"}, b"slowly")
        elif fault == "refused":
            answer(handler, 400, {"content-type": "application/json"}, b'{"error": {"msg": "no such words here"}}')
        else:
            self._pass(handler, body, is_cut=fault == "answer lost")

    def _fault(self, method: str, body: bytes) -> str:
        if self._away.is_set():
            return "away"
        if method == "POST" and REFUSED.encode() in body:
            return "refused"
        with self._lock:
            throw = self._luck.random()
        if self._over.is_set():
            return "answered"
        return "answer lost" if throw < 0.02 else "busy" if throw < 0.024 else "answered"

    def _pass(self, handler: BaseHTTPRequestHandler, body: bytes, is_cut: bool) -> None:
        headers = {name: value for name, value in handler.headers.items() if name.lower() != "host"}
        try:
            told = self._upstream.request(handler.command, self.target + handler.path, headers=headers, body=body)
        except urllib3.exceptions.HTTPError:  # it was killed in the middle of it
            is_cut = True
        if is_cut:
            handler.close_connection = True
            return
        kept = {name: told.headers[name] for name in PASSED if name in told.headers}
        answer(handler, told.status, kept, told.data)

    def _start_anew(self) -> None:
        """However busy the machine is: a tracker that never came back would be an outage without an end."""
        for _ in range(STARTS - 1):
            try:
                self._roundup.start()
            except RuntimeError:
                continue
            return
        self._roundup.start()

    def _come_and_go(self) -> None:
        began, outages = time.monotonic(), 0
        while not self._over.wait(THERE_SECONDS):
            left, is_killed = time.monotonic(), outages % KILLED_EVERY == KILLED_EVERY - 1
            self._away.set()
            if is_killed:
                self._roundup.stop()
            self._over.wait(AWAY_SECONDS)
            if is_killed:
                self._start_anew()
            self._away.clear()
            outages += 1
            self.away_seconds += time.monotonic() - left
        self.seconds = time.monotonic() - began
