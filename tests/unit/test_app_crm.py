"""The CRM behind the entry points: asked once a minute, and answered when it tells by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from chalicelib import intake, minute
from chalicelib.errors import NotFound, Refused, SettingsError, Unavailable
from chalicelib.model import CaseStatus, CrmEvent, Happened
from chalicelib.pipeline import deliver
from chalicelib.ports.crm import Crm
from chalicelib.ports.platform import WebhookRequest
from chalicelib.stores.memory import MemoryQueue
from tests.unit.people import NOON, MemoryCrm, Office, post
from tests.unit.rulebooks import Journal

CASE = post(1).external_key


@dataclass
class Parts:
    """What app.py asks of its wiring, over one office in memory."""

    office: Office = field(default_factory=Office)
    trouble: Exception | None = None

    @property
    def delivery_desk(self) -> deliver.Desk:
        if self.trouble:
            raise self.trouble
        return deliver.Desk(self.office.store, self.office.crm, self.office.circuit)

    @property
    def back_channel(self) -> Any:
        return self.office.channel

    @property
    def queue(self) -> MemoryQueue:
        return MemoryQueue(self.office.clock)

    def crm(self, name: str) -> Crm:
        if name != "memory" or self.office.crm is None:
            raise NotFound("no such CRM")
        return self.office.crm


class Quiet(MemoryCrm):
    """Sends webhooks, and is never asked."""

    @property
    def is_polled(self) -> bool:
        return False


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> Parts:
    found = Parts()
    monkeypatch.setattr(minute, "now", found.office.clock)
    return found


@pytest.fixture
def journal() -> Journal:
    return Journal()


def ask(parts: Any, journal: Any) -> None:
    minute.ask_the_crm(parts, journal, lambda: False)


def hear(parts: Any, journal: Any, name: str) -> int:
    return intake.heed_crm(parts, journal, name, WebhookRequest("POST", {}, {}, b"{}", NOON)).status


def closed(parts: Parts, crm: MemoryCrm) -> None:
    """A case that the CRM knows, and says is closed."""
    parts.office.crm = crm
    parts.office.hear(post(1))
    parts.office.tell()
    crm.events = [CrmEvent("1", Happened.CLOSED, parts.office.clock(), CASE)]


def status(parts: Parts) -> CaseStatus:
    case = parts.office.store.case(CASE)
    assert case is not None
    return case.status


def test_the_minutes_round_asks_the_crm_what_people_did(parts: Parts, journal: Journal) -> None:
    closed(parts, MemoryCrm())

    ask(parts, journal)

    assert status(parts) is CaseStatus.CLOSED
    assert journal.told == [("info", "crm.heard", {"crm": "memory", "events": 1, "moved": 1})]


def test_a_crm_that_tells_by_itself_is_not_asked(parts: Parts, journal: Journal) -> None:
    closed(parts, Quiet())

    ask(parts, journal)

    assert status(parts) is CaseStatus.OPEN
    assert parts.office.channel.asked("memory") is None
    assert journal.told == []


def test_without_a_crm_nobody_is_asked(parts: Parts, journal: Journal) -> None:
    parts.office.crm = None

    ask(parts, journal)

    assert journal.told == []


@pytest.mark.parametrize(
    "trouble", [Unavailable("the CRM does not answer"), SettingsError("crms.webhook: missing url"), Refused("no!")]
)
def test_no_trouble_with_the_crm_keeps_the_rest_of_the_round_from_being_done(
    parts: Parts, journal: Journal, trouble: Exception
) -> None:
    parts.trouble = trouble

    ask(parts, journal)

    ((level, event, fields),) = journal.told
    assert (level, event) == ("warning", "crm.unheard")
    assert "no!" not in str(fields)


def test_what_the_crm_tells_by_itself_is_counted_and_not_quoted(parts: Parts, journal: Journal) -> None:
    closed(parts, Quiet())

    assert hear(parts, journal, "memory") == 200

    assert status(parts) is CaseStatus.CLOSED
    assert journal.told == [("info", "crm.heard", {"crm": "memory", "events": 1, "moved": 1})]
    with pytest.raises(NotFound):
        hear(parts, journal, "fax")
