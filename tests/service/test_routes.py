"""Every way in: there is none for administrators, and whatever changes something asks for a signature first."""

from __future__ import annotations

import json

import pytest

import app
from chalicelib.crm import CRMS
from chalicelib.platforms import PLATFORMS
from tests.service.conftest import Service

pytestmark = pytest.mark.local
# Each way in, and what a stranger gets there. A new route fails here until somebody has thought about it.
WAYS_IN = {
    ("GET", "/health"): "ok, whoever asks: it tells nothing else",
    ("GET", "/webhooks/{platform}"): "a handshake needs the verify token that both sides know",
    ("OPTIONS", "/webhooks/{platform}"): "leave to send, for the origins that are set",
    ("POST", "/webhooks/{platform}"): "signed by the platform",
    ("POST", "/webhooks/{platform}/deletion"): "signed by the platform",
    ("POST", "/crm/{name}"): "signed by the CRM",
    ("GET", "/deletions/{code}"): "whoever knows the code, 96 bits of chance, sees how far it is and of whom nothing",
}
BODY = json.dumps({"object": "page", "entry": [], "type": "url_verification", "challenge": "let me in"}).encode()
JSON = {"content-type": "application/json", "x-hub-signature-256": "sha256=" + "0" * 64, "authorization": "Bearer x"}


def test_there_is_no_way_in_that_nobody_has_thought_about() -> None:
    there_are = {(method, path) for path, methods in app.app.routes.items() for method in methods}

    assert there_are == WAYS_IN.keys()


@pytest.mark.parametrize("path", ["/webhooks/{}", "/webhooks/{}/deletion", "/crm/{}"])
def test_without_a_right_signature_nothing_is_taken_anywhere(service: Service, path: str) -> None:
    service.cloud.drain()
    before = service.cloud.depths()
    names = [*PLATFORMS, *CRMS, "nobody", "..", "%2e%2e", "Facebook"]

    answers = {name: service.ask("POST", path.format(name), BODY, JSON).status for name in names}

    assert {name: status for name, status in answers.items() if status not in (401, 404)} == {}
    assert service.cloud.depths() == before


def test_without_the_token_no_handshake_is_shaken(service: Service) -> None:
    query = "hub.mode=subscribe&hub.challenge=let+me+in&hub.verify_token=guess&crc_token=&challenge=let+me+in"

    answers = {name: service.ask("GET", f"/webhooks/{name}?{query}") for name in PLATFORMS}

    told = {name: answer.body for name, answer in answers.items() if answer.status == 200}
    # X signs whatever it is asked with the secret both know, as X wants it; nobody else says a word.
    assert told.keys() <= {"x"}


@pytest.mark.parametrize("way", ["GET /", "POST /health", "GET /admin", "DELETE /webhooks/x", "PUT /crm/x"])
def test_what_is_no_way_in_is_not_there(service: Service, way: str) -> None:
    method, path = way.split()

    assert service.ask(method, path, b"{}", JSON).status in (403, 404, 405)


def test_a_guessed_code_shows_no_wish_to_be_forgotten(service: Service) -> None:
    assert service.ask("GET", "/deletions/000000000000000000000000").status == 404
