"""An alert beside the running service: listed, taken up, and not over while posts wait in the queue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from chalicelib.log import Log
from chalicelib.minute import go_on_with_alerts
from chalicelib.model import Alert
from infra.local.samples import ago, facebook_comment
from tests.service.conftest import Service, raw
from tests.service.test_commands import earshot
from tests.service.test_status import status

pytestmark = pytest.mark.local


@pytest.fixture(scope="module")
def raised(service: Service) -> Iterator[Service]:
    """The service, whose minute is ours, with an alert: its last post is 46 minutes old, and it waits for 35."""
    service.cloud.pause("keep_time")
    for number, minutes_ago in ((7801, 50), (7802, 48), (7803, 46)):
        say(service, number, minutes_ago)
    service.cloud.drain()
    yield service
    service.cloud.resume("triage_posts")
    service.cloud.resume("keep_time")


def say(service: Service, number: int, minutes_ago: int) -> None:
    body = facebook_comment(number, (f"alert{number}", "Somebody"), "The router started to smoke", ago(minutes_ago))
    assert service.deliver("facebook", raw(body)).status == 200


def listed(service: Service) -> dict[str, Any]:
    said = earshot(service.folder, "alerts", "--json")
    assert (said.code, said.err) == (0, [])
    (alert,) = [found for found in map(json.loads, said.out) if found["rule"] == "danger-spike"]
    return dict(alert)


def after_a_round(service: Service) -> Alert:
    go_on_with_alerts(service.parts, Log("test"), lambda: False)
    found = [*service.parts.alerts.on(), *service.parts.alerts.over(ago(60))]
    (alert,) = [each for each in found if each.rule == "danger-spike"]
    return alert


def test_it_is_listed_with_who_has_taken_it_up_and_status_asks_for_somebody_until_then(raised: Service) -> None:
    alert, (_, before) = listed(raised), status(raised)
    people = earshot(raised.folder, "alerts").out
    taken = earshot(raised.folder, "ack", alert["id"], "--who", "ana")
    _, after = status(raised)

    assert (alert["counted"], alert["counts"], alert["case"]["id"]) == (3, "different authors", alert["id"])
    assert sorted(alert["posts"]) == ["facebook:1_7801", "facebook:1_7802", "facebook:1_7803"]
    assert datetime.fromisoformat(alert["since"]) < datetime.fromisoformat(alert["raised_at"])
    assert any(line.startswith(f"on    {alert['id']}  danger-spike") for line in people)
    assert (before["alerts"]["fine"], after["alerts"]["fine"]) == (False, True)
    assert "danger-spike" in before["alerts"]["told"]
    assert (taken.code, listed(raised)["taken_up"]["who"]) == (0, "ana")


def test_no_all_clear_is_given_while_a_post_waits_in_the_queue(
    raised: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    raised.cloud.pause("triage_posts")
    say(raised, 7804, 37)

    waiting, told = after_a_round(raised), capsys.readouterr().out
    raised.cloud.resume("triage_posts")
    raised.cloud.drain()
    over = after_a_round(raised)

    assert waiting.state == "raised"
    assert "alerts.wait" in told
    assert (over.state, over.counted) == ("over", 4)
