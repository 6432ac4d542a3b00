"""CRMs of ours for tests, one file each: what the product does with a repeat, not what we wish."""

from __future__ import annotations

from importlib import import_module

from chalicelib.crm import CRMS
from tests.contracts.fakes.base import FakeCrm

FAKES: dict[str, type[FakeCrm]] = {
    name: import_module(f"tests.contracts.fakes.{name.replace('-', '_')}").Fake for name in CRMS
}
