"""Dynamics 365 Customer Service on Dataverse: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/

Our keys are the records' own ids, so `PATCH .../incidents(key)` with `If-None-Match: *` creates once, and 412 says that
it is there; no schema change is needed. A post is a social activity on the incident's timeline, its author a social
profile that belongs to a contact of its own until it is linked to a customer. Never set up an automatic record creation
rule for social activities beside this: it would open every case a second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import quote

from chalicelib.codec import instant
from chalicelib.crm import dataverse_records as records
from chalicelib.crm.base import BaseCrm, Idempotency
from chalicelib.crm.http import Transport
from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.plain import cut
from chalicelib.crm.rest import JsonRest
from chalicelib.crm.token import ClientToken
from chalicelib.errors import Refused, SettingsError
from chalicelib.model import Author, Case, CrmEvent, Customer, Entry, Finding, Happened, Priority, Profile

API = "/api/data/v9.2"
ONCE = {"if-none-match": "*"}
OWNERS = ("team", "user", "queue")
NOBODY = Author(id="unknown", name="Unknown author")


class DataverseCrm(BaseCrm):
    """Cases as incidents, entries as social activities, authors as social profiles."""

    name: ClassVar[str] = "dataverse"
    idempotency: ClassVar[Idempotency] = Idempotency.NATIVE_KEY
    required: ClassVar[tuple[str, ...]] = ("url", "tenant", "client_id", "client_secret")
    optional: ClassVar[Mapping[str, str]] = {"login_url": "https://login.microsoftonline.com", "handle_field": ""}
    priorities: ClassVar[Mapping[Priority, str]] = {
        Priority.URGENT: "1",
        Priority.HIGH: "1",
        Priority.NORMAL: "2",
        Priority.LOW: "3",
    }

    def __init__(
        self, settings: Mapping[str, str], transport: Transport | None = None, mapping: FieldMapping | None = None
    ) -> None:
        super().__init__(settings, transport, mapping)
        url = self.settings["url"].rstrip("/")
        login = f"{self.settings['login_url'].rstrip('/')}/{quote(self.settings['tenant'])}/oauth2/v2.0/token"
        form = {
            "client_id": self.settings["client_id"],
            "client_secret": self.settings["client_secret"],
            "scope": f"{url}/.default",
        }
        self._token = ClientToken(self.transport, "crms.dataverse.login_url", login, form)
        self._rest = JsonRest(self.transport, "crms.dataverse.url", url, self._headers, self._token.forget)
        if any(owner.partition(" ")[0] not in OWNERS for owner in self.mapping.teams.values()):
            raise SettingsError("crm.yml: a team's counterpart in Dataverse reads like 'team GUID', or user, or queue")

    def open_case(self, case: Case, entry: Entry) -> str:
        """The incident's id. Raises Refused or Unavailable."""
        profile = entry.profile or Profile(case.platform, NOBODY)
        contact = entry.customer or self._contact(profile)
        self._profile(profile, contact)
        self._once("incidents", case.id, self._incident(case, entry, contact))
        kind, _, number = (self.mapping.queue(case) or "").partition(" ")
        if kind == "queue":
            target = {"@odata.type": "Microsoft.Dynamics.CRM.incident", "incidentid": case.id}
            path = f"{API}/queues({quote(number)})/Microsoft.Dynamics.CRM.AddToQueue"
            self._rest.send("POST", path, {"Target": target})
        self._activity(case, entry, profile)
        return case.id

    def add_to_case(self, case: Case, entry: Entry) -> str:
        """The social activity's id. Raises Refused (the incident was deleted, say) or Unavailable."""
        record = self._rest.look(f"{API}/incidents({case.id})?$select=statecode", taken=(404,))
        if record.status == 404:
            raise Refused("dataverse: the case's incident was deleted there")
        profile = entry.profile or Profile(case.platform, NOBODY)
        self._profile(profile, entry.customer or self._contact(profile))
        self._activity(case, entry, profile)
        if entry.reopens and self._rest.read(record)["statecode"] != 0:
            change = {"statecode": 0, "statuscode": 1}
            self._rest.send("PATCH", f"{API}/incidents({case.id})", change, {"if-match": "*"})
        return entry.key

    def customers(self, profile: Profile) -> list[Customer]:
        """Contacts whose `handle_field` holds `platform:handle` or `platform:id`."""
        field = self.settings["handle_field"]
        names = sorted({name.lstrip("@") for name in (profile.author.handle, profile.author.id) if name})
        found: list[Customer] = []
        for name in names * bool(field):
            value = f"{profile.platform}:{name}".replace("'", "''")
            query = {"$select": "contactid", "$filter": f"{field} eq '{value}'"}
            contacts = self._rest.read(self._rest.look(f"{API}/contacts", query))["value"]
            found += [Customer(contact["contactid"], f"contact.{field}") for contact in contacts]
        return list(dict.fromkeys(found))

    def poll(self, since: datetime) -> list[CrmEvent]:
        """Incidents we made that changed since then: answered, closed, merged, opened again."""
        us = self._rest.read(self._rest.look(f"{API}/WhoAmI"))["UserId"]
        after = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        query = {
            "$select": "statecode,firstresponsesent,modifiedon,_masterid_value",
            "$filter": f"modifiedon gt {after} and _createdby_value eq {us}",
            "$orderby": "modifiedon asc",
        }
        incidents = self._rest.read(self._rest.look(f"{API}/incidents", query))["value"]
        return [_event(record, happened) for record in incidents for happened in _happened(record)]

    def check(self) -> list[Finding]:
        """Whether the application user is let in, may read incidents, and the company's columns are there."""
        self._rest.read(self._rest.look(f"{API}/WhoAmI"))
        path = f"{API}/EntityDefinitions(LogicalName='incident')/Attributes"
        columns = self._rest.read(self._rest.look(path, {"$select": "LogicalName"}))["value"]
        there = {column["LogicalName"] for column in columns}
        asked = sorted({*self.mapping.fields, *self.mapping.always})
        return [
            Finding("the application user is let in", True),
            *(
                Finding(f"incident has the column {name}", name in there, "add it, or correct crm.yml")
                for name in asked
            ),
        ]

    def _headers(self) -> Mapping[str, str]:
        return {"authorization": f"Bearer {self._token()}", "odata-version": "4.0", "odata-maxversion": "4.0"}

    def _once(self, table: str, key: str, values: Mapping[str, Any]) -> None:
        known = {name: value for name, value in values.items() if value not in (None, "")}
        self._rest.send("PATCH", f"{API}/{table}({key})", known, ONCE, taken=(412,))

    def _contact(self, profile: Profile) -> str:
        self._once("contacts", profile.key, records.contact(profile))
        return profile.key

    def _profile(self, profile: Profile, contact: str) -> None:
        self._once("socialprofiles", profile.key, records.social_profile(profile, contact))

    def _incident(self, case: Case, entry: Entry, contact: str) -> dict[str, Any]:
        kind, _, number = (self.mapping.queue(case) or "").partition(" ")
        owner = f"/{'systemusers' if kind == 'user' else 'teams'}({number})" if kind in ("team", "user") else None
        priority = self.priority(case)
        return {
            "title": self.subject(case),
            "description": cut(self.body(case, entry), records.LONGEST_TEXT),
            "prioritycode": int(priority) if priority else None,
            "customerid_contact@odata.bind": f"/contacts({contact})",
            "ownerid@odata.bind": owner,
            **self.mapping.custom(case, entry),
        }

    def _activity(self, case: Case, entry: Entry, profile: Profile) -> None:
        values = records.social_activity(case.id, entry, profile, self.body(case, entry))
        self._once("socialactivities", entry.key, values)


def _happened(record: Mapping[str, Any]) -> list[Happened]:
    if record.get("_masterid_value"):
        return [Happened.MERGED]
    answered = [Happened.ANSWERED] if record.get("firstresponsesent") else []
    return [*answered, Happened.CLOSED if record["statecode"] != 0 else Happened.REOPENED]


def _event(record: Mapping[str, Any], happened: Happened) -> CrmEvent:
    at = instant(record["modifiedon"])
    number = str(record["incidentid"])
    into = record.get("_masterid_value") if happened is Happened.MERGED else None
    return CrmEvent(f"{number}:{happened.value}:{at.isoformat()}", happened, at, number, number, into)
