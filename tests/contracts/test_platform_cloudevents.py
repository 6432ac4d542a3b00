"""CloudEvents: the handshake by OPTIONS, both places of the token, three modes, and the format's own library."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.codec import to_json
from chalicelib.config import PlatformSettings
from chalicelib.errors import BadHandshake, BadPayload, BadSignature
from chalicelib.model import Parked, Post
from chalicelib.pipeline.receive import receive
from chalicelib.platforms.cloudevents import MANY, ONE, CloudEvents
from chalicelib.ports.platform import WebhookRequest
from chalicelib.stores.memory_queue import MemoryQueue
from tests.contracts.platform_contract import ARRIVED, FAST, PAYLOADS, pairs, request

TOKEN = "mF_9.B5f-4.1JqM"
SHOP = CloudEvents(PlatformSettings((TOKEN,), origins=frozenset({"Events.example"}), accounts=frozenset({"acme"})))
POST = {"id": "1", "platform": "reviews", "text": "Ärger 😤", "author": {"id": "u-5"}}
EVENT: dict[str, Any] = {"specversion": "1.0", "type": "com.example.post.created", "source": "/shop", "id": "e-1"}
WHOLE = EVENT | {"time": "2026-03-01T11:59:58Z", "datacontenttype": "application/json", "data": POST}
BEARER = {"authorization": f"Bearer {TOKEN}"}


def sent(body: Any, headers: dict[str, str], **query: str) -> WebhookRequest:
    return WebhookRequest("POST", headers, query, json.dumps(body).encode(), ARRIVED)


def trusted(headers: dict[str, str], **query: str) -> bool:
    try:
        SHOP.verify(sent(WHOLE, headers, **query))
    except BadSignature:
        return False
    return True


def asking(**headers: str) -> WebhookRequest:
    named = {f"webhook-request-{name}": value for name, value in headers.items()}
    return WebhookRequest("OPTIONS", named, {}, b"", ARRIVED)


def test_an_origin_of_ours_may_send_at_the_rate_it_asks_for() -> None:
    reply = SHOP.permit(asking(origin="events.EXAMPLE", rate="120"))

    assert reply.status == 200
    assert reply.headers["webhook-allowed-origin"] == "events.EXAMPLE"
    assert reply.headers["webhook-allowed-rate"] == "120"
    assert "POST" in reply.headers["allow"]


@pytest.mark.parametrize(
    ("rate", "allowed"), [("0", "1"), ("6001", "6000"), ("", "6000"), ("*", "6000"), ("-1", "6000"), ("٣", "6000")]
)
def test_the_rate_is_a_whole_number_within_what_we_can_take(rate: str, allowed: str) -> None:
    assert SHOP.permit(asking(origin="events.example", rate=rate)).headers["webhook-allowed-rate"] == allowed


@pytest.mark.parametrize("origin", ["", "*", "evil.example", "events.example.evil.example", "\ud800"])
def test_another_origin_gets_no_permission(origin: str) -> None:
    with pytest.raises(BadHandshake):
        SHOP.permit(asking(origin=origin))
    with pytest.raises(BadHandshake):
        SHOP.permit(asking())


def test_a_get_is_no_handshake_here() -> None:
    with pytest.raises(BadHandshake):
        SHOP.handshake(WebhookRequest("GET", {"webhook-request-origin": "events.example"}, {}, b"", ARRIVED))


def test_the_token_is_taken_from_the_header_or_from_the_query() -> None:
    assert trusted(BEARER)
    assert trusted({"authorization": f"bearer {TOKEN}"}), "the scheme's name has no case (RFC 9110, 11.1)"
    assert trusted({}, access_token=TOKEN)


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN} ", f"Bearer  {TOKEN}", "Bearer \ud800"],
)
def test_another_header_is_refused_whatever_the_query_says(header: str) -> None:
    assert not trusted({"authorization": header})
    assert not trusted({"authorization": header}, access_token=TOKEN)


@pytest.mark.parametrize("token", ["", "Bearer", TOKEN.lower(), f"Bearer {TOKEN}"])
def test_another_token_in_the_query_is_refused(token: str) -> None:
    assert not trusted({}, access_token=token)


@pytest.mark.parametrize("name", sorted(pair.event for pair in pairs(PAYLOADS / "cloudevents")))
def test_all_three_modes_say_the_same(name: str) -> None:
    body = (PAYLOADS / "cloudevents" / f"{name}.json").read_bytes()
    event = json.loads(body)
    if "data_base64" in event:
        pytest.skip("base64 is of the structured mode only")
    kind = event.get("datacontenttype", "application/json")
    headers = {f"ce-{key}": str(value) for key, value in event.items() if key not in ("data", "datacontenttype")}
    data = event["data"] if kind.endswith("xml") else json.dumps(event["data"])

    structured = SHOP.parse(request(body, {"content-type": f"{ONE}; charset=utf-8"}))
    batched = SHOP.parse(request(b"[%b,%b]" % (body, body), {"content-type": MANY}))
    binary = SHOP.parse(request(data.encode(), headers | {"content-type": kind}))

    assert binary == structured
    assert batched == structured * 2
    assert SHOP.parse(request(body)) == structured, "a body out of a file has no headers"


@pytest.mark.parametrize("name", sorted(pair.event for pair in pairs(PAYLOADS / "cloudevents")))
def test_what_the_format_s_own_library_writes_is_read_as_it_was_meant(name: str) -> None:
    event = json.loads((PAYLOADS / "cloudevents" / f"{name}.json").read_bytes())
    packed, data = event.pop("data_base64", None), event.pop("data", None)
    # It takes objects, texts and bytes: a list would become its own repr.
    given = base64.b64decode(packed) if packed else json.dumps(data).encode() if isinstance(data, list) else data
    attributes = {key: value for key, value in event.items() if value is not None}
    attributes |= {"time": datetime.fromisoformat(event["time"]) if "time" in event else ARRIVED.astimezone(UTC)}
    attributes.setdefault("datacontenttype", "application/json")
    theirs = CloudEvent(attributes, given)
    wanted = [
        post | ({} if "time" in event else {"delivered_at": "2026-03-01T12:00:00Z"})
        for post in json.loads((PAYLOADS / "cloudevents" / f"{name}.posts.json").read_bytes())
    ]

    for message in (to_structured_event(theirs), to_binary_event(theirs)):
        headers = {key.lower(): value for key, value in message.headers.items()}
        delivery = request(_bytes(message.body), headers)

        assert SHOP.answer(delivery) is None
        assert [to_json(post) for post in SHOP.parse(delivery)] == wanted


@FAST
@given(st.text(min_size=1, max_size=40).filter(str.strip), st.text(max_size=60))
def test_names_in_any_script_come_through_the_library_s_headers(source: str, text: str) -> None:
    data = {"text": text}
    event = CloudEvent(
        {"type": "post.created", "source": source, "id": "ü|7", "datacontenttype": "application/json"}, data
    )
    message = to_binary_event(event)
    headers = {key.lower(): value for key, value in message.headers.items()}

    (post,) = SHOP.parse(request(_bytes(message.body), headers))

    assert (post.native_id, post.text) == (f"{source}|ü|7", text)


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/json"},
        {"content-type": "text/html", "ce-id": "1"},
        {"content-type": "application/cloudevents+xml"},
        {"content-type": "application/cloudevents+avro", "ce-specversion": "1.0"},
        {"content-type": "*"},
    ],
)
def test_what_tells_of_no_event_is_a_415_and_nothing_is_kept(headers: dict[str, str]) -> None:
    queue = MemoryQueue(lambda: ARRIVED)

    received = receive(SHOP, queue, sent(WHOLE, BEARER | headers))

    assert received.reply.status == 415
    assert ONE in received.reply.body
    assert (received.posts, queue.parked(1), queue.take()) == (0, [], [])


def test_a_stranger_does_not_even_learn_what_we_understand() -> None:
    with pytest.raises(BadSignature):
        receive(SHOP, MemoryQueue(lambda: ARRIVED), sent(WHOLE, {"content-type": "text/html"}))


def test_what_was_queued_is_accepted_and_not_more() -> None:
    received = receive(SHOP, MemoryQueue(lambda: ARRIVED), sent(WHOLE, BEARER | {"content-type": ONE}))

    assert (received.reply.status, received.posts) == (202, 1)


@pytest.mark.parametrize("name", ["specversion", "type", "source", "id"])
def test_an_event_without_what_every_event_has_is_told_and_takes_no_other_with_it(name: str) -> None:
    lacking = {key: value for key, value in WHOLE.items() if key != name}

    with pytest.raises(BadPayload, match=name) as told:
        SHOP.parse(sent([lacking, WHOLE | {"id": "e-2"}], {"content-type": MANY}))

    assert [post.id for post in told.value.posts] == ["reviews:1"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"specversion": "0.3"},
        {"data": "a text"},
        {"data": None},
        {"data": 7},
        {"datacontenttype": "application/xml"},
        {"data_base64": "?"},
        {"data_base64": base64.b64encode(b"\xff").decode()},
        {"time": "soon"},
        {"id": "x" * 300, "data": {"text": "a"}},
    ],
)
def test_an_event_that_cannot_be_read_is_a_bad_payload(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadPayload):
        SHOP.parse(sent(WHOLE | wrong, {"content-type": ONE}))


def test_an_empty_batch_holds_nothing_and_an_object_is_no_batch() -> None:
    assert SHOP.parse(sent([], {"content-type": MANY})) == []
    with pytest.raises(BadPayload, match="expected a list"):
        SHOP.parse(sent(WHOLE, {"content-type": MANY}))


def test_a_batch_out_of_a_file_is_read_without_headers_and_signed_as_what_it_is() -> None:
    gone = WHOLE | {"id": "e-2", "type": "com.example.post.deleted", "data": {"id": "2", "text": "Ärger"}}
    other = WHOLE | {"id": "e-3", "type": "com.example.user.joined"}
    batch = json.dumps([WHOLE, gone, other]).encode()

    heard = SHOP.hear(request(b"\n " + batch))

    assert [(post.id, post.action, post.text) for post in heard.posts] == [
        ("reviews:1", "create", "Ärger 😤"),
        ("cloudevents:2", "delete", None),
    ]
    assert (heard.skipped, heard.problem) == ({"com.example.user.joined": 1}, None)
    assert SHOP.sign(batch, ARRIVED)["content-type"] == MANY
    assert SHOP.hear(request(batch, SHOP.sign(batch, ARRIVED))) == SHOP.hear(request(batch))
    assert SHOP.sign(json.dumps(WHOLE).encode(), ARRIVED)["content-type"] == ONE


def test_the_data_of_a_binary_event_without_a_content_type_may_be_a_list() -> None:
    headers = {"ce-specversion": "1.0", "ce-type": "com.example.post.created", "ce-source": "/shop", "ce-id": "e-1"}

    heard = SHOP.hear(sent([POST, POST | {"id": "2"}], headers))

    assert [post.id for post in heard.posts] == ["reviews:1", "reviews:2"]


def test_the_same_event_sent_again_is_the_same_version_of_the_same_post() -> None:
    first, again = (SHOP.parse(sent(WHOLE | {"data": {"text": "a"}}, {"content-type": ONE})) for _ in range(2))
    (other,) = SHOP.parse(sent(WHOLE | {"data": {"text": "a"}, "source": "/other"}, {"content-type": ONE}))

    assert [(post.id, post.version) for post in first] == [(post.id, post.version) for post in again]
    assert other.id != first[0].id


@FAST
@given(
    st.dictionaries(st.sampled_from(["content-type", "ce-specversion", "ce-type", "ce-id", "ce-source"]), st.text()),
    st.binary(max_size=60) | st.just(json.dumps(WHOLE).encode()),
)
def test_whatever_headers_come_parse_raises_only_bad_payload(headers: dict[str, str], body: bytes) -> None:
    try:
        assert all(isinstance(post, Post) for post in SHOP.parse(request(body, headers)))
    except BadPayload as error:
        assert len(str(error)) < 400


def _bytes(body: bytes | str) -> bytes:
    return body if isinstance(body, bytes) else body.encode()


def test_an_event_whose_attributes_are_headers_is_read_alike_once_it_was_parked() -> None:
    queue = MemoryQueue(lambda: ARRIVED)
    headers = BEARER | {f"ce-{name}": str(value) for name, value in (EVENT | {"time": WHOLE["time"]}).items()}
    came = sent(POST, headers | {"content-type": "application/json"})
    queue.park(Parked(SHOP.name, came.body, came.headers, "a mistake of ours, mended since", ARRIVED))

    (found,) = queue.parked(1)

    assert "authorization" not in found.headers
    assert SHOP.hear(WebhookRequest("POST", found.headers, {}, found.body, ARRIVED)) == SHOP.hear(came)
    assert SHOP.hear(came).posts
