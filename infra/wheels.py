"""Compiled code and the C library it will meet on Lambda.

Chalice goes by a wheel's name: it refuses google-re2 for Python 3.11 (named 2.27, though it needs nothing newer than
2.17) and takes any wheel built on this machine, however new its C library. The symbols in the code tell the truth.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

Version = tuple[int, int]

# Amazon Linux 2 below Python 3.11, Amazon Linux 2023 below 3.12: glibc of the Lambda runtimes.
LAMBDA_GLIBC: dict[Version, Version] = {(3, 11): (2, 26), (3, 12): (2, 34)}
SYMBOL = re.compile(rb"GLIBC_(\d+)\.(\d+)")


def lambda_glibc() -> Version:
    """Of the runtime whose Python this is; Chalice packages for no other."""
    return LAMBDA_GLIBC[sys.version_info[:2]]


def needed_glibc(archive: Path) -> dict[str, Version]:
    """The newest C library each compiled file in a wheel or zip asks for."""
    with ZipFile(archive) as files:
        code = {name: files.read(name) for name in files.namelist() if re.search(r"\.so(\.|$)", name)}
    return {name: _newest(content) for name, content in code.items()}


def too_new(archive: Path) -> list[str]:
    """One line for every compiled file that would not load on Lambda."""
    ours = lambda_glibc()
    needed = {name: version for name, version in needed_glibc(archive).items() if version > ours}
    return [f"  {name} needs glibc {_dotted(version)}; Lambda has {_dotted(ours)}" for name, version in needed.items()]


def rename(wheels: Path, links: Path, requirements: Path) -> None:
    """Put wheels that would load on Lambda, but are named for a newer C library, into `links` under a fitting name."""
    links.mkdir(parents=True, exist_ok=True)
    for name in re.findall(r"^([\w.-]+)==", requirements.read_text(), re.MULTILINE):
        for wheel in wheels.glob(f"{name.replace('-', '_')}-*manylinux*.whl"):
            if _named_too_new(wheel.name) and not too_new(wheel):
                _rename(wheel, links)


def _named_too_new(name: str) -> bool:
    versions = [(int(major), int(minor)) for major, minor in re.findall(r"manylinux_(\d+)_(\d+)_", name)]
    return bool(versions) and "manylinux2014" not in name and min(versions) > lambda_glibc()


def _rename(wheel: Path, links: Path) -> None:
    copy = Path(shutil.copy(wheel, links))
    machine = re.findall(r"manylinux_\d+_\d+_(\w+?)\.(?:manylinux|whl)", wheel.name)[0]
    tag = "manylinux_{}_{}_{}".format(*lambda_glibc(), machine)
    command = [sys.executable, "-m", "wheel", "tags", "--remove", "--platform-tag", tag, str(copy)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)


def _newest(content: bytes) -> Version:
    return max(((int(major), int(minor)) for major, minor in SYMBOL.findall(content)), default=(0, 0))


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))
