"""What people do with a case in the CRM, told to the running service over HTTP."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import Webhook

from chalicelib.model import CaseStatus
from infra.local.samples import ago, facebook_comment
from tests.service.conftest import EVENT_SECRET, Service, raw
from tests.service.test_silence import logs
from tests.service.wire import Answer

pytestmark = pytest.mark.local
OTHER_SECRET = "whsec_" + "b3RoZXI=" * 8
TEAM = "quetzalteam"  # stands in every event, and in no log


def complain(service: Service, number: int, text: str) -> str:
    """A complaint of one author, decided; its case."""
    body = raw(facebook_comment(number, ("f960001", "Quinn Back"), text, ago(1)))
    assert service.deliver("facebook", body).status == 200
    service.cloud.drain()
    case_id = service.parts.store.recorded(f"facebook:1_{number}")[0].case_id
    assert case_id
    return case_id


def told_before(service: Service, case_id: str) -> None:
    """The case as if the webhook's receiver had been told of it."""
    store = service.parts.store
    store.mark_started(case_id)
    for delivery in store.deliveries(case_id):
        store.mark_delivered(delivery, "webhook", case_id)


def event(case_id: str, kind: str, key: str) -> bytes:
    at = datetime.now(UTC).isoformat()
    return raw({"type": kind, "timestamp": at, "data": {"case": {"id": case_id}, "team": TEAM, "key": key}})


def tell(service: Service, body: bytes, key: str, secret: str = EVENT_SECRET, crm: str = "webhook") -> Answer:
    now = datetime.now(UTC)
    signed = {"webhook-id": key, "webhook-timestamp": str(int(now.timestamp()))}
    signed["webhook-signature"] = Webhook(secret).sign(key, now, body.decode())
    return service.ask("POST", f"/crm/{crm}", body, {"content-type": "application/json", **signed})


@pytest.fixture(scope="module")
def case_id(service: Service) -> str:
    found = complain(service, 9601, "I was charged twice, refund me")
    told_before(service, found)
    return found


def case(service: Service, case_id: str) -> Any:
    return service.parts.store.case(case_id)


def test_a_case_is_answered_and_closed_there_once_and_a_new_post_opens_it_again(service: Service, case_id: str) -> None:
    answers = [tell(service, event(case_id, "case.answered", "a"), "evt-a").status]
    closing = event(case_id, "case.closed", "c")
    answers += [tell(service, closing, "evt-c").status for _ in range(2)]
    closed = case(service, case_id)

    again = complain(service, 9602, "Still no refund for being charged twice")

    assert answers == [200, 200, 200]
    assert closed.status is CaseStatus.CLOSED
    assert closed.answered_at < closed.closed_at
    assert (again, case(service, case_id).status) == (case_id, CaseStatus.OPEN)
    assert tell(service, closing, "evt-c").status == 200
    assert case(service, case_id).status is CaseStatus.OPEN


def test_strangers_move_nothing_and_learn_nothing(service: Service, case_id: str) -> None:
    before = case(service, case_id)
    closing = event(case_id, "case.closed", "forged")

    forged = tell(service, closing, "evt-f", OTHER_SECRET)
    unsigned = service.ask("POST", "/crm/webhook", closing)
    not_set_up = tell(service, closing, "evt-f", crm="zendesk")
    unknown = tell(service, closing, "evt-f", crm="fax")
    looking = service.ask("GET", "/crm/webhook")

    assert (forged.status, unsigned.status, looking.status) == (401, 401, 403)
    assert (not_set_up.status, not_set_up.body) == (unknown.status, unknown.body) == (404, b"NotFound")
    assert case(service, case_id) == before


def test_a_signed_body_that_cannot_be_read_is_kept_for_a_person(service: Service) -> None:
    service.take_parked()
    body = raw({"type": "case.closed", "data": TEAM})

    assert tell(service, body, "evt-p").status == 200

    (parked,) = service.take_parked()
    assert (parked.platform, json.loads(parked.body)) == ("crm/webhook", {"type": "case.closed", "data": TEAM})


def test_no_word_of_an_event_is_in_a_log(service: Service, case_id: str) -> None:
    assert tell(service, event(case_id, "case.reassigned", "r"), "evt-r").status == 200

    told = logs(service)

    assert '"crm.heard"' in told["logs/api_handler.log"]
    assert not [name for name, text in told.items() if TEAM in text]
    assert case(service, case_id).assigned_to == TEAM
