"""What a rule with `or times lately` needs: against sums done the slow way, and in the cases people would ask about."""

from __future__ import annotations

import math
import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chalicelib.model import Sighting, Terms
from chalicelib.model.lately import (
    CHANCE,
    NOTHING_YET,
    SPANS,
    beyond_chance,
    higher,
    lately,
    needed_lately,
    slot_of,
    until,
)
from chalicelib.model.usual import NO_HISTORY
from chalicelib.stores.memory_tallies import MOST_HOURS, MOST_SLOTS, Past
from chalicelib.stores.memory_windows import MemoryWindows
from tests.unit.brute_lately import needed_by_hand
from tests.unit.histories import MINUTE, START, waves

TERMS = Terms(at_least=4, within=5 * MINUTE, quiet=MINUTE, times_lately=2)
END = until(TERMS, START)
A_WEEK_AGO = START - timedelta(weeks=1)


def an_hour(posts: float) -> dict[int, float]:
    return dict.fromkeys(lately(END), posts / 12)


def needed(posts: dict[int, int] | dict[int, float], terms: Terms = TERMS) -> int | None:
    return needed_lately(terms, END, A_WEEK_AGO, posts)  # type: ignore[arg-type]


def test_what_is_compared_with_ends_where_the_window_and_its_grace_begin() -> None:
    assert START - END * 5 * MINUTE - (START - slot_of(START) * 5 * MINUTE) == 10 * MINUTE
    assert slot_of(START - 10 * MINUTE) == END
    assert len(lately(END)) == 288
    assert lately(END)[-1] == END - 1


def test_small_numbers_need_more_times_than_large_ones() -> None:
    assert [needed(an_hour(posts)) for posts in (0, 1, 12, 120, 1200, 12000)] == [4, 4, 10, 40, 257, 2172]


def test_the_last_three_hours_count_where_they_were_busier_than_the_day() -> None:
    busy = {slot: 4 for slot in range(END - SPANS[1], END)}

    assert needed(busy) == needed({slot: 4 for slot in lately(END)})
    assert (needed(busy) or 0) > (needed({slot: 4 for slot in range(END - 100, END - 64)}) or 0)


def test_after_a_short_past_more_is_needed_than_after_a_long_one() -> None:
    pasts = [needed_lately(TERMS, END, START - timedelta(minutes=minutes), {}) for minutes in (20, 60, 180, 1440)]

    assert pasts == sorted(pasts, key=lambda need: -(need or 0))
    assert (pasts[0], pasts[-1]) == (9, 4)


def test_it_is_silent_until_anything_was_counted_before_the_window() -> None:
    for since in (None, START, START - 10 * MINUTE):
        assert needed_lately(TERMS, END, since, {}) is None
    assert needed_lately(Terms(3, MINUTE, MINUTE), END, None, {}) == 3


def test_of_two_bars_the_higher_counts_and_the_unknown_one_silences() -> None:
    assert (higher(4, 9), higher(None, 9), higher(4, None)) == (9, NO_HISTORY, NOTHING_YET)


@pytest.mark.thorough
@given(some.integers(0, 300), some.floats(0.001, 1.3))
def test_chance_reaches_it_more_seldom_than_said_and_one_less_more_often(found: int, share: float) -> None:
    need = beyond_chance(found, share)

    assert tail(found, share, need) <= CHANCE * 1.001
    assert tail(found, share, need - 1) > CHANCE * 0.999


@pytest.mark.parametrize("share", [0.003, 0.02, 0.3, 1.0])
def test_the_formula_for_many_goes_on_where_the_sum_ends(share: float) -> None:
    found = 400 / share - 1
    before, after = beyond_chance(found - 1e-6, share), beyond_chance(found + 1, share)

    assert 0 <= after - before <= 4


@given(some.floats(0, 1e7), some.floats(0, 1e7), some.floats(0.003, 5))
def test_more_before_never_needs_less(one: float, other: float, share: float) -> None:
    fewer, more = sorted((one, other))

    assert beyond_chance(fewer, share) <= beyond_chance(more, share) + 3  # the formula's edge is that coarse


def tail(found: int, share: float, number: int) -> float:
    """How probable `number` or more is, each term by itself (docs.scipy.org, nbinom)."""
    size, p = found + 1, 1 / (1 + share)
    terms = (
        math.exp(
            math.lgamma(k + size) - math.lgamma(size) - math.lgamma(k + 1) + size * math.log(p) + k * math.log1p(-p)
        )
        for k in range(number)
    )
    return 1 - math.fsum(terms)


@pytest.mark.parametrize("seed", range(20))
def test_a_history_needs_what_counting_all_posts_again_says(seed: int) -> None:
    windows, heard = MemoryWindows(), list[Sighting]()
    for each in waves(random.Random(seed), TERMS, hours=30):  # noqa: S311
        (counted,) = windows.sight([each])
        heard.append(each)
        assert (counted.needed or counted.instead) == needed_by_hand(heard), (seed, each)


@pytest.mark.thorough
def test_memory_of_one_window_stays_flat_over_the_years() -> None:
    tally = Past()
    terms = Terms(4, 5 * MINUTE, MINUTE, times_usual=2, times_lately=2)
    for number in range(20_000):
        at = START + number * timedelta(minutes=30)
        tally.needed(Sighting("r", "r", f"x:{number}", "ana", at, terms), START)

    assert (len(tally._hours), len(tally._slots)) == (MOST_HOURS, MOST_SLOTS)
