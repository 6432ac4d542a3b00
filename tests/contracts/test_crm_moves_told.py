"""A step of a case's clock on its whole way: decided, owed, told to Zendesk, and not taken for people's doing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from chalicelib.crm import crm
from chalicelib.crm.mapping import FieldMapping
from chalicelib.errors import Unavailable
from chalicelib.model import Case, Decision, DeliveryState, Late, Outcome, Priority, Saved, Shift
from chalicelib.pipeline import deliver
from chalicelib.pipeline.casework import entail
from chalicelib.pipeline.circuit import Circuit
from chalicelib.pipeline.clocks import keep_clocks
from chalicelib.pipeline.hear import heed
from chalicelib.pipeline.heart import softened
from chalicelib.ports.platform import WebhookRequest
from chalicelib.stores.memory import MemoryStore
from chalicelib.stores.memory_back_channel import MemoryBackChannel
from chalicelib.stores.memory_clocks import MemoryClocks
from tests.contracts.conftest import Clock
from tests.contracts.fakes.base import Fault
from tests.contracts.fakes.zendesk import Fake
from tests.unit.people import post

HOUR = timedelta(hours=1)
SECRET = "made-up-secret"
TEAMS = {"care": "360", "leads": "361", "managers": "362"}


@dataclass
class Office:
    """A case of Ana's, that goes to leads after an hour and, urgent, to managers after two."""

    fake: Fake
    clock: Clock
    store: MemoryStore = field(init=False)

    def __post_init__(self) -> None:
        self.store = MemoryStore(self.clock)
        self.channel = MemoryBackChannel(self.store, self.clock)
        settings = {**self.fake.settings, "webhook_secret": SECRET}
        self.crm = crm("zendesk", settings, FieldMapping(teams=TEAMS))
        circuit = Circuit(self.clock, timedelta(seconds=1))
        self.desk = deliver.Desk(self.store, self.crm, circuit, channel=self.channel)
        said, now = post(1), self.clock()
        late = (
            Late(now + HOUR, "1 hour", "leads"),
            Late(now + 2 * HOUR, "2 hours", "managers", Priority.URGENT),
        )
        decision = Decision(
            said.id, said.version, Outcome.ESCALATE, "money", rule="refund", team="care", priority=Priority.HIGH,
            late=late, join_within=timedelta(days=14), topics=("money",),
        )  # fmt: skip
        saved = entail(said, decision, self.store.standings([said])[0], now)
        assert saved.opens
        assert self.store.save(saved)
        self.case_id = saved.opens.id

    def wait(self, hours: float) -> None:
        self.clock.now += timedelta(hours=hours)
        list(keep_clocks(MemoryClocks(self.store), self.clock))

    def tell(self) -> None:
        self.desk.deliver(self.case_id)

    def thank(self) -> None:
        """The author says thanks."""
        thanks = post(2, "thanks!")
        ignored = Decision(thanks.id, thanks.version, Outcome.IGNORE, "no rule")
        standing = self.store.standings([thanks])[0]
        delivery = replace(self.store.deliveries(self.case_id)[0], sequence="0000000002.x", key="thanks-key")
        assert self.store.save(
            softened(
                Saved(thanks, ignored, standing, joins=self.case_id, deliveries=(delivery,)), self.case, self.clock()
            )
        )

    @property
    def case(self) -> Case:
        found = self.store.case(self.case_id)
        assert found
        return found

    @property
    def there(self) -> tuple[int, str]:
        (ticket,) = self.fake.tickets.values()
        return ticket["group_id"], ticket["priority"]

    def hear(self, group: str, number: str) -> int:
        """Zendesk tells that the ticket is another group's."""
        (ticket,) = self.fake.tickets
        event = {
            "type": "zen:event-type:ticket.group_assignment_changed",
            "id": number,
            "time": self.clock().isoformat(),
            "detail": {"id": str(ticket), "external_id": self.case_id, "status": "OPEN"},
            "event": {"previous": "1", "current": group},
        }
        body, stamp = json.dumps(event).encode(), self.clock().isoformat()
        digest = hmac.new(SECRET.encode(), stamp.encode() + body, hashlib.sha256).digest()
        headers = {
            "x-zendesk-webhook-signature": base64.b64encode(digest).decode(),
            "x-zendesk-webhook-signature-timestamp": stamp,
        }
        request = WebhookRequest("POST", headers, {}, body, self.clock())
        return heed("zendesk", self.channel, self.crm.hear(request))


@pytest.fixture
def office(clock: Clock) -> Iterator[Office]:
    with Fake() as fake:
        yield Office(fake, clock)


def test_each_step_moves_the_ticket_and_is_written_onto_it(office: Office) -> None:
    office.tell()
    assert office.there == (360, "high")
    office.wait(1)
    office.tell()
    assert office.there == (361, "high")
    office.wait(1)
    office.tell()

    assert office.there == (362, "urgent")
    assert [len(entries) for entries in office.fake.kept().values()] == [3]


def test_what_comes_back_of_our_own_doing_is_nobodys_and_stops_no_repeats(office: Office) -> None:
    office.tell()
    office.wait(2)
    office.tell()

    assert office.hear("362", "e2") == 0
    assert office.hear("361", "e1") == 0  # in the wrong order, too
    assert office.case.assigned_to is None
    assert office.hear("99", "e3") == 1
    assert office.case.assigned_to == "99"


def test_steps_that_came_about_before_the_opening_was_told_open_it_where_it_is(office: Office) -> None:
    office.wait(2)
    office.tell()

    assert office.there == (362, "urgent")


def test_a_step_that_was_done_and_not_noted_is_gone_on_from(office: Office) -> None:
    office.tell()
    office.wait(1)
    office.fake.fail_next([None, None, Fault.DROP_AFTER])  # the ticket, its comments, and then the step
    with pytest.raises(Unavailable):
        office.tell()
    assert office.there == (361, "high")
    office.wait(1)
    office.tell()

    assert office.there == (362, "urgent")
    assert {one.state for one in office.store.deliveries(office.case_id)} == {DeliveryState.DONE}


def test_a_step_that_was_refused_there_keeps_no_later_one_from_moving_it(office: Office) -> None:
    office.tell()
    office.wait(1)
    step = office.store.owed(office.case_id)[0]
    office.store.mark_refused(step, "Group: is invalid")
    office.wait(1)
    office.tell()

    assert office.there == (362, "urgent")


def test_thanks_that_are_told_before_an_earlier_step_end_where_the_case_is(office: Office) -> None:
    office.tell()
    office.wait(2)
    office.thank()
    assert [one.shift for one in office.store.owed(office.case_id)] == [
        Shift(was_priority=Priority.URGENT, priority=Priority.HIGH),
        Shift("care", "leads"),
        Shift("leads", "managers", Priority.HIGH, Priority.URGENT),
    ]
    office.tell()

    assert office.case.priority is Priority.HIGH
    assert office.there == (362, "high")


def test_what_people_have_done_there_stays_through_every_step(office: Office) -> None:
    office.tell()
    (ticket,) = office.fake.tickets.values()
    ticket |= {"group_id": 99, "priority": "low"}
    office.wait(1)
    office.tell()
    office.wait(1)
    office.tell()

    assert office.there == (99, "low")
    assert [len(entries) for entries in office.fake.kept().values()] == [3]
