"""What a story is played on: parts in memory that hand out what is owed, as the table's stream does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.model import Notice
from chalicelib.pipeline.people import People
from chalicelib.ports.alerting import Alerts, Notices
from chalicelib.ports.crm import BackChannel, Clocks, Crm
from chalicelib.ports.deciding import Windows
from chalicelib.ports.platform import Hearings
from chalicelib.ports.store import Store
from chalicelib.rulebook.listening import Listening


class Handing(Protocol):
    """What hands out, as the table's stream does, what is owed anew: cases, or notices, by their ids."""

    def handed_out(self) -> list[str]:
        """Those since it was last asked, each once."""


class HandingStore(Store, Handing, Protocol):
    """A store that hands out the cases that owe something."""


class HandingNotices(Notices, Handing, Protocol):
    """What people are owed, which hands out the notices."""

    def everything(self) -> list[Notice]:
        """All there are, in the order in which they were owed."""

    def next_again(self) -> datetime | None:
        """When the next of them is to be told once more; None where none is."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a story is played on: made anew for each."""

    store: HandingStore
    windows: Windows
    alerts: Alerts
    clocks: Clocks
    channel: BackChannel
    hearings: Hearings
    notices: HandingNotices
    crm: Crm
    people: People
    listenings: Sequence[Listening] = ()
