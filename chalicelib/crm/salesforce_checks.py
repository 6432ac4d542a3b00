"""What `earshot crm check salesforce` looks at: the kinds of record that Earshot writes, as its user sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chalicelib.crm.findings import Look
from chalicelib.crm.mapping import LONGEST_VALUE, FieldMapping
from chalicelib.crm.salesforce_rest import Record, SalesforceRest
from chalicelib.model import Finding

KEY_REMEDY = "add a text field of 36 characters, tick External ID and Unique, and show it to our user's permission set"


def looks(rest: SalesforceRest, settings: Mapping[str, str], mapping: FieldMapping) -> Iterator[tuple[str, Look]]:
    """Each look with its name."""
    key = settings["key_field"]
    yield "our user is let in and sees Case", lambda: _cases(rest.describe("Case"), key, mapping)
    if settings["entries"] == "comments":
        yield "our user sees CaseComment", lambda: _creatable("CaseComment", rest.describe("CaseComment"))
    else:
        yield "our user sees SocialPost", lambda: _keyed("SocialPost", rest.describe("SocialPost"), key)
    if mapping.recommendation == "lead":
        yield "our user sees Lead", lambda: _keyed("Lead", rest.describe("Lead"), key)
    if mapping.recommendation in ("task", "lead"):
        yield "our user sees Task", lambda: _filterable("Task", rest.describe("Task"), key)
    if persona := settings["persona_key_field"]:
        yield "our user sees SocialPersona", lambda: _keyed("SocialPersona", rest.describe("SocialPersona"), persona)
    if handle := settings["handle_field"]:
        yield "our user sees Contact", lambda: _handle(rest.describe("Contact"), handle)


def _cases(described: Record, key: str, mapping: FieldMapping) -> Iterator[Finding]:
    yield Finding("our user is let in and sees Case", True)
    yield from _keyed("Case", described, key)
    yield Finding("our user may edit Case", bool(described.get("updateable")), "grant Edit on Case to our user")
    fields = _fields(described)
    for name in sorted({*mapping.fields, *mapping.always}):
        yield Finding(f"Case has the field {name}", name in fields, "add it, show it to our user, or correct crm.yml")
    for name in sorted(fields.keys() & mapping.fields.keys()):
        is_long = int(fields[name].get("length") or 0) >= LONGEST_VALUE
        yield Finding(
            f"{name} holds {LONGEST_VALUE} characters", is_long, "make it a text field of 255 characters, or longer"
        )
    yield from _picked(fields, mapping)


def _picked(fields: Mapping[str, Record], mapping: FieldMapping) -> Iterator[Finding]:
    """Whether a picklist that takes nothing but its own values has those that are sent."""
    sent = {"Origin": "Social", "Status": "New"} | dict(mapping.always)
    for name, value in sorted(sent.items()):
        field = fields.get(name, {})
        if field.get("restrictedPicklist"):
            values = {one["value"] for one in field.get("picklistValues", ()) if one.get("active")}
            yield Finding(f"{name} has the value {value}", value in values, f"add it, or set {name} in crm.yml")


def _keyed(kind: str, described: Record, key: str) -> Iterator[Finding]:
    yield from _creatable(kind, described)
    field = _fields(described).get(key, {})
    is_key = bool(field.get("externalId") and field.get("unique"))
    yield Finding(f"{kind} has the field {key}, External ID and Unique", is_key, KEY_REMEDY)


def _creatable(kind: str, described: Record) -> Iterator[Finding]:
    yield Finding(f"our user may create {kind}", bool(described.get("createable")), f"grant Create on {kind} to it")


def _filterable(kind: str, described: Record, key: str) -> Iterator[Finding]:
    yield from _creatable(kind, described)
    is_there = bool(_fields(described).get(key, {}).get("filterable"))
    yield Finding(f"{kind} has the field {key}", is_there, "add a text field of 36 characters to Activity, and show it")


def _handle(described: Record, handle: str) -> Iterator[Finding]:
    is_there = bool(_fields(described).get(handle, {}).get("filterable"))
    yield Finding(f"Contact has the field {handle}", is_there, "add a text field and show it to our user")


def _fields(described: Record) -> dict[str, Record]:
    return {field["name"]: field for field in described["fields"]}
