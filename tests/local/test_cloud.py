"""The whole local cloud: it starts fast, leaves nothing behind, and says what is wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.cloud import LocalCloud
from infra.local.functions import WORKERS
from infra.local.process import CloudError
from tests.local.conftest import HANDLERS, ROOT, eventually

pytestmark = pytest.mark.local

PROCESSES = 1 + sum(WORKERS.values())  # ministack and the functions'
RUN = """
import sys, time
from pathlib import Path
from infra.local.cloud import LocalCloud
from tests.local.conftest import HANDLERS
with LocalCloud(Path(sys.argv[1]), {"platforms": {}}, handlers=HANDLERS, env={"CALLS": "/dev/null"}):
    print("up", flush=True)
    time.sleep(60)
"""


def cloud(data: Path) -> LocalCloud:
    return LocalCloud(data, {"platforms": {}}, handlers=HANDLERS, env={"CALLS": os.devnull})


def processes(data: Path) -> list[int]:
    """Processes that were told of this folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            told = entry.read_bytes()
        except OSError:  # it has just ended, or is not ours
            continue
        if str(data).encode() in told:
            found.append(int(entry.parent.name))
    return found


def test_it_starts_and_stops_and_leaves_nothing(tmp_path: Path) -> None:
    with cloud(tmp_path):
        alive = processes(tmp_path)
        told = json.loads((tmp_path / ".local" / "cloud.json").read_text())
        mode = (tmp_path / ".local" / "cloud.json").stat().st_mode & 0o777

    assert len(alive) == PROCESSES
    assert not processes(tmp_path)
    assert set(told) == {"pid", "url", "platforms", "environment"}
    assert mode == 0o600  # it holds secrets
    assert not (tmp_path / ".local" / "cloud.json").exists()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_nothing_outlives_its_parent(tmp_path: Path, how: signal.Signals) -> None:
    env = dict(os.environ, PYTHONPATH=str(ROOT))
    command = [sys.executable, "-c", RUN, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env, cwd=ROOT) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        alive = processes(tmp_path)
        parent.send_signal(how)
        parent.wait(10)

    assert len(alive) == PROCESSES
    eventually(lambda: not processes(tmp_path), 3)


def test_a_dead_engine_is_told_with_its_log(tmp_path: Path) -> None:
    with cloud(tmp_path) as running:
        engine = next(pid for pid in processes(tmp_path) if b"ministack" in Path(f"/proc/{pid}/cmdline").read_bytes())
        os.kill(engine, signal.SIGKILL)

        with pytest.raises(CloudError, match="ministack has died"):
            eventually(lambda: running.check())


def test_a_handler_that_cannot_start_stops_the_cloud(tmp_path: Path) -> None:
    broken = LocalCloud(tmp_path, {}, handlers={**HANDLERS, "keep_time": "tests.local.handlers.not_there"})

    with pytest.raises(CloudError, match="keep_time"):
        broken.__enter__()
    assert not processes(tmp_path)


def test_an_unknown_parameter_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(CloudError, match="has no parameter Colour"),
        LocalCloud(tmp_path, {}, handlers=HANDLERS, parameters={"Colour": "red"}),
    ):
        pass
