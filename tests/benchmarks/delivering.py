"""What starting the delivering function costs beside boto3 and urllib3: `python -m tests.benchmarks.delivering`.

Seconds of CPU of fresh processes, started in turn; the least of several rounds counts, since a busy machine only adds.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

from chalicelib.crm import CRMS

ROOT = Path(__file__).parents[2]
ROUNDS = 11
BASE = "import boto3, urllib3"
# Everything that app.deliver_cases imports on its way, and of botocore what our own clients are made of.
NEEDED = """
import app
from chalicelib.pipeline import circuit, deliver, hear, identity
from chalicelib.stores import back_channel, dynamo, identities, settings, wire
from chalicelib.crm import adapter, mapping
from botocore.config import Config
from botocore.session import get_session
adapter({name!r})
mapping.shipped()
"""


def started(code: str) -> float:
    """Seconds of CPU of one fresh process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Each CRM named, else all, over the same base."""
    names = sys.argv[1:] or list(CRMS)
    codes = {"base": BASE, **{name: NEEDED.format(name=name) for name in names}}
    rounds = [{name: started(code) for name, code in codes.items()} for _ in range(ROUNDS)]
    least = {name: min(spent[name] for spent in rounds) for name in codes}
    for name in names:
        ratio = least[name] / least["base"]
        print(f"{name:<16} boto3 + urllib3 {least['base']:.3f} s   ours {least[name]:.3f} s   ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
