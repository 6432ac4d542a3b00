"""The gate before a rulebook decides: it is run in a process of its own, with limits, and must decide as the plain one.

A rulebook that crashes, hangs or misleads durable_rules' C code does that to a process nobody needs.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.model import Context, Post

PROGRAM = (sys.executable, "-m", "chalicelib.trial")
# What a program needs to start here; credentials are none of it.
KEPT = ("PATH", "LD_LIBRARY_PATH", "LANG", "TMPDIR")
MOST_PROBLEMS = 20
SECONDS = 60
SECONDS_A_SAMPLE = 0.05

Line = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one examination may take: seconds by the clock, megabytes of address space, adversarial posts."""

    seconds: float = SECONDS
    megabytes: int = 2048
    posts: int = 500


def in_a_function(memory: int) -> Limits:
    """Within TriagePosts' half minute, and half of its memory (MB): the other half holds the version that decides."""
    return Limits(seconds=15, megabytes=memory // 2, posts=50)


@dataclass(frozen=True, slots=True)
class Sample:
    """A post to decide, and what to call it to people."""

    name: str
    post: Post
    context: Context


@dataclass(frozen=True, slots=True)
class Given:
    """What the process is given on its standard input, pickled."""

    bundle: str
    samples: tuple[Sample, ...]
    limits: Limits


@dataclass(frozen=True, slots=True)
class Examined:
    """What an examination came to; the rulebook may decide where there are no problems."""

    problems: tuple[str, ...]
    posts: int
    seconds: float


def examine(
    bundle: str, samples: Sequence[Sample] = (), limits: Limits | None = None, program: Sequence[str] = PROGRAM
) -> Examined:
    """Load a bundle's text and decide the samples, and posts made to break it, on both engines."""
    limits = limits or Limits(seconds=SECONDS + len(samples) * SECONDS_A_SAMPLE)
    began = time.monotonic()
    told, ending = _run(program, pickle.dumps(Given(bundle, tuple(samples), limits)), limits)
    places = [line["at"] for line in told if "at" in line]
    problems = [line["wrong"] for line in told if "wrong" in line]
    if ending is not None:
        problems.append(f"{ending}, {f'at {places[-1]}' if places else 'while the rules were loaded'}")
    return Examined(tuple(problems[:MOST_PROBLEMS]), len(places), time.monotonic() - began)


def _run(program: Sequence[str], given: bytes, limits: Limits) -> tuple[list[Line], str | None]:
    """What it told, and how it ended where it should not have."""
    try:
        # `run` kills the process whenever it does not return, Ctrl-C included.
        ended = subprocess.run(
            program, input=given, capture_output=True, timeout=limits.seconds, env=_environment(), check=False
        )
    except subprocess.TimeoutExpired as late:
        return _told(late.stdout or b""), f"durable_rules did not come to an end within {limits.seconds:g} s"
    told = _told(ended.stdout)
    return told, _ending(ended, told[-1] if told else {}, limits)


def _ending(ended: subprocess.CompletedProcess[bytes], last: Line, limits: Limits) -> str | None:
    if ended.returncode < 0:
        return f"durable_rules crashed ({signal.Signals(-ended.returncode).name})"
    if "memory" in last:
        return f"durable_rules needs more than {limits.megabytes} MB"
    if "failed" in last:
        return f"durable_rules failed ({last['failed']})"
    if ended.returncode == 0 and "done" in last:
        return None
    said = ended.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
    return f"the gate's own process ended with {ended.returncode} ({said or 'it said nothing'})"


def _told(output: bytes) -> list[Line]:
    """The lines it wrote, each a JSON object; the last may have been cut short."""
    whole = output[: output.rfind(b"\n") + 1]
    return [json.loads(line) for line in whole.splitlines()]


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONHASHSEED": "0"}
