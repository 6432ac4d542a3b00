"""Which posts people see beside what they are told: those that can be opened, as far as they are kept by then."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from chalicelib.errors import Unavailable
from chalicelib.model import Action, Decision, Kind, Notice, NoticeKind, Outcome, Post, Saved, Standing
from chalicelib.pipeline.showing import LONGEST, Showing, shown
from chalicelib.stores.memory import MemoryStore
from tests.unit.people import NOON, Watch, post


@dataclass
class Room:
    """A channel that keeps what it was told."""

    name: str = "room"
    told: list[tuple[Notice, int]] = field(default_factory=list)

    def tell(self, notice: Notice, times: int) -> None:
        self.told.append((notice, times))


class Silent(MemoryStore):
    """A table that does not answer."""

    def deleted(self, post_ids: Any) -> set[str]:
        raise Unavailable("table: did not answer")


def kept(*posts: Post) -> MemoryStore:
    store = MemoryStore(Watch())
    for each in posts:
        store.save(Saved(each, Decision(each.id, each.version, Outcome.IGNORE, "no rule"), Standing()))
    return store


def said(number: int, **parts: Any) -> Post:
    return post(number, **{"permalink": f"https://x.example/{number}", **parts})


def about(*posts: Post, kind: NoticeKind = NoticeKind.ALERT, **parts: Any) -> Notice:
    ids = tuple(each.id for each in posts)
    return Notice("k", kind, "a1", "spike", "safety", (), None, "Smoke", ("3 of these.",), NOON, posts=ids, **parts)


def test_the_posts_of_an_alert_are_listed_and_the_first_is_its_link() -> None:
    posts = [said(1), said(2)]

    told = shown(about(*posts), kept(*posts))

    assert told.lines == (
        "3 of these.",
        "One of these posts: https://x.example/1",
        "One of these posts: https://x.example/2",
    )
    assert told.link == "https://x.example/1"


def test_one_post_is_the_link_alone_and_another_link_stays() -> None:
    (one,) = posts = [said(1, kind=Kind.DM)]

    assert shown(about(one), kept(*posts)) == replace(about(one), link="https://x.example/1")
    assert shown(about(one, link="https://crm.example/7"), kept(*posts)).link == "https://crm.example/7"
    assert shown(about(), kept()) == about()


def test_an_end_and_who_took_it_up_list_no_posts() -> None:
    posts = [said(1), said(2)]

    for kind in (NoticeKind.ALL_CLEAR, NoticeKind.ACKNOWLEDGED):
        assert shown(about(*posts, kind=kind), kept(*posts)).lines == ("3 of these.",)


def test_what_was_taken_back_or_erased_is_not_shown_where_it_is_told_again() -> None:
    posts = [said(1), said(2), said(3)]
    store = kept(*posts)
    gone = replace(posts[0].without_text(), action=Action.DELETE, delivered_at=NOON)
    store.save(Saved(gone, Decision(gone.id, gone.version, Outcome.IGNORE, "deleted"), store.standings([gone])[0]))
    store.forget(posts[1].id)

    told = shown(about(*posts), store)

    assert (told.lines, told.link) == (("3 of these.",), "https://x.example/3")


@pytest.mark.parametrize(
    "address",
    [
        None, "", "x.example/1", "javascript:alert(1)", "ftp://x.example", "https://", "https://[x",
        "https://x.example/ 1", "https://x.example/<1>", "https://x.example/1|more", "https://x.example/\n",
        "https://x.example/" + "1" * LONGEST,
    ],
)  # fmt: skip
def test_what_is_no_address_that_people_can_open_is_not_shown(address: str | None) -> None:
    posts = [said(1, permalink=address), said(2), said(3)]

    told = shown(about(*posts), kept(*posts))

    assert (len(told.lines), told.link) == (3, "https://x.example/2")


def test_of_several_none_is_shown_that_was_said_to_us_alone() -> None:
    posts = [said(1, kind=Kind.DM), said(2)]

    told = shown(about(*posts), kept(*posts))

    assert (told.lines, told.link) == (("3 of these.",), "https://x.example/2")


def test_a_channel_is_told_with_them_and_without_where_the_table_does_not_answer() -> None:
    room, posts = Room(), [said(1), said(2)]

    Showing("room", room, kept(*posts)).tell(about(*posts), 2)
    Showing("room", room, Silent(Watch())).tell(about(*posts), 1)

    assert [(notice.link, times) for notice, times in room.told] == [("https://x.example/1", 2), (None, 1)]
