"""The functions of app.py, made as the template says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from infra.local.process import environment
from infra.local.runtime import Function
from infra.local.stack import Stack

# As app.py names its functions, and as Chalice names them in the template.
LOGICAL = {
    "api_handler": "APIHandler",
    "triage_posts": "TriagePosts",
    "deliver_cases": "DeliverCases",
    "tell_people": "TellPeople",
    "keep_time": "KeepTime",
}
HANDLERS = {name: f"app.{name}" for name in LOGICAL} | {"api_handler": "app.app"}
WORKERS = {"api_handler": 2, "triage_posts": 3, "deliver_cases": 1, "tell_people": 1, "keep_time": 1}


def variables(stack: Stack, name: str) -> dict[str, str]:
    """The environment the template gives a function."""
    found: dict[str, str] = stack.properties(LOGICAL[name])["Environment"]["Variables"]
    return found


def function(
    stack: Stack,
    name: str,
    handler: str,
    *,
    workers: int,
    env: Mapping[str, str],
    root: Path,
    data: Path,
    done: Callable[[], object],
    timeout: float | None = None,
) -> Function:
    """A function with the template's memory and, unless one is given, its time-out in seconds; its processes are
    starting when this returns."""
    properties = stack.properties(LOGICAL[name])
    return Function(
        name,
        handler,
        workers=workers,
        timeout=timeout or float(properties["Timeout"]),
        memory=int(properties["MemorySize"]),
        env={**environment(root, data / "tmp"), **env},
        root=root,
        logs=data / "logs",
        done=done,
    )
