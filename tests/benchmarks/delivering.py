"""What starting the delivering function costs beside boto3 and urllib3: `python -m tests.benchmarks.delivering`.

Seconds of CPU of fresh processes, started in pairs, one of each in turn: what a busy machine adds, it adds to both. The
ratio of the least of each counts, since it only adds; the median of the pairs' ratios stands beside it.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from statistics import median

from chalicelib.crm import CRMS

ROOT = Path(__file__).parents[2]
ROUNDS = 11
COMPILED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
BASE = "import boto3, urllib3"
# What app.deliver_cases does before it asks anybody anything: its desk with its clients, and the adapter.
NEEDED = """
import app
from chalicelib.pipeline.deliver import deliver_patiently
from chalicelib.crm import adapter
parts = app.wiring
parts.delivery_desk
parts._settings
parts._mapping
adapter({name!r})
"""
PLACE = {
    "EARSHOT_TABLE": "posts",
    "EARSHOT_POSTS_QUEUE": "http://127.0.0.1:9/posts.fifo",
    "EARSHOT_PARKED_QUEUE": "http://127.0.0.1:9/parked",
    "EARSHOT_SECRET": "settings",
    "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "nobody",
    "AWS_SECRET_ACCESS_KEY": "nothing",
}


def started(code: str) -> float:
    """Seconds of CPU of one fresh process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=COMPILED | PLACE, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Each CRM named, else all, each in pairs with the same base."""
    names = sys.argv[1:] or list(CRMS)
    for name in names:
        started(NEEDED.format(name=name))  # so that all is compiled, as the libraries are
    pairs = {name: [(started(BASE), started(NEEDED.format(name=name))) for _ in range(ROUNDS)] for name in names}
    least = min(base for measured in pairs.values() for base, _ in measured)
    for name, measured in pairs.items():
        ours = min(spent for _, spent in measured)
        middle = median(spent / base for base, spent in measured)
        ratio = f"ratio {ours / least:.2f}   median of pairs {middle:.2f}"
        print(f"{name:<16} boto3 + urllib3 {least:.3f} s   ours {ours:.3f} s   {ratio}", flush=True)


if __name__ == "__main__":
    main()
