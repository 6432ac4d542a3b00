"""Every channel to people: what it sends is what its vendor's pages say, and its answers tell who must act."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import channels
from chalicelib.channels.base import BaseChannel
from chalicelib.errors import Refused, SettingsError, Unavailable
from chalicelib.model import Notice, NoticeKind, Priority, notice_key
from chalicelib.stores.calling import Caller
from tests.contracts.cloud import Cloud
from tests.contracts.fakes.base import Direct, Fault
from tests.contracts.fakes.channels import CHANNELS, FakeChannel, FakePagerDuty, FakeSlack, FakeTeams

AT = datetime(2026, 11, 20, 9, 20, tzinfo=UTC)
ALERT = Notice(
    notice_key("alert", "1"), NoticeKind.ALERT, "alert-1", "danger-spike", "product-safety", ("care-duty",),
    Priority.URGENT, "Several people report smoke", ("3 people since 09:05", '"smoke from my router"'), AT,
    link="https://x.example/1",
)  # fmt: skip
HOSTILE = replace(
    ALERT,
    title="<!channel> *now* & [free](https://evil.example) \ud83d " + "x" * 3000,
    lines=("<@U1> <https://evil.example|our bank>", "\x1b[31m red \u202e", "", "y" * 9000, *["line"] * 200),
    link="javascript:alert(1)",
)


@pytest.fixture(params=CHANNELS, ids=lambda kind: kind.kind)
def fake(request: pytest.FixtureRequest) -> Iterator[FakeChannel]:
    with request.param() as started:
        yield started


def channel(fake: FakeChannel) -> BaseChannel:
    return channels.kind(fake.kind)("here", fake.settings)


def test_an_alert_says_what_happened_whose_it_is_where_to_look_and_how_to_take_it_up(fake: FakeChannel) -> None:
    channel(fake).tell(ALERT, 1)

    (text,) = fake.texts
    for part in ("URGENT Alert: Several people report smoke", "3 people since 09:05", "product-safety"):
        assert part in text
    assert "https://x.example/1" in text
    assert "earshot ack alert-1" in text


def test_whatever_a_stranger_wrote_is_taken_and_becomes_neither_mention_nor_link(fake: FakeChannel) -> None:
    channel(fake).tell(HOSTILE, 1)

    (text,) = fake.texts
    assert "javascript" not in text
    assert "\u202e" not in text
    assert len(fake.calls[0].body) < 28 * 1024


MANY = replace(ALERT, lines=tuple(f"{number}: we & you <all>, said somebody" for number in range(90)))
WIDE = {"CJK": "\u6f22" * 200, "emoji": "\U0001f525" * 200, "markdown": "[*_]" * 50, "quotes": '"\\' * 100}


def told(fake: FakeChannel) -> str:
    """Everything a person reads of the only message."""
    (message,) = fake.messages
    return json.dumps(message, ensure_ascii=False)


def test_ninety_lines_are_told_whole_with_the_ending(fake: FakeChannel) -> None:
    channel(fake).tell(MANY, 1)

    said = told(fake)
    assert all(f"{number}: we" in said for number in range(90))
    assert "more line" not in said
    assert "earshot ack alert-1" in said


@pytest.mark.parametrize("line", WIDE.values(), ids=WIDE)
def test_what_does_not_fit_is_counted_and_the_ending_is_told(fake: FakeChannel, line: str) -> None:
    wide = tuple(f"line {number} {line}" for number in range(150))
    channel(fake).tell(replace(ALERT, lines=wide, link=f"https://x.example/{'a' * 900}", about="a" * 300), 1)

    said = told(fake)
    shown = sum(f"line {number} " in said for number in range(150))
    assert 0 < shown < 150
    assert f"... and {150 - shown} more lines" in said
    assert f"earshot ack {'a' * 300}" in said
    assert "Rule: danger" in said.replace("\\", "")


def test_what_is_not_english_takes_its_bytes_and_no_more() -> None:
    with FakeTeams() as teams:
        channel(teams).tell(replace(ALERT, lines=("\u6f22" * 200,) * 25), 1)

        assert "more line" not in told(teams)
        assert "\u6f22".encode() in teams.calls[0].body


def test_half_an_emoji_in_an_id_is_sent_all_the_same(fake: FakeChannel) -> None:
    channel(fake).tell(replace(ALERT, about="id \ud83d", rule="\udc00"), 1)

    assert "Several people" in told(fake)


def test_slack_links_where_to_look_and_nothing_a_stranger_wrote() -> None:
    with FakeSlack() as slack:
        said = ("@here see https://evil.example and #general", "<https://evil.example>")
        channel(slack).tell(replace(ALERT, lines=said, link="https://x.example/1?a=1&b=2"), 1)

        (section,) = slack.messages[0]["blocks"][1:]
        assert section["text"]["verbatim"] is True
        assert "\n<https://x.example/1?a=1&amp;b=2>\n" in section["text"]["text"]
        assert "&lt;https://evil.example&gt;" in section["text"]["text"]


def test_a_topic_is_told_how_to_take_it_up_whatever_was_said() -> None:
    sent: list[dict[str, Any]] = []
    for kind, settings in (("sns", {"topic": "arn:a"}), ("mail", {"from": "a@b", "to": "c@d"})):
        made = channels.channel("here", kind, settings, lambda *call: sent.append(call[2]))
        made.tell(replace(ALERT, lines=("\U0001f525" * 500,) * 150), 1)

    message, mail = sent[0]["Message"], sent[1]["Content"]["Simple"]["Body"]["Text"]["Data"]
    assert len(message.encode()) < 250_000
    for text in (message, mail):
        assert text.endswith("To take it up: earshot ack alert-1")
        assert re.search(r"\n\.\.\. and \d+ more lines\n", text)
    assert sent[0]["Subject"].isascii()
    assert len(sent[0]["Subject"]) < 100


NOTICES = st.builds(
    replace,
    st.just(ALERT),
    title=st.text(max_size=400),
    lines=st.lists(st.text(max_size=300), max_size=80).map(tuple),
    kind=st.sampled_from(NoticeKind),
    priority=st.sampled_from([None, *Priority]),
    link=st.none() | st.text(max_size=50),
    about=st.text(min_size=1, max_size=400),
    rule=st.none() | st.text(max_size=80),
    team=st.none() | st.text(max_size=80),
)


@given(notice=NOTICES, times=st.integers(1, 100))
@pytest.mark.parametrize("kind", CHANNELS, ids=lambda kind: kind.kind)
def test_no_notice_is_refused(kind: type[FakeChannel], notice: Notice, times: int) -> None:
    fake = kind()

    channels.kind(fake.kind)("here", fake.settings, None, Direct("here", fake, lambda: 0.0)).tell(notice, times)

    assert len(fake.messages) == 1


@pytest.mark.parametrize("status", [301, 403, 404, 410])
def test_an_address_that_is_gone_is_for_an_operator_and_left_alone_for_a_while(fake: FakeChannel, status: int) -> None:
    fake.always = status
    made = channel(fake)

    for _ in range(2):
        with pytest.raises(SettingsError, match=r"^channels\.here: ") as caught:
            made.tell(ALERT, 1)
        assert "not like this" not in str(caught.value)  # it is logged, and not ours

    assert len(fake.calls) == 1
    fake.always = None
    channel(fake).tell(ALERT, 1)
    assert len(fake.messages) == 1


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (FakeSlack, "channel_is_archived"),
        (FakeSlack, "no_service"),
        (FakeTeams, '{"error": {"code": "WorkflowTriggerIsNotEnabled", "message": "state Deleted"}}'),
        (FakePagerDuty, "Length of 'routing_key' is incorrect (should be 32 characters)"),
        (FakePagerDuty, "Invalid routing key"),
    ],
)
def test_a_mistake_in_the_settings_that_is_told_with_a_400_is_for_an_operator(
    kind: type[FakeChannel], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kind() as fake:
        monkeypatch.setattr(fake, "wrong", lambda body, call: said)

        with pytest.raises(SettingsError, match=r"channels\.here: .* does not accept its settings \(400, "):
            channel(fake).tell(ALERT, 1)


def test_a_payload_that_is_bad_is_refused_for_good(fake: FakeChannel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fake, "wrong", lambda body, call: "payload")

    with pytest.raises(Refused, match="payload"):
        channel(fake).tell(ALERT, 1)


@pytest.mark.parametrize("status", [400, 413])
def test_what_the_vendor_will_never_take_is_refused_in_its_words(fake: FakeChannel, status: int) -> None:
    fake.always = status

    with pytest.raises(Refused, match="not like this"):
        channel(fake).tell(ALERT, 1)


@pytest.mark.parametrize(
    ("fault", "wait"), [(Fault.FAIL_BEFORE, None), (Fault.DROP_BEFORE, None), (Fault.BUSY_SECONDS, 30)]
)
def test_what_time_heals_is_owed_further(fake: FakeChannel, fault: Fault, wait: float | None) -> None:
    fake.fail_next([fault])

    with pytest.raises(Unavailable) as caught:
        channel(fake).tell(ALERT, 1)

    assert caught.value.retry_after == wait
    assert fake.messages == []
    assert fake.settings["url"] not in str(caught.value)  # it is the secret


def test_credentials_that_are_not_known_are_for_an_operator(fake: FakeChannel) -> None:
    fake.fail_next([Fault.DENIED])

    with pytest.raises(SettingsError, match=r"channels\.here: .*401"):
        channel(fake).tell(ALERT, 1)


def test_settings_are_asked_for_by_name_and_never_quoted(fake: FakeChannel) -> None:
    with pytest.raises(SettingsError, match=r"channels\.here: missing"):
        channels.channel("here", fake.kind, {})
    with pytest.raises(SettingsError, match="unknown urll"):
        channels.channel("here", fake.kind, {**fake.settings, "urll": "secret"})
    with pytest.raises(SettingsError, match=r"channels\.here\.url: expected an address") as caught:
        channels.channel("here", fake.kind, {**fake.settings, "url": "secret"}).tell(ALERT, 1)
    assert "secret" not in str(caught.value)


def test_a_kind_that_there_is_not_names_those_there_are() -> None:
    with pytest.raises(SettingsError, match="slack, teams, pagerduty"):
        channels.kind("pigeon")


@pytest.mark.parametrize(("kind", "copies"), [(FakePagerDuty, 1), (FakeSlack, 2), (FakeTeams, 2)])
def test_an_answer_that_was_lost_is_harmless_where_the_vendor_knows_keys_and_told_twice_where_not(
    kind: type[FakeChannel], copies: int
) -> None:
    with kind() as fake:
        fake.fail_next([Fault.DROP_AFTER])
        made = channel(fake)
        with pytest.raises(Unavailable):
            made.tell(ALERT, 1)
        made.tell(ALERT, 1)

        alerts = fake.alerts["alert-1"] if isinstance(fake, FakePagerDuty) else fake.messages
        assert len(alerts) == copies


def test_pagerduty_keeps_one_alert_which_grows_is_taken_up_and_ends() -> None:
    with FakePagerDuty() as fake:
        made = channel(fake)
        for kind in (NoticeKind.ALERT, NoticeKind.UPDATE, NoticeKind.ACKNOWLEDGED):
            made.tell(replace(ALERT, kind=kind), 1)
        (alert,) = fake.alerts["alert-1"]
        assert (alert.status, alert.summary) == ("acknowledged", "URGENT Alert: Several people report smoke")
        assert alert.log == ["Update: Several people report smoke"]

        made.tell(replace(ALERT, kind=NoticeKind.ALL_CLEAR), 1)

        assert [one.status for one in fake.alerts["alert-1"]] == ["resolved"]
        sent = fake.messages[0]["payload"]
        assert (sent["severity"], sent["component"], sent["group"]) == ("critical", "danger-spike", "product-safety")


def test_what_is_told_again_says_how_often() -> None:
    with FakeSlack() as fake:
        channel(fake).tell(ALERT, 3)

        assert "told 3 times" in fake.messages[0]["text"]


def test_a_file_holds_what_was_told_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "people.txt"
    made = channels.channel("here", "file", {"path": str(path)})

    made.tell(ALERT, 1)
    made.tell(replace(HOSTILE, kind=NoticeKind.UPDATE), 1)

    told = path.read_text()
    assert told.startswith(
        "2026-11-20 09:20 product-safety, care-duty: URGENT Alert: Several people report smoke\n    3"
    )
    assert "Update: <!channel>" in told
    assert path.stat().st_mode & 0o777 == 0o600
    assert "\x1b" not in told


@pytest.mark.local
class TestAws:
    """Mail and topics, on ministack's SES and SNS."""

    def test_a_topic_is_told_and_a_subscription_can_filter(self, cloud: Cloud) -> None:
        sns, sqs = cloud.client("sns"), cloud.client("sqs")
        topic = sns.create_topic(Name="alerts")["TopicArn"]
        queue = sqs.create_queue(QueueName="phone")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

        channels.channel("topic", "sns", {"topic": topic}, Caller(cloud.client)).tell(HOSTILE, 1)

        (message,) = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"]
        told = json.loads(message["Body"])
        assert told["Subject"].startswith("URGENT Alert: <!channel>")
        assert len(told["Subject"]) < 100
        assert told["Subject"].isascii()
        assert "earshot ack alert-1" in told["Message"]
        assert told["MessageAttributes"]["priority"]["Value"] == "urgent"

    def test_mail_goes_to_all_its_addresses(self, cloud: Cloud) -> None:
        cloud.client("ses").verify_email_identity(EmailAddress="earshot@acme.example")
        settings = {"from": "earshot@acme.example", "to": "ana@acme.example, bo@acme.example"}
        sent: list[Any] = []
        caller = Caller(cloud.client)

        def noting(service: str, operation: str, arguments: Any) -> Any:
            sent.append(caller(service, operation, arguments))

        channels.channel("mail", "mail", settings, noting).tell(HOSTILE, 1)

        assert sent[0]["MessageId"]

    def test_a_topic_that_is_not_there_is_for_an_operator(self, cloud: Cloud) -> None:
        settings = {"topic": "arn:aws:sns:us-east-1:000000000000:none"}

        with pytest.raises((SettingsError, Refused)):
            channels.channel("topic", "sns", settings, Caller(cloud.client)).tell(ALERT, 1)


@pytest.mark.parametrize("to", ["", "nobody", "a@b," * 51])
def test_mail_without_good_addresses_is_for_an_operator(to: str) -> None:
    with pytest.raises(SettingsError, match=r"channels\.mail"):
        channels.channel("mail", "mail", {"from": "a@b", "to": to or ","}, lambda *_: None).tell(ALERT, 1)


def test_a_fifo_topic_is_handed_a_key_and_any_other_none() -> None:
    sent: list[dict[str, Any]] = []
    for topic in ("arn:a.fifo", "arn:a"):
        channels.channel("topic", "sns", {"topic": topic}, lambda *told: sent.append(told[2])).tell(ALERT, 2)

    assert sent[0]["MessageDeduplicationId"] == f"{ALERT.key}.2"
    assert "MessageDeduplicationId" not in sent[1]
