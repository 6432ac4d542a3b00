"""The judge of the story sees every way in which it can end wrongly."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.model import Case, DeliveryState
from infra.local.ending import wrong_cases, wrong_issues, wrong_left_overs
from infra.local.story import ExpectedCase, steps
from tests.unit.people import Office, post

EXPECTED = [ExpectedCase("forum:1", "refund", entries=1)]
CALM = {"PostsQueue": 0, "PostsDeadLetters": 0, "DeliveriesFailed": 0}


@pytest.fixture
def office() -> Office:
    made = Office()
    made.hear(post(1), post(2))
    made.tell()
    return made


def cases(office: Office) -> list[Case]:
    return list(office.store.cases())


def issue(office: Office, **other: object) -> dict[str, object]:
    (case,) = cases(office)
    texts = [f"words\n[ref:{delivery.key}]\n" for delivery in office.store.deliveries(case.id)]
    return {"id": 1, "key": case.id, "messages": texts, **other}


def test_a_right_ending_has_no_fault(office: Office) -> None:
    assert wrong_cases(cases(office), EXPECTED, office.store, DeliveryState.DONE) == []
    assert list(wrong_issues([issue(office)], cases(office), office.store)) == []


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        ([], "there should be no case of forum:1"),
        ([*EXPECTED, ExpectedCase("forum:9", "danger", 0)], "there is no case of forum:9"),
        ([replace(EXPECTED[0], rule="danger")], "is of refund instead of danger"),
        ([replace(EXPECTED[0], entries=0)], "has 1 later entries instead of 0"),
    ],
)
def test_a_case_that_is_not_as_expected_is_told(office: Office, expected: list[ExpectedCase], words: str) -> None:
    (told,) = wrong_cases(cases(office), expected, office.store, DeliveryState.DONE)

    assert words in told


def test_a_delivery_in_another_state_is_told(office: Office) -> None:
    told = wrong_cases(cases(office), EXPECTED, office.store, DeliveryState.KEPT)

    assert len(told) == 2
    assert "is done instead of kept" in told[0]


def test_an_issue_that_is_lost_double_or_mixed_up_is_told(office: Office) -> None:
    here = cases(office)
    right = issue(office)
    mixed = issue(office, messages=list(reversed(right["messages"])))  # type: ignore[call-overload]

    assert "0 issues in Roundup instead of 1" in next(wrong_issues([], here, office.store))
    assert "2 issues in Roundup instead of 1" in next(wrong_issues([right, right], here, office.store))
    assert "not what was delivered" in next(wrong_issues([mixed], here, office.store))
    assert "2 issues in Roundup for 1 cases" in next(wrong_issues([right, {"key": "other"}], here, office.store))


def test_what_is_left_in_a_queue_is_told(office: Office) -> None:
    from chalicelib.stores.memory import MemoryQueue

    queue = MemoryQueue(office.clock)

    assert list(wrong_left_overs(queue, 0, CALM)) == []
    assert list(wrong_left_overs(queue, 1, CALM)) == ["0 bodies are parked instead of 1"]
    assert list(wrong_left_overs(queue, 0, {**CALM, "PostsDeadLetters": 2})) == [
        "2 messages are left in PostsDeadLetters"
    ]


def test_the_story_has_what_it_is_asked_to_have() -> None:
    told = list(steps())
    outcomes = {short for step in told for short in step.expect.values()}

    assert len(told) == 30
    assert {step.platform for step in told if step.status == 200} == {"facebook", "x", "mastodon", "standard-webhooks"}
    assert sum(step.forged for step in told) == 2
    assert sum(step.parks for step in told) == 1
    assert {"ignore own account", "ignore deleted", "ignore superseded", "ignore spam", "ignore repost"} <= outcomes
