"""Where a verb works: the functions' environment when it is set, else the cloud on this laptop that runs right now."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from chalicelib.errors import SettingsError
from chalicelib.model import Pointer
from chalicelib.ports.deciding import Rulebooks
from chalicelib.wiring import Wiring

STATE = Path(".local") / "cloud.json"


def wiring() -> Wiring:
    """The parts of the stage in the environment, or of the running local cloud. Raises SettingsError."""
    if os.environ.get("EARSHOT_TABLE"):
        return Wiring(os.environ)
    environment = local_cloud().get("environment", {})
    os.environ.update(environment)  # boto3 reads its endpoint and credentials from here
    return Wiring(os.environ)


def published_rulebooks() -> tuple[Rulebooks, Pointer]:
    """What is published where we work, and what is live now. Raises SettingsError, in words where there is no table."""
    rulebooks = wiring().rulebooks
    try:
        return rulebooks, rulebooks.pointer()
    except SettingsError as trouble:
        raise SettingsError(f"{trouble}: the table is not there, or not ours to read (docs/operating.md)") from trouble


def local_cloud() -> dict[str, Any]:
    """What `make run` wrote down about itself. Raises SettingsError."""
    for folder in (Path.cwd(), *Path.cwd().parents):
        if (folder / STATE).is_file() and _runs(state := _read(folder / STATE)):
            return state
    raise SettingsError("no cloud to talk to: set EARSHOT_TABLE and the like (docs/operating.md), or start `make run`")


def _read(file: Path) -> dict[str, Any]:
    try:
        state: dict[str, Any] = json.loads(file.read_text())
    except ValueError:
        raise SettingsError(f"{file}: expected JSON; `make run` writes it when it starts, so start it again") from None
    return state


def _runs(state: dict[str, Any]) -> bool:
    """Whether the process that wrote it is there: one that was killed could not take its file away."""
    try:
        os.kill(int(state["pid"]), 0)
    except ProcessLookupError:
        return False
    except (KeyError, TypeError, ValueError, PermissionError):  # it names no process, or another user's
        return True
    return True
