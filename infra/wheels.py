"""Compiled code for Lambda: fetched as wheels, durable_rules built, and the C library each of them will meet.

A wheel's name says which C library it was built on, and sometimes wrongly. The symbols in the code tell the truth.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from zipfile import ZipFile

from infra import target
from infra.locked import LOCK, only
from infra.target import PackageError, Target, Version

SYMBOL = re.compile(rb"GLIBC_(\d+)\.(\d+)")
# Of requirements.txt, what is only imported where rule files are published or bindings are written: never on Lambda.
ELSEWHERE = ("holidays", "pycparser")
PIN = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
BUILT = "durable_rules"  # is published as source only
BUILD_TOOLS = ("setuptools==84.2.1", "wheel==0.48.0")
ZIG = "ziglang==0.15.2"  # a C compiler for every machine, in a wheel: https://pypi.org/project/ziglang


def fetch(aim: Target, root: Path) -> Path:
    """A folder with a wheel of every requirement for the target. Goes to the package index only when one of them has
    changed since the last time. Raises PackageError."""
    folder = root / ".cache" / "lambda" / aim.architecture
    stamp = folder / "ready"
    wanted = _wanted(root, aim)
    if not stamp.is_file() or stamp.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "wheels").mkdir(parents=True)
        _download(aim, root, folder / "wheels")
        build(aim, root, folder / "wheels")
        stamp.write_text(wanted)
    return folder / "wheels"


def pins(requirements: Path) -> dict[str, str]:
    """Versions by name."""
    return dict(PIN.findall(requirements.read_text()))


def build(aim: Target, root: Path, out: Path) -> None:
    """A wheel of durable_rules, which is published as source only. Raises PackageError."""
    python = tools(root)
    version = pins(root / "requirements.txt")[BUILT]
    compiler = {} if aim.is_here and shutil.which("cc") else _cross(aim, root)
    command = ["wheel", "--no-deps", "--no-build-isolation", "--no-binary", BUILT, "--no-cache-dir"]
    locked = only([f"{BUILT}=={version}"], root, out.parent / "built.txt")
    run(python, [*command, "--wheel-dir", str(out), *locked], compiler, f"{BUILT} was not built")
    if not list(out.glob(f"{BUILT}-*_{aim.machine}.whl")):
        raise PackageError(f"{BUILT} was built for another machine than {aim.machine}: {out}")


def needed_glibc(archive: Path) -> dict[str, Version]:
    """The newest C library each compiled file in a wheel or zip asks for."""
    return {name: _newest(content) for name, content in compiled(archive).items()}


def compiled(archive: Path) -> dict[str, bytes]:
    """The compiled files in a wheel or zip."""
    with ZipFile(archive) as files:
        return {name: files.read(name) for name in files.namelist() if re.search(r"\.so(\.|$)", name)}


def too_new(archive: Path) -> list[str]:
    """One line for every compiled file that would not load on Lambda."""
    needed = {name: version for name, version in needed_glibc(archive).items() if version > target.GLIBC}
    lambdas = _dotted(target.GLIBC)
    return [f"  {name} needs glibc {_dotted(version)}; Lambda has {lambdas}" for name, version in needed.items()]


def foreign(archive: Path, aim: Target) -> list[str]:
    """One line for every compiled file that is for another machine or another Python."""
    # https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html: e_machine
    wanted = {"x86_64": 62, "aarch64": 183}[aim.machine]
    code = compiled(archive)
    wrong = [name for name, content in code.items() if int.from_bytes(content[18:20], "little") != wanted]
    ours = f".cpython-{target.PYTHON[0]}{target.PYTHON[1]}-"
    others = [name for name in code if ".cpython-" in name and ours not in name]
    return [f"  {name} is not for {aim.machine}" for name in wrong] + [
        f"  {name} is not for {target.RUNTIME}" for name in others
    ]


def run(python: Path, pip: Sequence[str], extra: Mapping[str, str], trouble: str) -> None:
    """One call of pip. Raises PackageError with what pip said."""
    command = [str(python), "-m", "pip", *pip, "--disable-pip-version-check", "--quiet"]
    done = subprocess.run(
        command, env={**os.environ, **extra}, capture_output=True, text=True, timeout=600, check=False
    )
    if done.returncode:
        raise PackageError(f"{trouble}:\n{done.stdout}{done.stderr}")


def _download(aim: Target, root: Path, out: Path) -> None:
    wanted = pins(root / "requirements.txt").items()
    fetched = [f"{name}=={version}" for name, version in wanted if name not in (BUILT, *ELSEWHERE)]
    where = [word for name in aim.platforms for word in ("--platform", name)]
    abi = ["cp{}{}".format(*target.PYTHON), "abi3", "none"]
    kind = ["--implementation", "cp", "--python-version", "{}.{}".format(*target.PYTHON)]
    kind += [word for name in abi for word in ("--abi", name)]
    here = ["--find-links", str(root / ".venv" / "wheels")]
    locked = only(fetched, root, out.parent / "fetched.txt")
    command = ["download", "--no-deps", "--only-binary", ":all:", *where, *kind, *here, "--dest", str(out), *locked]
    run(Path(sys.executable), command, {}, f"no wheels for {target.RUNTIME} on {aim.architecture}")


def tools(root: Path) -> Path:
    """The Python of a folder that has what builds wheels for the runtime's version."""
    folder = root / ".cache" / "lambda" / "tools"
    made = folder / "bin" / "python"
    if not (folder / "ready").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        ours = target.python()
        done = subprocess.run([ours, "-m", "venv", folder], capture_output=True, text=True, timeout=120, check=False)
        if done.returncode:
            raise PackageError(f"{ours} cannot make a virtual environment:\n{done.stdout}{done.stderr}")
        here = ["--find-links", str(root / ".venv" / "wheels")]
        locked = only(BUILD_TOOLS, root, folder / "tools.txt")
        run(made, ["install", "--no-deps", *here, *locked], {}, "the tools that build wheels")
        (folder / "ready").touch()
    return made


def _cross(aim: Target, root: Path) -> dict[str, str]:
    """What lets setuptools build for another machine."""
    zig = zig_command(root)
    # Zig's own default is to look for undefined behaviour, which would be shipped.
    cc = f"{zig} cc -target {aim.machine}-linux-gnu.2.26 -O2 -g0 -fno-sanitize=undefined"
    return {
        "CC": cc,
        "LDSHARED": f"{cc} -shared",
        "AR": f"{zig} ar",
        "RANLIB": f"{zig} ranlib",
        "ZIG_GLOBAL_CACHE_DIR": str(root / ".cache" / "lambda" / "zig-cache"),
        "_PYTHON_HOST_PLATFORM": f"linux-{aim.machine}",
        "SETUPTOOLS_EXT_SUFFIX": aim.suffix,
    }


def zig_command(root: Path) -> str:
    """Zig, fetched when it is first needed: 90 MB."""
    folder = root / ".cache" / "lambda" / "zig"
    if not (folder / "ready").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        locked = only([ZIG], root, folder / "zig.txt")
        command = ["install", "--no-deps", "--only-binary", ":all:", "--target", str(folder), *locked]
        run(Path(sys.executable), command, {}, "zig, which compiles for other machines")
        (folder / "ready").touch()
    return str(folder / "ziglang" / "zig")


def _wanted(root: Path, aim: Target) -> str:
    told = [
        (root / LOCK).read_text(),
        (root / "requirements.txt").read_text(),
        aim.architecture,
        target.RUNTIME,
        Path(__file__).read_text(),
    ]
    return hashlib.sha256("\0".join(told).encode()).hexdigest()


def _newest(content: bytes) -> Version:
    return max(((int(major), int(minor)) for major, minor in SYMBOL.findall(content)), default=(0, 0))


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))
