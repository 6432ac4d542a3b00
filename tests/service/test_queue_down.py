"""While a delivery cannot be kept it is not acknowledged: the platform sends it again, and then nothing is missing."""

from __future__ import annotations

import pytest

from infra.local.engine import free_port
from infra.local.samples import ago, facebook_comment
from tests.service.conftest import Service, raw

pytestmark = pytest.mark.local
POISON = b'{"object": "page", "entry": [{"id": 1, "changes": 0}]}'


def test_while_the_queue_does_not_answer_nothing_is_acknowledged_and_nothing_is_lost(service: Service) -> None:
    body = raw(facebook_comment(7101, ("q1", "Hal Ito"), "Hello Acme", ago(1)))
    with service.half(AWS_ENDPOINT_URL_SQS=f"http://127.0.0.1:{free_port()}") as half:
        answer = service.deliver("facebook", body, half.url)
        forged = service.deliver("facebook", body, half.url, x_hub_signature_256="sha256=00")
    again = service.deliver("facebook", body)
    service.cloud.drain()

    assert (answer.status, answer.body, answer.all("retry-after")) == (503, b"try again", ["30"])
    assert forged.status == 401
    assert again.status == 200
    assert len(service.parts.store.recorded("facebook:1_7101")) == 1


def test_what_cannot_be_parked_is_not_acknowledged(service: Service) -> None:
    service.take_parked()
    with service.half(EARSHOT_PARKED_QUEUE=service.cloud.environment["EARSHOT_PARKED_QUEUE"] + "-not") as half:
        statuses = [service.deliver("facebook", POISON, url).status for url in (half.url, service.cloud.url)]

    assert statuses == [503, 200]
    assert [parked.body for parked in service.take_parked()] == [POISON]


@pytest.mark.parametrize("variable", ["EARSHOT_POSTS_QUEUE", "EARSHOT_SECRET"])
def test_what_an_operator_named_wrongly_is_a_503_that_sends_no_post_away(service: Service, variable: str) -> None:
    body = raw(facebook_comment(7102, ("q2", "Ivy Joos"), "Hello Acme", ago(1)))
    with service.half(**{variable: service.cloud.environment[variable] + "-not"}) as half:
        answer = service.deliver("facebook", body, half.url)

    assert answer.status == 503
    assert b"queue" not in answer.body, "strangers are not told what is broken"


def test_a_receiver_without_its_environment_answers_503_and_tells_its_log_which_variable(service: Service) -> None:
    with service.half(EARSHOT_PARKED_QUEUE="") as half:
        answer = service.deliver("facebook", b"{}", half.url)

    assert (answer.status, answer.body) == (503, b"try again")
    assert "not set: EARSHOT_PARKED_QUEUE" in (service.folder / "half" / "api_handler.log").read_text()


@pytest.mark.parametrize("lacks", ["table", "answer"])
def test_a_table_that_cannot_be_written_keeps_no_delivery_from_being_taken(service: Service, lacks: str) -> None:
    body = raw(facebook_comment(7102, ("q2", "Ivo Jay"), "Hello Acme", ago(1)))
    silent = {"AWS_ENDPOINT_URL_DYNAMODB": f"http://127.0.0.1:{free_port()}"}
    with service.half(**({"EARSHOT_TABLE": "no-such-table"} if lacks == "table" else silent)) as half:
        answers = [service.deliver("facebook", body, half.url).status for _ in range(3)]

    log = (service.folder / "half" / "api_handler.log").read_text()
    assert answers == [200] * 3
    assert "hearing.unwritten" in log
    service.cloud.drain()
