"""What `make package` writes beside a package that it has checked, so that nothing else can be deployed by mistake."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from infra.stages import Stage
from infra.target import PackageError

if TYPE_CHECKING:
    from infra.package import Package

NAME = "checked.json"


def seal(made: Package, chosen: Stage) -> None:
    """Note what was checked, and for which stage."""
    told = {"stage": chosen.name, "architecture": chosen.architecture, **_hashes(made.template, made.zip)}
    (made.zip.parent / NAME).write_text(json.dumps(told, indent=2) + "\n")


def unseal(folder: Path) -> None:
    """What lies there is not checked any more."""
    (folder / NAME).unlink(missing_ok=True)


def sealed(folder: Path, stage: str) -> tuple[Path, Path]:
    """The template and the zip of a checked package of this stage. Raises PackageError where it is none."""
    again = f"run `make package STAGE={stage}`, which checks what it makes"
    try:
        told = json.loads((folder / NAME).read_text())
        template, archive = folder / "sam.yaml", folder / "deployment.zip"
        found = _hashes(template, archive)
    except (OSError, ValueError):
        raise PackageError(f"{folder} holds no checked package: {again}") from None
    if told.get("stage") != stage:
        raise PackageError(f"{folder} holds a package of stage {told.get('stage')}, not of {stage}: {again}")
    if changed := [name for name, digest in found.items() if told.get(name) != digest]:
        raise PackageError(f"{folder / changed[0]} is not what was checked: {again}")
    return template, archive


def _hashes(template: Path, archive: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (template, archive)}
