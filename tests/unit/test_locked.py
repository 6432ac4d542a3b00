"""infra/requirements.lock: only files that were looked at get into the zip."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from infra import wheels
from infra.locked import LOCK, only
from infra.target import PackageError

ROOT = Path(__file__).resolve().parents[2]
NAME = "made_up-1.0-py3-none-any.whl"


def test_everything_that_is_fetched_for_the_zip_is_locked_at_its_version(tmp_path: Path) -> None:
    pinned = [f"{name}=={version}" for name, version in wheels.pins(ROOT / "requirements.txt").items()]
    wanted = [*pinned, *wheels.BUILD_TOOLS, wheels.ZIG]

    only(wanted, ROOT, tmp_path / "list")

    assert (tmp_path / "list").read_text().count("==") == len(wanted)
    assert (tmp_path / "list").read_text().count("sha256:") > 5 * len(wanted)


def test_a_version_that_was_not_locked_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"requirements.lock does not know boto3==0.1: its first lines say"):
        only(["six==1.17.0", "boto3==0.1"], ROOT, tmp_path / "list")


@pytest.mark.thorough
@pytest.mark.parametrize("tampered", [False, True])
def test_a_file_with_another_hash_is_not_taken(tmp_path: Path, tampered: bool) -> None:
    (tmp_path / "infra").mkdir()
    with ZipFile(tmp_path / NAME, "w") as wheel:
        wheel.writestr("made_up.py", "")
        wheel.writestr("made_up-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: made-up\nVersion: 1.0\n")
        wheel.writestr("made_up-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("made_up-1.0.dist-info/RECORD", "")
    digest = hashlib.sha256((tmp_path / NAME).read_bytes() + (b"!" if tampered else b"")).hexdigest()
    (tmp_path / LOCK).write_text(f"made-up==1.0 \\\n    --hash=sha256:{digest}\n")

    def fetch() -> None:
        locked = only(["made_up==1.0"], tmp_path, tmp_path / "list")
        command = [
            "download",
            "--no-deps",
            "--no-index",
            "--find-links",
            str(tmp_path),
            "--dest",
            str(tmp_path / "out"),
        ]
        wheels.run(Path(sys.executable), [*command, *locked], {}, "not fetched")

    if tampered:
        with pytest.raises(PackageError, match="DO NOT MATCH THE HASHES"):
            fetch()
    else:
        fetch()
    assert (tmp_path / "out" / NAME).exists() is not tampered
