"""infra/requirements.lock: the files that may be fetched for the zip, each by its hash."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from infra.target import PackageError

LOCK = Path("infra") / "requirements.lock"
BLOCK = re.compile(r"^([\w.-]+)==(\S+) \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", re.MULTILINE)


def only(wanted: Iterable[str], root: Path, out: Path) -> list[str]:
    """What has pip take these (`name==version`) and check each file, from a list written to `out`. Raises PackageError
    for what is not locked."""
    blocks = {plain(block[1], block[2]): block[0] for block in BLOCK.finditer((root / LOCK).read_text())}
    names = [plain(*item.split("==")) for item in wanted]
    if missing := [name for name in names if name not in blocks]:
        raise PackageError(f"{LOCK} does not know {', '.join(missing)}: its first lines say how it is made anew")
    out.write_text("".join(blocks[name] for name in names))
    return ["--require-hashes", "--requirement", str(out)]


def plain(name: str, version: str) -> str:
    """As the index compares names: https://packaging.python.org/en/latest/specifications/name-normalization/"""
    return f"{re.sub(r'[-_.]+', '-', name).lower()}=={version}"
