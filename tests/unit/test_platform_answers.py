"""Who asks by a signed POST whether we are here gets its answer, and nothing of it is queued; nobody else gets one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.config import PlatformSettings
from chalicelib.errors import BadSignature
from chalicelib.pipeline.receive import TAKEN, Received, receive
from chalicelib.platforms import PLATFORMS
from chalicelib.platforms.base import BasePlatform
from chalicelib.platforms.slack import Slack
from chalicelib.stores.memory_queue import MemoryQueue
from tests.contracts.platform_contract import ARRIVED, PAYLOADS, STRANGERS, made, pairs, request

SECRET = "slack-signing-secret"
WORKSPACE = Slack(PlatformSettings((SECRET,)))
ASKED = {"token": "t", "type": "url_verification", "challenge": "chällenge <b>1</b>"}


def told(body: Any, queue: MemoryQueue, signer: BasePlatform = WORKSPACE) -> Received:
    raw = json.dumps(body).encode()
    return receive(WORKSPACE, queue, request(raw, signer.sign(raw, ARRIVED)))


def test_slack_gets_its_challenge_back_as_plain_text() -> None:
    queue = MemoryQueue(lambda: ARRIVED)
    received = told(ASKED, queue)

    assert (received.reply.status, received.reply.body) == (200, "chällenge <b>1</b>")
    assert received.reply.headers == {"content-type": "text/plain", "x-content-type-options": "nosniff"}
    assert (received.posts, queue.parked(1)) == (0, [])


def test_a_challenge_that_is_not_signed_is_not_echoed() -> None:
    with pytest.raises(BadSignature):
        told(ASKED, MemoryQueue(lambda: ARRIVED), made(Slack, STRANGERS))


@pytest.mark.parametrize(
    "body",
    [
        ASKED | {"challenge": None},
        ASKED | {"type": "other"},
        {"type": "event_callback", "event": {"type": "pin_added"}},
    ],
)
def test_a_delivery_that_only_looks_like_a_question_gets_the_usual_answer(body: Any) -> None:
    assert told(body | {"note": "url_verification"}, MemoryQueue(lambda: ARRIVED)).reply == TAKEN


@pytest.mark.parametrize("wrong", [{"challenge": ["a"]}, {"type": ["url_verification"]}])
def test_a_question_that_cannot_be_read_raises_nothing(wrong: Any) -> None:
    raw = json.dumps(ASKED | wrong).encode()

    assert WORKSPACE.answer(request(raw)) is None
    assert WORKSPACE.answer(request(b'"url_verification"' + raw)) is None


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_what_people_wrote_is_no_question(name: str) -> None:
    for pair in pairs(PAYLOADS / name):
        assert made(PLATFORMS[name]).answer(request(pair.body)) is None
