"""What is owed to people: every store of notices keeps the same promises, and a decision owes them in its own write."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.model import (
    Acknowledgement,
    Decision,
    Matter,
    Notice,
    NoticeKind,
    Outcome,
    Priority,
    Saved,
    Silence,
    Standing,
    Telling,
    TellingState,
    notice_key,
)
from chalicelib.ports.alerting import Notices
from chalicelib.ports.store import Store
from chalicelib.stores import keys
from chalicelib.stores.attributes import json_text
from chalicelib.stores.dynamo import DynamoStore
from chalicelib.stores.memory import MemoryStore
from chalicelib.stores.notices import DynamoNotices
from tests.contracts.cloud import Cloud
from tests.contracts.conftest import Clock
from tests.unit.people import post

NEVER = timedelta(days=36500)


@dataclass
class Kept:
    """Notices, and the store whose decisions owe them."""

    notices: Notices
    store: Store


@pytest.fixture(params=["memory", pytest.param("dynamo", marks=pytest.mark.local)])
def kept(request: pytest.FixtureRequest, clock: Clock) -> Kept:
    if request.param == "memory":
        store = MemoryStore(clock)
        return Kept(store.notices, store)
    cloud: Cloud = request.getfixturevalue("cloud")
    table = request.getfixturevalue("table")
    return Kept(DynamoNotices(cloud.wire(), table, clock), DynamoStore(cloud.wire(), table, clock))


def notice(number: int, clock: Clock, **more: object) -> Notice:
    base = Notice(
        notice_key("alert", str(number)), NoticeKind.ALERT, f"alert-{number}", "danger-spike", "safety", ("duty",),
        Priority.URGENT, f"Smoke {number}", ("3 people", "since 09:20"), clock(), link="https://x.example/1",
    )  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]


def test_a_notice_is_owed_once_and_found_as_it_was(kept: Kept, clock: Clock) -> None:
    first = notice(1, clock)

    assert kept.notices.owe(first)
    assert not kept.notices.owe(replace(first, title="in other words"))

    assert kept.notices.find(first.key) == first
    assert kept.notices.find(notice_key("none")) is None
    assert first.teams == ("safety", "duty")


def test_a_notice_without_anything_that_may_be_absent_comes_back_too(kept: Kept, clock: Clock) -> None:
    bare = Notice(notice_key("bare"), NoticeKind.SILENCE, "x", None, None, (), None, "", (), clock())

    assert kept.notices.owe(bare)

    assert kept.notices.find(bare.key) == bare
    assert bare.teams == ()


def test_a_decision_owes_its_notices_in_its_own_write_and_no_second_time(kept: Kept, clock: Clock) -> None:
    told = notice(1, clock)
    alarm = Saved(post(1), _decision(1), Standing(), notices=(told,))

    assert kept.store.save(alarm)
    assert not kept.store.save(alarm)

    assert kept.notices.find(told.key) == told
    assert not kept.notices.owe(told)


def test_a_notice_that_is_owed_already_keeps_no_decision_from_being_saved(kept: Kept, clock: Clock) -> None:
    old, new = notice(1, clock), notice(2, clock)
    kept.notices.owe(old)

    assert kept.store.save(Saved(post(1), _decision(1), Standing(), notices=(old, new)))

    assert kept.store.recorded("forum:1")
    assert kept.notices.find(new.key) == new


def test_what_a_channel_has_is_known_by_channel_and_the_last_mark_stands(kept: Kept, clock: Clock) -> None:
    one = notice(1, clock)
    kept.notices.owe(one)
    refused = Telling(one.key, "mail", TellingState.REFUSED, clock(), words="no such address")

    kept.notices.mark(Telling(one.key, "slack", TellingState.TOLD, clock(), 1, clock() + timedelta(minutes=5)))
    kept.notices.mark(again := Telling(one.key, "slack", TellingState.TOLD, clock(), 2))
    kept.notices.mark(refused)

    assert kept.notices.tellings(one.key) == [refused, again]
    assert kept.notices.tellings(notice_key("none")) == []


def test_what_is_owed_is_handed_out_again_until_it_is_settled(kept: Kept, clock: Clock) -> None:
    kept.notices.owe(one := notice(1, clock))
    kept.notices.owe(two := notice(2, clock))

    assert kept.notices.wake(clock() - timedelta(minutes=5)) == 0
    clock.now += timedelta(minutes=6)
    assert kept.notices.wake(clock() - timedelta(minutes=5)) == 2
    assert kept.notices.wake(clock() - timedelta(minutes=5)) == 0  # just touched
    kept.notices.settle(one.key)
    kept.notices.settle(one.key)
    clock.now += timedelta(minutes=6)
    assert kept.notices.wake(clock() - timedelta(minutes=5)) == 1
    kept.notices.settle(two.key)
    clock.now += timedelta(minutes=6)
    assert kept.notices.wake(clock()) == 0


def test_what_is_told_again_is_handed_out_when_its_time_comes_and_not_once_it_was_taken_up(
    kept: Kept, clock: Clock
) -> None:
    kept.notices.owe(one := notice(1, clock))
    kept.notices.settle(one.key)
    told = Telling(one.key, "slack", TellingState.TOLD, clock(), 1, clock() + timedelta(minutes=10))
    kept.notices.mark(told)

    assert kept.notices.wake(clock() - NEVER) == 0
    clock.now += timedelta(minutes=11)
    assert kept.notices.wake(clock() - NEVER) == 1
    assert kept.notices.wake(clock() - NEVER) == 0  # it is being told
    kept.notices.mark(replace(told, again_at=None))
    clock.now += timedelta(days=1)
    assert kept.notices.wake(clock()) == 0


def test_what_waits_for_the_end_of_quiet_hours_is_gathered_once_and_wakes_nobody(kept: Kept, clock: Clock) -> None:
    held = [notice(number, clock) for number in (1, 2, 3)]
    for one in reversed(held):
        kept.notices.owe(one)
        kept.notices.settle(one.key)
        kept.notices.mark(Telling(one.key, "slack", TellingState.HELD, clock()))
    other = notice(4, clock)
    kept.notices.owe(other)
    kept.notices.settle(other.key)
    kept.notices.mark(Telling(other.key, "mail", TellingState.HELD, clock()))
    clock.now += timedelta(hours=9)
    digest = replace(notice(9, clock), kind=NoticeKind.DIGEST, about="slack")

    assert kept.notices.wake(clock()) == 0
    assert kept.notices.held("slack") == held
    assert kept.notices.gather(digest, "slack", held)
    assert not kept.notices.gather(digest, "slack", held)
    assert not kept.notices.gather(replace(digest, key=notice_key("another")), "slack", held)

    assert kept.notices.held("slack") == []
    assert kept.notices.held("mail") == [other]
    assert kept.notices.find(digest.key) == digest
    assert [one.state for one in kept.notices.tellings(held[0].key)] == [TellingState.TOLD]


def test_which_channels_hold_something_is_known_and_what_they_hold_can_be_handed_out_once(
    kept: Kept, clock: Clock
) -> None:
    kept.notices.owe(one := notice(1, clock))
    kept.notices.settle(one.key)
    held = Telling(one.key, "slack", TellingState.HELD, clock())
    assert kept.notices.holding() == set()
    kept.notices.mark(held)
    kept.notices.mark(replace(held, channel="mail", state=TellingState.TOLD))
    clock.now += timedelta(hours=1)

    assert kept.notices.holding() == {"slack"}
    for channel in ("mail", "none", "slack", "slack"):
        kept.notices.hand_out(one.key, channel)
    assert kept.notices.held("slack") == []
    digest = replace(notice(9, clock), kind=NoticeKind.DIGEST, about="slack")
    assert not kept.notices.gather(digest, "slack", [one])
    clock.now += timedelta(hours=1)
    assert kept.notices.wake(clock()) == 1
    kept.notices.mark(held)
    assert kept.notices.held("slack") == [one]


def test_a_notice_can_be_handed_out_to_channels_that_have_nothing_of_it(kept: Kept, clock: Clock) -> None:
    kept.notices.owe(one := notice(1, clock))
    kept.notices.settle(one.key)

    kept.notices.hand_out(one.key)
    kept.notices.hand_out(notice_key("none"))

    assert kept.notices.is_owed(one.key)
    assert kept.notices.find(notice_key("none")) is None
    clock.now += timedelta(hours=1)
    assert kept.notices.wake(clock()) == 1


def test_who_takes_it_up_first_is_who_took_it_up_until_it_is_asked_again(kept: Kept, clock: Clock) -> None:
    asked, ana = clock(), Acknowledgement("alert-1", "ana", clock())
    assert kept.notices.acknowledged("alert-1") is None
    assert kept.notices.acknowledge(ana, asked)
    assert not kept.notices.acknowledge(replace(ana, who="bo", at=clock()), asked)
    assert kept.notices.acknowledged("alert-1") == ana

    clock.now += timedelta(hours=1)
    bo = Acknowledgement("alert-1", "bo", clock())
    assert kept.notices.acknowledge(bo, clock() - timedelta(minutes=1))
    assert kept.notices.acknowledged("alert-1") == bo


def test_what_was_asked_is_known_in_order_and_without_its_lines_and_when_it_ended_last(
    kept: Kept, clock: Clock
) -> None:
    first = notice(1, clock)
    clock.now += timedelta(hours=1)
    second = notice(2, clock, about=first.about, kind=NoticeKind.OVERDUE)
    assert kept.notices.matter(first.about) == Matter()

    for one in (second, first, second):
        kept.notices.introduce(one)
    kept.notices.end(first.about, over := clock())
    kept.notices.end(first.about, first.at)

    matter = kept.notices.matter(first.about)
    assert matter == Matter((replace(first, lines=()), replace(second, lines=())), over)
    assert matter.is_ended
    clock.now += timedelta(hours=1)
    kept.notices.introduce(third := notice(3, clock, about=first.about))
    assert kept.notices.matter(first.about).latest == replace(third, lines=())
    assert not kept.notices.matter(first.about).is_ended


@pytest.mark.local
def test_what_was_asked_before_each_was_kept_counts_with_what_is_asked_since(
    dynamodb: Any, table: str, clock: Clock
) -> None:
    first, notices = notice(1, clock), DynamoNotices(dynamodb, table, clock)
    pk, sk = keys.matter(first.about)
    item = {"pk": {"S": pk}, "sk": {"S": sk}, "notice": {"S": json_text(first)}}
    dynamodb.put_item(TableName=table, Item=item)

    notices.introduce(second := notice(2, clock, about=first.about))

    assert notices.matter(first.about).asked == (replace(first, lines=()), replace(second, lines=()))


def test_whether_a_notice_is_owed_is_known(kept: Kept, clock: Clock) -> None:
    one = notice(1, clock)
    assert not kept.notices.is_owed(one.key)
    kept.notices.owe(one)
    assert kept.notices.is_owed(one.key)
    kept.notices.settle(one.key)
    assert not kept.notices.is_owed(one.key)


def test_silences_are_kept_with_their_author_and_can_be_ended_once(kept: Kept, clock: Clock) -> None:
    until = clock() + timedelta(hours=2)
    rule = Silence("s1", until, "ana", "we know", clock(), rule="danger-spike")
    team = Silence("s2", until + timedelta(hours=1), "bo", "moving house", clock(), team="safety")
    for one in (rule, team, replace(rule, why="again")):
        kept.notices.silence(one)

    assert kept.notices.silences() == [team, rule]
    assert rule.covers(notice(1, clock), "duty", clock())
    assert team.covers(notice(1, clock), "safety", clock())
    assert not team.covers(notice(1, clock), "duty", clock())
    assert not rule.covers(notice(1, clock, rule=None), "duty", clock())
    assert not rule.covers(notice(1, clock), "duty", until)
    assert kept.notices.end_silence("s1", "cy")
    assert not kept.notices.end_silence("s1", "di")
    assert not kept.notices.end_silence("none", "di")
    ended = kept.notices.silences()[1]
    assert ended == replace(rule, ended_by="cy")
    assert not ended.covers(notice(1, clock), "duty", clock())


def _decision(number: int) -> Decision:
    said = post(number)
    return Decision(said.id, said.version, Outcome.IGNORE, "no rule")
