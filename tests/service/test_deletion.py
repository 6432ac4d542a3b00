"""A deletion request through the running service: asked by Meta, done by the clock's function, read by a person."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from chalicelib.model.erasure import Erasure
from infra.local.samples import SETTINGS, ago, facebook_comment
from tests.service.conftest import Service, raw
from tests.service.test_silence import logs

pytestmark = pytest.mark.local
SECRET: str = SETTINGS["platforms"]["facebook"]["secrets"][0]
WHO, TEXT = "f7970007", "refund me, I was charged twice"
FORM = {"content-type": "application/x-www-form-urlencoded"}


def form(secret: str) -> bytes:
    """As Meta posts it."""
    said = {"algorithm": "HMAC-SHA256", "issued_at": int(datetime.now(UTC).timestamp()), "user_id": WHO}
    payload = base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=")
    signature = base64.urlsafe_b64encode(hmac.new(secret.encode(), payload, hashlib.sha256).digest()).rstrip(b"=")
    return urlencode({"signed_request": b".".join((signature, payload)).decode()}).encode()


def test_a_wish_is_answered_with_a_page_that_is_there_and_a_strangers_is_not(service: Service) -> None:
    good = service.ask("POST", "/webhooks/facebook/deletion", form(SECRET), FORM)
    stranger = service.ask("POST", "/webhooks/facebook/deletion", form("guessed"), FORM)
    told = json.loads(good.body)
    page = service.ask("GET", urlsplit(told["url"]).path)

    assert (good.status, stranger.status, page.status) == (200, 401, 200)
    assert told["url"].startswith("http")
    assert page.all("content-type") == ["text/html; charset=utf-8"]
    assert told["confirmation_code"].encode() in page.body
    assert WHO.encode() not in page.body
    assert service.ask("GET", "/deletions/" + "0" * 24).status == 404


def test_the_clock_erases_what_the_author_wrote_tells_the_crm_and_logs_nobody(service: Service) -> None:
    ids = [f"facebook:1_{number}" for number in (7971, 7972)]
    for number in (7971, 7972):
        body = raw(facebook_comment(number, (WHO, "Zilla Forgettable"), TEXT, ago(3)))
        assert service.deliver("facebook", body).status == 200
    service.cloud.drain()
    store = service.parts.store
    case_id = store.recorded(ids[0])[0].case_id
    asked = Erasure("c0de7970", "facebook", datetime.now(UTC) - timedelta(hours=1), (f"facebook:{WHO}",))
    assert case_id
    assert service.parts.erasures.ask(asked)

    tick: dict[str, Any] = {"source": "aws.events", "detail-type": "Scheduled Event", "resources": [], "detail": {}}
    tick |= {"version": "0", "account": "0", "region": "us-east-1", "time": "2026-11-20T12:00:00Z", "id": "1"}
    service.cloud.pause("keep_time")  # or the minute's own round may be at it too
    error = service.cloud.functions["keep_time"].invoke(tick).error
    service.cloud.resume("keep_time")
    service.cloud.drain()
    assert error is None

    found = service.parts.erasures.find("c0de7970")
    assert found is not None
    assert (found.done_at is not None, found.posts, found.author_keys) == (True, 2, ())
    for post_id in ids:
        assert {(of.post.text, of.post.author_key, of.erased) for of in store.recorded(post_id)} == {(None, None, True)}
    headings = [delivery.heading for delivery in store.deliveries(case_id)]
    assert headings.count("The author deleted this post") == 2
    told = logs(service)
    assert "deletion.done" in told["logs/keep_time.log"]
    assert not [name for name, text in told.items() if WHO in text or "Forgettable" in text]
    assert service.left_over() == {}
