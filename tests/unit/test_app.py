"""The entry points: what a batch answers to the queue and to the stream, and what is written into the log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

import app
from chalicelib import deciding
from chalicelib.errors import Unavailable
from chalicelib.log import FIELDS
from chalicelib.model import Action, Author, Context, Facts, Notice, NoticeKind, Post, Saved
from chalicelib.pipeline import deliver, telling, triage
from chalicelib.pipeline.people import People, Team
from chalicelib.stores import messages
from chalicelib.stores.memory import MemoryQueue
from chalicelib.stores.underway import MemoryUnderway
from infra.local import template
from tests.unit import people
from tests.unit.people import Office, Watch, post

# Chalice reads a record's time in a way that Python 3.12 warns of.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcfromtimestamp:DeprecationWarning")


class Leaving(MemoryQueue):
    """A queue that notes what was taken off it, or does not answer."""

    def __init__(self, clock: Watch) -> None:
        super().__init__(clock)
        self.gone: list[str] = []
        self.is_down = False

    def decided(self, receipt: str) -> None:
        if self.is_down:
            raise Unavailable("queue: down")
        self.gone.append(receipt)


@dataclass
class Desks:
    """What app.py asks of its wiring, over one office in memory; posts about `poison` cannot be read."""

    office: Office = field(default_factory=Office)
    wrong: dict[str, str] = field(default_factory=dict)
    queue: Leaving = field(default_factory=lambda: Leaving(Watch()))
    underway: MemoryUnderway = field(default_factory=MemoryUnderway)
    heard: list[str] = field(default_factory=list)
    down: Exception | None = None

    @property
    def triage_desk(self) -> triage.Desk:
        return replace(self.office.desk, read=_read, wrong=self.wrong)

    @property
    def telling_desk(self) -> telling.Desk:
        people_ = People({"room": "slack"}, {"care": Team(("room",))})
        store = self.office.store
        return telling.Desk(store.notices, people_, lambda _: self, store, self.office.clock, app.log)

    name = "room"

    def tell(self, notice: Notice, times: int) -> None:
        if self.down:
            raise self.down
        self.heard.append(notice.title)

    @property
    def delivery_desk(self) -> deliver.Desk:
        return deliver.Desk(self.office.store, self.office.crm, self.office.circuit)


@dataclass
class Lambda:
    """Lambda's context, with so much time left."""

    left: int = 300_000
    function_name: str = "triage_posts"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:made-up"
    aws_request_id: str = "made-up"

    def get_remaining_time_in_millis(self) -> int:
        return self.left


@pytest.fixture
def desks(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    found = Desks()
    monkeypatch.setattr(app, "wiring", found)
    yield found


def queued(*posts: Post, receive: int = 1) -> dict[str, Any]:
    records = [
        {
            "messageId": of.id,
            "receiptHandle": f"receipt of {of.id}",
            "body": messages.encode(of),
            "attributes": {"MessageGroupId": str(of.author_key), "ApproximateReceiveCount": str(receive)},
            "eventSource": "aws:sqs",
        }
        for of in posts
    ]
    return {"Records": records}


def answered(*failed: str) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": name} for name in failed]}


def woken(*case_ids: str | None) -> dict[str, Any]:
    about = {"awsRegion": "us-east-1", "eventID": "1", "eventName": "INSERT", "eventSourceARN": "arn:a:b:c:d:table/t"}
    of_each = {"ApproximateCreationDateTime": 1, "SizeBytes": 1, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    records = [
        {**about, "dynamodb": {**of_each, "Keys": {"pk": {"S": f"CASE#{case_id}"}}, "SequenceNumber": str(number)}}
        for number, case_id in enumerate(case_ids, 1)
    ]
    return {"Records": records}


def failed(answer: dict[str, Any]) -> list[str]:
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]


def owed(*keys: str) -> dict[str, Any]:
    """Records of the stream, as they hand out notices."""
    event = woken(*keys)
    for record in event["Records"]:
        record["dynamodb"]["Keys"]["pk"]["S"] = record["dynamodb"]["Keys"]["pk"]["S"].replace("CASE#", "NOTICE#")
    return event


def smoke(number: int) -> Notice:
    return Notice(f"k{number}", NoticeKind.ALERT, "a", None, "care", (), None, f"@ana: smoke {number}", (), people.NOON)


def test_people_are_told_what_the_stream_hands_out_and_no_log_says_what(
    desks: Desks, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "PAUSES", ())
    desks.office.store.notices.owe(smoke(1))
    desks.office.store.notices.owe(smoke(2))

    assert app.tell_people(owed("k1", "k2", "k1", "forgotten"), Lambda()) == {"batchItemFailures": []}
    desks.down = Unavailable("the channel room did not answer")
    desks.office.store.notices.owe(smoke(3))
    assert app.tell_people(owed("k3"), Lambda()) == {"batchItemFailures": []}

    assert desks.heard == ["@ana: smoke 1", "@ana: smoke 2"]
    assert "ana" not in capsys.readouterr().out


def test_when_the_table_does_not_answer_the_stream_hands_notices_out_again(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(key: str) -> None:
        raise Unavailable("table")

    monkeypatch.setattr(desks.office.store.notices, "find", down)
    event = owed("k1", "k2")

    answer = app.tell_people(event, Lambda())

    first = event["Records"][0]["dynamodb"]["SequenceNumber"]
    assert answer == {"batchItemFailures": [{"itemIdentifier": first}]}


def test_a_post_that_fails_holds_back_the_rest_of_its_author_and_nobody_else(desks: Desks) -> None:
    batch = queued(post(1, "poison"), post(2), post(3, who="bo"))

    answer = app.triage_posts(batch, Lambda())

    assert failed(answer) == ["forum:1", "forum:2"]
    assert [bool(desks.office.store.recorded(f"forum:{number}")) for number in (1, 2, 3)] == [False, False, True]


def test_an_authors_later_posts_wait_for_three_tries_of_one_that_fails_and_no_longer(desks: Desks) -> None:
    for receive in range(1, deciding.IN_ORDER):
        batch = queued(post(1, "poison"), post(2), receive=receive)
        assert failed(app.triage_posts(batch, Lambda())) == ["forum:1", "forum:2"]
    batch = queued(post(1, "poison"), post(2), receive=deciding.IN_ORDER)

    answer = app.triage_posts(batch, Lambda())

    assert failed(answer) == ["forum:1"]
    assert desks.office.store.recorded("forum:2")


def test_of_a_batch_that_comes_again_each_post_leaves_the_queue_as_soon_as_it_is_decided(desks: Desks) -> None:
    batch = [post(1), post(2, "poison", who="bo"), post(3, who="cy")]
    assert (app.triage_posts(queued(*batch), Lambda()), desks.queue.gone) == (answered("forum:2"), [])

    answer = app.triage_posts(queued(*batch, receive=2), Lambda())

    assert (answer, desks.queue.gone) == (answered("forum:2"), ["receipt of forum:1", "receipt of forum:3"])


def test_a_queue_that_lets_nothing_go_early_delays_nothing(desks: Desks, caplog: pytest.LogCaptureFixture) -> None:
    desks.queue.is_down = True

    assert app.triage_posts(queued(post(1), receive=2), Lambda()) == answered()
    assert "post.not_let_go" in [record.msg for record in caplog.records]


def test_posts_of_a_platform_whose_settings_are_wrong_wait_and_no_others(desks: Desks) -> None:
    desks.wrong = {"platforms.forum": "platforms.forum.handles: expected a list of texts"}
    batch = queued(post(1), replace(post(2, who="bo"), id="square:2", platform="square"))

    assert failed(app.triage_posts(batch, Lambda())) == ["forum:1"]
    assert desks.office.store.recorded("square:2")


def test_a_batch_of_which_nothing_can_be_decided_is_named_whole(desks: Desks) -> None:
    batch = queued(post(1, "poison"), post(2, "poison", who="bo"))

    assert failed(app.triage_posts(batch, Lambda())) == ["forum:1", "forum:2"]


def test_a_message_that_holds_no_post_fails_alone(desks: Desks) -> None:
    batch = queued(post(1, who="bo"), post(2))
    batch["Records"][0]["body"] = "{"

    assert failed(app.triage_posts(batch, Lambda())) == ["forum:1"]


@pytest.mark.usefixtures("desks")
def test_why_a_post_failed_is_logged_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    app.triage_posts(queued(post(1, "poison")), Lambda())

    (record,) = caplog.records
    told = {"msg": record.msg, **vars(record)[FIELDS]}
    assert (told["msg"], told["message_id"], told["why"]) == ("post.failed", "forum:1", "KeyError")
    assert "poison" not in str(told)


def test_nothing_is_told_to_the_crm_that_the_function_may_not_live_to_hear_answered(desks: Desks) -> None:
    (heard,) = desks.office.hear(post())
    batch = woken(heard.case_id)

    late = app.deliver_cases(batch, Lambda(left=app.ONE_DELIVERY_MS - 1))
    in_time = app.deliver_cases(batch, Lambda(left=app.ONE_DELIVERY_MS))

    assert (failed(late), failed(in_time)) == (["1"], [])
    assert len(desks.office.entries(heard.case_id)) == 1


def test_deliveries_end_long_before_their_function_is_killed() -> None:
    resources = template.read(Path(app.__file__).parent / "infra" / "resources.yaml")["Resources"]

    assert resources["DeliverCases"]["Properties"]["Timeout"] * 1000 >= 2 * app.ONE_DELIVERY_MS


def test_a_case_that_must_wait_is_named_and_one_that_was_told_is_not(desks: Desks) -> None:
    assert desks.office.crm is not None
    first, second = desks.office.hear(post(1), post(2, who="bo"))
    desks.office.deliver(first.case_id or "")
    desks.office.crm.troubles = [Unavailable("the CRM does not answer")]

    answer = app.deliver_cases(woken(first.case_id, second.case_id), Lambda())

    assert failed(answer) == ["2"]


def _read(post: Post, context: Context) -> Facts:
    if post.text == "poison":
        raise KeyError(post.text)
    return people.read(post, context)


def test_a_batch_that_could_not_be_settled_comes_again_whole(
    desks: Desks, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def silent(post_ids: object) -> set[str]:
        raise Unavailable("the table does not answer")

    monkeypatch.setattr(desks.office.store, "deleted", silent)

    assert failed(app.triage_posts(queued(post(1), post(2, who="bo")), Lambda())) == ["forum:1", "forum:2"]
    assert [record.msg for record in caplog.records][-1] == "batch.unsettled"


def test_words_that_were_taken_back_while_their_batch_was_decided_do_not_stay(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = desks.office.store
    save = store.save

    def overtaken(saved: Saved) -> bool:
        monkeypatch.setattr(store, "save", save)
        desks.office.hear(post(1, None, action=Action.DELETE, author=Author()))
        return save(saved)

    monkeypatch.setattr(store, "save", overtaken)

    assert failed(app.triage_posts(queued(post(1, "nice weather")), Lambda())) == []
    assert [one.post.text for one in store.recorded("forum:1")] == [None, None]


def test_what_a_function_did_is_counted_once_an_invocation(desks: Desks, capsys: pytest.CaptureFixture[str]) -> None:
    app.triage_posts(queued(post(1), post(2, "poison", who="bo")), Lambda())
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    (figures,) = [line for line in lines if "_aws" in line]
    assert (figures["function"], figures["PostsEscalated"], figures["PostsFailed"]) == ("triage_posts", [1], [1])
    assert desks.office.store.recorded("forum:1")
