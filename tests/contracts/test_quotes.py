"""What becomes of a post that an alert's case quotes once it is edited, taken back or forgotten; over either store."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pytest

from chalicelib.model import Action, NoticeKind, Saved
from chalicelib.model.erasure import ARRIVES, Erasure
from chalicelib.pipeline.erasure import erase
from chalicelib.pipeline.overview import Lookout
from chalicelib.pipeline.raising import notice
from chalicelib.pipeline.showing import shown
from chalicelib.pipeline.triage import Triaged
from chalicelib.ports.store import Erasures
from chalicelib.stores.erasures import DynamoErasures
from chalicelib.stores.memory import MemoryQueue, MemoryStore
from chalicelib.stores.memory_erasures import MemoryErasures
from chalicelib.stores.memory_notices import MemoryNotices
from tests.contracts.test_alerts import NINE, ROUTER, SPIKE, World, heard, said, world
from tests.unit.rulebooks import rulebook

__all__ = ["world"]
QUOTED = ("x:cy-20", "x:bo-5", "x:ana-0")


@pytest.fixture
def told(world: World) -> World:
    """An alert whose case is told, in the CRM, with three posts."""
    for minute, who in ((0, "ana"), (5, "bo"), (20, "cy")):
        heard(world, minute, who)
    world.tell()
    return world


def taken_back(world: World, minute: float, who: str) -> list[Triaged]:
    return world.hear(replace(said(minute, who, action=Action.DELETE), text=None, delivered_at=world.clock()))


def edited(world: World, minute: float, who: str, text: str) -> list[Triaged]:
    return world.hear(said(minute, who, text, action=Action.EDIT, edited_at=world.clock()))


def news(world: World) -> list[tuple[str, tuple[str, ...], list[str | None]]]:
    """What the alert's case is told, after its opening and the post that raised it."""
    world.tell()
    (alert,) = [*world.alerts.on(), *world.alerts.over(NINE)]
    entries = [world.crm.entries[key] for key in world.crm.records[alert.id]]
    return [(each.heading, each.told, [post.text for post in each.samples]) for each in entries[2:]]


def test_of_one_that_is_deleted_the_case_is_told_and_the_alert_names_it_no_more(told: World) -> None:
    (before,) = told.alerts.on()
    assert before.posts == QUOTED

    taken_back(told, 5, "bo")

    (after,) = told.alerts.on()
    assert after.posts == ("x:cy-20", "x:ana-0")
    assert news(told) == [
        (
            "The author deleted a post that is quoted here",
            ("Which: the post of 2026-03-02 09:05 UTC on x.",),
            [],
        )
    ]


def test_of_one_that_is_edited_the_case_is_told_what_it_says_now(told: World) -> None:
    edited(told, 5, "bo", "smoke from the router, but no fire")

    ((heading, which, texts),) = news(told)
    assert heading == "The author edited a post that is quoted here"
    assert which == ("Which: the post of 2026-03-02 09:05 UTC on x.",)
    assert texts == ["smoke from the router, but no fire"]


def test_told_once_though_the_deletion_comes_again(told: World) -> None:
    for _ in range(3):
        taken_back(told, 5, "bo")

    assert len(news(told)) == 1


def test_the_post_that_raised_it_is_told_of_once_as_its_own(told: World) -> None:
    taken_back(told, 20, "cy")

    assert [heading for heading, _, _ in news(told)] == ["The author deleted this post"]


def test_an_edit_that_is_taken_back_before_it_is_told_shows_no_words(told: World) -> None:
    edited(told, 5, "bo", "smoke, and my phone number is 0491 570 006")
    taken_back(told, 5, "bo")

    assert [texts for _, _, texts in news(told)] == [[], []]


def test_no_update_shows_what_was_taken_back_and_one_that_is_shown_is_told_of_too(told: World) -> None:
    heard(told, 21, "di", "ed", "flo")
    taken_back(told, 21, "ed")

    assert [step.kind for step in [*told.at(31), *told.at(32)]] == [NoticeKind.UPDATE]
    ((_, _, shown),) = news(told)
    taken_back(told, 21, "flo")

    assert len(shown) == 3  # flo, di, cy; of ed nothing is told
    assert [heading for heading, _, _ in news(told)][1:] == ["The author deleted a post that is quoted here"]


def test_a_post_that_was_taken_back_before_is_not_named_at_all(world: World) -> None:
    heard(world, 0, "ana")
    heard(world, 5, "bo")
    taken_back(world, 5, "bo")
    heard(world, 20, "cy")

    (alert,) = world.alerts.on()

    assert alert.posts == ("x:cy-20", "x:ana-0")


def test_one_that_is_taken_back_while_the_alert_is_raised_is_not_named_either(world: World) -> None:
    """The deletion is written between the look and the write."""
    for minute, who in ((0, "ana"), (5, "bo")):
        heard(world, minute, who)
    look, turns = world.alerts.taken_back, iter(["first"])

    def looked(post_ids: Collection[str]) -> set[str]:
        found = look(post_ids)
        if next(turns, None):
            taken_back(world, 5, "bo")
        return found

    world.alerts.taken_back = looked  # type: ignore[method-assign]
    heard(world, 20, "cy")

    (alert,) = world.alerts.on()
    assert alert.posts == ("x:cy-20", "x:ana-0")


def test_one_whose_alert_is_raised_while_it_is_taken_back_is_told_of(world: World) -> None:
    """The alert is written between the look and the write."""
    for minute, who in ((0, "ana"), (5, "bo")):
        heard(world, minute, who)
    save, turns = world.store.save, iter(["first"])

    def saving(saved: Saved) -> bool:
        if next(turns, None):
            heard(world, 20, "cy")
        return save(saved)

    world.store.save = saving  # type: ignore[method-assign]
    taken_back(world, 5, "bo")

    (alert,) = world.alerts.on()
    assert alert.posts == ("x:cy-20", "x:ana-0")
    assert [heading for heading, _, _ in news(world)] == ["The author deleted a post that is quoted here"]


def test_of_one_that_has_a_case_of_its_own_both_cases_are_told(world: World) -> None:
    loud = replace(SPIKE, id="loud", repeats=None, then=replace(SPIKE.then, first_reply="1 minute", subject="One"))
    world.book = rulebook(loud, SPIKE, topics=[ROUTER])
    for minute, who in ((0, "ana"), (5, "bo"), (20, "cy")):
        heard(world, minute, who)
    world.tell()

    taken_back(world, 5, "bo")
    world.tell()

    told_of = sorted(entry.heading for entry in world.crm.entries.values() if "deleted" in entry.heading)
    assert told_of == ["The author deleted a post that is quoted here", "The author deleted this post"]


@pytest.fixture
def erasures(told: World, request: pytest.FixtureRequest) -> Erasures:
    if isinstance(told.store, MemoryStore):
        return MemoryErasures(told.store)
    return DynamoErasures(request.getfixturevalue("cloud").wire(), request.getfixturevalue("table"), told.clock)


def test_who_is_forgotten_is_shown_by_no_alert_and_the_case_is_told(told: World, erasures: Erasures) -> None:
    queue = MemoryQueue(told.clock)
    erasures.ask(Erasure("c0de", "x", told.clock.now, ("x:bo",)))
    told.clock.now += ARRIVES

    (done,) = erase(erasures, queue, told.clock, lambda: False)
    told.hear(*queue.take())

    (alert,) = told.alerts.on()
    (seen,) = Lookout(told.alerts, MemoryNotices(told.clock), told.store).look([alert], told.clock.now)
    owed = notice(alert, NoticeKind.ALERT, "Danger", (), told.clock.now, posts=QUOTED)
    assert owed.posts == QUOTED
    assert shown(owed, told.store).lines == tuple(
        f"One of these posts: https://x.example/{name}" for name in ("cy-20", "ana-0")
    )
    assert done.posts == 1
    assert (alert.posts, seen.posts) == (("x:cy-20", "x:ana-0"), ("x:cy-20", "x:ana-0"))
    assert news(told)[0][1] == ("Which: the post of 2026-03-02 09:05 UTC on x.",)
