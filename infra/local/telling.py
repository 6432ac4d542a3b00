"""Tells the story through the running cloud, prints what comes of it, and compares it with what should have come."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Condition
from typing import Any

from chalicelib import codec, platforms
from chalicelib.config import PlatformSettings, company
from chalicelib.model import Decision
from chalicelib.stores.packing import unpack
from infra.local.samples import SETTINGS
from infra.local.story import Step

PATIENCE_SECONDS = 20
FORGED = "not-the-secret-of-anybody"


class Heard:
    """Every decision that falls, from the table's stream."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._decisions: list[tuple[Decision, str | None]] = []

    def __call__(self, record: Mapping[str, Any]) -> None:
        """Watch one record of the stream."""
        item = record["dynamodb"]
        if record["eventName"] != "INSERT" or not item["Keys"]["sk"]["S"].startswith("V#"):
            return
        decision = codec.from_json(Decision, json.loads(unpack(item["NewImage"]["decision"]["S"])))
        case_id = item["NewImage"].get("case_id", {}).get("S")
        with self._changed:
            self._decisions.append((decision, case_id))
            self._changed.notify_all()

    def since(self, count: int, wanted: int, timeout: float) -> list[tuple[Decision, str | None]]:
        """The decisions after the first `count`, with their cases, once `wanted` are there or time is up."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._decisions) >= count + wanted, timeout)
            return self._decisions[count:]

    def __len__(self) -> int:
        return len(self._decisions)


class Told:
    """What people are told at once: the file that stands here for Slack, Teams, PagerDuty, mail and SNS."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._path, self._shown = path, 0
        self.environment = {"EARSHOT_NOTICES_FILE": str(path)}

    def show(self, heading: str = "") -> None:
        """Print what is new in it."""
        text = self._path.read_text(encoding="utf-8") if self._path.exists() else ""
        new, self._shown = text[self._shown :], len(text)
        if new:
            print(f"\n{heading}\n{new}".rstrip() if heading else new.rstrip(), flush=True)


class Telling:
    """One telling of the story; `wrong` gathers what is not as it should be."""

    def __init__(self, url: str, heard: Heard) -> None:
        self._url = url
        self._heard = heard
        self._settings = company(SETTINGS).platforms
        self.wrong: list[str] = []

    def tell(self, number: int, step: Step) -> None:
        """Send one delivery and print what falls."""
        before = len(self._heard)
        status = self._send(step)
        print(f"{number:3}  {step.tells}  [{step.platform} {status}]")
        if status != step.status:
            self.wrong.append(f"delivery {number}: answered {status} instead of {step.status}")
        decisions = self._heard.since(before, len(step.expect), PATIENCE_SECONDS)
        for decision, case_id in decisions:
            print(f"       {line(decision, case_id)}")
        self._compare(number, step, [decision for decision, _ in decisions])

    def _compare(self, number: int, step: Step, decisions: Sequence[Decision]) -> None:
        got = {decision.post_id: short(decision) for decision in decisions}
        for post_id in sorted(step.expect.keys() | got.keys()):
            expected, found = step.expect.get(post_id, "nothing"), got.get(post_id, "nothing")
            if expected != found:
                self.wrong.append(f"delivery {number}: {post_id} should be: {expected}, but is: {found}")

    def _send(self, step: Step) -> int:
        now = datetime.now(UTC)
        settings = self._settings.get(step.platform, PlatformSettings())
        if step.forged:
            settings = PlatformSettings(secrets=(FORGED,))
        known = step.platform in platforms.PLATFORMS
        headers = platforms.platform(step.platform, settings).sign(step.raw, now) if known else {}
        return post(f"{self._url}/webhooks/{step.platform}", step.raw, headers)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The HTTP status of one delivery."""
    request = urllib.request.Request(url, body, {"Content-Type": "application/json", **headers})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def short(decision: Decision) -> str:
    """A decision in two words: what, and by which rule or for which reason."""
    return f"{decision.outcome} {decision.rule or decision.reason}"


def line(decision: Decision, case_id: str | None) -> str:
    """A decision as a person reads it."""
    towards = f"{decision.priority or ''} → {decision.team}" if decision.team else ""
    what = f"{decision.outcome:<9}  {decision.rule or decision.guard or '-':<15}  {towards:<24}"
    case = f"  [case {case_id[:8]}]" if case_id else ""
    return f"{what}  {decision.post_id}: {decision.reason}{case}"


def follow(heard: Heard, check: Callable[[], None], also: Callable[[], None]) -> None:
    """Print every decision as it falls, until Ctrl-C, or until `check`, called every second as is `also`, raises."""
    count = len(heard)
    while True:
        check()
        also()
        for decision, case_id in heard.since(count, 1, timeout=1):
            print(f"{time.strftime('%H:%M:%S')}  {line(decision, case_id)}", flush=True)
            count += 1
