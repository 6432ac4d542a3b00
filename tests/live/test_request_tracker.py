"""The Request Tracker adapter against a real Request Tracker, alone and under load."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
import urllib3

from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.request_tracker import RequestTrackerCrm
from chalicelib.errors import Unavailable
from chalicelib.model import Happened, Priority, Shift
from tests.contracts.crm_samples import a_case, a_post, an_entry, heard, opened
from tests.live.load import Load
from tests.live.request_tracker import CLOSED, LEADS, QUEUE, LiveRequestTracker
from tests.live.stories import TEXTS, expected

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("request-tracker")]
numbers = count(1_000_000)


@pytest.fixture(scope="module")
def tracker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveRequestTracker]:
    with LiveRequestTracker(tmp_path_factory.mktemp("rt")) as running:
        yield running


@pytest.fixture
def crm(tracker: LiveRequestTracker) -> RequestTrackerCrm:
    return RequestTrackerCrm(tracker.settings)


def test_500_cases_from_8_workers_are_500_tickets_with_each_entry_once_in_order(
    tracker: LiveRequestTracker, tmp_path: Path
) -> None:
    load, before = Load("request-tracker", tracker.settings, kills=3), tracker.tickets()
    outcome = load.run(tmp_path)
    wanted = expected(load.cases)
    kept: dict[str, list[str]] = {}
    for key, text in tracker.kept():
        kept.setdefault(key, []).append(_key(text))

    print(f"Request Tracker: {outcome}")
    assert tracker.tickets() == before + load.cases
    assert {key: kept.get(key) for key in wanted} == wanted
    assert outcome.wrong == ()
    assert outcome.deaths.keys() >= set(range(1, 6))
    assert min(outcome.cut, outcome.busy, outcome.repeats) > 5


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_of_a_person_arrives_and_is_found_again(
    tracker: LiveRequestTracker, crm: RequestTrackerCrm, text: str
) -> None:
    first, second = (a_post(next(numbers), text) for _ in range(2))
    case = replace(a_case(first), subject=text)
    ref = crm.open_case(case, an_entry(first))
    added = crm.add_to_case(opened(case, ref), an_entry(second))

    assert crm.open_case(case, an_entry(first)) == ref
    assert crm.add_to_case(opened(case, ref), an_entry(second)) == added
    texts = [text.rstrip("\n") for key, text in tracker.kept() if key == case.id]
    assert texts == [crm.body(case, an_entry(first)), crm.body(case, an_entry(second))]


def test_without_the_field_for_our_key_nothing_is_created(tracker: LiveRequestTracker) -> None:
    post, before = a_post(next(numbers)), tracker.tickets()
    crm = RequestTrackerCrm({**tracker.settings, "key_field": "NoSuchField"})
    with pytest.raises(Unavailable, match="NoSuchField"):
        crm.open_case(a_case(post), an_entry(post))

    assert tracker.tickets() == before


def test_a_wrong_token_leaves_the_case_owed(tracker: LiveRequestTracker) -> None:
    post = a_post(next(numbers))
    with pytest.raises(Unavailable):
        RequestTrackerCrm({**tracker.settings, "token": "1-1-made-up"}).open_case(a_case(post), an_entry(post))


def test_a_step_of_our_own_moves_a_ticket_once_and_what_people_have_done_since_stays(
    tracker: LiveRequestTracker,
) -> None:
    crm = RequestTrackerCrm(tracker.settings, mapping=FieldMapping(teams={"leads": LEADS}))
    first, second, third = (a_post(next(numbers)) for _ in range(3))
    case = replace(a_case(first), team="care", priority=Priority.NORMAL)
    ref = crm.open_case(case, an_entry(first))
    assert tracker.who_has(ref) == (QUEUE, 50)
    step = replace(an_entry(second), shifts=(Shift("care", "leads", Priority.NORMAL, Priority.URGENT),))
    now = replace(opened(case, ref), team="leads", priority=Priority.URGENT)
    told = crm.add_to_case(now, step)
    assert tracker.who_has(ref) == (LEADS, 100)
    assert crm.open_case(case, an_entry(first)) == ref  # its key went with it

    _people(tracker, ref, {"Queue": QUEUE, "Priority": "7"})
    assert crm.add_to_case(now, step) == told
    last = replace(an_entry(third), shifts=(Shift("leads", "care", Priority.URGENT, Priority.LOW),))
    crm.add_to_case(replace(now, team="care", priority=Priority.LOW), last)
    assert tracker.who_has(ref) == (QUEUE, 7)
    assert len([key for key, _ in tracker.kept() if key == case.id]) == 3


def test_a_move_that_rt_refuses_stays_owed_with_its_words(tracker: LiveRequestTracker) -> None:
    crm = RequestTrackerCrm(tracker.settings, mapping=FieldMapping(teams={"leads": CLOSED}))
    first, second = (a_post(next(numbers)) for _ in range(2))
    case = replace(a_case(first), team="care")
    ref = crm.open_case(case, an_entry(first))
    step = replace(an_entry(second), shifts=(Shift("care", "leads"),))

    with pytest.raises(Unavailable, match="grant ModifyTicket, and CreateTicket") as caught:
        crm.add_to_case(replace(opened(case, ref), team="leads"), step)

    assert "Permission Denied" in caught.value.words
    assert tracker.who_has(ref)[0] == QUEUE


def _people(tracker: LiveRequestTracker, ref: str, values: dict[str, str]) -> None:
    headers = {"authorization": f"token {tracker.settings['token']}"}
    url = f"{tracker.settings['url']}/REST/2.0/ticket/{ref}"
    assert urllib3.request("PUT", url, headers=headers, json=values).status == 200


def _key(text: str) -> str:
    return text.rsplit("[ref:", 1)[1].rstrip("]\n")


def test_what_people_did_is_told_by_polling(tracker: LiveRequestTracker, crm: RequestTrackerCrm) -> None:
    since = datetime.now(UTC) - timedelta(seconds=5)
    cases = [a_case(post) for post in (a_post(next(numbers)) for _ in range(3))]
    refs = [crm.open_case(case, an_entry(a_post(int(case.post_id.removeprefix("x:"))))) for case in cases]
    headers = {"authorization": f"token {tracker.settings['token']}"}
    for ref, status in zip(refs, ("resolved", "stalled"), strict=False):
        answer = urllib3.request(
            "PUT", f"{tracker.settings['url']}/REST/2.0/ticket/{ref}", headers=headers, json={"Status": status}
        )
        assert answer.status == 200

    told = {event.case_id: event.happened for event in heard(crm.poll(since))}
    assert [told.get(case.id) for case in cases] == [Happened.CLOSED, Happened.ANSWERED, None]
    assert heard(crm.poll(datetime.now(UTC) + timedelta(hours=1))) == []
