"""What a BottleCRM is run from: a Python, the package from PyPI, PostgreSQL's programs and a place."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.live.servers import CACHE, need

PACKAGE = "django-crm==1.35.0"
KEPT = CACHE / "bottlecrm"
VENV = KEPT / "venv-1.35.0"


def install() -> None:
    """An environment with BottleCRM, made once; skips the test where the package cannot be had."""
    if (VENV / "ready").exists():
        return
    shutil.rmtree(VENV, ignore_errors=True)
    subprocess.run([python(), "-m", "venv", str(VENV)], check=True)
    pip = [str(VENV / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"{PACKAGE} cannot be installed: {done.stderr[-300:]}")
    (VENV / "ready").touch()


def python() -> str:
    """A Python that BottleCRM runs on; skips the test where there is none."""
    named = [path for version in ("3.12", "3.13", "3.14") if (path := shutil.which(f"python{version}"))]
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [*map(str, sorted(kept.glob("3.1[2-4]*/bin/python3"))), *named]
    test = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))"
    fit = [
        path for path in found if subprocess.run([path, "-c", test], capture_output=True, check=False).returncode == 0
    ]
    need("Python >= 3.12, which BottleCRM asks for,", bool(fit))
    return fit[0]


def postgres() -> Path | None:
    """The folder of the newest PostgreSQL's programs, as Debian lays them."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda path: int(path.parts[-2]), default=None)


def program(name: str) -> str:
    """One of PostgreSQL's programs."""
    return str((postgres() or Path()) / name)


def has_pango() -> bool:
    """Whether the libraries are there without which BottleCRM does not start."""
    listed = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=False).stdout
    return "libpango-1.0" in listed and "libpangoft2-1.0" in listed


def database_user() -> str | None:
    """PostgreSQL does not run as root."""
    return "postgres" if os.geteuid() == 0 else None


def open_folder() -> str | None:
    """Our cache, where PostgreSQL's user may pass through all the folders above it; else the system's."""
    KEPT.mkdir(parents=True, exist_ok=True)
    passable = all(folder.stat().st_mode & 0o001 for folder in (KEPT, *KEPT.parents))
    return str(KEPT) if passable or os.geteuid() != 0 else "/tmp"  # noqa: S108 - mkdtemp makes a folder of its own
