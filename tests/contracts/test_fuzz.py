"""Bent bodies against every platform: a handful here, a hundred thousand by `python -m tests.fuzz_platforms`."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator

import pytest

from chalicelib.errors import BadSignature
from chalicelib.platforms import PLATFORMS
from chalicelib.platforms.base import BasePlatform
from tests.fuzz_platforms import Fuzz, corpus

NAMES = sorted(PLATFORMS)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of lines of log would tell nothing."""
    logger = logging.getLogger("earshot")
    level = logger.level
    logger.setLevel("CRITICAL")
    yield
    logger.setLevel(level)


def test_bent_and_forged_deliveries_break_no_promise() -> None:
    did = Fuzz(1, NAMES).run(700)

    assert did["posts"] > 100
    assert {"answered 200", "answered 401", "unreadable", "forged with another body"} <= did.keys()


@pytest.mark.live
def test_ten_thousand_bent_and_forged_deliveries_break_no_promise() -> None:
    seed = random.randrange(10**6)  # noqa: S311 - other cases each time; the failure shows its own
    did = Fuzz(seed, NAMES).run(10_000)

    assert did["posts"] > 1000, seed


def test_every_platform_that_can_sign_is_among_them() -> None:
    assert {name for name in NAMES if not corpus(name)} == set()


def test_a_platform_that_takes_what_is_forged_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def only_the_header(self: BasePlatform, request: object) -> bool:
        return True

    fuzz = Fuzz(1, ["line"])
    monkeypatch.setattr(BasePlatform, "is_trusted", only_the_header)

    with pytest.raises(AssertionError, match="line took what was forged"):
        fuzz.run(50)


def test_a_platform_that_stumbles_over_a_body_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumbles(self: BasePlatform, body: object) -> object:
        raise KeyError("a member that is not there")

    fuzz = Fuzz(1, ["line"])
    monkeypatch.setattr(PLATFORMS["line"], "posts", stumbles)

    with pytest.raises(KeyError):
        fuzz.run(50)


def test_a_verifier_that_raises_something_else_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def bursts(self: BasePlatform, request: object) -> bool:
        raise ValueError("not base64")

    fuzz = Fuzz(1, ["line"])
    monkeypatch.setattr(BasePlatform, "is_trusted", bursts)

    with pytest.raises((ValueError, AssertionError)):
        fuzz.run(50)
    assert BadSignature.status == 401
