"""A recommendation as a Dataverse lead or task, where the company's mapping says so; what follows is a note on it.

https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/annotation
Lead, task and note have ids of ours, so that each is made once, as an incident is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from chalicelib.crm.dataverse_rest import DataverseRest
from chalicelib.crm.rendering import named
from chalicelib.errors import Refused
from chalicelib.model import Case, Entry, Priority
from chalicelib.plain import cut_utf16, one_line

TABLES = {"task": "tasks", "lead": "leads"}
LONGEST_SUBJECT, LONGEST_LAST_NAME, LONGEST_NOTE = 200, 50, 10_000
# A task's priorities are low, normal and high; https://learn.microsoft.com/power-apps/developer/data-platform/
# reference/entities/task and .../lead say what `statecode` and `statuscode` are of one that goes on.
PRIORITIES = {Priority.URGENT: 2, Priority.HIGH: 2, Priority.NORMAL: 1, Priority.LOW: 0}
GOES_ON = {"task": {"statecode": 0, "statuscode": 2}, "lead": {"statecode": 0, "statuscode": 1}}


def open_recommended(rest: DataverseRest, kind: str, case: Case, entry: Entry, values: Mapping[str, Any]) -> None:
    """The lead or task is there afterwards; `values` are its subject, text and owner. Raises Refused, Unavailable."""
    if kind == "task":
        own: dict[str, Any] = {"scheduledend": _instant(case)}
        own |= {"prioritycode": PRIORITIES[case.priority]} if case.priority else {}
    else:
        author = named(entry.profile.author) if entry.profile else "Unknown author"
        own = {"lastname": cut_utf16(author, LONGEST_LAST_NAME)}
        own |= {"parentcontactid@odata.bind": f"/contacts({entry.customer})"} if entry.customer else {}
    subject = cut_utf16(str(values["subject"]), LONGEST_SUBJECT)
    rest.create_once(TABLES[kind], case.id, {**values, **own, "subject": subject})


def add_to_recommended(rest: DataverseRest, kind: str, case: Case, entry: Entry, text: str) -> str:
    """The id of the note. Raises Refused (the lead or task was deleted, say) or Unavailable."""
    record = rest.find(TABLES[kind], case.id, "statecode")
    if record is None:
        raise Refused(f"dataverse: the recommendation's {kind} was deleted there")
    if entry.reopens and record["statecode"] != 0:
        if rest.find("annotations", entry.key, "annotationid"):
            return entry.key  # people ended it again since
        rest.change(TABLES[kind], case.id, GOES_ON[kind])
    note = {"subject": one_line(entry.heading, LONGEST_SUBJECT) or "Post", "notetext": cut_utf16(text, LONGEST_NOTE)}
    rest.create_once("annotations", entry.key, {**note, f"objectid_{kind}@odata.bind": f"/{TABLES[kind]}({case.id})"})
    return entry.key


def _instant(case: Case) -> str | None:
    due = case.first_reply_due
    return due.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if due else None
