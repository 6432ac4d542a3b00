"""Subscriptions asked for, verified, granted, renewed and delivered, against a hub of ours over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from chalicelib.config import PlatformSettings
from chalicelib.errors import Refused, Rejected, SettingsError, Unavailable
from chalicelib.hubs import HttpHub
from chalicelib.model.lease import Lease, Subscription
from chalicelib.pipeline.receive import receive
from chalicelib.pipeline.subscribing import REFUSED, Asked, renew, shake
from chalicelib.platforms.youtube import TOPIC, YouTube
from chalicelib.ports.platform import Reply, WebhookRequest
from chalicelib.stores.memory_leases import MemoryLeases
from chalicelib.stores.memory_queue import MemoryQueue
from tests.contracts.fakes.hub import Hub
from tests.contracts.platform_contract import PAYLOADS

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOKEN, SECRET, CHANNEL = "an unguessable token & more", "hub-secret", "UCacme"
NAME = f"youtube:{TOPIC}{CHANNEL}"
UPLOAD = (PAYLOADS / "youtube" / "upload.xml").read_bytes()


@dataclass
class Company:
    """Our side: its settings, its front over HTTP, its minute's round, and a clock that a test moves."""

    settings: PlatformSettings
    now: datetime = START
    front: str = ""
    hub: HttpHub = field(default_factory=HttpHub)

    def __post_init__(self) -> None:
        self.leases = MemoryLeases(lambda: self.now)
        self.queue = MemoryQueue(lambda: self.now)

    @property
    def platform(self) -> YouTube:
        return YouTube(replace(self.settings, callback=f"{self.front}/webhooks/youtube"))

    def minute(self) -> list[Asked]:
        """One round of keep_time."""
        wanted = list(self.platform.subscriptions())
        return renew(wanted, self.leases, self.hub, lambda: self.now, lambda: False)

    @property
    def lease(self) -> Lease:
        return self.leases.leases([NAME])[0]

    def answer(self, request: WebhookRequest) -> Reply:
        try:
            if request.method == "GET":
                return shake(self.platform, lambda: self.leases, request).reply
            return receive(self.platform, self.queue, request).reply
        except Rejected as error:
            return Reply(error.status, type(error).__name__)


@contextmanager
def served(company: Company) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = dict(parse_qsl(urlsplit(self.path).query))
            reply = company.answer(WebhookRequest(self.command, headers, query, body, company.now))
            self.send_response(reply.status)
            self.send_header("Content-Length", str(len(reply.body.encode())))
            self.end_headers()
            self.wfile.write(reply.body.encode())

        do_GET = do_POST = answer

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    company.front = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield
    server.shutdown()
    server.server_close()


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as running:
        yield running


@pytest.fixture
def company(hub: Hub) -> Iterator[Company]:
    settings = PlatformSettings((SECRET,), verify_token=TOKEN, follows=frozenset({CHANNEL}), hub=hub.url)
    found = Company(settings)
    with served(found):
        yield found
        hub.settle()


def test_a_channel_in_the_settings_is_subscribed_to_verified_and_heard(hub: Hub, company: Company) -> None:
    asked = company.minute()
    hub.settle()

    assert asked == [Asked(NAME, is_ending=False, ends_at=None)]
    assert company.lease.ends_at == START + timedelta(seconds=hub.lasts)
    for method in ("sha1", "sha256", "sha512"):
        assert hub.publish(TOPIC + CHANNEL, UPLOAD, method) == 200
    assert {post.native_id for post in company.queue.take()} == {"aB3-_xYz01Q"}


def test_what_is_granted_is_left_alone_until_half_of_it_is_over(hub: Hub, company: Company) -> None:
    company.minute()
    hub.settle()
    half = timedelta(seconds=hub.lasts) / 2

    company.now = START + half - timedelta(minutes=1)
    assert company.minute() == []
    company.now = START + half
    assert [one.name for one in company.minute()] == [NAME]
    hub.settle()

    assert company.lease.ends_at == company.now + timedelta(seconds=hub.lasts)
    assert company.minute() == []


def test_a_hub_that_is_down_for_two_days_is_asked_every_hour_and_loses_us_nothing(hub: Hub, company: Company) -> None:
    company.minute()
    hub.settle()
    down_at = company.now = START + timedelta(seconds=hub.lasts) / 2
    hub.faults = [500] * 1000

    told: list[Asked] = []
    while company.now < down_at + timedelta(days=2):
        told += company.minute()
        company.now += timedelta(minutes=1)
    hub.faults = []
    while company.lease.tries:
        told += company.minute()
        hub.settle()
        company.now += timedelta(minutes=1)

    assert 48 <= len(told) <= 56
    assert told[0].why == "youtube's hub cannot take it now (500)"
    ending = [one for one in told if one.is_ending]
    assert ending, "when a day is left, a person is told"
    assert all(one.ends_at is not None for one in ending)
    assert not told[0].is_ending
    assert company.lease.ends_at is not None
    assert company.lease.ends_at > company.now


def test_a_hub_that_asks_for_quiet_gets_it(hub: Hub, company: Company) -> None:
    hub.faults = [503]
    company.minute()
    company.now += timedelta(minutes=5)

    (asked,) = company.minute()

    assert asked.why is not None
    assert asked.why.startswith("youtube's hub is left alone for another")
    assert len(hub.asked) == 1


def test_what_was_asked_and_never_verified_is_asked_again_later_and_later(hub: Hub, company: Company) -> None:
    company.settings = replace(company.settings, hub=hub.url)
    hub.verify = lambda form: 0  # type: ignore[method-assign]  # it takes requests, and never calls back
    times = []
    for _ in range(240):
        if company.minute():
            times.append((company.now - START) // timedelta(minutes=1))
        company.now += timedelta(minutes=1)

    assert times == [0, 5, 15, 35, 75, 135, 195]


def test_one_that_was_never_granted_is_told_of_after_a_few_tries(hub: Hub, company: Company) -> None:
    hub.faults = [400] * 10
    told = []
    for _ in range(5):
        told += company.minute()
        company.now += timedelta(hours=1)

    assert [one.is_ending for one in told] == [False, False, False, True, True]
    assert {one.why for one in told} == {REFUSED}


def test_a_new_secret_is_asked_for_at_once(hub: Hub, company: Company) -> None:
    company.minute()
    hub.settle()
    company.settings = replace(company.settings, secrets=("new-secret", SECRET))

    assert [one.name for one in company.minute()] == [NAME]
    hub.settle()

    assert hub.publish(TOPIC + CHANNEL, UPLOAD) == 200
    assert hub.held[TOPIC + CHANNEL]["hub.secret"] == "new-secret"
    assert company.minute() == []


def test_a_denial_by_the_hub_has_us_ask_again_later(hub: Hub, company: Company) -> None:
    company.minute()
    hub.settle()

    assert hub.deny(hub.held[TOPIC + CHANNEL]) == 200

    assert company.lease.ends_at is None
    assert company.minute() == []
    company.now += timedelta(minutes=5)
    assert len(company.minute()) == 1


def test_a_stranger_cannot_have_the_hub_replace_our_subscription(hub: Hub, company: Company) -> None:
    company.minute()
    hub.settle()
    stranger = {
        "hub.callback": f"{company.front}/webhooks/youtube",
        "hub.mode": "subscribe",
        "hub.topic": TOPIC + CHANNEL,
        "hub.secret": "the stranger's",
    }

    assert hub.take(stranger)[0] == 202
    hub.settle()

    assert hub.held[TOPIC + CHANNEL]["hub.secret"] == SECRET
    assert hub.publish(TOPIC + CHANNEL, UPLOAD) == 200


def test_a_channel_that_is_dropped_may_be_unsubscribed_and_one_that_is_followed_not(hub: Hub, company: Company) -> None:
    company.minute()
    hub.settle()
    leave = hub.held[TOPIC + CHANNEL] | {"hub.mode": "unsubscribe"}

    assert hub.verify(leave) == 404
    company.settings = replace(company.settings, follows=frozenset({"UCanother"}))
    assert hub.verify(leave) == 200


def test_a_round_that_is_late_leaves_the_rest_to_the_next(hub: Hub, company: Company) -> None:
    company.settings = replace(company.settings, follows=frozenset({f"UC{number}" for number in range(5)}))
    left = iter([False, False, True])
    wanted = list(company.platform.subscriptions())

    first = renew(wanted, company.leases, company.hub, lambda: company.now, lambda: next(left))
    rest = company.minute()

    assert (len(first), len(rest)) == (2, 3)
    assert {one.name for one in first + rest} == {subscription.name for subscription in wanted}


def test_nothing_is_asked_before_the_hub_could_reach_us(company: Company) -> None:
    whole = company.platform.settings
    lacking = [
        replace(whole, verify_token=None),
        replace(whole, callback=None),
        replace(whole, secrets=()),
        replace(whole, on=False),
        replace(whole, follows=frozenset()),
    ]

    assert list(YouTube(whole).subscriptions())
    assert [list(YouTube(settings).subscriptions()) for settings in lacking] == [[]] * 5


def test_the_address_we_give_keeps_its_own_query(company: Company) -> None:
    (one,) = YouTube(replace(company.settings, callback="https://a.example/x?stage=1")).subscriptions()

    assert one.form["hub.callback"] == "https://a.example/x?stage=1&token=an+unguessable+token+%26+more"


def test_neither_secret_nor_token_shows_in_what_is_told_of_a_subscription(company: Company) -> None:
    (one,) = company.platform.subscriptions()

    assert SECRET not in repr(one)
    assert "unguessable" not in repr(one)
    assert len(one.mark) == 8


def test_a_hub_s_address_that_is_none_is_told_by_its_place() -> None:
    wrong = Subscription("youtube", "t", "pubsubhubbub", {}, "m")

    with pytest.raises(SettingsError, match=r"^platforms\.youtube\.hub: "):
        HttpHub().subscribe(wrong)


def test_a_hub_that_is_not_there_is_unavailable_and_one_that_refuses_says_so(hub: Hub) -> None:
    with pytest.raises(Unavailable):
        HttpHub().subscribe(Subscription("youtube", "t", "http://127.0.0.1:1/subscribe", {}, "m"))
    with pytest.raises(Refused):
        HttpHub().subscribe(Subscription("youtube", "t", hub.url, {"hub.mode": "subscribe"}, "m"))
