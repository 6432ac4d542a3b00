"""Every registered platform keeps the contract; one without bodies fails it."""

from __future__ import annotations

from pathlib import Path

import pytest

from chalicelib.config import PlatformSettings
from chalicelib.errors import NotFound
from chalicelib.platforms import PLATFORMS, platform
from chalicelib.platforms.base import BasePlatform
from tests.contracts.platform_contract import PAYLOADS, PlatformContract, made, pairs, request


@pytest.mark.parametrize("name", sorted(PLATFORMS))
class TestEveryPlatform(PlatformContract):
    @pytest.fixture
    def kind(self, name: str) -> type[BasePlatform]:
        return PLATFORMS[name]

    @pytest.fixture
    def folder(self, name: str) -> Path:
        return PAYLOADS / name


def test_a_platform_is_found_by_its_name() -> None:
    assert {name: platform(name, PlatformSettings()).name for name in PLATFORMS} == {name: name for name in PLATFORMS}


def test_an_unknown_platform_is_told_with_those_there_are() -> None:
    with pytest.raises(NotFound, match=", ".join(sorted(PLATFORMS))):
        platform("friendster", PlatformSettings())


def test_what_is_no_post_is_counted_on_every_platform_that_sends_such() -> None:
    """A hub sends videos and nothing else."""
    counted = {
        name
        for name in PLATFORMS
        if any(made(PLATFORMS[name]).hear(request(pair.body)).skipped for pair in pairs(PAYLOADS / name))
    }

    assert PLATFORMS.keys() - counted == {"youtube"}
