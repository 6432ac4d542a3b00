"""Rules are published to a running cloud: the next posts are decided by them, and never by what does not load."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chalicelib.cli.main import main
from chalicelib.model import Decision, Move, Moved, Outcome, Published
from chalicelib.rulebook import bundle
from chalicelib.wiring import Wiring
from infra.local.cloud import LocalCloud
from infra.local.samples import SETTINGS, ago, envelope, plain_post
from tests.faults.scenario import send
from tests.local.teapots import rule_file

pytestmark = pytest.mark.local
ROOT = Path(__file__).parents[2]
AGE = 0.5


@dataclass
class Town:
    """A running cloud, and people in it who speak of teapots."""

    cloud: LocalCloud
    wiring: Wiring
    folder: Path
    said: list[str] = field(default_factory=list)

    def rules(self, name: str, priority: str = "high") -> str:
        """A folder with one rule about teapots."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        (folder / "tea.rules.yml").write_text(rule_file(name, priority))
        return str(folder)

    def decided(self) -> Decision:
        """What a new post about a teapot comes to."""
        number = len(self.said) + 1
        self.said.append(f"forum:{number}")
        now = datetime.now(UTC)
        body = plain_post(number, (f"ana-{number}", "ana"), "My teapot is late", ago(1, now))
        send(self.cloud.url, envelope("post.created", [body], now))
        self.cloud.drain()
        (record,) = self.wiring.store.recorded(self.said[-1])
        return record.decision

    def look(self) -> None:
        """Until every process looks again at what is live."""
        time.sleep(AGE)

    def log(self) -> str:
        return "".join(log.read_text() for log in (self.cloud.data / "logs").glob("triage_posts*"))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    env = {"EARSHOT_RULEBOOK_AGE_SECONDS": str(AGE)}
    with (
        LocalCloud(ROOT, SETTINGS, env=env, data=folder / "cloud") as cloud,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in cloud.environment.items():
            patch.setenv(name, value)
        yield Town(cloud, Wiring(cloud.environment), folder)


def test_published_rules_decide_the_next_post_and_a_rollback_takes_them_away(town: Town) -> None:
    shipped = town.decided()
    assert shipped.rulebook == bundle.read(engine="plain").version

    assert main(["publish", town.rules("teapots"), "--why", "teapots are late", "--who", "ana"]) == 0
    town.look()
    published = town.decided()

    assert (published.outcome, published.rule) == (Outcome.ESCALATE, "teapots")
    pointer = town.wiring.rulebooks.pointer()
    assert published.rulebook == pointer.live
    assert pointer.taken == {f"{pointer.live} durable"}

    assert main(["rollback", "shipped", "--why", "they are not", "--who", "bo"]) == 0
    town.look()
    assert town.decided().rulebook == shipped.rulebook


def test_a_version_that_does_not_load_leaves_the_old_one_and_is_told(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["publish", town.rules("before"), "--why", "sound", "--who", "ana"])
    town.look()
    before = town.decided()
    rulebooks, now = town.wiring.rulebooks, datetime.now(UTC)
    rulebooks.add(Published("baadf00d", 1, 3, "eve", "by hand", now), "{}")
    pointer = rulebooks.pointer()
    rulebooks.move(Move(pointer.revision + 1, Moved.PUBLISHED, "baadf00d", pointer.live, None, "eve", "by hand", now))
    town.look()

    assert town.decided().rulebook == before.rulebook
    assert town.decided().rule == "before"
    events = [json.loads(line) for line in town.log().splitlines() if '"rulebook.declined"' in line]
    assert {event["version"] for event in events} == {"baadf00d"}
    assert all(event["level"] == "ERROR" for event in events)
    capsys.readouterr()
    main(["versions"])
    shown = capsys.readouterr().out
    assert "declined by a function" in shown
    assert "this bundle cannot be used" in shown

    assert main(["rollback", "--why", "it does not load", "--who", "bo"]) == 0
    town.look()
    assert town.wiring.rulebooks.pointer().live == before.rulebook
    assert town.decided().rulebook == before.rulebook


def test_a_shadow_version_is_recorded_beside_what_happens(town: Town) -> None:
    main(["publish", town.rules("calm", "low"), "--why", "calm", "--who", "ana"])
    main(["publish", town.rules("loud", "urgent"), "--why", "louder?", "--who", "ana", "--shadow"])
    town.look()

    decision = town.decided()

    assert (decision.rule, decision.priority) == ("calm", "low")
    assert decision.otherwise is not None
    assert (decision.otherwise.rule, decision.otherwise.priority) == ("loud", "urgent")
    assert decision.otherwise.rulebook == town.wiring.rulebooks.pointer().shadow
