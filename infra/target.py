"""The machine that the package is for, and the Python here that can make code for it.

Chalice writes the Python that runs it into the template and packs code for that one. Here the runtime is one place in
this file, and code is made for it whatever Python the rest of the project runs on.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

Version = tuple[int, int]

PYTHON: Version = (3, 12)
GLIBC: Version = (2, 34)  # of Amazon Linux 2023, below the runtime of Python 3.12
RUNTIME = "python{}.{}".format(*PYTHON)
MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}  # by Lambda's name for an architecture
ALIASES = {"amd64": "x86_64", "arm64": "aarch64"}
MISSING = f"""a package for Lambda needs {RUNTIME} on this machine: the code in the zip is compiled by it and for it.
Install it (Debian, Ubuntu: apt-get install python3.12-dev python3.12-venv; pyenv install 3.12; uv python install 3.12)
or name it: PYTHON312=/path/to/python3.12 make package"""


class PackageError(Exception):
    """What was made, or would be, must not be deployed; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Target:
    """A Lambda architecture: x86_64 or arm64."""

    architecture: str

    @property
    def machine(self) -> str:
        """As Linux and wheels name it."""
        return MACHINES[self.architecture]

    @property
    def is_here(self) -> bool:
        """Whether code made for it runs on this machine."""
        ours = platform.machine()
        return sys.platform == "linux" and ALIASES.get(ours, ours) == self.machine

    @property
    def platforms(self) -> list[str]:
        """Names of wheels that load there, the newest C library first."""
        newer = [f"manylinux_{GLIBC[0]}_{minor}_{self.machine}" for minor in range(GLIBC[1], 4, -1)]
        return [*newer, f"manylinux2014_{self.machine}", f"linux_{self.machine}", "any"]

    @property
    def suffix(self) -> str:
        """What the file of a compiled module ends in."""
        return ".cpython-{}{}-{}-linux-gnu.so".format(*PYTHON, self.machine)


def python() -> Path:
    """An interpreter of the runtime's version. Raises PackageError saying how to come by one."""
    for candidate in _candidates():
        if _version(candidate) == PYTHON:
            return candidate
    raise PackageError(MISSING)


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("PYTHON312"):
        yield Path(named)
        return  # whoever names one wants no other
    yield Path(sys.executable)
    if found := shutil.which(RUNTIME):
        yield Path(found)
    for folder in (Path.home() / ".pyenv" / "versions", Path.home() / ".local" / "share" / "uv" / "python"):
        yield from sorted(folder.glob(f"*3.12*/bin/{RUNTIME}"), reverse=True)


def _version(candidate: Path) -> Version | None:
    """Its version; None when it does not run (pyenv puts commands on the PATH that only say so)."""
    told = "import sys; print(*sys.version_info[:2])"
    try:
        done = subprocess.run([candidate, "-c", told], capture_output=True, text=True, timeout=30, check=False)
        major, minor = map(int, done.stdout.split())
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return major, minor
