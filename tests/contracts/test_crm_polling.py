"""Every CRM that is asked what people did there: all of it is told, however much of it means nothing or moves on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from chalicelib.crm import CRMS, adapter
from chalicelib.model import Changes, CrmEvent, Happened
from chalicelib.pipeline.circuit import Circuit
from chalicelib.pipeline.hear import poll
from chalicelib.ports.crm import Crm
from chalicelib.stores.memory import MemoryStore
from chalicelib.stores.memory_back_channel import MemoryBackChannel
from chalicelib.transport import Transport
from tests.contracts.crm_samples import NOON, heard
from tests.contracts.fakes import FAKES
from tests.contracts.fakes.base import FakeCrm
from tests.unit.people import Watch

MANY = 230
Row = dict[str, Any]


def espocrm(fake: Any, number: int, at: datetime, closed: bool) -> Row:
    row = {"id": f"c{number}", "cExternalPostId": key(number), **espocrm_moved(at)}
    fake.cases.append({**row, "status": "Closed" if closed else "New"})
    return dict(fake.cases[-1])


def espocrm_moved(at: datetime) -> Row:
    return {"modifiedAt": at.strftime("%Y-%m-%d %H:%M:%S")}


def odoo(fake: Any, number: int, at: datetime, closed: bool) -> Row:
    row = {"id": number + 1, "xml_id": str(number), "x_key": key(number), "active": True, "model": "crm.lead"}
    fake.leads.append({**row, "stage_id": [4, "Won"] if closed else [1, "New"], **odoo_moved(at)})
    return dict(fake.leads[-1])


def odoo_moved(at: datetime) -> Row:
    return {"write_date": at.strftime("%Y-%m-%d %H:%M:%S")}


def request_tracker(fake: Any, number: int, at: datetime, closed: bool) -> Row:
    row = {"id": str(number + 1), "CustomFields": {"ExternalPostId": key(number)}, "said": []}
    fake.tickets.append({**row, "Status": "resolved" if closed else "new", **request_tracker_moved(at)})
    return dict(fake.tickets[-1])


def request_tracker_moved(at: datetime) -> Row:
    return {"LastUpdated": zulu(at)}


def roundup(fake: Any, number: int, at: datetime, closed: bool) -> Row:
    row = {"id": str(number + 1), "external_post_id": key(number), "status": "resolved" if closed else "unread"}
    fake.items["issue"].append({**row, "actor": "dora", "assignedto": None, "messages": [], "activity": at})
    return dict(fake.items["issue"][-1])


def hubspot(fake: Any, number: int, at: datetime, closed: bool) -> Row:
    values = {"social_post_key": key(number), "hs_pipeline_stage": "4" if closed else "2"}
    return dict(fake.add("tickets", {**values, "hs_lastmodifieddate": zulu(at)}))


def salesforce(fake: Any, number: int, at: datetime, closed: bool) -> Row:
    row = fake.add("Case", {"Earshot_Key__c": key(number), "Status": "Closed" if closed else "New"})
    row["SystemModstamp"] = at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    return dict(row)


def dataverse(fake: Any, number: int, at: datetime, closed: bool) -> Row:
    values = {"statecode": int(closed), "modifiedon": zulu(at)}
    return dict(fake.add("incidents", key(number), values))


MAKERS: Mapping[str, Callable[[Any, int, datetime, bool], Row]] = {
    "espocrm": espocrm,
    "odoo": odoo,
    "request-tracker": request_tracker,
    "roundup": roundup,
    "hubspot": hubspot,
    "salesforce": salesforce,
    "dataverse": dataverse,
}
MOVES: Mapping[str, Callable[[Any, datetime], None]] = {  # the first record is changed once more
    "espocrm": lambda fake, at: fake.cases[0].update(espocrm_moved(at)),
    "odoo": lambda fake, at: fake.leads[0].update(odoo_moved(at)),
    "request-tracker": lambda fake, at: fake.tickets[0].update(request_tracker_moved(at)),
    "roundup": lambda fake, at: fake.items["issue"][0].update(activity=at),
    "hubspot": lambda fake, at: fake.rows["tickets"][0]["properties"].update(hs_lastmodifieddate=zulu(at)),
}


def key(number: int) -> str:
    return str(UUID(int=number + 1, version=4))


def zulu(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def asked(name: str, fake: FakeCrm) -> Crm:
    more = {"key_field": "x_key"} if name == "odoo" else {}
    return adapter(name)({**fake.settings, **more}, Transport(name))


@pytest.fixture(params=sorted(MAKERS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def fake(name: str) -> Iterator[FakeCrm]:
    with FAKES[name]() as running:
        running.page = running.batch = 70  # type: ignore[attr-defined]
        yield running


def test_these_are_all_that_are_asked() -> None:
    polled = {name for name in CRMS if adapter(name)(FAKES[name]().settings).is_polled}

    assert MAKERS.keys() == polled


def test_pages_full_of_what_means_nothing_hide_nothing_that_follows(name: str, fake: FakeCrm) -> None:
    for number in range(MANY):
        MAKERS[name](fake, number, NOON + timedelta(seconds=number), False)
    MAKERS[name](fake, MANY, NOON + timedelta(hours=1), True)
    pages = list(asked(name, fake).poll(NOON))

    closed = [event.case_id for event in heard(pages) if event.happened is Happened.CLOSED]
    assert closed == [key(MANY)]
    assert [page.until for page in pages] == sorted(page.until for page in pages)
    assert pages[-1].until == NOON + timedelta(hours=1)


def test_more_of_one_moment_than_fits_a_page_is_told_whole(name: str, fake: FakeCrm) -> None:
    for number in range(MANY):
        MAKERS[name](fake, number, NOON, True)
    MAKERS[name](fake, MANY, NOON + timedelta(seconds=1), True)

    events = heard(asked(name, fake).poll(NOON))
    assert {event.case_id for event in events} == {key(number) for number in range(MANY + 1)}


@pytest.mark.parametrize("name", sorted(MOVES))
def test_a_record_that_is_changed_while_others_are_read_hides_none_of_them(name: str, fake: FakeCrm) -> None:
    for number in range(MANY):
        MAKERS[name](fake, number, NOON + timedelta(seconds=number), True)
    pages = asked(name, fake).poll(NOON)
    read = [next(pages)]
    MOVES[name](fake, NOON + timedelta(days=1))  # all behind it move up by one
    read += pages

    assert {event.case_id for event in heard(read)} == {key(number) for number in range(MANY)}


@pytest.mark.parametrize("skew", [timedelta(hours=-2), timedelta(minutes=-20), timedelta(minutes=20)], ids=str)
def test_by_a_clock_that_is_slow_or_fast_every_change_is_told(name: str, fake: FakeCrm, skew: timedelta) -> None:
    crm, channel, clock = asked(name, fake), Listening(), Watch(NOON)
    circuit = Circuit(clock, timedelta(seconds=30))
    number = 0
    for minute in range(40):  # with a quarter of an hour in which nothing happens
        if minute % 4 == 0 and minute not in range(9, 24):
            MAKERS[name](fake, number, clock.time.replace(microsecond=0) + skew, True)
            number += 1
        clock.time += timedelta(seconds=20)
        poll(crm, channel, clock, circuit)
        clock.time += timedelta(seconds=40)

    assert channel.closed == {key(each) for each in range(number)}


class Listening(MemoryBackChannel):
    """A back channel that notes which cases were closed."""

    def __init__(self) -> None:
        super().__init__(MemoryStore(Watch()), Watch())
        self.closed: set[str | None] = set()

    def heed(self, crm: str, event: CrmEvent) -> bool:
        self.closed |= {event.case_id} if event.happened is Happened.CLOSED else set()
        return True


def test_where_nothing_changed_nothing_is_told(name: str, fake: FakeCrm) -> None:
    MAKERS[name](fake, 0, NOON - timedelta(minutes=1), True)

    pages: list[Changes] = list(asked(name, fake).poll(NOON))
    assert pages == []
