"""What sets one stage apart from another: a file each, `dev.yml`, `prod.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from infra.target import MACHINES, PackageError

FOLDER = Path(__file__).parent
STAGES = tuple(sorted(path.stem for path in FOLDER.glob("*.yml")))
KEYS = ("architecture", "parameters")


@dataclass(frozen=True, slots=True)
class Stage:
    """One deployment of everything: `parameters` are those of infra/resources.yaml that differ from its defaults."""

    name: str
    architecture: str = "x86_64"
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def stack(self) -> str:
        """What CloudFormation calls it."""
        return f"earshot-{self.name}"


def stage(name: str, architecture: str | None = None) -> Stage:
    """A stage by its file; `architecture` instead of the file's. Raises PackageError saying what is wrong where."""
    path = FOLDER / f"{name}.yml"
    if not path.is_file():
        raise PackageError(
            f"there is no stage '{name}': a stage is a file in infra/stages; there are {', '.join(STAGES)}"
        )
    given = _members(path.name, yaml.safe_load(path.read_text()) or {})
    if unknown := given.keys() - set(KEYS):
        raise PackageError(f"{path.name}: there is no '{min(unknown)}'; there are {', '.join(KEYS)}")
    chosen = architecture or given.get("architecture", "x86_64")
    if chosen not in MACHINES:
        raise PackageError(f"{path.name}: architecture: expected one of {', '.join(sorted(MACHINES))}")
    parameters = _members(f"{path.name}: parameters", given.get("parameters") or {})
    return Stage(name, chosen, {str(key): str(value) for key, value in parameters.items()})


def _members(where: str, given: Any) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise PackageError(f"{where}: expected names with values")
    return given
