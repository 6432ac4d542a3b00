"""The Roundup issue tracker, 2.x, over its REST interface: https://www.roundup-tracker.org/docs/rest.html

A case is an issue whose external key property holds the case's id; an entry is a msg whose messageid holds the entry's
key. Roundup has no unique property that fits, so every creating step is preceded by a look-up, and goes through a
post-once link that expires before we stop waiting: a request that outlived its caller (a stalled server, a queue in
between) can then no longer create what the next call, having found nothing, creates again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from chalicelib.crm.base import BaseCrm, Idempotency
from chalicelib.crm.changes import changes
from chalicelib.crm.findings import findings
from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.moves import Moved, moved
from chalicelib.crm.roundup_changes import events, stamp, touched
from chalicelib.crm.roundup_checks import assignees_there, our_user, property_there, statuses_there
from chalicelib.crm.roundup_priorities import Priorities
from chalicelib.crm.roundup_rest import PAGE, RoundupRest, Values
from chalicelib.crm.statuses import meanings
from chalicelib.errors import Conflict, Refused, SettingsError, Unavailable
from chalicelib.model import Case, Changes, Entry, Finding, Happened
from chalicelib.plain import one_line
from chalicelib.transport import Transport

TRIES_TO_CHANGE = 5


class RoundupCrm(BaseCrm):
    """Cases as issues, entries as their messages."""

    name: ClassVar[str] = "roundup"
    idempotency: ClassVar[Idempotency] = Idempotency.LOOK_UP
    required: ClassVar[tuple[str, ...]] = ("url", "user", "password")
    optional: ClassVar[Mapping[str, str]] = {
        "key_property": "external_post_id",
        "network_property": "network",
        "priorities": "urgent=critical, high=urgent, normal=bug, low=wish",
        "statuses": "resolved=closed, done-cbb=closed, need-eg=answered, in-progress=answered, testing=answered, "
        "chatting=reopened",
        "reopened_status": "chatting",
    }

    def __init__(
        self, settings: Mapping[str, str], transport: Transport | None = None, mapping: FieldMapping | None = None
    ) -> None:
        super().__init__(settings, transport, mapping)
        self._rest = RoundupRest(self.settings, self.transport)
        self._priorities = Priorities(self._rest, self.settings["priorities"])
        self._meanings = meanings("crms.roundup.statuses", self.settings["statuses"])
        if self._meanings.get(self.settings["reopened_status"]) is Happened.CLOSED:
            raise SettingsError("crms.roundup.reopened_status: expected a status that `statuses` does not call closed")

    def priority(self, case: Case) -> str | None:
        """The id of the tracker's own. Raises Unavailable."""
        return self._priorities.of(case.priority)

    def open_case(self, case: Case, entry: Entry) -> str:
        """The issue's id. Raises Refused or Unavailable."""
        found = self._issue(case.id)
        if found:
            return found  # an issue is created together with its first message, so nothing can be missing
        message = self._message(case, entry)
        return self._create("issue", self.settings["key_property"], case.id, self._new_issue(case, entry, message))

    def add_to_case(self, case: Case, entry: Entry) -> str:
        """The message's id. Raises Refused (the issue was destroyed there, say) or Unavailable."""
        issue = self._issue_of(case)
        message = self._message(case, entry)
        moving = self.moves(case, entry, "assignedto", "priority")
        self._patiently(lambda: self._link(issue, message, moving, entry))
        if entry.reopens:
            self._patiently(lambda: self._reopen(issue))
        return message

    def poll(self, since: datetime) -> Iterator[Changes]:
        """Issues of ours that changed since then, by status, assignee and who touched them last. Raises Unavailable."""
        key, user = self.settings["key_property"], self.settings["user"]
        return changes(
            lambda after, skip: self._rest.changed(stamp(after), key, skip // PAGE + 1),
            PAGE,
            since,
            touched,
            lambda issue: map(self.named, events(issue, key, user, self._meanings)),
        )

    def check(self) -> list[Finding]:
        """Whether the password is accepted, issues have the properties, and the tracker knows the names."""
        rest, named = self._rest, {self.settings["key_property"], self.settings["network_property"]}
        asked = sorted((named | {*self.mapping.fields, *self.mapping.always}) - {""})
        statuses = {*self._meanings, self.settings["reopened_status"]}
        return findings(
            [
                ("the user and its password are accepted", lambda: our_user(rest, self.settings["user"])),
                *((f"issue has the property {name}", partial(property_there, rest, name)) for name in asked),
                ("the tracker tells its statuses", lambda: statuses_there(rest, statuses)),
                ("the tracker tells its users", lambda: assignees_there(rest, set(self.mapping.teams.values()))),
            ]
        )

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
                self._priorities.forget()
                raise Refused(conflict.words or str(conflict)) from conflict
            return found

    def _new_message(self, case: Case, entry: Entry, mark: str) -> Values:
        at = (entry.post and entry.post.at) or case.last_post_at
        return {
            "author": self.settings["user"],  # Roundup takes an issue whose message has no author for broken
            "content": self.body(case, entry),
            "date": stamp(at),
            "messageid": mark,
            "summary": one_line(entry.heading, 200),  # or it would take the first line that is not quoted
        }

    def _new_issue(self, case: Case, entry: Entry, message: str) -> Values:
        values: dict[str, Any] = {
            **self.mapping.custom(case, entry),
            "title": self.subject(case),
            self.settings["key_property"]: case.id,
            "messages": [message],
            "assignedto": self.queue(case),
            "priority": self.priority(case),
        }
        if self.settings["network_property"]:
            values[self.settings["network_property"]] = one_line(case.platform, 40)
        return {name: value for name, value in values.items() if value}

    def _patiently(self, change: Callable[[], None]) -> None:
        """Again while somebody changes the issue between our reading and our writing. Raises Unavailable."""
        for _ in range(TRIES_TO_CHANGE):
            try:
                return change()
            except Conflict:
                continue
        raise Unavailable("roundup: the issue kept changing while an entry was added to it")

    def _reopen(self, issue: str) -> None:
        """Where the tracker has not done it by itself, as the classic one does with each message."""
        shown = self._rest.issue(issue, ("status",))
        if self._meanings.get(shown.values["status"]) is Happened.CLOSED:
            self._rest.set_status(issue, self.settings["reopened_status"], shown.tag)

    def _link(self, issue: str, message: str, moving: Mapping[str, Moved], entry: Entry) -> None:
        shown = self._rest.issue(issue, ("messages", "status", *moving))
        if message in shown.messages:
            return
        is_closed = self._meanings.get(shown.values["status"]) is Happened.CLOSED
        values = moved(moving, shown.values) if entry.reopens or not is_closed else {}
        self._rest.add_message(issue, message, shown, values)
