"""What stories are played on: everything in one process's memory, and a CRM that takes whatever it is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count

from chalicelib.errors import NotFound
from chalicelib.model import Case, Changes, CrmEvent, Customer, Entry, Finding, Profile
from chalicelib.pipeline.people import People
from chalicelib.pipeline.stage import Stage
from chalicelib.ports.clock import Clock
from chalicelib.ports.platform import WebhookRequest
from chalicelib.rulebook.listening import Listening
from chalicelib.stores.hearings import MemoryHearings
from chalicelib.stores.memory import MemoryStore
from chalicelib.stores.memory_alerts import MemoryAlerts
from chalicelib.stores.memory_back_channel import MemoryBackChannel
from chalicelib.stores.memory_clocks import MemoryClocks
from chalicelib.stores.memory_windows import MemoryWindows


def stage(heard: Sequence[Listening], people: People, clock: Clock) -> Stage:
    """The parts of one story."""
    store = MemoryStore(clock)
    alerts = MemoryAlerts(store)
    return Stage(
        store,
        MemoryWindows(clock, alerts=alerts),
        alerts,
        MemoryClocks(store),
        MemoryBackChannel(store, clock),
        MemoryHearings(),
        store.notices,
        TakingCrm(),
        people,
        heard,
    )


class TakingCrm:
    """ports.crm.Crm: it takes everything at once and keeps nothing."""

    name = "story"
    is_polled = False

    def __init__(self) -> None:
        self._numbers = count(1)

    def open_case(self, case: Case, entry: Entry) -> str:
        return f"{next(self._numbers)}"

    def add_to_case(self, case: Case, entry: Entry) -> str:
        return f"{next(self._numbers)}"

    def customers(self, profile: Profile) -> list[Customer]:
        return []

    def hear(self, request: WebhookRequest) -> list[CrmEvent]:
        raise NotFound("people of a story act by its deeds")

    def poll(self, since: datetime) -> Iterator[Changes]:
        return iter(())

    def check(self) -> list[Finding]:
        return []
