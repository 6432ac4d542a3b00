"""durable_rules and the plain evaluator against one written from the page. More of it: python -m tests.agreement."""

from __future__ import annotations

import pytest

from tests.agreement import memory, pairs, through


@pytest.mark.thorough
def test_three_evaluators_agree_on_random_rulebooks_and_nasty_posts() -> None:
    assert list(pairs(150, seed=11))[-1] == 150


@pytest.mark.live
def test_three_evaluators_agree_on_twenty_thousand_pairs() -> None:
    assert list(pairs(20_000, seed=12))[-1] == 20_000  # `python -m tests.agreement --pairs 200000` takes minutes


@pytest.mark.live
def test_many_posts_through_one_process_are_decided_rightly_in_flat_memory() -> None:
    # A million: `python -m tests.agreement --posts 1000000`.
    held = [memory() for _ in through(100_000, step=20_000)]

    assert held[-1] - held[1] < 5
