"""A recommendation as a Salesforce Lead or Task, where the company's mapping says so.

https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_task.htm
A Lead is upserted by the key field, as a Case is. Of a Task it is not sure that its own fields may be External IDs, so
it is looked for and then made. Neither takes comments: what follows is a further Task, on the Lead or beside the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.crm.rendering import fitted, named
from chalicelib.crm.salesforce_rest import SalesforceRest, quoted
from chalicelib.errors import Conflict, Refused
from chalicelib.model import Case, Entry
from chalicelib.plain import cut_utf16, one_line

LONGEST_SUBJECT, LONGEST_TEXT, LONGEST_LAST_NAME, LONGEST_COMPANY = 255, 32_000, 80, 255
PRIORITIES = {"Medium": "Normal"}  # a Task's words for those of a Case
COMMON = ("High", "Normal", "Low")


class Recommended:
    """Leads and Tasks of one organisation. Both calls raise Refused, Unavailable."""

    def __init__(self, rest: SalesforceRest, key_field: str) -> None:
        self._rest = rest
        self._key = key_field

    def open(self, kind: str, case: Case, entry: Entry, text: str, given: Mapping[str, Any]) -> str:
        """The id of the Lead or Task; `given` is its subject, owner and priority, as far as they are known."""
        if kind == "task":
            values = {"WhoId": entry.customer, "ActivityDate": _day(case), **given}
            return self._task(case.id, values, fitted(text, entry.key, LONGEST_TEXT))
        found = self._rest.find("Lead", self._key, case.id)
        if found:
            return str(found["Id"])
        values = {**_person(case, entry), "OwnerId": given.get("OwnerId")}
        values["Description"] = fitted(f"{given['Subject']}\n\n{text}", entry.key, LONGEST_TEXT)
        return self._rest.upsert("Lead", self._key, case.id, _known(values), assign=not given.get("OwnerId"))

    def add(self, kind: str, number: str, entry: Entry, text: str, given: Mapping[str, Any]) -> str:
        """The id of the Task that follows; Refused where what it follows was deleted."""
        if not list(self._rest.query(kind.capitalize(), ("Id",), f"Id = {quoted(number)}")):
            raise Refused(f"salesforce: the recommendation's {kind} was deleted there")
        who = number if kind == "lead" else entry.customer
        subject = one_line(entry.heading, LONGEST_SUBJECT) or "Post"
        about = fitted(f"About {kind} {number}\n\n{text}", entry.key, LONGEST_TEXT)
        return self._task(entry.key, {**given, "Subject": subject, "WhoId": who}, about)

    def _task(self, key: str, values: Mapping[str, Any], text: str) -> str:
        if found := self._found(key):
            return found
        subject = cut_utf16(str(values["Subject"]), LONGEST_SUBJECT)
        whole = {**values, "Subject": subject, "Description": text, "Status": "Not Started", self._key: key}
        try:
            return self._rest.create("Task", _known(whole))
        except Conflict:  # the field is unique, and another call was quicker
            if found := self._found(key):
                return found
            raise

    def _found(self, key: str) -> str | None:
        found = next(self._rest.query("Task", ("Id",), f"{self._key} = {quoted(key)}"), None)
        return str(found["Id"]) if found else None


def task_priority(word: str | None) -> str | None:
    """A Task's word for a Case's priority; None where it has none."""
    word = PRIORITIES.get(word or "", word)
    return word if word in COMMON else None


def _person(case: Case, entry: Entry) -> dict[str, Any]:
    author = named(entry.profile.author) if entry.profile else "Unknown author"
    company = cut_utf16(f"Author on {one_line(case.platform, 40)}", LONGEST_COMPANY)
    return {"LastName": cut_utf16(author, LONGEST_LAST_NAME), "Company": company}


def _day(case: Case) -> str | None:
    return case.first_reply_due.date().isoformat() if case.first_reply_due else None


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "")}
