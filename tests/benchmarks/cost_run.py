"""Counts what a post costs in requests, units, bytes of log and CPU time, by running it through the local cloud.

    .venv/bin/python -m tests.benchmarks.cost_run            writes chalicelib/cli/cost_counted.json, for `earshot cost`
    ... --keep-cpu       on a machine that does something else: processor times stay as they were written on a calm one
    ... --standing       only what the template says of every month: alarms, figures, functions

Posts that are ignored and posts that open a case in Roundup are counted apart, each in batches of ten (the queue never
empty) and one by one (a quiet day). Three hours of a month of a million posts come before them, in their own times, so
that rules which compare with what was of late have something to compare with, and count.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from chalicelib.metrics import COUNTED as COUNTED_EVENTS
from chalicelib.metrics import OUTCOMES
from chalicelib.model import Notice, NoticeKind
from chalicelib.wiring import Wiring
from infra.local import template
from infra.local.cloud import LocalCloud
from infra.local.functions import LOGICAL
from infra.local.roundup import LocalRoundup
from infra.local.samples import SETTINGS, ago, envelope, plain_post
from infra.local.telling import Told
from tests.benchmarks.meter import Meter
from tests.benchmarks.throughput import COMPLAINT
from tests.faults.sender import send
from tests.faults.traffic import GENERIC, Sending
from tests.local.cutting_proxy import CuttingProxy

ROOT = Path(__file__).parents[2]
COUNTED = ROOT / "chalicelib" / "cli" / "cost_counted.json"
FUNCTIONS = ("api_handler", "triage_posts", "deliver_cases", "tell_people", "keep_time")
DIGITS = 4
INDEXED = (
    100  # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Limits.html, of an item and of its copies
)
APART = timedelta(days=30.4) / 1_000_000
BEFORE = timedelta(hours=3)
WARM = 20
A_DELIVERY = 100  # of the hours before: together four minutes, so that none of them comes too late to be counted
SMALL_TALK = (
    "Walked past the Acme shop today, nice window",
    "Lunch near the Acme tower",
    "Nice window at the Acme shop",
)


@dataclass
class Site:
    """The local cloud with a meter before its services and one before the CRM."""

    cloud: LocalCloud
    meter: Meter
    crm: CuttingProxy
    journal: Path
    number: int = 0
    began: datetime = field(default_factory=lambda: ago(0))

    def posts(self, text: Callable[[int], str], count: int, together: int = 1) -> Iterator[Sending]:
        """Deliveries of so many posts together, every post of somebody else and `APART` from the one before."""
        for start in range(0, count, together):
            posts = [self._post(text) for _ in range(start, min(start + together, count))]
            yield Sending(GENERIC, json.dumps(envelope("post.created", posts, ago(0))).encode())

    def _post(self, text: Callable[[int], str]) -> dict[str, Any]:
        self.number += 1
        who = (f"w{self.number}", f"writer{self.number}")
        return plain_post(self.number, who, text(self.number), self.began + self.number * APART)

    def hours_before(self, then: int) -> None:
        """What came before, so that the last of `then` posts more is of now."""
        many = BEFORE // APART
        self.began = ago(0) - (many + then) * APART
        for sending in self.posts(ignored, many, A_DELIVERY):
            send(self.cloud.url, sending)
            self.cloud.drain(120)

    def in_batches(self, sendings: Iterator[Sending]) -> None:
        """As when the queue is never empty."""
        for function in ("triage_posts", "deliver_cases"):
            self.cloud.pause(function)
        for sending in sendings:
            send(self.cloud.url, sending)
        self.cloud.resume("triage_posts")
        while self.cloud.depths()["PostsQueue"]:
            self.cloud.check()
        self.cloud.resume("deliver_cases")
        self.cloud.drain(120)

    def opened(self) -> int:
        """How many cases there are."""
        return sum(1 for _ in Wiring(self.cloud.environment).store.cases())

    def one_by_one(self, sendings: Iterator[Sending]) -> None:
        """As on a quiet day."""
        for sending in sendings:
            send(self.cloud.url, sending)
            self.cloud.drain(60)

    def count(self) -> dict[str, Counter[str]]:
        """By function, everything so far."""
        found: dict[str, Counter[str]] = {name: Counter() for name in FUNCTIONS}
        for (function, what), many in list(self.meter.counts.items()):
            if function in found:
                found[function][what] += many
        for line in self.journal.read_text().splitlines():
            note = json.loads(line)
            found[note["function"]].update({"invocations": 1, "cpu ms": note["cpu_ms"]})
        for name in FUNCTIONS:
            log = (self.cloud.data / "logs" / f"{name}.log").read_bytes()
            found[name].update({"log bytes": len(log), "log lines": log.count(b"\n")})
        found["deliver_cases"]["crm requests"] = self.crm.count
        return found

    def kept_bytes(self) -> int:
        """What the table and its indexes hold, as DynamoDB bills it."""
        table = self.cloud.client("dynamodb").get_paginator("scan")
        pages = table.paginate(TableName=self.cloud.environment["EARSHOT_TABLE"])
        return sum(_size(item) for page in pages for item in page["Items"])


@contextmanager
def site(folder: Path) -> Iterator[Site]:
    """Everything running."""
    there = list[LocalCloud]()
    with (
        LocalRoundup(folder, ROOT / ".local" / "roundup-template") as roundup,
        CuttingProxy(_origin(roundup.settings["url"])) as crm,
        Meter(lambda: str(there[0].client("sqs").meta.endpoint_url)) as meter,
    ):
        there.append(_cloud(folder, meter, crm.url(urlsplit(roundup.settings["url"]).path), roundup))
        before = dict(os.environ)
        with there[0] as cloud:
            os.environ.update(cloud.environment)
            run = Site(cloud, meter, crm, folder / "journal")
            try:
                yield run
            finally:
                os.environ.clear()
                os.environ.update(before)


def _cloud(folder: Path, meter: Meter, url: str, roundup: LocalRoundup) -> LocalCloud:
    return LocalCloud(
        ROOT,
        {**SETTINGS, "crms": {"roundup": {**roundup.settings, "url": url}}},
        crm="roundup",
        handlers={name: f"tests.benchmarks.metered.{name}" for name in FUNCTIONS},
        env={"EARSHOT_METER": str(folder / "journal"), **Told(folder / "people.txt").environment},
        endpoint=meter.url(""),
        workers={"api_handler": 1, "triage_posts": 1},
        schedule_seconds=3600,
        data=folder,
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def ignored(number: int) -> str:
    """What no rule wants."""
    return f"{SMALL_TALK[number % len(SMALL_TALK)]} #{number}"


def told(number: int) -> str:
    """What opens a case."""
    return f"{COMPLAINT} #{number}"


def counted(run: Site, many: int, few: int) -> dict[str, Any]:
    """A post of either sort, in either way, by function; `many` in batches, `few` one by one.

    Raises SystemExit where the rules do not decide as they must for it.
    """
    warmed(run, then=2 * (many + few))
    return {
        **by_sort(run, many, few),
        "a notice": by_notice(run, 5),
        "a minute": _each(run, 3, lambda: [run.cloud.functions["keep_time"].invoke(TICK) for _ in range(3)]),
        **standing(),
    }


def by_notice(run: Site, many: int) -> dict[str, Any]:
    """What telling people something takes, beside the call of their channel: one at a time, as alerts come."""
    notices = Wiring(run.cloud.environment).notices

    def tell() -> None:
        for number in range(many):
            alert = Notice(f"n{number}", NoticeKind.ALERT, f"a{number}", None, "care", (), None, "smoke", (), ago(0))
            notices.owe(alert)
            run.cloud.drain(60)

    return {"tell_people": _each(run, many, tell)["tell_people"]}


def standing() -> dict[str, Any]:
    """What is paid every month for being there. An alarm is paid for by the figures that it looks at; a decided post is
    counted as one of the outcomes, or as guarded."""
    made = template.read(ROOT / "infra" / "resources.yaml")["Resources"]
    kinds = Counter(item.get("Type") for item in made.values())
    alarms = [item["Properties"] for item in made.values() if item.get("Type") == "AWS::CloudWatch::Alarm"]
    filters = [item["Properties"] for item in made.values() if item.get("Type") == "AWS::Logs::MetricFilter"]
    figures = {each["MetricName"] for found in filters for each in found["MetricTransformations"]}
    return {
        "alarms": sum(
            sum("MetricStat" in each for each in found.get("Metrics", ({"MetricStat"},))) for found in alarms
        ),
        "dashboards": kinds["AWS::CloudWatch::Dashboard"],
        "metrics": len(COUNTED_EVENTS) + len(OUTCOMES) + len(figures),
        "memory": {name: made[LOGICAL[name]]["Properties"]["MemorySize"] for name in FUNCTIONS},
    }


def warmed(run: Site, then: int) -> None:
    """Bring the functions to where they are in the midst of a month, `then` posts before it ends."""
    run.hours_before(then + WARM)
    run.in_batches(run.posts(told, WARM))


def by_sort(run: Site, many: int, few: int) -> dict[str, Any]:
    """What a post that is ignored and one that opens a case take; raises as `counted`."""
    return {
        "ignored": _both(run, ignored, many, few, opens=False),
        "told": _both(run, told, many, few, opens=True),
    }


def _size(item: Any) -> int:
    """Names and values, 100 bytes for its index, and the same for its copies: keys alone in `owing`, all in `cases`."""
    whole = _bytes(item)
    owing = {name: item[name] for name in ("pk", "sk", "owes", "owed_since") if name in item}
    copies = [_bytes(owing) for name in ("owes",) if name in item] + [whole for name in ("case_state",) if name in item]
    return whole + INDEXED + sum(copy + INDEXED for copy in copies)


def _bytes(item: Any) -> int:
    return sum(len(name) + len(str(next(iter(value.values()))).encode()) for name, value in item.items())


def _both(run: Site, text: Callable[[int], str], many: int, few: int, *, opens: bool) -> dict[str, Any]:
    before, bytes_before = run.opened(), run.kept_bytes()
    found: dict[str, Any] = {
        "in batches": _each(run, many, lambda: run.in_batches(run.posts(text, many))),
        "one by one": _each(run, few, lambda: run.one_by_one(run.posts(text, few))),
    }
    if run.opened() - before != (many + few if opens else 0):
        raise SystemExit(
            f"{run.opened() - before} cases for {many + few} posts like {text(1)!r}: other words are needed"
        )
    return {**found, "bytes kept": round((run.kept_bytes() - bytes_before) / (many + few))}


def _each(run: Site, posts: int, do: Callable[[], object]) -> dict[str, dict[str, float]]:
    before = run.count()
    do()
    after = run.count()
    return {
        name: {what: round(many / posts, DIGITS) for what, many in sorted((after[name] - before[name]).items())}
        for name in FUNCTIONS
        if after[name] - before[name]
    }


TICK = {
    "id": "1",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "0",
    "time": "2026-01-01T00:00:00Z",
    "region": "us-east-1",
    "resources": [],
    "detail": {},
    "version": "0",
}


def main() -> None:
    """Count, and write it beside the prices."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.cost_run", description=__doc__.partition("\n")[0])
    parser.add_argument("--posts", type=int, default=200, help="in batches; a fifth of them one by one (200)")
    parser.add_argument("--keep-cpu", action="store_true", help="keep the processor times that are written down")
    parser.add_argument("--standing", action="store_true", help="read the template only")
    args = parser.parse_args()
    before = json.loads(COUNTED.read_text())
    _write({**before, **standing()} if args.standing else _found(args.posts, before if args.keep_cpu else None))


def _found(posts: int, calm: dict[str, Any] | None) -> dict[str, Any]:
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as run:
        found = counted(run, posts, posts // 5)
    about = {"counted_on": today, "command": "python -m tests.benchmarks.cost_run", "posts": posts}
    if calm is None:
        return {**about, "cpu_counted_on": today, **found}
    kept = {"cpu_counted_on": calm.get("cpu_counted_on", calm["counted_on"])}
    return {**about, **kept, **{name: calmed(part, calm.get(name)) for name, part in found.items()}}


def calmed(part: Any, calm: Any) -> Any:
    """What was counted, with the processor times of a calm run where it has any."""
    if not isinstance(part, dict) or not isinstance(calm, dict):
        return part
    return {
        name: calm.get(name, value) if name == "cpu ms" else calmed(value, calm.get(name))
        for name, value in part.items()
    }


def _write(found: dict[str, Any]) -> None:
    COUNTED.write_text(json.dumps(found, indent=1) + "\n")
    print(COUNTED.read_text())


if __name__ == "__main__":
    main()
