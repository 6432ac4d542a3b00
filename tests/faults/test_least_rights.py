"""A day with everything going wrong, witnessed: whatever a function asks of AWS its policy allows, a policy allows
nothing that nobody asks for, and no log tells what people said or what is secret."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from chalicelib import platforms
from chalicelib.config import company
from chalicelib.model.erasure import Erasure
from infra.local.functions import LOGICAL
from infra.local.samples import REVIEWER_ON_YOUTUBE, SETTINGS
from infra.local.story import steps
from infra.local.telling import post as send
from tests.faults import ledger
from tests.faults.ledger import Site
from tests.faults.rights import Witness, done_by_lambda, granted, policies, refused
from tests.faults.traffic import COMPLAINTS, TALK
from tests.local.secrecy import told_in
from tests.service.test_deletion import FORM, SECRET, form

pytestmark = pytest.mark.live
OURS = "arn:AWS::Partition:{}:AWS::Region:AWS::AccountId:{}"
# What this day may not come to. That a record was merged into another in the CRM is noted in its author's and its
# case's place by PutItem: test_who_heeds_what_people_do_in_the_crm_... in tests/contracts/test_policies.py does it.
# No channel is set here: chalicelib/channels (mail.py, sns.py) call these two operations.
MERGED = {("dynamodb:PutItem", "PostsTable")}
RARE: dict[str, set[tuple[str, str]]] = {
    "deliver_cases": MERGED,
    # Asked only when an alert would be over: tests/service/test_alerts.py waits for that.
    "keep_time": MERGED | {("sqs:GetQueueAttributes", "PostsQueue"), ("cloudwatch:GetMetricStatistics", "*")},
    "tell_people": {
        # Of an alert that shows posts, or asks for somebody: tests/contracts/test_policies.py does both.
        ("dynamodb:BatchGetItem", "PostsTable"),
        ("dynamodb:PutItem", "PostsTable"),
        ("secretsmanager:GetSecretValue", "CompanySettings"),
        ("ses:SendEmail", OURS.format("ses", "identity/*")),
        ("sns:Publish", OURS.format("sns", "*")),
    },
}
HUB = {"callback": "https://hooks.acme.example/webhooks/youtube", "hub": "http://127.0.0.1:9/"}  # nobody is there


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "Weather", Witness)
        youtube = {**SETTINGS["platforms"]["youtube"], **HUB}
        patch.setattr(ledger, "SETTINGS", {**SETTINGS, "platforms": {**SETTINGS["platforms"], "youtube": youtube}})
        with ledger.site(tmp_path_factory.mktemp("rights"), "rights", tries=5) as site:
            tell_the_story(site)
            site.live(150)
            site.settle()
            be_asked_to_forget(site)
            be_granted_a_subscription(site)
            wait_until_forgotten(site)
            site.settle()
            yield site


def tell_the_story(site: Site) -> None:
    settings = company(SETTINGS).platforms
    for step in steps():
        if step.platform in settings:
            sender = platforms.platform(step.platform, settings[step.platform])
            send(f"{site.cloud.url}/webhooks/{step.platform}", step.raw, sender.sign(step.raw, datetime.now(UTC)))


def be_asked_to_forget(site: Site) -> None:
    """By a wish that Facebook hands on, and reads the page about it; and an hour ago by an author of the story."""
    asked = Request(f"{site.cloud.url}/webhooks/facebook/deletion", form(SECRET), FORM)  # noqa: S310
    with urlopen(asked, timeout=30) as answer:  # noqa: S310
        code = json.loads(answer.read())["confirmation_code"]
    with urlopen(f"{site.cloud.url}/deletions/{code}", timeout=30):  # noqa: S310
        pass
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    assert site.parts.erasures.ask(Erasure("c0de", "facebook", an_hour_ago, ("facebook:501",)))


def wait_until_forgotten(site: Site) -> None:
    """By the clock's function, whose minute is two seconds long here, and which rests since all was settled."""
    site.cloud.resume("keep_time")
    until = time.monotonic() + 90
    while not ((found := site.parts.erasures.find("c0de")) and found.done_at):
        assert time.monotonic() < until, "nobody has erased what the author wrote"
        time.sleep(0.5)


def be_granted_a_subscription(site: Site) -> None:
    """By YouTube's hub."""
    topic = f"https://www.youtube.com/xml/feeds/videos.xml?channel_id={REVIEWER_ON_YOUTUBE}"
    token = SETTINGS["platforms"]["youtube"]["verify_token"]
    said = {"mode": "subscribe", "challenge": "c", "lease_seconds": "432000", "verify_token": token, "topic": topic}
    query = urlencode({f"hub.{name}": value for name, value in said.items()})
    with urlopen(f"{site.cloud.url}/webhooks/youtube?{query}", timeout=30):  # noqa: S310
        pass


def witnessed(site: Site) -> dict[str, Any]:
    assert isinstance(site.weather, Witness)
    return site.weather.done


def test_every_function_with_a_policy_was_witnessed(run: Site) -> None:
    assert set(policies()) == set(LOGICAL)
    assert set(policies()) <= witnessed(run).keys()


@pytest.mark.parametrize("function", policies())
def test_whatever_a_function_asked_of_aws_its_policy_allows(run: Site, function: str) -> None:
    assert sorted(str(done) for done in witnessed(run)[function] if refused(function, done)) == []


@pytest.mark.parametrize("function", policies())
def test_a_policy_allows_nothing_that_nobody_asks_for(run: Site, function: str) -> None:
    used = {(done.action, done.resource) for done in witnessed(run)[function]} | done_by_lambda(
        function, LOGICAL[function]
    )

    assert sorted(granted(function) - used - RARE.get(function, set())) == []


def test_no_log_of_that_day_tells_what_people_said_or_what_is_secret(run: Site) -> None:
    assert told_in(Path(run.cloud.data) / "logs", (*TALK, *COMPLAINTS)) == []
