"""Deliveries twice, in any order, and a CRM that is away: the books balance."""

from __future__ import annotations

import random

import pytest

from infra.local.samples import Body
from tests.faults.conftest import Site

pytestmark = pytest.mark.local


@pytest.mark.parametrize("seed", range(6))
def test_deliveries_sent_twice_and_in_any_order_end_in_the_same_books(site: Site, seed: int) -> None:
    luck = random.Random(seed)  # noqa: S311

    def shuffled(bodies: list[Body]) -> list[Body]:
        twice = [*bodies, *bodies]
        luck.shuffle(twice)
        return twice

    scenario = site.send(shuffled)
    site.cloud.drain(60)

    assert site.wrong(scenario, in_order=False) == []


def test_a_crm_that_is_down_loses_nothing_and_catches_up_in_order(site: Site) -> None:
    site.roundup.stop()
    scenarios = [site.send() for _ in range(3)]
    site.cloud.drain(60)

    site.roundup.start()

    assert [site.wrong(scenario) for scenario in scenarios] == [[], [], []]


def test_a_crm_that_hangs_and_answers_after_all_has_nothing_twice(site: Site) -> None:
    site.roundup.pause()
    scenario = site.send()
    try:
        with pytest.raises(Exception, match="not drained"):
            site.cloud.drain(2)
    finally:
        site.roundup.resume()

    assert site.wrong(scenario, patience=60) == []
