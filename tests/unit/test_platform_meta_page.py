"""One Meta app, one address for a page: either address reads the feed and the messages, and nothing becomes two."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.config import PlatformSettings, company
from chalicelib.model import Heard, Kind
from chalicelib.pipeline.receive import receive
from chalicelib.platforms import platform
from chalicelib.stores.memory import MemoryQueue
from chalicelib.wiring import Wiring
from tests.contracts.platform_contract import ARRIVED, PAYLOADS, pairs, request
from tests.unit.people import Office, Watch

PAGE, PAGES_ID_IN_MESSENGER = "70", "71"
COMMENT = {
    "item": "comment",
    "verb": "add",
    "comment_id": "70_1",
    "post_id": "70_0",
    "message": "hm",
    "from": {"id": "8"},
}
MESSAGE = {
    "sender": {"id": "9"},
    "recipient": {"id": PAGE},
    "timestamp": 1772300000000,
    "message": {"mid": "m1", "text": "hi"},
}
ECHO = {**MESSAGE, "sender": {"id": PAGES_ID_IN_MESSENGER}, "message": {"mid": "m2", "text": "hello"}}
ADDRESSES = ("facebook", "messenger")


def body(**more: Any) -> bytes:
    entry = {
        "id": PAGE,
        "time": 1772300001,
        "changes": [{"field": "feed", "value": COMMENT}],
        "messaging": [MESSAGE, ECHO],
    }
    return json.dumps({"object": "page", "entry": [{**entry, **more}]}).encode()


def hear(name: str, delivery: bytes, **others: PlatformSettings) -> Heard:
    return platform(name, others.get(name, PlatformSettings()), others).hear(request(delivery))


@pytest.mark.parametrize("name", ADDRESSES)
def test_either_address_hears_the_feed_and_the_messages_under_their_own_names(name: str) -> None:
    heard = hear(name, body())

    assert {post.id for post in heard.posts} == {"facebook:70_1", "messenger:m1", "messenger:m2"}
    assert {post.platform for post in heard.posts} == {"facebook", "messenger"}
    assert (heard.problem, heard.skipped) == (None, {})


@pytest.mark.parametrize("name", ADDRESSES)
def test_each_half_knows_our_accounts_by_its_own_settings(name: str) -> None:
    ours = {"messenger": PlatformSettings(accounts=frozenset({PAGES_ID_IN_MESSENGER}))}
    settings = ours | {"facebook": PlatformSettings(accounts=frozenset({"8"}))}
    is_self = {post.id: post.is_self for post in hear(name, body(), **settings).posts}

    assert is_self == {"facebook:70_1": True, "messenger:m1": False, "messenger:m2": True}


@pytest.mark.parametrize(("name", "other"), [ADDRESSES, ADDRESSES[::-1]])
def test_a_half_without_accounts_of_its_own_has_the_others(name: str, other: str) -> None:
    ours = PlatformSettings(accounts=frozenset({"8", PAGES_ID_IN_MESSENGER}))
    for settings in ({name: ours}, {name: ours, other: PlatformSettings(listens=frozenset(Kind))}):
        is_self = {post.id: post.is_self for post in hear(name, body(), **settings).posts}

        assert is_self == {"facebook:70_1": True, "messenger:m1": False, "messenger:m2": True}


@pytest.mark.parametrize("name", ADDRESSES)
def test_each_half_listens_to_what_it_is_set_to(name: str) -> None:
    settings = {
        "messenger": PlatformSettings(listens=frozenset({Kind.DM})),
        "facebook": PlatformSettings(listens=frozenset({Kind.REVIEW})),
    }
    heard = hear(name, body(), **settings)

    assert {post.id for post in heard.posts} == {"messenger:m1", "messenger:m2"}
    assert heard.skipped == {"comment (not listened to)": 1}


@pytest.mark.parametrize(("name", "off"), [ADDRESSES, ADDRESSES[::-1]])
def test_a_half_that_is_switched_off_is_not_heard_at_the_others_address(name: str, off: str) -> None:
    heard = hear(name, body(), **{off: PlatformSettings(on=False)})

    assert {post.platform for post in heard.posts} == {name}


@pytest.mark.parametrize("name", ADDRESSES)
def test_what_one_half_cannot_read_does_not_cost_the_other(name: str) -> None:
    damages: list[dict[str, Any]] = [{"changes": {}}, {"messaging": 7}]
    for broken in damages:
        heard = hear(name, body(**broken))

        assert len({post.platform for post in heard.posts}) == 1
        assert heard.problem
    assert str(hear(name, b'{"object": 7}').problem).count("object") == 1


@pytest.mark.parametrize("name", ADDRESSES)
def test_every_body_of_either_half_is_read_alike_at_both_addresses(name: str) -> None:
    for pair in [*pairs(PAYLOADS / "facebook"), *pairs(PAYLOADS / "messenger")]:
        assert {post.id for post in hear(name, pair.body).posts} == {post["id"] for post in pair.posts}, pair.event


def test_a_delivery_that_comes_to_both_addresses_is_queued_once_and_decided_once() -> None:
    settings = company({"platforms": {name: {"secrets": ["s"]} for name in ADDRESSES}}).platforms
    office, clock = Office(), Watch(ARRIVED)
    queue = MemoryQueue(clock)

    def deliver() -> list[bool]:
        """To both; what was decided, and whether for the first time."""
        for name in ADDRESSES:
            made = platform(name, settings[name], settings)
            receive(made, queue, request(body(), made.sign(body(), ARRIVED)))
        return [triaged.first for triaged in office.hear(*queue.take())]

    assert deliver() == [True] * 3, "within five minutes the queue swallows the second"
    clock.time += timedelta(minutes=6)
    assert deliver() == [False] * 3, "later the table does"


def test_instagrams_comments_and_messages_come_to_one_address_by_themselves() -> None:
    change = {"field": "comments", "value": {"id": "c1", "text": "hm", "from": {"id": "8", "username": "ana"}}}
    delivery = json.dumps(
        {"object": "instagram", "entry": [{"id": "70", "time": 1, "changes": [change], "messaging": [MESSAGE]}]}
    )

    posts = platform("instagram", PlatformSettings()).parse(request(delivery.encode()))

    assert {post.id for post in posts} == {"instagram:c1", "instagram:m1"}


def test_the_wiring_gives_a_page_both_halves_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"facebook": {"secrets": ["s"]}, "messenger": {"accounts": [PAGES_ID_IN_MESSENGER]}}
    monkeypatch.setattr(Wiring, "company", company({"platforms": settings}))

    for made in (Wiring({}).platform("facebook"), Wiring({}).reader("messenger")):
        posts = made.parse(request(body()))
        assert {post.id for post in posts if post.is_self} == {"messenger:m2"}
