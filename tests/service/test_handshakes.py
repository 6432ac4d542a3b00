"""The verification requests of Facebook, X, YouTube's hub, Discord and CloudEvents, over HTTP."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from chalicelib.hubs import HttpHub
from chalicelib.pipeline.subscribing import renew
from chalicelib.platforms.youtube import TOPIC, YouTube
from chalicelib.wiring import now
from infra.local.samples import REVIEWER_ON_YOUTUBE, SETTINGS
from tests.contracts.fakes.hub import Hub
from tests.contracts.platform_contract import PAYLOADS
from tests.service.conftest import PLAIN_SECRETS, Service, platform
from tests.service.wire import Answer

pytestmark = pytest.mark.local
TOKEN = SETTINGS["platforms"]["facebook"]["verify_token"]
X_SECRET = SETTINGS["platforms"]["x"]["secrets"][0]
FOLLOWED = REVIEWER_ON_YOUTUBE.encode()
SUBSCRIBE = {"hub.mode": "subscribe", "hub.verify_token": TOKEN, "hub.challenge": "1158201444"}


def shake(service: Service, name: str, query: dict[str, str]) -> Answer:
    return service.ask("GET", f"/webhooks/{name}?{urlencode(query)}")


def kind(answer: Answer) -> list[str]:
    return [value.partition(";")[0] for value in answer.all("content-type")]


def test_facebook_gets_its_challenge_back_as_plain_text(service: Service) -> None:
    answer = shake(service, "facebook", SUBSCRIBE)

    assert (answer.status, answer.body) == (200, b"1158201444")
    assert kind(answer) == ["text/plain"]
    assert answer.all("x-content-type-options") == ["nosniff"]


def test_a_challenge_in_any_script_comes_back_unchanged(service: Service) -> None:
    answer = shake(service, "facebook", SUBSCRIBE | {"hub.challenge": "<b>\u00fc\U0001f600&amp;</b>"})

    assert (answer.status, answer.body.decode()) == (200, "<b>\u00fc\U0001f600&amp;</b>")
    assert kind(answer) == ["text/plain"]
    assert answer.all("x-content-type-options") == ["nosniff"]


@pytest.mark.parametrize(
    "changed",
    [
        {"hub.verify_token": "not ours"},
        {"hub.verify_token": ""},
        {"hub.verify_token": TOKEN.upper()},
        {"hub.mode": "unsubscribe"},
        {"hub.challenge": ""},
        {"hub.challenge": "a\r\nSet-Cookie: b"},
        {"hub.challenge": "1" * 5000},
    ],
)
def test_a_wrong_facebook_handshake_is_a_403_that_echoes_nothing(service: Service, changed: dict[str, str]) -> None:
    answer = shake(service, "facebook", SUBSCRIBE | changed)

    assert (answer.status, answer.body) == (403, b"BadHandshake")


def test_x_gets_its_token_signed_as_json(service: Service) -> None:
    answer = shake(service, "x", {"crc_token": "challenge-1"})

    mac = hmac.new(X_SECRET.encode(), b"challenge-1", hashlib.sha256).digest()
    assert (answer.status, kind(answer)) == (200, ["application/json"])
    assert json.loads(answer.body) == {"response_token": f"sha256={base64.b64encode(mac).decode()}"}
    assert answer.all("x-content-type-options") == ["nosniff"]


@pytest.mark.parametrize("token", ["", '{"data": {}}', '{"for_user_id": "1"}', "{}", '"', "x" * 5000])
def test_x_has_nothing_signed_that_could_be_a_delivery(service: Service, token: str) -> None:
    answer = shake(service, "x", {"crc_token": token})

    assert (answer.status, answer.body) == (403, b"BadHandshake")


def test_what_x_was_asked_to_sign_is_no_delivery(service: Service) -> None:
    token = "[1, 2]"
    signature = json.loads(shake(service, "x", {"crc_token": token}).body)["response_token"]
    before = service.cloud.depths()["ParkedQueue"]

    answer = service.ask("POST", "/webhooks/x", token.encode(), {"x-twitter-webhooks-signature": signature})

    assert (answer.status, service.cloud.depths()["ParkedQueue"]) == (401, before)


@pytest.mark.parametrize("name", ["mastodon", "standard-webhooks"])
def test_who_sends_no_handshakes_gets_none(service: Service, name: str) -> None:
    assert shake(service, name, SUBSCRIBE | {"crc_token": "a"}).status == 403


def test_youtube_s_hub_is_asked_verifies_us_and_is_heard(service: Service) -> None:
    service.take_parked()
    upload = (PAYLOADS / "youtube" / "upload.xml").read_bytes().replace(b"UCtestkanalNummer00000001", FOLLOWED)
    with Hub() as hub:
        callback = f"{service.cloud.url}/webhooks/youtube"
        wanted = list(YouTube(replace(PLAIN_SECRETS["youtube"], callback=callback, hub=hub.url)).subscriptions())
        (asked,) = renew(wanted, service.parts.leases, HttpHub(), now, lambda: False)
        hub.settle()
        status = hub.publish(TOPIC + REVIEWER_ON_YOUTUBE, upload, "sha256")
        again = renew(wanted, service.parts.leases, HttpHub(), now, lambda: False)
    service.cloud.drain()

    (lease,) = service.parts.leases.leases([asked.name])
    assert lease.ends_at is not None
    assert abs(lease.ends_at - datetime.now(UTC) - timedelta(seconds=hub.lasts)) < timedelta(minutes=1)
    assert (asked.why, status, again) == (None, 200, [])
    assert service.parts.store.recorded("youtube:aB3-_xYz01Q")
    assert service.take_parked() == []


@pytest.mark.parametrize(
    "changed", [{"hub.topic": "https://elsewhere.example/feed"}, {"token": "another"}, {"hub.mode": "unsubscribe"}]
)
def test_a_hub_s_question_about_what_we_do_not_want_is_a_404(service: Service, changed: dict[str, str]) -> None:
    right = {"hub.mode": "subscribe", "hub.topic": TOPIC + REVIEWER_ON_YOUTUBE, "hub.challenge": "7"}
    right["token"] = SETTINGS["platforms"]["youtube"]["verify_token"]

    assert shake(service, "youtube", right).body == b"7"
    assert shake(service, "youtube", right | changed).status == 404


def test_discord_s_ping_is_answered_with_nothing_and_a_content_type(service: Service) -> None:
    answer = service.deliver("discord", b'{"version":1,"application_id":"1","type":0}')

    assert (answer.status, answer.body, kind(answer)) == (204, b"", ["application/json"])


def test_a_sender_of_cloudevents_asks_by_options_and_is_permitted_if_it_is_ours(service: Service) -> None:
    ours = {"WebHook-Request-Origin": "events.example", "WebHook-Request-Rate": "120"}

    answer = service.ask("OPTIONS", "/webhooks/cloudevents", b"", ours)
    stranger = service.ask("OPTIONS", "/webhooks/cloudevents", b"", ours | {"WebHook-Request-Origin": "evil.example"})

    assert (answer.status, answer.all("webhook-allowed-origin")) == (200, ["events.example"])
    assert answer.all("webhook-allowed-rate") == ["120"]
    assert (stranger.status, stranger.all("webhook-allowed-origin")) == (403, [])


@pytest.mark.parametrize("name", ["facebook", "x", "youtube", "standard-webhooks"])
def test_options_is_no_way_around_a_handshake(service: Service, name: str) -> None:
    target = f"/webhooks/{name}?{urlencode(SUBSCRIBE | {'crc_token': 'challenge-1'})}"

    assert service.ask("OPTIONS", target).status == 403


def test_a_cloud_event_is_accepted_and_one_in_another_form_is_a_415(service: Service) -> None:
    event = {"specversion": "1.0", "type": "post.created", "source": "/shop", "id": "s-1", "data": {"text": "Refund!"}}
    body = json.dumps(event).encode()
    token = platform("cloudevents").sign(body, now())["authorization"]

    accepted = service.deliver("cloudevents", body)
    in_query = f"/webhooks/cloudevents?access_token={token.removeprefix('Bearer ')}"
    by_query = service.ask("POST", in_query, body, {"Content-Type": "application/cloudevents+json"})
    as_xml = service.deliver("cloudevents", body, content_type="application/cloudevents+xml")
    service.cloud.drain()

    assert [answer.status for answer in (accepted, by_query, as_xml)] == [202, 202, 415]
    assert len(service.parts.store.recorded("cloudevents:/shop|s-1")) == 1
