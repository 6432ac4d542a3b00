"""What the receiving function does not pay for when it starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.benchmarks.webhook import WHAT_IS_NEEDED

ROOT = Path(__file__).parents[2]
OTHERS = (
    "boto3",
    "aws_lambda_powertools",
    "durable_rules_engine",
    "jsonschema",
    "yaml",
    "jinja2",
    "pygal",
    "nacl",
    "defusedxml",
    "chalicelib.rulebook",
    "chalicelib.crm",
    "chalicelib.cli",
    "chalicelib.platforms.youtube",
    "chalicelib.platforms.x",
)


def test_a_delivery_imports_its_own_platform_and_nothing_of_what_comes_after() -> None:
    told = f"{WHAT_IS_NEEDED}\nimport sys\nprint(' '.join(sorted(sys.modules)))"

    found = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)

    loaded = set(found.stdout.split())
    assert "chalicelib.platforms.facebook" in loaded
    assert loaded & set(OTHERS) == set()
