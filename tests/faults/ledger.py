"""A day with everything going wrong in the local cloud, and the books of it at the end.

    .venv/bin/python -m tests.faults.ledger --deliveries 10000 --seed 7

Functions are killed and time out, the table is throttled and loses answers, the queue and the secrets fail, Roundup is
away for half the time, and the clocks of all processes differ. Exit code 1 when the books do not balance. The seed
makes the deliveries and the odds; what meets what is up to the machine, so no two runs are the same.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Any

from chalicelib.stores.sqs import decode
from chalicelib.wiring import Wiring
from infra.local.cloud import LocalCloud, within
from infra.local.functions import WORKERS
from infra.local.roundup import LocalRoundup
from infra.local.samples import SETTINGS
from tests.faults.books import Books
from tests.faults.crm_weather import CrmWeather
from tests.faults.sender import Sent, send_all
from tests.faults.traffic import Traffic
from tests.faults.weather import Weather

ROOT = Path(__file__).parents[2]
FUNCTIONS = ("api_handler", "triage_posts", "deliver_cases", "keep_time")
TIMEOUTS = {"api_handler": 5.0, "triage_posts": 5.0, "deliver_cases": 30.0, "keep_time": 5.0}  # seconds
VISIBILITY_SECONDS = 8  # a failed post waits longer than any invocation of its function lasts
EVERYTHING = 100_000
LOOK_SECONDS = 10  # how long whoever looks at dead letters hides them
EVER = datetime(2000, 1, 1, tzinfo=UTC)
SETTLES_SECONDS = 1800.0


@dataclass
class Site:
    """One run: the cloud, its weather, and the CRM with its own."""

    cloud: LocalCloud
    weather: Weather
    crm: CrmWeather
    roundup: LocalRoundup
    journal: Path
    seed: str
    sent: list[Sent] = field(default_factory=list)
    pills: frozenset[str] = frozenset()
    put_aside: list[str] = field(default_factory=list)  # the dead letters, before an operator sent them again

    @property
    def parts(self) -> Wiring:
        """What an operator works with: straight to the services, by a right clock."""
        return Wiring(self.cloud.environment)

    def live(self, deliveries: int) -> None:
        """Everything that comes in, while everything goes wrong."""
        traffic = Traffic(self.seed)
        sendings = traffic.deliveries(deliveries)
        self.pills = frozenset(traffic.pills)
        self.sent = send_all(self.cloud.url, sendings)

    def settle(self) -> int:
        """Fair weather: what an operator does, until nothing moves; how many dead letters were sent again."""
        self.weather.fair = True
        self.crm.clear_up()
        self.cloud.pause("keep_time")  # its work is done below: at its pace of seconds the stream would never be empty
        self._drain()
        self.put_aside = list(self._dead())
        time.sleep(LOOK_SECONDS)
        moved = self.parts.queue.redrive(EVERYTHING)
        self._drain()
        until, store = time.monotonic() + SETTLES_SECONDS, self.parts.store
        while any(store.owed(case.id) for case in store.cases()) and time.monotonic() < until:
            store.nudge(datetime.now(UTC) + timedelta(minutes=5))  # `owed_since` is by clocks that were ahead
            self._drain()
        return moved

    def books(self) -> Books:
        """As things are now."""
        store, queue = self.parts.store, self.parts.queue
        cases = list(store.cases())
        return Books(
            sent=self.sent,
            recorded=list(store.decided_since(EVER)),
            cases=cases,
            deliveries={case.id: store.deliveries(case.id) for case in cases},
            parked=queue.parked(EVERYTHING),
            put_aside=self.put_aside,
            dead=list(self._dead()),
            pills=self.pills,
            issues=self.roundup.issues(),
            messages=self.roundup.message_count(),
            given_up=self.cloud.depths()["DeliveriesFailed"],
        )

    def _drain(self) -> None:
        self.cloud.drain(SETTLES_SECONDS)

    def _dead(self) -> Iterator[str]:
        sqs = self.cloud.client("sqs")
        url = next(each for each in sqs.list_queues()["QueueUrls"] if each.endswith("posts-dead-letters.fifo"))
        asked = {"QueueUrl": url, "MaxNumberOfMessages": 10, "VisibilityTimeout": LOOK_SECONDS}
        while found := sqs.receive_message(**asked).get("Messages", []):
            yield from (decode(message["Body"]).id for message in found)


def patience() -> float:
    """How much longer everything takes on this machine now than on one at rest: work for each of its processors.

    Without it functions run out of time before they have begun, one process after the other, and every post with them.
    """
    return min(max(os.getloadavg()[0] / (os.cpu_count() or 1), 1.0), 5.0)


@contextmanager
def site(folder: Path, seed: str, tries: int = 10) -> Iterator[Site]:
    """Everything for real, with weather between the parts; a post has so many tries."""
    factor = patience()
    journal, there = folder / "journal", list[LocalCloud]()
    with (
        LocalRoundup(folder, ROOT / ".local" / "roundup-template") as roundup,
        CrmWeather(roundup, f"crm/{seed}") as crm,
        Weather(lambda: str(there[0].client("sqs").meta.endpoint_url), f"aws/{seed}") as weather,
    ):
        cloud = LocalCloud(
            ROOT,
            {**SETTINGS, "crms": {"roundup": crm.settings}},
            crm="roundup",
            handlers={name: f"tests.faults.gremlins.{name}" for name in FUNCTIONS},
            env={"EARSHOT_FAULTS": str(journal), "EARSHOT_SEED": seed, "EARSHOT_OWED_PATIENCE_SECONDS": "20"},
            endpoint=weather.url(""),
            timeouts={name: seconds * factor for name, seconds in TIMEOUTS.items()},
            parameters={
                "PostsVisibilitySeconds": str(ceil(VISIBILITY_SECONDS * factor)),
                "PostsTries": str(tries),
            },
            schedule_seconds=2,
            data=folder,
        )
        there.append(cloud)
        with cloud, within(cloud.environment):
            yield Site(cloud, weather, crm, roundup, journal, seed)


def faults(site: Site) -> Iterator[str]:
    """What went wrong, counted."""
    lines = [json.loads(line) for line in site.journal.read_text().splitlines()]
    for fate in ("killed", "timed out", "poisoned"):
        met = Counter(line["function"] for line in lines if line["fate"] == fate)
        yield f"{fate}: {met.total()} times" + "".join(f", {name} {count}" for name, count in sorted(met.items()))
    yield f"out of time by themselves: {_out_of_time(lines)}"
    skews = [line["skew"] for line in lines if line["fate"] == "started"]
    yield f"clocks of {len(skews)} processes: {min(skews):+.0f} to {max(skews):+.0f} s"
    services = sorted({service for service, _ in site.weather.faults})
    for service in services:
        met = Counter({kind: n for (name, kind), n in site.weather.faults.items() if name == service})
        asked = sum(n for (_, name, _), n in site.weather.seen.items() if name == service)
        yield f"{service}: of {asked:,} requests " + ", ".join(f"{n:,} {kind}" for kind, n in sorted(met.items()))
    share = site.crm.away_seconds / max(site.crm.seconds, 0.001)
    met = Counter({kind: n for kind, n in site.crm.faults.items() if kind != "answered"})
    yield f"the CRM: away {share:.0%} of the time, " + ", ".join(f"{n:,} {kind}" for kind, n in sorted(met.items()))
    yield f"senders: {sum(sent.tries - 1 for sent in site.sent):,} deliveries sent once more, without an answer"


def _out_of_time(lines: Sequence[Mapping[str, Any]]) -> str:
    """Processes that were replaced without a fault of ours: the machine was too busy for their time-out."""
    began = Counter(line["function"] for line in lines if line["fate"] == "started")
    ended = Counter(line["function"] for line in lines if line["fate"] != "started")
    found = began - ended - Counter({name: WORKERS[name] for name in FUNCTIONS})
    return f"{found.total()} processes" + "".join(f", {name} {count}" for name, count in sorted(found.items()))


def main() -> int:
    """Run and print. 0: the books balance; 1: they do not."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.ledger", description=__doc__.partition("\n")[0])
    parser.add_argument("--deliveries", type=int, default=10_000, metavar="N", help="so many (10000)")
    parser.add_argument("--seed", default="1", help="of deliveries and odds (1)")
    args = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, site(Path(folder), args.seed) as run:
        run.live(args.deliveries)
        print(
            f"{args.deliveries:,} deliveries, seed {args.seed}: sent after {time.monotonic() - began:.0f} s", flush=True
        )
        moved = run.settle()
        accounts = run.books().accounts()
        print(
            f"settled after {time.monotonic() - began:.0f} s; {moved} dead letters were sent again\n\nWhat went wrong:"
        )
        print(*(f"  {line}" for line in faults(run)), sep="\n")
    print("\nThe books:", *accounts, sep="\n")
    wrong = [account.name for account in accounts if not account.balances]
    print("\nThe books balance." if not wrong else f"\nTHE BOOKS DO NOT BALANCE: {', '.join(wrong)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
