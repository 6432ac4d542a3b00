"""What lies in the zip: our code, what it imports, and all of it compiled.

A function pays for what is in the zip by its size and for what it imports by the millisecond. On Lambda nothing can be
written beside the code, so source would be compiled again at every cold start; unchecked .pyc files are taken as they
are. Of the libraries they are all that is shipped; our own source comes along, for the lines of a traceback.
"""

from __future__ import annotations

import fnmatch
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from infra import elf, target
from infra.reach import reachable
from infra.target import PackageError

OURS = ("app.py", "chalicelib", "chalice")
DATA = (".json", ".ftz")
# The services our code makes boto3 clients of; botocore describes four hundred.
SERVICES = ("cloudwatch", "secretsmanager", "sesv2", "sns", "sqs", "xray")  # the last where traces are wanted
# Never asked for by what the functions import. What is shipped is imported whole before anybody may deploy it.
LEFT_OUT = (
    "*.dist-info/*",
    "*.c", "*.cc", "*.cpp", "*.h", "*.hpp", "*.pyi", "*.pyx", "*.cfg", "*/py.typed",
    "aws_lambda_powertools/event_handler/*",
    "aws_lambda_powertools/metrics/provider/datadog/*",
    "aws_xray_sdk/ext/*/*",  # patches of libraries: we time our own parts
    "boto3/examples/*", "boto3/data/*",
    "botocore/data/*/*",
    "cffi/*",  # for writing bindings; what runs is _cffi_backend
    "dateutil/zoneinfo/*", "dateutil/rrule.py", "dateutil/easter.py",
    "s3transfer/crt.py", "s3transfer/processpool.py",
    "tzdata/zoneinfo/*.zi", "tzdata/zoneinfo/*.tab", "tzdata/zoneinfo/leapseconds",  # for who makes zones of them
    "urllib3/contrib/emscripten/*", "urllib3/contrib/pyopenssl.py", "urllib3/contrib/socks.py",
    "durable/*",  # durable_rules' own language; the engine is durable_rules_engine
    "*/__pycache__/*",
)  # fmt: skip
ONLY = {"aws_lambda_powertools/utilities/": ("__init__.py", "jmespath_utils/*")}
EPOCH = (1980, 1, 1, 0, 0, 0)  # of a zip; the same code gives the same bytes, so that CloudFormation sees no change


def grow(tree: Path, root: Path, wheels: Path, chalice: Path) -> None:
    """Fill a new folder with what the functions need; `chalice` is the zip that Chalice made, for its runtime."""
    shutil.rmtree(tree, ignore_errors=True)
    for archive in [*sorted(wheels.glob("*.whl")), chalice]:
        with ZipFile(archive) as files:
            names = [name for name in files.namelist() if not name.startswith(("app.py", "chalicelib/"))]
            files.extractall(tree, [name for name in names if is_needed(name)])
    for name in ["app.py", *sorted(_ours(root))]:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / name, tree / name)


def _ours(root: Path) -> set[str]:
    """Modules that the functions can import, and what lies beside them that is no module."""
    modules = reachable(root)
    folders = {root / name for name in {str(Path(module).parent) for module in modules}}
    beside = {path for folder in folders for path in folder.iterdir() if path.suffix in DATA}
    return modules | {str(path.relative_to(root)) for path in beside}


def is_needed(name: str) -> bool:
    """Whether a file is to lie in the zip."""
    for service in SERVICES:
        if name.startswith(f"botocore/data/{service}/"):
            return "/paginators" not in name and "/examples" not in name and "/waiters" not in name
    for folder, wanted in ONLY.items():
        if name.startswith(folder):
            return any(fnmatch.fnmatch(name.removeprefix(folder), pattern) for pattern in wanted)
    return not any(fnmatch.fnmatch(name, pattern) for pattern in LEFT_OUT) and not name.endswith("/")


def compile_all(tree: Path) -> None:
    """Compile it as it will lie on Lambda. Raises PackageError."""
    libraries = sorted(path for path in tree.iterdir() if path.name not in OURS)
    ours = [tree / name for name in OURS]
    _compile(tree, ["-b", "-o", "2"], libraries)  # x.pyc instead of x.py, without the texts for readers
    _compile(tree, [], ours)  # __pycache__/x.cpython-312.pyc beside it
    for path in libraries:
        for source in [path] if path.suffix == ".py" else path.rglob("*.py"):
            source.unlink()


def strip(tree: Path) -> None:
    """Leave of compiled code what is loaded. Raises PackageError."""
    for path in sorted(tree.rglob("*.so*")):
        try:
            path.write_bytes(elf.loaded(path.read_bytes()))
        except ValueError as error:
            raise PackageError(f"{path.name} cannot run: {error}") from None


def pack(tree: Path, archive: Path) -> None:
    """A zip of the folder, the same bytes for the same files."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(archive, "w", ZIP_DEFLATED, compresslevel=9) as out:
        for path in sorted(item for item in tree.rglob("*") if item.is_file()):
            info = ZipInfo(str(path.relative_to(tree)), EPOCH)
            info.external_attr, info.compress_type = 0o100644 << 16, ZIP_DEFLATED
            out.writestr(info, path.read_bytes(), compresslevel=9)


def _compile(tree: Path, how: Sequence[str], paths: Sequence[Path]) -> None:
    where = ["-s", str(tree), "-p", "/var/task", *map(str, paths)]
    command = [str(target.python()), "-m", "compileall", "-q", *how, "--invalidation-mode", "unchecked-hash", *where]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env={"PATH": ""})
    if done.returncode:
        raise PackageError(f"not everything could be compiled:\n{done.stdout}{done.stderr}")
