"""What is particular to the signed webhook: receivers that say they have it, and what they tell back."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.webhook import WebhookCrm
from chalicelib.errors import BadPayload, BadSignature, NotFound, SettingsError
from chalicelib.model import CrmEvent, Happened
from chalicelib.ports.platform import WebhookRequest
from tests.contracts.crm_samples import NOON, a_case, a_post, an_entry
from tests.contracts.fakes.base import Call, Reply
from tests.contracts.fakes.webhook import Fake

FIRST = a_post(1)
CASE = a_case(FIRST)
OURS, OLD = (f"whsec_{base64.b64encode(letter * 32).decode()}" for letter in (b"e", b"f"))
NOW = datetime.now(UTC).replace(microsecond=0)  # the standard's library compares with its own clock


@pytest.fixture
def receiver() -> Iterator[Fake]:
    with Fake() as fake:
        yield fake


def crm(receiver: Fake, **more: str) -> WebhookCrm:
    return WebhookCrm({**receiver.settings, "event_secrets": f"{OURS},{OLD}", **more})


def told(kind: str, secret: str = OURS, key: str = "evt-1", **data: Any) -> WebhookRequest:
    """As a receiver would send it that uses the library of the standard's authors."""
    body = {"type": kind, "timestamp": "2026-03-04T12:30:00Z", "data": {"case": {"id": CASE.id}, **data}}
    return signed(json.dumps(body), secret, key)


def signed(body: str, secret: str = OURS, key: str = "evt-1") -> WebhookRequest:
    headers = {
        "webhook-id": key,
        "webhook-timestamp": str(int(NOW.timestamp())),
        "webhook-signature": Webhook(secret).sign(key, NOW, body),
    }
    return WebhookRequest("POST", headers, {}, body.encode(), NOW)


def test_a_receiver_that_has_the_id_already_is_done(receiver: Fake) -> None:
    def has_it(call: Call) -> Reply:
        return 409, {}, b'{"error": "duplicate webhook-id"}'

    receiver.respond = has_it  # type: ignore[method-assign]

    assert crm(receiver).open_case(CASE, an_entry(FIRST)) == CASE.id


@pytest.mark.parametrize(
    ("record", "wanted", "told"),
    [
        ("recommendation", "note", "recommendation"),
        ("recommendation", "task", "task"),
        ("recommendation", "lead", "lead"),
        ("case", "task", "case"),
    ],
)
def test_a_recommendation_is_told_as_what_the_company_wants_it_to_be(
    receiver: Fake, record: str, wanted: str, told: str
) -> None:
    settings = receiver.settings
    WebhookCrm(settings, None, FieldMapping(recommendation=wanted)).open_case(
        replace(CASE, record=record), an_entry(FIRST)
    )

    (event,) = receiver.events.values()
    assert event["data"]["case"]["record"] == told


@pytest.mark.parametrize("happened", list(Happened))
def test_what_people_do_there_is_heard(receiver: Fake, happened: Happened) -> None:
    events = crm(receiver).hear(told(f"case.{happened.value}", team="Second level", into="80"))

    at, team = NOON + timedelta(minutes=30), "Second level"
    assert events == [CrmEvent("evt-1", happened, at, CASE.id, None, "80", team, (team,))]


def test_while_secrets_are_rotated_either_is_taken(receiver: Fake) -> None:
    assert crm(receiver).hear(told("case.closed", OLD))


def test_our_own_events_coming_back_move_nothing(receiver: Fake) -> None:
    assert crm(receiver).hear(told("case.opened")) == []
    assert crm(receiver).hear(told("case.added")) == []


def test_what_is_signed_with_the_secret_of_the_other_direction_is_refused(receiver: Fake) -> None:
    with pytest.raises(BadSignature):
        crm(receiver).hear(told("case.closed", receiver.secrets[0]))


@pytest.mark.parametrize("changed", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("value", ["", "9" * 30, "v1,AAAA", "é"])
def test_what_was_changed_on_its_way_is_refused(receiver: Fake, changed: str, value: str) -> None:
    right = told("case.closed")
    wrong = WebhookRequest("POST", {**right.headers, changed: value}, {}, right.body, NOW)

    with pytest.raises(BadSignature):
        crm(receiver).hear(wrong)


@pytest.mark.parametrize("late", [timedelta(minutes=6), timedelta(minutes=-6)])
def test_what_was_signed_at_another_time_is_refused(receiver: Fake, late: timedelta) -> None:
    right = told("case.closed")

    with pytest.raises(BadSignature):
        crm(receiver).hear(WebhookRequest("POST", right.headers, {}, right.body, NOW + late))


@pytest.mark.parametrize("body", ["", "[]", "{", '{"type": "case.closed"}', "[" * 5000, '{"type": []}'])
def test_what_is_signed_and_no_event_is_said_to_be_none(receiver: Fake, body: str) -> None:
    with pytest.raises(BadPayload):
        crm(receiver).hear(signed(body))


def test_without_secrets_for_it_nothing_is_heard(receiver: Fake) -> None:
    with pytest.raises(NotFound):
        crm(receiver, event_secrets="").hear(told("case.closed"))


def test_an_event_secret_that_is_none_is_told_at_the_start(receiver: Fake) -> None:
    with pytest.raises(SettingsError, match=r"crms\.webhook\.event_secrets"):
        crm(receiver, event_secrets="hunter2")


def test_a_team_that_is_told_back_is_known_by_our_name_and_by_the_counterpart(receiver: Fake) -> None:
    settings = {**receiver.settings, "event_secrets": OURS}
    crm = WebhookCrm(settings, mapping=FieldMapping(teams={"care": "Team 4"}))

    heard = [crm.hear(told("case.reassigned", team=team))[0].ours for team in ("Team 4", "leads")]
    assert heard == [("care", "Team 4"), ("leads",)]
