"""What is particular to one CRM: Roundup's etags, links and statuses; the webhook's signatures."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from chalicelib.crm.roundup import RoundupCrm
from chalicelib.crm.webhook import WebhookCrm
from chalicelib.errors import Refused, SettingsError, Unavailable
from chalicelib.model import Priority
from chalicelib.transport import Transport
from tests.contracts.crm_samples import NOON, Clock, a_case, a_post, an_entry, opened, until_done
from tests.contracts.fakes.base import Call
from tests.contracts.fakes.roundup import Fake as FakeRoundup
from tests.contracts.fakes.webhook import Fake as FakeReceiver

FIRST, SECOND = a_post(1), a_post(2, "It still smokes")
CASE = a_case(FIRST)


@pytest.fixture
def tracker() -> Iterator[FakeRoundup]:
    with FakeRoundup() as fake:
        yield fake


@pytest.fixture
def receiver() -> Iterator[FakeReceiver]:
    with FakeReceiver() as fake:
        yield fake


def answering(tracker: FakeRoundup, status: int, words: str, ending: str) -> None:
    """Let the tracker answer this to posts whose path ends so, nothing being done."""
    respond = tracker.respond

    def instead(call: Call) -> Any:
        if call.method == "POST" and call.path.split("/@poe/")[0].endswith(ending) and "/@poe/" in call.path:
            return tracker._error(status, words)
        return respond(call)

    tracker.respond = instead  # type: ignore[method-assign]


def test_an_issue_that_changes_while_an_entry_is_linked_is_read_again(tracker: FakeRoundup) -> None:
    crm = RoundupCrm(tracker.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    changes = iter(["Smoke!", "Smoke!!"])
    tracker.interfere = lambda issue: issue.update(title=next(changes, issue["title"]))
    crm.add_to_case(opened(CASE, ref), an_entry(SECOND))

    assert tracker.kept() == {CASE.id: [FIRST.external_key, SECOND.external_key]}


def test_an_issue_that_never_stops_changing_leaves_the_entry_owed(tracker: FakeRoundup) -> None:
    crm = RoundupCrm(tracker.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))
    tracker.interfere = lambda issue: issue.update(title=issue["title"] + "!")
    with pytest.raises(Unavailable, match="kept changing"):
        crm.add_to_case(opened(CASE, ref), an_entry(SECOND))
    tracker.interfere = None
    crm.add_to_case(opened(CASE, ref), an_entry(SECOND))

    assert tracker.kept() == {CASE.id: [FIRST.external_key, SECOND.external_key]}


@pytest.mark.parametrize(
    "words", ["Wed: An error occurred. Please check the server log for more information.", "POE token 'x' not valid."]
)
def test_a_400_that_is_no_refusal_leaves_the_case_owed(tracker: FakeRoundup, words: str) -> None:
    answering(tracker, 400, words, "issue")

    with pytest.raises(Unavailable):
        RoundupCrm(tracker.settings).open_case(CASE, an_entry(FIRST))


@pytest.mark.parametrize("status", [400, 405, 409])
def test_values_it_cannot_take_are_refused_in_its_words(tracker: FakeRoundup, status: int) -> None:
    answering(tracker, status, "priority: no such thing", "issue")

    with pytest.raises(Refused, match=r"^priority: no such thing$"):
        RoundupCrm(tracker.settings).open_case(CASE, an_entry(FIRST))


def test_an_entry_for_a_case_without_reference_finds_its_issue(tracker: FakeRoundup) -> None:
    crm = RoundupCrm(tracker.settings)
    with pytest.raises(Unavailable, match="no issue yet"):
        crm.add_to_case(CASE, an_entry(SECOND))
    crm.open_case(CASE, an_entry(FIRST))
    crm.add_to_case(CASE, an_entry(SECOND))

    assert tracker.kept() == {CASE.id: [FIRST.external_key, SECOND.external_key]}


@pytest.mark.parametrize(
    ("setting", "priority", "given"),
    [
        (None, Priority.URGENT, "1"),
        (None, Priority.NORMAL, "3"),
        ("urgent=urgent,high=bug,normal=feature,low=wish", Priority.URGENT, "2"),
        ("urgent=a,high=b,normal=c,low=d", Priority.URGENT, "1"),
        ("urgent=a,high=b,normal=c,low=d", Priority.LOW, "5"),
    ],
)
def test_priorities_go_by_name_and_without_one_by_rank(
    tracker: FakeRoundup, setting: str | None, priority: Priority, given: str
) -> None:
    own = {"priorities": setting} if setting else {}
    RoundupCrm({**tracker.settings, **own}).open_case(replace(CASE, priority=priority), an_entry(FIRST))

    assert tracker.items["issue"][0]["priority"] == given


def test_a_tracker_without_priorities_takes_cases_all_the_same(tracker: FakeRoundup) -> None:
    tracker.items["priority"] = []
    RoundupCrm(tracker.settings).open_case(CASE, an_entry(FIRST))

    assert "priority" not in tracker.items["issue"][0]


def test_an_issue_whose_key_only_contains_ours_is_not_taken_for_it(tracker: FakeRoundup) -> None:
    tracker.items["issue"].append({"id": "1", "external_post_id": f"old {CASE.id}", "messages": []})
    ref = RoundupCrm(tracker.settings).open_case(CASE, an_entry(FIRST))

    assert ref == "2"


def test_a_half_said_list_of_priorities_is_told_at_the_start(tracker: FakeRoundup) -> None:
    with pytest.raises(SettingsError, match="expected urgent=NAME, high=NAME"):
        RoundupCrm({**tracker.settings, "priorities": "urgent=critical"})


def test_a_login_page_in_the_place_of_rest_leaves_the_case_owed(tracker: FakeRoundup) -> None:
    tracker.respond = lambda call: (200, {}, b"<html>please log in</html>")  # type: ignore[method-assign]

    with pytest.raises(Unavailable, match="correct the url"):
        RoundupCrm(tracker.settings).open_case(CASE, an_entry(FIRST))


def test_the_post_once_link_is_used_on_our_address_only(tracker: FakeRoundup) -> None:
    RoundupCrm(tracker.settings).open_case(CASE, an_entry(FIRST))

    assert [call.path for call in tracker.calls if "/@poe/" in call.path]
    assert all(call.path.startswith("/support/rest/data/") for call in tracker.calls)


def test_a_tracker_that_lets_few_calls_through_is_given_ever_more_time(tracker: FakeRoundup) -> None:
    clock, respond = Clock(), tracker.respond
    allowed, since = 2.0, clock.seconds

    def four_a_minute(call: Call) -> Any:  # at most eight in a row
        nonlocal allowed, since
        allowed, since = min(8.0, allowed + (clock.seconds - since) / 15), clock.seconds
        if allowed < 1:
            return 429, {"retry-after": "15"}, b""
        allowed -= 1
        return respond(call)

    tracker.respond = four_a_minute  # type: ignore[method-assign]
    crm = RoundupCrm(tracker.settings, Transport("roundup", monotonic=clock))
    until_done(lambda: crm.open_case(CASE, an_entry(FIRST)), clock)

    assert tracker.kept() == {CASE.id: [FIRST.external_key]}


def test_a_webhook_is_signed_with_every_secret(receiver: FakeReceiver) -> None:
    WebhookCrm(receiver.settings).open_case(CASE, an_entry(FIRST))

    [call] = receiver.calls
    for secret in receiver.secrets:
        event: Any = Webhook(secret).verify(call.body, dict(call.headers))
        assert (event["type"], event["data"]["case"]["id"]) == ("case.opened", CASE.id)


def test_a_repeated_webhook_has_the_same_id_and_body_and_a_new_timestamp(receiver: FakeReceiver) -> None:
    times = iter([NOON, NOON + timedelta(seconds=90)])
    crm = WebhookCrm(receiver.settings, now=lambda: next(times))
    receiver.respond = lambda call: (204, {}, b"")  # type: ignore[method-assign]
    crm.add_to_case(CASE, an_entry(SECOND))
    crm.add_to_case(CASE, an_entry(SECOND))

    first, again = receiver.calls
    assert first.headers["webhook-id"] == again.headers["webhook-id"] == SECOND.external_key
    assert first.body == again.body
    assert int(again.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 90


def test_a_receiver_that_is_gone_refuses(receiver: FakeReceiver) -> None:
    receiver.always = 410

    with pytest.raises(Refused):
        WebhookCrm(receiver.settings).open_case(CASE, an_entry(FIRST))


@pytest.mark.parametrize("secrets", [",", "made-up", "whsec_", "whsec_c2hvcnQ=", "whsec_%%%"])
def test_a_secret_that_is_none_is_told_at_the_start_and_not_quoted(receiver: FakeReceiver, secrets: str) -> None:
    with pytest.raises(SettingsError, match=r"crms\.webhook\.secrets: ") as caught:
        WebhookCrm({**receiver.settings, "secrets": secrets})

    assert "c2hvcnQ" not in str(caught.value)


def test_a_receiver_that_follows_our_page_verifies_what_we_send_and_nothing_else(receiver: FakeReceiver) -> None:
    page = (Path(__file__).parents[2] / "docs/crm/webhook.md").read_text("utf-8")
    source = textwrap.dedent(page.split("```python\n")[1].split("```")[0])
    told: dict[str, Any] = {}
    exec(f"import base64, hashlib, hmac, time\nfrom collections.abc import Mapping\n{source}", told)  # noqa: S102
    WebhookCrm(receiver.settings).open_case(CASE, an_entry(FIRST))

    [call] = receiver.calls
    assert all(told["verified"](secret, call.headers, call.body) for secret in receiver.secrets)
    assert not told["verified"](receiver.secrets[0], call.headers, call.body + b" ")
    assert not told["verified"]("whsec_" + "A" * 44, call.headers, call.body)
    assert not told["verified"](receiver.secrets[0], {**call.headers, "webhook-timestamp": "1772625600"}, call.body)
