"""Zendesk's Channel framework, into which posts are pushed: it threads them, and takes each external id once.

https://developer.zendesk.com/api-reference/ticketing/channel_framework/channel_framework/
An administrator installs an integration and hands over its push id. `fields` count only when a ticket is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any, ClassVar

from chalicelib.crm.base import BaseCrm, Idempotency
from chalicelib.crm.findings import findings
from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.rendering import named
from chalicelib.crm.zendesk_people import our_user
from chalicelib.crm.zendesk_rest import numbered, zendesk
from chalicelib.errors import Refused, Unavailable
from chalicelib.model import Case, Entry, Finding, Priority
from chalicelib.plain import one_line
from chalicelib.transport import Transport

DONE = ("success", "already_imported")
NOT_NOW = ("processing_error", "halted")


class ZendeskChannelCrm(BaseCrm):
    """Cases as threads of a channel, entries as their external resources."""

    name: ClassVar[str] = "zendesk-channel"
    idempotency: ClassVar[Idempotency] = Idempotency.NATIVE_KEY
    required: ClassVar[tuple[str, ...]] = ("url", "email", "token", "instance_push_id")
    priorities: ClassVar[Mapping[Priority, str]] = {priority: priority.value for priority in Priority}

    def __init__(
        self, settings: Mapping[str, str], transport: Transport | None = None, mapping: FieldMapping | None = None
    ) -> None:
        super().__init__(settings, transport, mapping)
        self._rest = zendesk(self.transport, self.settings)
        numbered("groups", self.mapping.teams.values())

    def open_case(self, case: Case, entry: Entry) -> str:
        """The case's id, which the channel keeps. Raises Refused or Unavailable."""
        known = {"subject": self.subject(case), "priority": self.priority(case), "group_id": self.mapping.queue(case)}
        known |= self.mapping.custom(case, entry)
        fields = [{"id": name, "value": value} for name, value in known.items() if value]
        self._push(self._resource(case, entry, case.id) | {"thread_id": case.id, "fields": fields})
        return case.id

    def add_to_case(self, case: Case, entry: Entry) -> str:
        """The entry's key, which the channel keeps. Raises Refused (its parent is gone, say) or Unavailable."""
        self._push(self._resource(case, entry, entry.key) | {"parent_id": case.id})
        return entry.key

    def check(self) -> list[Finding]:
        """Whether the token is an administrator's; the push id can only be tried by pushing."""
        return findings([("the token is accepted", lambda: our_user(self._rest, only_admin=True))])

    def _resource(self, case: Case, entry: Entry, key: str) -> dict[str, Any]:
        at = (entry.post and entry.post.at) or case.last_post_at
        profile = entry.profile
        author = {
            "external_id": profile.key if profile else case.id,
            "name": named(profile.author) if profile else "Unknown author",
        }
        return {
            "external_id": key,
            "message": self.body(case, entry),
            "created_at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "author": author,
            "allow_channelback": False,  # nobody would carry an agent's words back to the platform
            "internal_note": True,  # it holds our reasons, which are not for the author
        }

    def _push(self, resource: Mapping[str, Any]) -> None:
        pushed = {
            "instance_push_id": self.settings["instance_push_id"],
            "request_id": resource["external_id"],
            "external_resources": [resource],
        }
        data = self._rest.read(self._rest.send("POST", "/api/v2/any_channel/push", pushed))
        first: Mapping[str, Any] = next(iter(data.get("results", [])), {})
        status = first.get("status", {})
        code, words = str(status.get("code")), one_line(str(status.get("description", "")), 500)
        if code in NOT_NOW:
            raise Unavailable(f"zendesk-channel could not take it now ({code})", words=words)
        if code not in DONE:
            raise Refused(words or f"zendesk-channel says {one_line(code, 80)}")
