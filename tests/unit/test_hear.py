"""What people do in the CRM is heard from its webhook or asked for each minute, and loses nothing on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from chalicelib.errors import BadPayload, BadSignature, Conflict, Resting, Unavailable
from chalicelib.model import Asked as AskedUntil
from chalicelib.model import CaseStatus, Changes, CrmEvent, Happened
from chalicelib.pipeline.circuit import Circuit
from chalicelib.pipeline.hear import FIRST, OVERLAP, Heeded, hear, poll
from chalicelib.ports.platform import WebhookRequest
from chalicelib.stores.memory import MemoryQueue
from chalicelib.stores.memory_back_channel import MemoryBackChannel
from tests.unit.people import NOON, MemoryCrm, Office, post

CASE = post(1).external_key


@dataclass
class Asked(MemoryCrm):
    """Remembers since when it was asked, hands out so many changes a page, and can fail; `idle`: what means nothing."""

    since: list[datetime] = field(default_factory=list)
    page: int = 100
    idle: list[datetime] = field(default_factory=list)
    dies_after: int = 1000

    def poll(self, since: datetime) -> Iterator[Changes]:
        self.since.append(since)
        self._trouble()
        rows = [*((event.at, (event,)) for event in self.events), *((at, ()) for at in self.idle)]
        newer = sorted((row for row in rows if row[0] > since), key=lambda row: row[0])
        for start in range(0, len(newer), self.page):
            if start >= self.dies_after:
                raise Unavailable("down")
            part = newer[start : start + self.page]
            yield Changes(tuple(event for _, events in part for event in events), part[-1][0])


class Unreadable(MemoryCrm):
    """Its webhooks changed their form, or are somebody else's."""

    def hear(self, request: WebhookRequest) -> list[CrmEvent]:
        self._trouble()
        return []


@dataclass
class Contended:
    """A back channel that others write to so many times first."""

    behind: MemoryBackChannel
    conflicts: int

    def heed(self, crm: str, event: CrmEvent) -> bool:
        if self.conflicts:
            self.conflicts -= 1
            raise Conflict("somebody else wrote first")
        return self.behind.heed(crm, event)

    def asked(self, crm: str) -> AskedUntil | None:
        return self.behind.asked(crm)

    def ask(self, crm: str, was: AskedUntil | None, now: AskedUntil) -> bool:
        return self.behind.ask(crm, was, now)


def told(crm: MemoryCrm) -> tuple[Office, MemoryBackChannel]:
    """An office whose CRM knows one case."""
    office = Office(crm=crm)
    office.hear(post(1))
    office.tell()
    return office, MemoryBackChannel(office.store, office.clock)


def closed(at: datetime = NOON + timedelta(minutes=1), of: str = "1") -> CrmEvent:
    return CrmEvent(of, Happened.CLOSED, at, case_id=CASE)


def request(body: bytes = b"{}") -> WebhookRequest:
    return WebhookRequest("POST", {"content-type": "application/json"}, {}, body, NOON)


def status(office: Office) -> CaseStatus:
    case = office.store.case(CASE)
    assert case is not None
    return case.status


def test_what_a_webhook_tells_moves_its_case() -> None:
    office, channel = told(crm := MemoryCrm())
    crm.events = [closed(NOON)]

    assert hear(crm, channel, MemoryQueue(office.clock), request()) == Heeded(1, 1)

    assert status(office) is CaseStatus.CLOSED


def test_a_delivery_that_comes_again_moves_nothing() -> None:
    office, channel = told(crm := MemoryCrm())
    crm.events = [closed(NOON)]
    hear(crm, channel, MemoryQueue(office.clock), request())

    assert hear(crm, channel, MemoryQueue(office.clock), request()) == Heeded(1, 0)


def test_a_signed_body_that_cannot_be_read_is_kept_for_a_person() -> None:
    office, channel = told(crm := Unreadable(troubles=[]))
    queue = MemoryQueue(office.clock)
    crm.troubles = [BadPayload("not an event of a ticket")]

    heeded = hear(crm, channel, queue, request(b'{"new": "form"}'))

    (parked,) = queue.parked(10)
    assert heeded.parked == "not an event of a ticket"
    assert (parked.platform, parked.body) == ("crm/memory", b'{"new": "form"}')


def test_a_strangers_body_is_not_kept() -> None:
    office, channel = told(crm := Unreadable(troubles=[]))
    queue = MemoryQueue(office.clock)
    crm.troubles = [BadSignature("not signed")]

    with pytest.raises(BadSignature):
        hear(crm, channel, queue, request())

    assert queue.parked(10) == []


def test_somebody_else_who_writes_at_the_same_time_is_waited_for() -> None:
    office, channel = told(crm := MemoryCrm())
    crm.events = [closed(NOON)]

    assert hear(crm, Contended(channel, 3), MemoryQueue(office.clock), request()) == Heeded(1, 1)


def test_a_sender_is_asked_to_send_again_when_others_keep_writing() -> None:
    office, channel = told(crm := MemoryCrm())
    crm.events = [closed(NOON)]

    with pytest.raises(Unavailable):
        hear(crm, Contended(channel, 4), MemoryQueue(office.clock), request())


def test_a_crm_is_asked_at_most_once_a_minute() -> None:
    office, channel = told(crm := Asked())

    assert poll(crm, channel, office.clock, office.circuit) is not None
    assert poll(crm, channel, office.clock, office.circuit) is None
    office.clock.time += timedelta(minutes=1)
    assert poll(crm, channel, office.clock, office.circuit) is not None


def test_it_is_asked_from_a_little_before_its_last_change_and_later_from_that_on() -> None:
    office, channel = told(crm := Asked())
    first = office.clock.time
    crm.idle = [change := first - timedelta(hours=2)]
    for _ in range(8):
        poll(crm, channel, office.clock, office.circuit)
        office.clock.time += timedelta(minutes=1)

    assert crm.since[0] - first + FIRST + OVERLAP < timedelta(seconds=1)
    assert crm.since[1:] == [change - OVERLAP] * 4 + [change] * 3


@pytest.mark.parametrize("skew", [timedelta(hours=-3), timedelta(minutes=-6), timedelta(0), timedelta(hours=2)])
def test_a_crm_whose_clock_is_wrong_tells_all_that_happens(skew: timedelta) -> None:
    office, channel = told(crm := Asked(page=3))
    moves = [Happened.CLOSED, Happened.REOPENED] * 6
    told_of = 0
    for number, move in enumerate(moves):
        for _ in range(1 + number % 3 * 7):  # rounds in which nothing happens, up to a quarter of an hour
            poll(crm, channel, office.clock, office.circuit)
            office.clock.time += timedelta(minutes=1)
        crm.events = [*crm.events, CrmEvent(str(number), move, office.clock.time + skew, case_id=CASE)]
        office.clock.time += timedelta(minutes=1)
        heeded = poll(crm, channel, office.clock, office.circuit)
        told_of += int(heeded is not None and heeded.events > 0)

    assert told_of == len(moves)
    # What is stamped before the case was last moved by us is outdated; there is none such here.
    assert status(office) is CaseStatus.OPEN


def test_a_change_that_is_seen_minutes_after_a_later_one_is_heard() -> None:
    office, channel = told(crm := Asked())
    crm.idle = [office.clock.time - timedelta(minutes=1)]
    poll(crm, channel, office.clock, office.circuit)
    office.clock.time += timedelta(minutes=4)
    crm.events = [closed(crm.idle[0] - timedelta(minutes=4))]

    assert poll(crm, channel, office.clock, office.circuit) == Heeded(1, 1)


def test_what_happened_while_a_crm_did_not_answer_is_heard_when_it_does() -> None:
    office, channel = told(crm := Asked())
    poll(crm, channel, office.clock, office.circuit)
    office.clock.time += timedelta(minutes=1)
    crm.events, crm.troubles = [closed(office.clock())], [Unavailable("down")]
    with pytest.raises(Unavailable):
        poll(crm, channel, office.clock, office.circuit)

    office.clock.time += timedelta(hours=3)

    assert poll(crm, channel, office.clock, office.circuit) == Heeded(1, 1)
    assert status(office) is CaseStatus.CLOSED


def test_a_crm_that_is_left_in_peace_is_not_asked() -> None:
    office, channel = told(crm := Asked())
    circuit = Circuit(office.clock, timedelta(seconds=30))
    crm.troubles = [Unavailable("429", retry_after=60)]
    with pytest.raises(Unavailable):
        poll(crm, channel, office.clock, circuit)

    with pytest.raises(Resting):
        poll(crm, channel, office.clock, circuit)

    assert len(crm.since) == 1


def test_more_than_a_crm_tells_at_once_is_asked_for_page_by_page() -> None:
    office, channel = told(crm := Asked(page=2))
    moves = [Happened.CLOSED, Happened.REOPENED] * 3 + [Happened.CLOSED]
    start = office.clock.time - timedelta(minutes=10)
    crm.events = [
        CrmEvent(str(number), move, start + timedelta(seconds=10 * number), case_id=CASE)
        for number, move in enumerate(moves)
    ]

    heeded = poll(crm, channel, office.clock, office.circuit)

    assert heeded is not None
    assert heeded.moved == len(moves)
    assert status(office) is CaseStatus.CLOSED


def test_a_round_that_is_late_leaves_the_rest_to_the_next() -> None:
    office, channel = told(crm := Asked(page=1))
    start = office.clock.time - timedelta(minutes=20)
    crm.events = [closed(start, "1"), CrmEvent("2", Happened.REOPENED, start + timedelta(minutes=10), case_id=CASE)]

    poll(crm, channel, office.clock, office.circuit, is_late=lambda: True)
    before = status(office)
    crm.page = 2
    poll(crm, channel, office.clock, office.circuit)

    assert (before, status(office)) == (CaseStatus.CLOSED, CaseStatus.OPEN)


def test_a_page_that_means_nothing_ends_no_round() -> None:
    office, channel = told(crm := Asked(page=2))
    start = office.clock.time - timedelta(hours=2)
    crm.idle = [start + timedelta(minutes=number) for number in range(9)]
    crm.events = [closed(start + timedelta(hours=1))]

    assert poll(crm, channel, office.clock, office.circuit) == Heeded(1, 1)
    asked = channel.asked(crm.name)
    assert asked
    assert asked.until == crm.events[0].at


def test_a_crm_that_fails_halfway_is_asked_on_from_there() -> None:
    office, channel = told(crm := Asked(page=2, dies_after=4))
    start = office.clock.time - timedelta(hours=2)
    crm.idle = [start + timedelta(minutes=number) for number in range(8)]
    crm.events = [closed(start + timedelta(hours=1))]
    with pytest.raises(Unavailable):
        poll(crm, channel, office.clock, office.circuit)
    reached = start + timedelta(minutes=3)
    crm.dies_after = 1000
    poll(crm, channel, office.clock, office.circuit)

    assert crm.since[1] == reached, "neither what was read before comes again, nor is anything left out"
    assert status(office) is CaseStatus.CLOSED


def test_more_than_one_round_can_hear_is_heard_by_the_next_rounds_however_close_together_it_happened() -> None:
    office, channel = told(crm := Asked(page=1))
    start = office.clock.time - timedelta(hours=2)
    crm.idle = [start + timedelta(seconds=number) for number in range(20)]
    crm.events = [closed(start + timedelta(seconds=20))]
    for _ in range(21):
        poll(crm, channel, office.clock, office.circuit, is_late=lambda: True)

    assert status(office) is CaseStatus.CLOSED
