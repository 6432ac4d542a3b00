"""The Roundup issue tracker, 2.x, over its REST interface: https://www.roundup-tracker.org/docs/rest.html

A case is an issue whose external key property holds the case's id; an entry is a msg whose messageid holds the entry's
key. Roundup has no unique property that fits, so every creating step is preceded by a look-up, and goes through a
post-once link that expires before we stop waiting: a request that outlived its caller (a stalled server, a queue in
between) can then no longer create what the next call, having found nothing, creates again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any, ClassVar

from chalicelib.crm.base import BaseCrm, Idempotency
from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.roundup_rest import RoundupRest, Values
from chalicelib.errors import Conflict, Refused, SettingsError, Unavailable
from chalicelib.model import Case, Entry, Priority
from chalicelib.plain import one_line
from chalicelib.transport import Transport

TRIES_TO_LINK = 5


class RoundupCrm(BaseCrm):
    """Cases as issues, entries as their messages."""

    name: ClassVar[str] = "roundup"
    idempotency: ClassVar[Idempotency] = Idempotency.LOOK_UP
    required: ClassVar[tuple[str, ...]] = ("url", "user", "password")
    optional: ClassVar[Mapping[str, str]] = {
        "key_property": "external_post_id",
        "network_property": "network",
        "priorities": "urgent=critical, high=urgent, normal=bug, low=wish",
    }

    def __init__(
        self, settings: Mapping[str, str], transport: Transport | None = None, mapping: FieldMapping | None = None
    ) -> None:
        super().__init__(settings, transport, mapping)
        self._rest = RoundupRest(self.settings, self.transport)
        self._names = _names(self.settings["priorities"])
        self._priorities: list[tuple[str, str]] = []

    def open_case(self, case: Case, entry: Entry) -> str:
        """The issue's id. Raises Refused or Unavailable."""
        found = self._issue(case.id)
        if found:
            return found  # an issue is created together with its first message, so nothing can be missing
        message = self._message(case, entry)
        return self._create("issue", self.settings["key_property"], case.id, self._new_issue(case, message))

    def add_to_case(self, case: Case, entry: Entry) -> str:
        """The message's id. Raises Refused (the issue was destroyed there, say) or Unavailable."""
        issue = self._issue_of(case)
        message = self._message(case, entry)
        for _ in range(TRIES_TO_LINK):
            try:
                self._link(issue, message)
            except Conflict:  # somebody changed the issue between our reading and our writing: read it again
                continue
            return message
        raise Unavailable("roundup: the issue kept changing while an entry was added to it")

    def _issue_of(self, case: Case) -> str:
        if case.crm_ref and case.crm_ref.isdecimal():
            return case.crm_ref
        found = self._issue(case.id)
        if not found:
            raise Unavailable("roundup: the case to add to has no issue yet")
        return found

    def _issue(self, key: str) -> str | None:
        return self._rest.find("issue", self.settings["key_property"], key)

    def _message(self, case: Case, entry: Entry) -> str:
        mark = f"<{entry.key}@earshot.invalid>"
        found = self._rest.find("msg", "messageid", mark)
        if found:
            return found
        return self._create("msg", "messageid", mark, self._new_message(case, entry, mark))

    def _create(self, kind: str, prop: str, key: str, values: Values) -> str:
        try:
            return self._rest.create(kind, values)
        except Conflict as conflict:  # Roundup's word for values it cannot take; were it there already, all is well
            found = self._rest.find(kind, prop, key)
            if not found:
                self._priorities = []  # perhaps one that we remember is gone
                raise Refused(conflict.words or str(conflict)) from conflict
            return found

    def _new_message(self, case: Case, entry: Entry, mark: str) -> Values:
        at = (entry.post and entry.post.at) or case.last_post_at
        return {
            "author": self.settings["user"],  # Roundup takes an issue whose message has no author for broken
            "content": self.body(case, entry),
            "date": at.astimezone(UTC).strftime("%Y-%m-%d.%H:%M:%S"),
            "messageid": mark,
            "summary": one_line(entry.heading, 200),  # or it would take the first line that is not quoted
        }

    def _new_issue(self, case: Case, message: str) -> Values:
        values: dict[str, Any] = {
            "title": self.subject(case),
            self.settings["key_property"]: case.id,
            "messages": [message],
        }
        if self.settings["network_property"]:
            values[self.settings["network_property"]] = one_line(case.platform, 40)
        if case.priority:
            values["priority"] = self._priority(case.priority)
        return {name: value for name, value in values.items() if value}

    def _priority(self, priority: Priority) -> str | None:
        """The tracker's priority of the agreed name; where it has none of that name, the one of like rank."""
        self._priorities = self._priorities or self._rest.priorities()
        if not self._priorities:
            return None
        by_rank = self._priorities[round(priority.rank * (len(self._priorities) - 1) / 3)][1]
        return dict(self._priorities).get(self._names[priority], by_rank)

    def _link(self, issue: str, message: str) -> None:
        linked, etag = self._rest.messages(issue)
        if message not in linked:
            self._rest.add_message(issue, message, etag)


def _names(setting: str) -> dict[Priority, str]:
    pairs = [item.partition("=") for item in setting.split(",")]
    named = {ours.strip(): theirs.strip() for ours, _, theirs in pairs}
    if named.keys() != {str(priority) for priority in Priority} or not all(named.values()):
        raise SettingsError("crms.roundup.priorities: expected urgent=NAME, high=NAME, normal=NAME, low=NAME")
    return {Priority(ours): theirs for ours, theirs in named.items()}
