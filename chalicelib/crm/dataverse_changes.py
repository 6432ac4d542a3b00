"""What people did with the incidents that our application user made, as their columns tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from chalicelib.codec import instant
from chalicelib.crm.changes import told
from chalicelib.crm.dataverse_rest import DataverseRest, Record
from chalicelib.model import Changes, CrmEvent, Happened

ACTIVE = 0


def changes(rest: DataverseRest, since: datetime) -> Iterator[Changes]:
    """Oldest first. Raises Unavailable."""
    us = rest.ask("WhoAmI")["UserId"]
    after = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    query = {
        "$select": "incidentid,statecode,firstresponsesent,modifiedon,_masterid_value",
        "$filter": f"modifiedon ge {after} and _createdby_value eq {us}",
        "$orderby": "modifiedon asc",
    }
    for page in rest.pages("incidents", query):
        yield told(page, instant(page[-1]["modifiedon"]), _events)


def _events(record: Record) -> Iterator[CrmEvent]:
    return (_event(record, happened) for happened in _happened(record))


def _happened(record: Record) -> Iterator[Happened]:
    if record.get("firstresponsesent"):
        yield Happened.ANSWERED
    if record.get("_masterid_value"):
        yield Happened.MERGED
    else:
        yield Happened.REOPENED if record["statecode"] == ACTIVE else Happened.CLOSED


def _event(record: Record, happened: Happened) -> CrmEvent:
    at = instant(record["modifiedon"])
    number = str(record["incidentid"])
    into = str(record["_masterid_value"]) if happened is Happened.MERGED else None
    return CrmEvent(f"{number}:{happened.value}:{at.isoformat()}", happened, at, number, number, into)
