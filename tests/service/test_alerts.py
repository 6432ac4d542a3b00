"""`earshot alerts` and what `status` says of them, beside the running service whose posts raise one."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from infra.local.samples import ago, facebook_comment
from tests.service.conftest import Service, raw
from tests.service.test_commands import earshot
from tests.service.test_status import status

pytestmark = pytest.mark.local


def test_an_alert_that_posts_have_raised_is_listed_until_somebody_takes_it_up(service: Service) -> None:
    for number, who in ((7801, "Ana"), (7802, "Bo"), (7803, "Cy")):
        body = facebook_comment(number, (f"alert{number}", who), "The router started to smoke", ago(number - 7800))
        service.deliver("facebook", raw(body))
    service.cloud.drain()

    before = earshot(service.folder, "alerts", "--json")
    (alert,) = [found for found in map(json.loads, before.out) if found["rule"] == "danger-spike"]
    _, checks = status(service)
    people = earshot(service.folder, "alerts").out
    taken = earshot(service.folder, "ack", alert["id"], "--who", "ana")
    after = earshot(service.folder, "alerts", "--json")

    assert (before.code, before.err) == (0, [])
    assert (alert["state"], alert["counted"], alert["counts"]) == ("raised", 3, "different authors")
    assert sorted(alert["posts"]) == ["facebook:1_7801", "facebook:1_7802", "facebook:1_7803"]
    assert alert["case"]["id"] == alert["id"]
    assert datetime.fromisoformat(alert["since"]) < datetime.fromisoformat(alert["raised_at"])
    assert any(line.startswith(f"on    {alert['id']}  danger-spike") for line in people)
    assert checks["alerts"]["fine"] is False
    assert "danger-spike" in checks["alerts"]["told"]
    assert taken.code == 0
    assert [found["taken_up"]["who"] for found in map(json.loads, after.out) if found["id"] == alert["id"]] == ["ana"]
