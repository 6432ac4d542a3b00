"""A CRM that is down for a week: nothing is lost, and it catches up in order, at the rate that the CRM allows."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

import pytest

from chalicelib.errors import Resting, Unavailable
from chalicelib.model import Case, Entry, Post
from chalicelib.pipeline.deliver import Desk, deliver_patiently
from chalicelib.pipeline.timekeeping import keep_time
from tests.unit.people import NOON, MemoryCrm, Office, Watch, post

pytestmark = pytest.mark.local
WEEK, MINUTE = timedelta(days=7), timedelta(minutes=1)
PATIENCE = timedelta(minutes=5)
FUNCTION = 200.0  # seconds in which one invocation may still begin a delivery
CALL = timedelta(milliseconds=300)
A_MINUTE = 60  # calls that the CRM takes
TRIES = 5  # of the stream, for a record that fails
BATCH = 100
POSTS = 1000
ONE_POST_IN = WEEK / POSTS
SLACK = 1.1


@dataclass
class Limited(MemoryCrm):
    """Down until `back`; then it takes so many calls a minute, and tells how long to wait when there are more."""

    clock: Watch = field(default_factory=Watch)
    back: datetime = NOON + WEEK
    taken: list[datetime] = field(default_factory=list)
    asked: int = 0
    told: list[str] = field(default_factory=list)

    def open_case(self, case: Case, entry: Entry) -> str:
        self._answer()
        self.told.append(entry.key)
        return super().open_case(case, entry)

    def add_to_case(self, case: Case, entry: Entry) -> str:
        self._answer()
        self.told.append(entry.key)
        return super().add_to_case(case, entry)

    def _answer(self) -> None:
        self.asked += 1
        self.clock.time += CALL
        now = self.clock.time
        if now < self.back:
            raise Unavailable("the CRM does not answer")
        window = self.back + MINUTE * int((now - self.back) / MINUTE)
        if sum(at >= window for at in self.taken[-A_MINUTE:]) >= A_MINUTE:
            raise Unavailable("too many calls", retry_after=(window + MINUTE - now).total_seconds())
        self.taken.append(now)


@dataclass
class Life:
    """The functions over one office: the stream, which gives up on a record after a while, and the minute's round."""

    office: Office
    stream: deque[str] = field(default_factory=deque)
    tries: int = 0
    next_minute: datetime = NOON

    def go_on(self, until: datetime) -> None:
        """One invocation of the delivering function after another, the minute's round between them."""
        clock = self.office.clock
        while clock.time < until:
            if clock.time >= self.next_minute:
                keep_time(self.office.store, clock, PATIENCE)
                self.next_minute = clock.time + MINUTE
            self.stream.extend(self.office.store.handed_out())
            if self.stream:
                self._invoke()
            else:
                clock.time = min(until, self.next_minute)

    def _invoke(self) -> None:
        """As app.deliver_cases: what rests is skipped, what must wait is handed out again, five times."""
        clock, end = self.office.clock, self.office.clock.time + timedelta(seconds=FUNCTION)
        desk = Desk(self.office.store, self.office.crm, self.office.circuit)

        def pause(seconds: float) -> None:
            clock.time += timedelta(seconds=seconds)

        for case_id in list(islice(self.stream, BATCH)):
            try:
                deliver_patiently(desk, case_id, lambda: (end - clock.time).total_seconds(), pause)
            except Unavailable as trouble:
                self.tries += 1
                if self.tries < TRIES and not isinstance(trouble, Resting):
                    return
            self.stream.popleft()
            self.tries = 0


def said(number: int, at: datetime) -> Post:
    """Some people write once, some again and again about one of two things."""
    text = ("refund please", "smoke again")[number % 2]
    return post(number, f"{text} {number}", who=f"person {number % 400}", created_at=at)


def test_nothing_is_lost_and_all_is_told_in_order_at_the_rate_that_the_crm_allows() -> None:
    crm = Limited()
    life = Life(Office(clock=crm.clock, crm=crm))
    heard: dict[str, list[str]] = {}
    for number in range(POSTS):
        life.go_on(NOON + ONE_POST_IN * number)
        (triaged,) = life.office.hear(one := said(number, crm.clock.time))
        heard.setdefault(triaged.case_id or "", []).append(one.id)
    life.go_on(crm.back)
    assert (crm.told, sum(len(life.office.store.owed(case)) for case in heard)) == ([], POSTS)
    in_vain = crm.asked

    life.go_on(crm.back + MINUTE * (POSTS / A_MINUTE) * SLACK + PATIENCE)

    told = {case: [entry.post.id for entry in life.office.entries(case) if entry.post] for case in heard}
    assert told == heard
    assert len(crm.told) == len(set(crm.told)) == POSTS
    assert [case for case in heard if life.office.store.owed(case)] == []
    assert any(len(posts) > 2 for posts in heard.values())
    minutes = (crm.taken[-1] - crm.taken[0]) / MINUTE
    assert minutes <= POSTS / A_MINUTE * SLACK
    # It was left in peace meanwhile: tried once a minute, not once for each case; and stopped at while it had enough.
    assert in_vain <= WEEK / MINUTE
    assert crm.asked - in_vain - POSTS <= 2 * (minutes + 1)
