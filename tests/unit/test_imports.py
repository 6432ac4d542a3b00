"""What the receiving function does not pay for when it starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib import model
from tests.benchmarks.webhook import WHAT_IS_NEEDED

ROOT = Path(__file__).parents[2]
OTHERS = (
    "aws_lambda_powertools",
    "durable_rules_engine",
    "jsonschema",
    "yaml",
    "jinja2",
    "pygal",
    "nacl",
    "defusedxml",
    "chalicelib.model.case",
    "chalicelib.model.decision",
    "chalicelib.metrics",
    "chalicelib.rulebook",
    "chalicelib.crm",
    "chalicelib.cli",
    "chalicelib.platforms.youtube",
    "chalicelib.platforms.x",
)


@pytest.mark.thorough
def test_a_delivery_imports_its_own_platform_and_nothing_of_what_comes_after() -> None:
    told = f"{WHAT_IS_NEEDED}\nimport sys\nprint(' '.join(sorted(sys.modules)))"

    found = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)

    loaded = set(found.stdout.split())
    assert "chalicelib.platforms.facebook" in loaded
    assert loaded & set(OTHERS) == set()


@pytest.mark.thorough
def test_whatever_name_of_the_model_is_asked_for_first_it_is_there_and_no_other_is() -> None:
    for first in ("Post", "Window", "case"):
        told = f"from chalicelib.model import {first}; from chalicelib.model import {', '.join(model.__all__)}"
        subprocess.run([sys.executable, "-c", told], cwd=ROOT, check=True)

    with pytest.raises(AttributeError, match="Ticket"):
        _ = model.Ticket
