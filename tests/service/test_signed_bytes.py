"""What a platform has signed is acknowledged only when it is kept: as posts that are decided, or parked as it came."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.errors import BadPayload
from chalicelib.ports.platform import WebhookRequest
from infra.local.samples import ago, envelope, facebook_comment, plain_post
from tests.contracts.platform_contract import JUNK, PAYLOADS, is_xml, pairs, places_in, with_junk
from tests.service.conftest import Service, platform, raw
from tests.service.test_any_bytes import BODIES, BRISK, BYTES, NAMES

pytestmark = pytest.mark.local
EVENT = "application/cloudevents+json"
# CloudEvents names its type, which the front takes for text: bytes that are no UTF-8 come changed.
UNTOUCHED = [name for name in NAMES if name != "cloudevents"]


@dataclass
class Ledger:
    """What was acknowledged, and what has to be found because of it."""

    service: Service
    posts: set[str] = field(default_factory=set)
    parked: Counter[tuple[str, bytes]] = field(default_factory=Counter)

    def deliver(self, name: str, body: bytes, kind: str = "application/json") -> None:
        """Send it signed, and enter it."""
        if name == "cloudevents":
            kind = EVENT  # of any other type, it is no event
        answer = self.service.deliver(name, body, content_type=kind)
        if name == "x" and b"{" not in body and b'"' not in body:
            assert answer.status == 401, "X's handshake signs such bytes for anybody"
            return
        taken = platform(name).taken
        assert (answer.status, answer.body) == (taken.status, taken.body.encode())
        try:
            posts = platform(name).parse(WebhookRequest("POST", {}, {}, body, datetime.now(UTC)))
        except BadPayload as problem:
            posts = list(problem.posts)
            self.parked[name, body] += 1
        self.posts |= {post.id for post in posts}

    def lost(self) -> list[str]:
        """The posts without a decision, once nothing is under way any more."""
        self.service.cloud.drain(60)
        return sorted(post_id for post_id in self.posts if not self.service.parts.store.recorded(post_id))

    def found_parked(self) -> Counter[tuple[str, bytes]]:
        """What is parked now."""
        return Counter((parked.platform, parked.body) for parked in self.service.take_parked())


@pytest.fixture
def ledger(service: Service) -> Iterator[Ledger]:
    service.take_parked()
    made = Ledger(service)
    yield made
    assert service.left_over() == {}


def test_signed_bytes_are_kept_as_they_came(ledger: Ledger) -> None:
    for name in UNTOUCHED:
        for body in BODIES.values():
            ledger.deliver(name, body, BYTES)

    assert ledger.lost() == []
    assert ledger.found_parked() == ledger.parked
    assert {(name, BODIES["no UTF-8"]) for name in UNTOUCHED} <= ledger.parked.keys()


def test_bytes_that_the_front_would_change_are_refused_not_kept_changed(ledger: Ledger) -> None:
    answers = [ledger.service.deliver("facebook", BODIES[body]) for body in ("no UTF-8", "half a character", "gzip")]

    assert [answer.status for answer in answers] == [401] * 3
    assert ledger.found_parked() == Counter()


def test_any_signed_bytes_are_parked_or_decided(ledger: Ledger) -> None:
    @BRISK
    @given(st.sampled_from(UNTOUCHED), st.binary(max_size=300) | JUNK.map(raw))
    def deliver(name: str, body: bytes) -> None:
        ledger.deliver(name, body, BYTES)

    deliver()

    assert ledger.lost() == []
    assert ledger.found_parked() == ledger.parked
    assert ledger.parked


def test_any_member_of_a_real_body_may_be_anything_and_nothing_is_lost(ledger: Ledger) -> None:
    found = [(name, pair.body) for name in NAMES for pair in pairs(PAYLOADS / name) if not is_xml(pair.body)]
    bodies = [(name, json.loads(body)) for name, body in found]
    places = [(number, place) for number, (_, body) in enumerate(bodies) for place in places_in(body)]

    @settings(BRISK, max_examples=100)
    @given(st.sampled_from(places), JUNK)
    def deliver(at: tuple[int, tuple[Any, ...]], junk: Any) -> None:
        name, body = bodies[at[0]]
        ledger.deliver(name, raw(with_junk(body, at[1], junk)))

    deliver()

    assert ledger.lost() == []
    assert ledger.found_parked() == ledger.parked
    assert ledger.parked
    assert ledger.posts


def test_what_can_be_read_of_a_body_is_decided_and_the_body_is_parked(ledger: Ledger) -> None:
    good, bad = plain_post(7001, ("f1", "fay"), "Hello Acme", ago(1)), {"platform": "forum"}
    ledger.deliver("standard-webhooks", raw(envelope("post.created", [good, bad], ago(0))))

    assert ledger.lost() == []
    assert ledger.posts == {"forum:7001"}
    assert ledger.found_parked() == ledger.parked != Counter()


def test_a_text_of_a_megabyte_and_hundreds_of_posts_at_once_are_decided(ledger: Ledger) -> None:
    long = facebook_comment(7002, ("f2", "Gus Hill"), "router " * 150_000, ago(1))
    many = [plain_post(71000 + number, (f"m{number}", f"m{number}"), "hi", ago(1)) for number in range(200)]
    ledger.deliver("facebook", raw(long))
    ledger.deliver("standard-webhooks", raw(envelope("post.created", many, ago(0))))

    assert ledger.lost() == []
    assert len(ledger.posts) == 201


def test_more_posts_than_can_be_queued_in_time_are_refused_before_any_is_queued(ledger: Ledger) -> None:
    many = [plain_post(730000 + number, ("many", "many"), "hi", ago(1)) for number in range(3001)]
    answer = ledger.service.deliver("standard-webhooks", raw(envelope("post.created", many, ago(0))))
    ledger.service.cloud.drain()

    assert (answer.status, answer.body) == (413, b"TooMany")
    assert ledger.service.parts.store.recorded("forum:730000") == []


@pytest.mark.parametrize("name", UNTOUCHED)
def test_the_type_of_the_content_does_not_matter(service: Service, name: str) -> None:
    body = pairs(PAYLOADS / name)[0].body
    for kind in ("", "x", "text/html", "application/json; charset=utf-8", "application/x-www-form-urlencoded", BYTES):
        assert service.deliver(name, body, content_type=kind).status == platform(name).taken.status
