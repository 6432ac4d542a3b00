"""Kill every function between any two of its effects while an alert is raised, grows and ends: it is told of once.

Each walk is a storm: two people say it, a third raises the alert, four more let it grow; then the clock is turned until
it is told again, and until all is clear. In each of these steps every function dies before its n-th request.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.cli.main import main
from chalicelib.model import Alert, AlertState, Verb
from chalicelib.wiring import Wiring
from infra.local.cloud import LocalCloud
from infra.local.roundup import LocalRoundup
from infra.local.samples import SETTINGS, plain_post
from tests.contracts.fakes.channels import FakeSlack
from tests.faults.conftest import ROOT
from tests.faults.fast_killer import CLOCK
from tests.faults.scenario import send, told

pytestmark = pytest.mark.live
FUNCTIONS = ("api_handler", "triage_posts", "deliver_cases", "tell_people", "keep_time")
FURTHEST = 90  # no invocation makes so many requests
PATIENCE = 30  # seconds
LEAST = {"triage_posts": 7, "deliver_cases": 15, "tell_people": 8, "keep_time": 19}  # requests in which each dies
KINDS = ("Alert", "Update", "All clear")
ROOM = "room"
PEOPLE = f"""\
format: people/1
channels: {{{ROOM}: slack}}
teams: {{product-safety: {{channels: [{ROOM}]}}}}
"""
RULES = """\
format: triage/1
owner: {team: product-safety, contact: "safety-lead@acme.example"}
timezone: UTC

rules:
  - id: smoke-spike
    name: Several people see smoke
    status: live
    review by: "2099-02-01"
    why: Early warning of a bad batch.
    when:
      all:
        - text has any: ["smoke"]
    repeats: {count: different authors, at least: 3, within: 30 minutes, then quiet for: 2 hours}
    then:
      escalate: {priority: high, team: product-safety, join open case: never, crm: {subject: Several people see smoke}}
    examples:
      - {post: "smoke", expect: match}
      - {post: "fog", expect: no match}
"""


@dataclass
class Town:
    """A cloud whose functions die, with a room where people hear of alerts."""

    cloud: LocalCloud
    parts: Wiring
    roundup: LocalRoundup
    room: FakeSlack
    orders: Path
    ahead: timedelta = timedelta()
    said: int = 0
    is_behind: bool = False  # whether the round that died had made its step of the alert
    died: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def turn(self, **by: float) -> None:
        """The clock of all functions, ahead."""
        self.ahead += timedelta(**by)
        new = self.orders / "clock.new"
        new.write_text(str(self.ahead.total_seconds()))
        new.replace(self.orders / CLOCK)

    def say(self, *, people: int) -> list[str]:
        """So many people see smoke now; the ids of their posts."""
        now = datetime.now(UTC) + self.ahead
        numbers = range(self.said + 1, self.said + people + 1)
        self.said += people
        posts = [plain_post(number, (f"who-{number}", "ana"), "smoke", now) for number in numbers]
        send(self.cloud.url, {"type": "post.created", "timestamp": now.isoformat(), "data": posts}, at=now)
        return [f"forum:{number}" for number in numbers]

    @contextmanager
    def dying(self, call: int, *functions: str) -> Iterator[None]:
        """Each of these functions dies once, before its n-th request from now on; who has not by the end is spared."""
        orders = {function: self.orders / f"{function}.kill" for function in functions}
        for order in orders.values():
            order.write_text(str(call))
        yield
        for function, order in orders.items():
            if order.exists():
                order.unlink()
            else:
                self.died[function].append(call)

    def turned(self, call: int, minutes: float, until: Callable[[], bool]) -> bool:
        """Turn the clock while its function rests, and let everybody die on what follows; whether it came to that."""
        self.cloud.pause("keep_time")
        self.turn(minutes=minutes)
        with self.dying(call, "keep_time", "deliver_cases", "tell_people"):
            self.cloud.resume("keep_time")
            eventually(lambda: until() or not (self.orders / "keep_time.kill").exists())
            self.is_behind = until()  # no other round has begun since it died
            came = eventually(until)
            self.cloud.drain(PATIENCE)
        return came

    def storm(self, call: int) -> list[str]:
        """One alert from its first post to its end; what is wrong then."""
        known, heard = {case.id for case in self.parts.store.cases()}, len(self.room.texts)
        posts = self.say(people=2)
        self.cloud.drain(PATIENCE)
        with self.dying(call, "triage_posts", "deliver_cases", "tell_people"):
            posts += self.say(people=1)
            self.cloud.drain(PATIENCE)
        with self.dying(call, "triage_posts"):
            posts += self.say(people=4)
            self.cloud.drain(PATIENCE)
        raised = [case.id for case in self.parts.store.cases() if case.id not in known]
        if len(raised) != 1:
            return [f"{len(raised)} cases instead of the alert's"]
        if not self.turned(call, 11, lambda: self.alert(raised[0]).updates == 1):
            return ["it is not told again"]
        if not self.turned(call, 36, lambda: self.alert(raised[0]).state is AlertState.OVER):
            return ["it does not end"]
        eventually(lambda: not list(self.wrong(raised[0], posts, heard)))
        found = list(self.wrong(raised[0], posts, heard))
        self.turn(hours=3)  # the window is quiet no more
        return found

    def alert(self, name: str) -> Alert:
        return self.parts.alerts.find([name])[name]

    def wrong(self, name: str, posts: list[str], heard: int) -> Iterator[str]:
        """What is lost or double of an alert: in the table, in the CRM, and in what people heard since."""
        store, alert = self.parts.store, self.alert(name)
        for post_id in posts:
            if (count := len(store.recorded(post_id))) != 1:
                yield f"{post_id} has {count} decisions"
        case = store.case(name)
        assert case
        yield from told(case, store, [issue for issue in self.roundup.issues() if issue["key"] == name])
        owed = [delivery.verb for delivery in store.deliveries(name)]
        if owed != [Verb.OPEN_CASE, Verb.ADD_TO_CASE, Verb.ADD_TO_CASE, Verb.ADD_TO_CASE]:
            yield f"its case, the post that raised it, an update and the all-clear are to be told, not {owed}"
        if (alert.updates, alert.counted) != (1, len(posts)):
            yield f"it was told again {alert.updates} times, and counts {alert.counted}"
        times = Counter(kind for text in self.room.texts[heard:] for kind in KINDS if f'"{kind}: ' in text)
        if any(not 1 <= times[kind] <= 2 for kind in KINDS) or times.total() < len(self.room.texts[heard:]):
            yield f"people heard {dict(times)} in {len(self.room.texts[heard:])} messages"


def eventually(true: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    orders, rules = folder / "orders", folder / "rules"
    orders.mkdir()
    rules.mkdir()
    (rules / "smoke.rules.yml").write_text(RULES)
    (rules / "people.yml").write_text(PEOPLE)
    (orders / CLOCK).write_text("0")
    with (
        LocalRoundup(folder, ROOT / ".local" / "roundup-template") as roundup,
        FakeSlack() as room,
        LocalCloud(
            ROOT,
            {**SETTINGS, "crms": {"roundup": roundup.settings}, "channels": {ROOM: room.settings}},
            crm="roundup",
            handlers={name: f"tests.faults.fast_killer.{name}" for name in FUNCTIONS},
            env={"EARSHOT_FAULTS": str(orders), "EARSHOT_OWED_PATIENCE_SECONDS": "1"},
            parameters={"PostsVisibilitySeconds": "1"},
            schedule_seconds=0.5,
            data=folder,
        ) as cloud,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in cloud.environment.items():
            patch.setenv(name, value)
        assert main(["publish", str(rules), "--why", "for smoke", "--who", "ana"]) == 0
        yield Town(cloud, Wiring(cloud.environment), roundup, room, orders)


def test_an_alert_is_raised_told_and_ended_once_wherever_functions_are_killed(town: Town) -> None:
    """Of the minute's round up to its step: where else it dies, test_kills.py walks."""
    wrong: dict[int, list[str]] = {}
    for call in range(1, FURTHEST):
        if found := town.storm(call):
            wrong[call] = found
        others = [name for name, deaths in town.died.items() if call in deaths and name != "keep_time"]
        if town.is_behind and not others:
            break

    assert wrong == {}
    assert call < FURTHEST - 1, "the walk must come to the end"
    furthest = {name: max(deaths) for name, deaths in town.died.items()}
    assert {name: furthest[name] >= least for name, least in LEAST.items()} == dict.fromkeys(LEAST, True)
