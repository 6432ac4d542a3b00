"""A secret in an address opens its own platform, over HTTP, and stands in no log."""

from __future__ import annotations

import base64

import pytest

from infra.local.samples import SETTINGS
from tests.contracts.platform_contract import PAYLOADS, pairs
from tests.service.conftest import Service
from tests.service.test_silence import logs

pytestmark = pytest.mark.local
UNSIGNED = ("trustpilot", "youscan", "google-business")


@pytest.mark.parametrize("name", UNSIGNED)
def test_a_secret_in_either_place_of_an_address_is_believed_and_never_logged(service: Service, name: str) -> None:
    secret = SETTINGS["platforms"][name]["secrets"][0]
    other = SETTINGS["platforms"][next(of for of in UNSIGNED if of != name)]["secrets"][0]
    body = pairs(PAYLOADS / name)[0].body
    coded = base64.b64encode(f"earshot:{secret}".encode()).decode()

    statuses = [
        service.ask("POST", f"/webhooks/{name}?secret={secret}", body).status,
        service.ask("POST", f"/webhooks/{name}", body, {"Authorization": f"Basic {coded}"}).status,
        service.ask("POST", f"/webhooks/{name}?secret={other}", body).status,
        service.ask("POST", f"/webhooks/{name}?secret={secret[:-1]}", body).status,
        service.ask("POST", f"/webhooks/{name}", body, {"Authorization": f"Bearer {secret}"}).status,
    ]

    assert statuses == [200, 200, 401, 401, 401]
    service.cloud.drain()
    assert not [file for file, text in logs(service).items() if secret in text or coded in text]
