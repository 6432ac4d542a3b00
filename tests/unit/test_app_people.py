"""The minute's round hands out what people are owed, and no trouble with it keeps the rest from being done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import pytest

from chalicelib import minute
from chalicelib.errors import Unavailable
from chalicelib.model import Notice, NoticeKind
from chalicelib.pipeline.people import People
from chalicelib.pipeline.telling import Desk
from chalicelib.wiring import Wiring
from tests.unit.people import Office
from tests.unit.rulebooks import Journal


@dataclass
class Parts:
    """What the round asks of its wiring."""

    office: Office
    notices: Any

    @property
    def telling_desk(self) -> Desk:
        log: Any = Journal()
        return Desk(self.notices, People(), lambda name: log, self.office.store, self.office.clock, log)


class Down:
    """A table that does not answer."""

    def __getattr__(self, name: str) -> Any:
        raise Unavailable("table: timeout")


def test_what_is_owed_for_a_minute_is_handed_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    office, log = Office(), Journal()
    monkeypatch.setattr(minute, "now", office.clock)
    notices = office.store.notices
    notices.owe(Notice("k1", NoticeKind.ALERT, "a", None, "care", (), None, "smoke", (), office.clock()))
    notices.handed_out()
    office.clock.time += timedelta(minutes=1)

    minute.hand_out_notices(cast("Wiring", Parts(office, notices)), cast("Any", log))
    minute.hand_out_notices(cast("Wiring", Parts(office, notices)), cast("Any", log))

    assert notices.handed_out() == ["k1"]
    assert log.told == [("info", "notices.handed_out", {"again": 1, "after_quiet_hours": 0})]


def test_a_table_that_does_not_answer_is_told_and_the_round_goes_on() -> None:
    log = Journal()

    minute.hand_out_notices(cast("Wiring", Parts(Office(), Down())), cast("Any", log))

    assert log.events("error") == ["notices.unavailable"]
