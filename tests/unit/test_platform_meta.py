"""Meta's other platforms: a bad item costs no good one, and what has no words or is our own is told apart."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.codec import to_json
from chalicelib.config import PlatformSettings
from chalicelib.errors import BadPayload
from chalicelib.model import Post
from chalicelib.platforms.base import BasePlatform
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.instagram import Instagram
from chalicelib.platforms.messenger import Messenger
from chalicelib.platforms.meta import moment
from chalicelib.platforms.threads import Threads
from chalicelib.platforms.whatsapp import WhatsApp
from tests.contracts.platform_contract import PAYLOADS, made, request


def parse(kind: type[BasePlatform], body: Any, **given: Any) -> list[Post]:
    return kind(PlatformSettings(**given)).parse(request(json.dumps(body).encode()))


def refused(kind: type[BasePlatform], body: Any) -> BadPayload:
    with pytest.raises(BadPayload) as told:
        parse(kind, body)
    return told.value


def said(text: Any, sender: str = "5", **other: Any) -> dict[str, Any]:
    return {"sender": {"id": sender}, "recipient": {"id": "1"}, "message": {"mid": f"m-{text}", "text": text} | other}


def number(*messages: Any, **other: Any) -> dict[str, Any]:
    value = {"metadata": {"phone_number_id": "1"}, "messages": list(messages)} | other
    return {"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": value}]}]}


def written(text: str, **other: Any) -> dict[str, Any]:
    return {"from": "5", "id": f"w-{text}", "timestamp": "1", "type": "text", "text": {"body": text}} | other


def test_one_bad_event_of_a_page_s_messages_costs_no_other() -> None:
    lists = {"messaging": [said("a"), said(["secret"]), 7, said("b")], "standby": "no list"}

    problem = refused(
        Messenger, {"object": "page", "entry": [{"id": "1", **lists}, 3, {"id": "1", "standby": [said("c")]}]}
    )

    assert [post.text for post in problem.posts] == ["a", "b", "c"]
    assert str(problem) == (
        "messenger: body.entry[0].messaging[1].message.text: expected a text; "
        "body.entry[0].messaging[2]: expected an object; "
        "body.entry[0].standby: expected a list; and 1 more"
    )


def test_one_bad_change_of_instagram_costs_no_message_beside_it() -> None:
    changes = [
        {"field": "comments", "value": {"text": "no id"}},
        {"field": "comments", "value": {"id": "2", "text": "b"}},
    ]

    problem = refused(
        Instagram, {"object": "instagram", "entry": [{"id": "1", "messaging": [said("a")], "changes": changes}]}
    )

    assert [post.text for post in problem.posts] == ["a", "b"]
    assert str(problem) == "instagram: body.entry[0].changes[0].value: id or comment_id is missing"


def test_one_bad_message_of_whatsapp_costs_no_other() -> None:
    bodiless = written("a") | {"text": {}}

    problem = refused(WhatsApp, number(written("b"), bodiless, written("c", timestamp="soon"), written("d")))

    assert [post.text for post in problem.posts] == ["b", "d"]
    assert "messages[1].text.body: is missing" in str(problem)
    assert "messages[2].timestamp: expected a time as a whole number" in str(problem)


def test_one_bad_value_of_threads_costs_no_other() -> None:
    values = [
        {"field": "replies", "value": {"id": "1", "username": "a"}},
        {"field": "replies", "value": {"id": "2"}},
        {"value": {}},
        {"field": "mentions", "value": {"id": "3", "username": "b"}},
    ]

    problem = refused(Threads, {"target_id": "9", "values": values})

    assert [post.native_id for post in problem.posts] == ["1", "3"]
    assert str(problem) == "threads: body.values[1].value.username: is missing; body.values[2].field: is missing"


@pytest.mark.parametrize("kind", [Messenger, Instagram, WhatsApp, Threads])
def test_a_body_without_its_envelope_is_kept_for_a_person(kind: type[BasePlatform]) -> None:
    assert "is missing" in str(refused(kind, {"entry": []}))


@pytest.mark.parametrize("kind", [Messenger, Instagram, WhatsApp])
def test_another_object_of_meta_s_is_skipped_whatever_its_shape(kind: type[BasePlatform]) -> None:
    assert parse(kind, {"object": "user", "entry": 5}) == []


def test_whatsapp_keeps_no_address_and_no_number_of_a_shared_contact() -> None:
    body = (PAYLOADS / "whatsapp" / "without-words.json").read_bytes()

    kept = json.dumps([to_json(post) for post in made(WhatsApp).parse(request(body))])

    assert b"Acme Street" in body
    assert b"15550100055" in body
    assert "Acme Street" not in kept
    assert "15550100055" not in kept


@pytest.mark.parametrize("handles", [{"acme"}, {"@Acme"}])
def test_a_comment_under_our_handle_is_ours_with_or_without_its_at(handles: set[str]) -> None:
    comment = {"id": "2", "text": "b", "from": {"id": "7", "username": "acme"}}
    body = {"object": "instagram", "entry": [{"id": "1", "changes": [{"field": "comments", "value": comment}]}]}

    assert parse(Instagram, body, handles=frozenset(handles))[0].is_self is True
    assert parse(Instagram, body)[0].is_self is False


def test_who_answers_us_under_his_own_thread_is_not_us() -> None:
    root = {"id": "8", "owner_id": "700", "username": "rosa"}
    value = {"id": "2", "username": "rosa", "root_post": root}

    post = parse(Threads, {"target_id": "9", "values": {"field": "replies", "value": value}})[0]

    assert post.is_self is False


@pytest.mark.parametrize(
    "given", [1772359204, "1772359204", 1772359204000, "1772359204000", "2026-03-01T10:00:04+0000"]
)
def test_a_time_is_read_in_any_unit_meta_sends(given: object) -> None:
    assert moment(Foreign({"at": given}), "at") == datetime(2026, 3, 1, 10, 0, 4, tzinfo=UTC)


@pytest.mark.parametrize("given", ["soon", True, 1.5, [], -1, "٣", 10**39, "7" * 300])
def test_what_is_no_time_is_told_as_such(given: object) -> None:
    with pytest.raises(BadPayload, match=r"^body\.at: expected "):
        moment(Foreign({"at": given}), "at")
