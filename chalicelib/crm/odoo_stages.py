"""Where a record stands in Odoo: its stage, the archive, and of a task from 17 on its state; and how it goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from chalicelib.codec import instant
from chalicelib.crm.changes import changes
from chalicelib.crm.odoo_records import PAGE, OdooRecords, Where
from chalicelib.crm.odoo_rpc import OdooRpc
from chalicelib.crm.statuses import meanings
from chalicelib.model import Changes, CrmEvent, Happened

TASK, STATED_SINCE = "project.task", 17
IN_PROGRESS, ENDED = "01_in_progress", ("1_done", "1_canceled")
Record = Mapping[str, Any]


class Stages:
    """The records of the company's model that have our key in `key_field`."""

    def __init__(self, rpc: OdooRpc, records: OdooRecords, settings: Mapping[str, str]) -> None:
        self._rpc = rpc
        self._records = records
        self._model, self._key, self._reopened = settings["model"], settings["key_field"], settings["reopened_stage"]
        self._meanings = meanings("crms.odoo.statuses", settings["statuses"])

    def changes(self, since: datetime) -> Iterator[Changes]:
        """Those that changed since then, by where they stand; nothing without a key field. Raises Unavailable."""
        return changes(self._changed, PAGE, since, _written, self._events)

    def is_closed(self, record: Where) -> bool:
        """Whether people have ended it. Raises Unavailable."""
        return self._happened(self._shown(record)) is Happened.CLOSED

    def reopen(self, record: Where) -> None:
        """Into the stage for it, out of the archive, into which Odoo puts a lead that is lost, and back to work."""
        now = self._shown(record)
        if self._happened(now) is not Happened.CLOSED:
            return
        values: dict[str, Any] = {"active": True} if now.get("active") is False else {}
        values |= {"stage_id": int(self._reopened)} if self._reopened and record.model == self._model else {}
        values |= {"state": IN_PROGRESS} if now.get("state") in ENDED else {}
        if values:
            self._rpc.call(record.model, "write", [record.number], vals=values)

    def _changed(self, since: datetime, skip: int) -> Sequence[Record]:
        if not self._key:
            return []
        after = since.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")  # it keeps parts of a second, and shows none
        domain = [[self._key, "!=", False], ["write_date", ">=", after]]
        asked = [self._key, "write_date", *self._asked(self._model)]
        return self._records.page(self._model, domain, asked, "write_date, id", skip)

    def _shown(self, record: Where) -> Record:
        [now] = self._records.search(record.model, [["id", "=", record.number]], self._asked(record.model))
        return now

    def _asked(self, model: str) -> list[str]:
        is_stated = model == TASK and self._rpc.release() >= STATED_SINCE
        return ["active", "stage_id", *(["state"] if is_stated else [])]

    def _happened(self, record: Record) -> Happened | None:
        if record.get("active") is False or record.get("state") in ENDED:
            return Happened.CLOSED
        return self._meanings.get(record["stage_id"][1]) if record["stage_id"] else None

    def _events(self, record: Record) -> Iterator[CrmEvent]:
        if happened := self._happened(record):
            at = _written(record)
            seen = f"{record['id']}:{happened.value}:{at.isoformat()}"
            yield CrmEvent(seen, happened, at, record[self._key], str(record["id"]))


def _written(record: Record) -> datetime:
    return instant(str(record["write_date"]).replace(" ", "T"))
