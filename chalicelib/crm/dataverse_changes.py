"""What people did with the incidents that our application user made, as their columns tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from chalicelib.codec import instant
from chalicelib.crm.dataverse_rest import DataverseRest, Record
from chalicelib.model import CrmEvent, Happened

ACTIVE = 0
LATE = timedelta(minutes=2)  # a change may be seen later than younger ones


def changes(rest: DataverseRest, since: datetime) -> Iterator[CrmEvent]:
    """Oldest first; some that were told before. Raises Unavailable."""
    us = rest.ask("WhoAmI")["UserId"]
    after = (since - LATE).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    query = {
        "$select": "incidentid,statecode,firstresponsesent,modifiedon,_masterid_value",
        "$filter": f"modifiedon ge {after} and _createdby_value eq {us}",
        "$orderby": "modifiedon asc",
    }
    for record in rest.all("incidents", query):
        for happened in _happened(record):
            yield _event(record, happened)


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
