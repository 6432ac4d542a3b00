"""What people write, who they are, and what is worth a secret, stands in no log."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from infra.local.samples import SETTINGS, ago, envelope, facebook_comment, mastodon_status, plain_post, x_dm, x_post
from tests.service.conftest import Service, platform, raw

pytestmark = pytest.mark.local
SAID = "zebrafinch"  # stands in every text, name, handle and header below
PEOPLE = {
    "facebook": raw(facebook_comment(7901, ("f901", f"Fay {SAID}"), f"CHARGED TWICE, refund me {SAID}", ago(2))),
    "x": raw(x_post("mention", 7902, ("x902", f"{SAID}_x"), f"How do I activate my {SAID} SIM?", ago(2))),
    "mastodon": raw(mastodon_status(7903, ("m903", f"{SAID}@social.example"), f"<p>Thanks {SAID}!</p>", ago(2))),
    "standard-webhooks": raw(
        envelope(
            "post.created",
            [
                plain_post(7904, (f"{SAID}-id", SAID), f"my router is burning {SAID}", ago(2)),
                plain_post(7905, ("w905", SAID), None, ago(2), kind=SAID),
                {"id": [SAID], SAID: {}},
            ],
            ago(1),
        )
    ),
}
POISON = [SAID.encode(), json.dumps({"object": SAID, "entry": SAID, SAID: SAID}).encode(), b"\xff{" + SAID.encode()]


def logs(service: Service) -> dict[str, str]:
    """Every log of this run, by its folder and name."""
    files = [*(service.cloud.data / "logs").iterdir(), *service.folder.glob("half/*.log")]
    return {f"{file.parent.name}/{file.name}": file.read_text(errors="replace") for file in files}


@pytest.fixture
def sent(service: Service) -> Service:
    """Good, poisonous, forged and curious requests, all with the word in them."""
    for name, body in PEOPLE.items():
        assert service.deliver(name, body).status == 200
        for poison in POISON:
            service.deliver(name, poison, content_type="application/octet-stream")
        signed = platform(name).sign(body, datetime.now(UTC))
        for header in signed:
            service.ask("POST", f"/webhooks/{name}", body, signed | {header: SAID})
        query = urlencode({"hub.verify_token": SAID, "hub.challenge": SAID, "crc_token": SAID})
        service.ask("GET", f"/webhooks/{name}?{query}")
        service.ask("POST", f"/webhooks/{name}-{SAID}?{SAID}", body, {SAID: SAID})
    service.deliver("x", raw(x_dm(7906, ("x906", SAID), f"{SAID} my account number", ago(1))))
    service.cloud.drain()
    return service


def test_no_text_name_or_handle_of_anybody_is_in_a_log(sent: Service) -> None:
    told = logs(sent)

    assert [name for name, text in told.items() if SAID in text.lower()] == []
    assert "facebook:1_7901" in told["logs/triage_posts.log"], "the logs are the right ones"
    assert "webhook.parked" in told["logs/api_handler.log"]


def test_no_secret_and_no_signature_is_in_a_log(sent: Service) -> None:
    secrets = [secret for one in SETTINGS["platforms"].values() for secret in one["secrets"]]
    secrets += [SETTINGS["platforms"]["facebook"]["verify_token"], "response_token"]
    digests = [part.removeprefix("sha256=").removeprefix("v1,") for part in sent.signatures]

    assert len(digests) >= 8
    for name, text in logs(sent).items():
        assert not [secret for secret in secrets + digests if secret in text], name


def test_nothing_went_wrong_that_only_a_log_tells(sent: Service) -> None:
    handlers = {name: text for name, text in logs(sent).items() if name != "logs/ministack.log"}

    assert [name for name, text in handlers.items() if "Traceback" in text or "Caught exception" in text] == []
