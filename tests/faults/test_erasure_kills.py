"""Kill the clock's function between any two steps of forgetting an author: in the end nothing of theirs is left."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.model import Author, Post, Saved, Standing
from chalicelib.model.erasure import Erasure
from chalicelib.wiring import Wiring
from tests.contracts.story import ignored, post
from tests.faults.conftest import Site
from tests.faults.test_kills import FURTHEST

pytestmark = pytest.mark.live
POSTS = 3
PATIENCE = 30  # seconds


def test_an_author_is_forgotten_wherever_the_clocks_function_is_killed(site: Site) -> None:
    wrong: dict[int, str] = {}
    for call in range(1, FURTHEST):
        written = write(site, call)
        order = site.order_death("keep_time", call)
        if found := forget(site, call, written):
            wrong[call] = found
        if order.exists():
            order.unlink()
            break

    assert wrong == {}
    assert call > 8 + POSTS, "it was killed in the middle of it"


def write(site: Site, call: int) -> list[Post]:
    """Posts of an author of this walk's own, decided."""
    author = Author(id=f"gone-{call}", name="Ana")
    posts = [post(f"{call}-{number}", author=author) for number in range(POSTS)]
    for of in posts:
        assert site.store.save(Saved(of, ignored(of), Standing()))
    return posts


def forget(site: Site, call: int, written: list[Post]) -> str:
    """What is wrong once it is done."""
    erasures = Wiring(site.cloud.environment).erasures
    code, asked_at = f"c0de{call:04}", datetime.now(UTC) - timedelta(hours=1)
    assert erasures.ask(Erasure(code, "mastodon", asked_at, (f"mastodon:gone-{call}",)))
    deadline = time.monotonic() + PATIENCE
    while (wish := erasures.find(code)) is None or wish.done_at is None:
        if time.monotonic() > deadline:
            return "it is not done"
        time.sleep(0.1)
    site.cloud.drain(PATIENCE)
    versions = [record for of in written for record in site.store.recorded(of.id)]
    if any(record.post.text or record.post.author_key for record in versions):
        return "something is left"
    if not all(standing.deleted for standing in site.store.standings(written)):
        return "a post may come back"
    return "" if wish.posts >= POSTS and not wish.author_keys else "it looks as if nothing had been found"
