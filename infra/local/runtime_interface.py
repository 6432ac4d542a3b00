"""The package as Lambda would run it, on this machine: its Python, its Runtime Interface Client, its zip unpacked."""

from __future__ import annotations

import shutil
from pathlib import Path
from zipfile import ZipFile

from infra import target, wheels

CLIENT = ("awslambdaric", "simplejson", "snapshot-restore-py")


def unpacked(archive: Path, folder: Path) -> Path:
    """The zip's files, as they lie in /var/task."""
    with ZipFile(archive) as files:
        files.extractall(folder)
    return folder


def interface_client(root: Path) -> Path:
    """A folder with AWS's Runtime Interface Client for the runtime's Python, the version that tests use too. Raises
    PackageError."""
    folder = root / ".cache" / "lambda" / "ric"
    if not (folder / "ready").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        pins = wheels.pins(root / "requirements-dev.txt")
        wanted = [f"{name}=={pins[name]}" for name in CLIENT]
        command = ["install", "--no-deps", "--only-binary", ":all:", "--target", str(folder), *wanted]
        wheels.run(wheels.tools(root), command, {}, f"the runtime interface client for {target.RUNTIME}")
        (folder / "ready").touch()
    return folder
