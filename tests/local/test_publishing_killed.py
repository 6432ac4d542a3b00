"""Whoever publishes may be killed at any moment: what decides is the old version or the new one, and both are whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.model import Pointer
from chalicelib.rulebook import bundle
from chalicelib.stores.rulebooks import DynamoRulebooks
from tests.contracts.cloud import Cloud, running
from tests.local.teapots import rule_file

pytestmark = pytest.mark.local
ROOT = Path(__file__).parents[2]
FURTHEST = 60


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with running(tmp_path_factory.mktemp("ministack")) as started:
        yield started


class Publisher:
    """Somebody at a terminal, who dies before a request or lives."""

    def __init__(self, cloud: Cloud, table: str, folder: Path) -> None:
        self.rulebooks = DynamoRulebooks(cloud.wire(), table)
        self._folder = folder
        needed = {
            "EARSHOT_TABLE": table,
            "EARSHOT_POSTS_QUEUE": "-",
            "EARSHOT_PARKED_QUEUE": "-",
            "EARSHOT_SECRET": "-",
        }
        aws = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
        self._env = {**os.environ, **needed, **aws, "AWS_ENDPOINT_URL": cloud.client("dynamodb").meta.endpoint_url}

    def runs(self, *words: str, dies_at: int = 0) -> subprocess.CompletedProcess[str]:
        """One call of `earshot`; 0 dies nowhere."""
        command = [sys.executable, "-m", "tests.local.killed_publisher", str(dies_at), *words]
        return subprocess.run(command, cwd=ROOT, env=self._env, capture_output=True, text=True, check=False)

    def publishes(self, name: str, dies_at: int = 0) -> int:
        """The exit code of publishing one rule of that name."""
        (self._folder / "tea.rules.yml").write_text(rule_file(name))
        return self.runs("publish", str(self._folder), "--why", name, "--who", "ana", dies_at=dies_at).returncode


@pytest.fixture
def publisher(cloud: Cloud, tmp_path: Path) -> Publisher:
    cloud.make_table("killed")
    return Publisher(cloud, "killed", tmp_path)


def test_killed_before_any_request_a_publication_has_happened_or_not_and_can_be_repeated(publisher: Publisher) -> None:
    assert publisher.publishes("first") == 0
    first = publisher.rulebooks.pointer()

    deaths = 0
    for request in range(1, FURTHEST):
        if publisher.publishes("second", dies_at=request) != -signal.SIGKILL:
            break
        deaths += 1
        assert publisher.rulebooks.pointer() == first, f"killed before request {request}"
        for published in publisher.rulebooks.published():
            whole = bundle.loads(publisher.rulebooks.text(published.version), "plain")
            assert whole.version == published.version

    assert 6 <= deaths < FURTHEST, "it must have died at several places, and come to its end"
    second = publisher.rulebooks.pointer()
    assert second == Pointer(2, second.live, first.live)
    assert [move.why for move in publisher.rulebooks.moves()] == ["second", "first"]
    assert [published.why for published in publisher.rulebooks.published()] == ["second", "first"]


def test_a_table_that_is_not_there_is_told_in_words(cloud: Cloud, tmp_path: Path) -> None:
    shown = Publisher(cloud, "no-such-table", tmp_path).runs("versions")

    assert shown.returncode == 2
    assert "ResourceNotFoundException: the table is not there, or not ours to read" in shown.stderr
