"""Kill any function between any two of its effects: afterwards the books balance."""

from __future__ import annotations

import time

import pytest

from tests.faults.conftest import Site

pytestmark = pytest.mark.live
FURTHEST = 80  # no invocation makes so many requests; a walk that comes here has lost its way


@pytest.mark.parametrize(("function", "least"), [("api_handler", 2), ("triage_posts", 4), ("deliver_cases", 15)])
def test_a_function_killed_before_any_of_its_requests_loses_and_doubles_nothing(
    site: Site, function: str, least: int
) -> None:
    wrong: dict[int, list[str]] = {}
    for call in range(1, FURTHEST):
        order = site.order_death(function, call)
        found = site.play()
        if found:
            wrong[call] = found
        if order.exists():
            order.unlink()
            break

    assert wrong == {}
    assert least < call < FURTHEST, "the walk must have killed at several places and come to the end"


def test_keep_time_killed_before_any_of_its_requests_still_hands_out_what_is_owed(site: Site) -> None:
    wrong: dict[int, list[str]] = {}
    for call in range(1, FURTHEST):
        site.roundup.stop()
        scenario = site.send()
        site.cloud.drain(60)  # the stream has given up
        order = site.order_death("keep_time", call)
        time.sleep(2.5)  # two of its minutes
        site.roundup.start()
        found = site.wrong(scenario)
        if found:
            wrong[call] = found
        if order.exists():
            order.unlink()
            break

    assert wrong == {}
    assert call > 8, "it looks into eight partitions of what is owed"
