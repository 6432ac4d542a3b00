"""The cloud and the CRM that fault tests break, kept for all of them: what one kills, the next finds running again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from chalicelib.ports.store import Store
from chalicelib.wiring import Wiring
from infra.local.cloud import LocalCloud
from infra.local.roundup import LocalRoundup
from infra.local.samples import SETTINGS, Body
from tests.faults.scenario import Scenario, discrepancies, send

Shuffle = Callable[[list[Body]], list[Body]]
ROOT = Path(__file__).parents[2]
FUNCTIONS = ("api_handler", "triage_posts", "deliver_cases", "keep_time")


@dataclass
class Site:
    """What a fault test works on."""

    cloud: LocalCloud
    roundup: LocalRoundup
    store: Store
    orders: Path
    runs: int = 0

    def order_death(self, function: str, call: int) -> Path:
        """The next invocation of this function that comes to its n-th request dies before it makes it."""
        order = self.orders / f"{function}.kill"
        order.write_text(str(call))
        return order

    def send(self, shuffle: Shuffle = list) -> Scenario:
        """The deliveries of one scenario, each sent until it is taken."""
        self.runs += 1
        scenario = Scenario(self.runs)
        for body in shuffle(scenario.deliveries()):
            send(self.cloud.url, body)
        return scenario

    def play(self, shuffle: Shuffle = list) -> list[str]:
        """One scenario; what is wrong afterwards."""
        scenario = self.send(shuffle)
        self.cloud.drain(60)
        return self.wrong(scenario)

    def wrong(self, scenario: Scenario, patience: float = 20, in_order: bool = True) -> list[str]:
        """What is wrong once time has had its chance: what was given up is handed out again by keep_time."""
        deadline = time.monotonic() + patience
        while found := list(discrepancies(scenario, self.store, self.roundup, in_order)):
            if time.monotonic() > deadline:
                return found
            time.sleep(0.2)
        return []


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Everything for real, with short patience: a failed post waits two seconds, a debt one."""
    folder = tmp_path_factory.mktemp("site")
    orders = folder / "orders"
    orders.mkdir()
    with LocalRoundup(folder, ROOT / ".local" / "roundup-template") as roundup:
        settings = {**SETTINGS, "crms": {"roundup": roundup.settings}}
        with (
            LocalCloud(
                ROOT,
                settings,
                crm="roundup",
                handlers={name: f"tests.faults.killer.{name}" for name in FUNCTIONS},
                env={"EARSHOT_FAULTS": str(orders), "EARSHOT_OWED_PATIENCE_SECONDS": "1"},
                parameters={"PostsVisibilitySeconds": "2"},
                schedule_seconds=1,
                data=folder,
            ) as cloud,
            pytest.MonkeyPatch.context() as patch,
        ):
            for name, value in cloud.environment.items():
                patch.setenv(name, value)
            yield Site(cloud, roundup, Wiring(cloud.environment).store, orders)
