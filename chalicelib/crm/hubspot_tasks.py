"""A recommendation as a HubSpot task, where the company's mapping says so.

https://developers.hubspot.com/docs/api-reference/crm-tasks-v3/guide
A task is upserted by the key property, as a ticket is. It has no entries: what follows is a further task, which names
the first. Leads are not made: HubSpot takes none without a contact, and whoever writes on a platform is none yet.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import UTC, datetime

from chalicelib.crm.hubspot_rest import HubSpotRest
from chalicelib.crm.rendering import LONGEST_LINE, fitted
from chalicelib.errors import Refused
from chalicelib.model import Case, Entry
from chalicelib.plain import one_line

TASK, PRIORITIES = "task", ("LOW", "MEDIUM", "HIGH")
LONGEST_TEXT = 12_000  # of 65,536 characters, of which `&` takes five
Given = Mapping[str, str | None]


class Tasks:
    """The tasks of one account. Both calls raise Refused, Unavailable."""

    def __init__(self, rest: HubSpotRest, key: str) -> None:
        self._rest = rest
        self._key = key

    def open(self, case: Case, entry: Entry, text: str, given: Given) -> str:
        """The task's id; `given` is its subject, owner and priority, as far as they are known."""
        due = case.first_reply_due or case.opened_at
        return self._task(
            case.id, entry, {**given, "hs_task_body": as_html(text, entry.key), "hs_timestamp": stamp(due)}
        )

    def add(self, case: Case, entry: Entry, text: str, given: Given) -> str:
        """The next task's id; Refused where the first was deleted."""
        first = self._rest.find("tasks", case.id, self._key)
        if first is None:
            raise Refused("hubspot: the recommendation's task was deleted there")
        about = as_html(f"About task {first['id']}\n\n{text}", entry.key)
        subject = one_line(entry.heading, LONGEST_LINE) or "Post"
        at = (entry.post and entry.post.at) or case.last_post_at
        more = {"hs_task_subject": subject, "hs_task_body": about, "hs_timestamp": stamp(at)}
        return self._task(entry.key, entry, {**given, **more})

    def _task(self, key: str, entry: Entry, values: Given) -> str:
        found = self._rest.find("tasks", key, self._key)
        number = str(found["id"]) if found else self._rest.upsert("tasks", key, self._key, _whole(values))
        if entry.customer:
            self._rest.associate("tasks", number, "contacts", entry.customer)
        return number


def as_html(text: str, key: str) -> str:
    """A body as HubSpot shows it; the mark at its end stays whole."""
    return html.escape(fitted(text, key, LONGEST_TEXT), quote=False).replace("\n", "<br>")


def stamp(at: datetime) -> str:
    """An instant as HubSpot takes it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _whole(values: Given) -> dict[str, str]:
    known = {name: value for name, value in values.items() if value}
    if known.get("hs_task_priority") not in PRIORITIES:
        known.pop("hs_task_priority", None)
    return {"hs_task_status": "NOT_STARTED", "hs_task_type": "TODO", **known}
