"""Posts that end their function, several in one batch: they alone lie among the dead letters, and the line goes on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.stores.sqs import decode
from infra.local.samples import Body, ago, envelope, plain_post
from tests.faults.conftest import Site
from tests.faults.scenario import send
from tests.faults.traffic import PILL

pytestmark = pytest.mark.live
FIRST = 900_000  # no other run's
KILLERS = (1, 4, 8)  # by their place among ten posts
AUTHORS = ("ana", "bo", "cy", "di", "bo", "ed", "cy", "fi", "gil", "bo")  # of killers too: before them, and after


def test_several_posts_that_kill_in_one_batch_lie_among_the_dead_letters_alone(site: Site) -> None:
    site.cloud.pause("triage_posts")
    send(site.cloud.url, ten_posts())
    site.cloud.resume("triage_posts")
    site.cloud.drain(120)

    decided = [len(site.store.recorded(f"forum:{FIRST + place}")) for place in range(10)]
    assert [place for place, count in enumerate(decided) if count != 1] == list(KILLERS)
    assert sorted(dead_letters(site)) == [f"forum:{FIRST + place}" for place in KILLERS]
    assert site.play() == [], "the line goes on behind them"


def ten_posts() -> Body:
    now = datetime.now(UTC)
    posts = [
        plain_post(FIRST + place, (who, who), PILL if place in KILLERS else "Nice weather", ago(20 - place, now))
        for place, who in enumerate(AUTHORS)
    ]
    return envelope("post.created", posts, now)


def dead_letters(site: Site) -> list[str]:
    """Those there are, taken away: the next test finds none."""
    sqs: Any = site.cloud.client("sqs")
    url = next(each for each in sqs.list_queues()["QueueUrls"] if each.endswith("posts-dead-letters.fifo"))
    found = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        for message in messages:
            found.append(decode(message["Body"]).id)
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found
