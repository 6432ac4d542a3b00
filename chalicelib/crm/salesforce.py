"""Salesforce Service Cloud, its REST API:
https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_upsert.htm

A case is a Case upserted by an external id that an administrator adds (External ID and Unique). An upsert that is
repeated would write over what people changed since, so the record is looked for first. Entries are social posts,
upserted the same way, where the organisation has them, else case comments that end in the entry's mark.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from chalicelib.codec import instant
from chalicelib.crm.base import BaseCrm, Idempotency
from chalicelib.crm.http import Transport
from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.plain import one_line
from chalicelib.crm.rendering import fitted, link, marker
from chalicelib.crm.salesforce_rest import SalesforceRest, quoted
from chalicelib.crm.statuses import meanings
from chalicelib.errors import Refused, SettingsError
from chalicelib.model import Case, CrmEvent, Customer, Entry, Finding, Happened, Priority, Profile

NETWORKS = {"x": "Twitter", "facebook": "Facebook", "instagram": "Instagram", "youtube": "YouTube"}
FIELD = re.compile(r"[A-Za-z]?[A-Za-z0-9_]*")
LONGEST_COMMENT, LONGEST_DESCRIPTION = 4000, 32_000


class SalesforceCrm(BaseCrm):
    """Cases as Cases, entries as SocialPosts or CaseComments."""

    name: ClassVar[str] = "salesforce"
    idempotency: ClassVar[Idempotency] = Idempotency.NATIVE_KEY
    required: ClassVar[tuple[str, ...]] = ("url", "client_id", "client_secret")
    optional: ClassVar[Mapping[str, str]] = {
        "version": "v62.0",
        "key_field": "Earshot_Key__c",
        "entries": "comments",
        "handle_field": "",
        "reopened_status": "Working",
        "statuses": "Closed=closed, Waiting on Customer=answered, Working=reopened",
    }
    priorities: ClassVar[Mapping[Priority, str]] = {
        Priority.URGENT: "High",
        Priority.HIGH: "High",
        Priority.NORMAL: "Medium",
        Priority.LOW: "Low",
    }

    def __init__(
        self, settings: Mapping[str, str], transport: Transport | None = None, mapping: FieldMapping | None = None
    ) -> None:
        super().__init__(settings, transport, mapping)
        if self.settings["entries"] not in ("comments", "social"):
            raise SettingsError("crms.salesforce.entries: expected comments or social")
        for name in ("key_field", "handle_field"):
            if not FIELD.fullmatch(self.settings[name]):
                raise SettingsError(f"crms.salesforce.{name}: expected the API name of a field, like Earshot_Key__c")
        self._rest = SalesforceRest(self.settings, self.transport)
        self._meanings = meanings("crms.salesforce.statuses", self.settings["statuses"])
        self._key = self.settings["key_field"]

    def open_case(self, case: Case, entry: Entry) -> str:
        """The Case's id. Raises Refused or Unavailable."""
        found = self._rest.find("Case", case.id)
        return str(found["Id"]) if found else self._rest.upsert("Case", case.id, self._case(case, entry))

    def add_to_case(self, case: Case, entry: Entry) -> str:
        """The SocialPost's or CaseComment's id. Raises Refused (the Case was deleted, say) or Unavailable."""
        record = self._rest.find("Case", case.id, "Id,Status")
        if record is None:
            raise Refused("salesforce: the case was deleted there")
        number = str(record["Id"])
        said = self._social(number, case, entry) if self.settings["entries"] == "social" else None
        said = said or self._commented(number, entry.key) or self._comment(number, case, entry)
        if entry.reopens and self._meanings.get(record["Status"]) is Happened.CLOSED:
            self._rest.change("Case", number, {"Status": self.settings["reopened_status"]})
        return said

    def customers(self, profile: Profile) -> list[Customer]:
        """Contacts whose `handle_field` holds `platform:handle` or `platform:id`."""
        field = self.settings["handle_field"]
        names = sorted({name.lstrip("@") for name in (profile.author.handle, profile.author.id) if name})
        asked = ", ".join(quoted(f"{profile.platform}:{name}") for name in names)
        found = self._rest.query("Contact", ("Id",), f"{field} IN ({asked})") if field and names else []
        return [Customer(str(record["Id"]), f"Contact.{field}") for record in found]

    def poll(self, since: datetime) -> list[CrmEvent]:
        """Cases of ours that changed since then, by what their status means."""
        after = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        where = f"{self._key} != null AND SystemModstamp > {after} ORDER BY SystemModstamp LIMIT 200"
        records = self._rest.query("Case", ("Id", "Status", "SystemModstamp", self._key), where)
        return [event for record in records if (event := self._event(record))]

    def check(self) -> list[Finding]:
        """Whether the connected app is let in, and Case has the fields, the key's being External ID and Unique."""
        fields = self._rest.fields("Case")
        key = fields.get(self._key, {})
        asked = sorted({*self.mapping.fields, *self.mapping.always})
        unique = bool(key.get("externalId") and key.get("unique"))
        return [
            Finding(f"Case has the field {self._key}", bool(key), "add a text field of 36 characters"),
            Finding(f"{self._key} is External ID and Unique", unique, "tick both in the field's definition"),
            *(Finding(f"Case has the field {name}", name in fields, "add it or correct crm.yml") for name in asked),
        ]

    def _case(self, case: Case, entry: Entry) -> dict[str, Any]:
        known = {"Priority": self.priority(case), "OwnerId": self.mapping.queue(case), "ContactId": entry.customer}
        return {
            "Subject": self.subject(case),
            "Description": fitted(self.body(case, entry), entry.key, LONGEST_DESCRIPTION),
            "Origin": "Social",
            "Status": "New",
            **{name: value for name, value in known.items() if value},
            **self.mapping.custom(case, entry),
        }

    def _social(self, number: str, case: Case, entry: Entry) -> str:
        post = entry.post
        values = {
            "Name": one_line(entry.heading, 80) or "Post",
            "Content": fitted(self.body(case, entry), entry.key, LONGEST_DESCRIPTION),
            "ParentId": number,
            "Provider": NETWORKS.get(case.platform, "Other"),
            "ExternalPostId": one_line(post.id, 255) if post else None,
            "PostUrl": link(post.permalink) if post else None,
            "Handle": one_line(post.author.handle, 255) if post and post.author.handle else None,
            "Posted": post.at.astimezone(UTC).isoformat() if post and post.at else None,
            "WhoId": entry.customer,
        }
        known = {name: value for name, value in values.items() if value}
        found = self._rest.find("SocialPost", entry.key)
        return str(found["Id"]) if found else self._rest.upsert("SocialPost", entry.key, known)

    def _commented(self, number: str, key: str) -> str | None:
        # The comment's text cannot be filtered by; the newest are looked through.
        where = f"ParentId = {quoted(number)} ORDER BY CreatedDate DESC LIMIT 500"
        comments = self._rest.query("CaseComment", ("Id", "CommentBody"), where)
        mark = marker(key)
        return next((str(one["Id"]) for one in comments if str(one["CommentBody"]).rstrip().endswith(mark)), None)

    def _comment(self, number: str, case: Case, entry: Entry) -> str:
        text = fitted(self.body(case, entry), entry.key, LONGEST_COMMENT)
        values = {"ParentId": number, "CommentBody": text, "IsPublished": False}
        return self._rest.create("CaseComment", values)

    def _event(self, record: Mapping[str, Any]) -> CrmEvent | None:
        happened = self._meanings.get(record["Status"])
        if happened is None:
            return None
        at = instant(record["SystemModstamp"])
        seen = f"{record['Id']}:{record['Status']}:{at.isoformat()}"
        return CrmEvent(seen, happened, at, record[self._key], str(record["Id"]))
