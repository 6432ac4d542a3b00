"""What is taken off compiled code is never loaded, and what is no code is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from ahocorasick_rs import ahocorasick_rs

from infra import elf

CODE = Path(ahocorasick_rs.__file__).read_bytes()


def test_what_is_left_is_smaller_runs_and_cannot_be_cut_again(tmp_path: Path) -> None:
    left = elf.loaded(CODE)
    (tmp_path / Path(ahocorasick_rs.__file__).name).write_bytes(left)
    told = "import ahocorasick_rs as a; print(a.AhoCorasick(['ear']).find_matches_as_strings('an earshot'))"

    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {told}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.stdout.strip(), done.stderr) == ("['ear']", "")
    assert len(left) < len(CODE)
    assert elf.loaded(left) == left


@pytest.mark.parametrize("code", [b"", b"#!/bin/sh\n", CODE[:64], CODE[: len(CODE) // 4], CODE[:4] + b"\1" + CODE[5:]])
def test_what_is_no_code_or_half_of_it_is_told(code: bytes) -> None:
    with pytest.raises(ValueError, match="it "):
        elf.loaded(code)
