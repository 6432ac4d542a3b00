"""Traces, sent by Powertools as X-Ray's daemon gets them, from the real functions."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from infra.local.cloud import LocalCloud
from infra.local.samples import SETTINGS
from tests.service.conftest import ROOT, Service, raw

pytestmark = pytest.mark.local
SAID, HANDLE = "This is the third time my parcel got lost, give me my money back!", "zenobia-of-the-test"


@pytest.fixture(scope="module")
def daemon() -> Iterator[socket.socket]:
    """Where X-Ray's daemon would listen."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(0.5)
        yield listener


@pytest.fixture(scope="module")
def traced(daemon: socket.socket, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service, told to trace."""
    folder = tmp_path_factory.mktemp("traced")
    address = "{}:{}".format(*daemon.getsockname())
    cloud = LocalCloud(
        ROOT,
        {**SETTINGS, "crms": {}},
        data=folder / ".local",
        parameters={"Tracing": "Active"},
        env={"AWS_XRAY_DAEMON_ADDRESS": address},
    )
    with cloud:
        yield Service(cloud, folder)


def segments(daemon: socket.socket) -> Iterator[dict[str, Any]]:
    """What arrived: a line of head, a line of JSON. https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html"""
    while True:
        try:
            head, _, document = daemon.recv(65536).partition(b"\n")
        except TimeoutError:
            return
        assert json.loads(head) == {"format": "json", "version": 1}
        yield json.loads(document)


def test_a_post_is_found_by_its_id_with_what_became_of_it_and_nothing_it_says(
    traced: Service, daemon: socket.socket
) -> None:
    author = {"id": "z-1", "handle": HANDLE}
    body = raw({"type": "post.created", "data": {"id": "77", "text": SAID, "author": author}})

    assert traced.deliver("standard-webhooks", body).status == 200
    traced.cloud.drain()
    found = list(segments(daemon))

    notes = [part["annotations"] for part in found if part["name"] == "## post"]
    assert [(note["post_id"], note["decision"]) for note in notes] == [("standard-webhooks:77", "escalate")]
    cases = [part["annotations"]["case_id"] for part in found if part["name"] == "## case"]
    assert set(cases) == {notes[0]["case_id"]}
    assert all(part["end_time"] >= part["start_time"] and part["trace_id"].startswith("1-") for part in found)
    everything = json.dumps(found)
    assert SAID not in everything and "parcel" not in everything and HANDLE not in everything


def test_a_post_that_cannot_be_decided_is_traced_without_its_words(traced: Service, daemon: socket.socket) -> None:
    queue = traced.cloud.environment["EARSHOT_POSTS_QUEUE"]
    traced.cloud.client("sqs").send_message(
        QueueUrl=queue, MessageBody=json.dumps({"no post": SAID}), MessageGroupId="a", MessageDeduplicationId="a"
    )

    found: list[dict[str, Any]] = []
    while not found:
        found = [part for part in segments(daemon) if part["name"] == "## post"]

    assert "annotations" not in found[0] and SAID not in json.dumps(found)
