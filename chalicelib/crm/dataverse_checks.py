"""What `earshot crm check dataverse` looks at: the application user, what it may do, and the columns it writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chalicelib.crm.dataverse_rest import DataverseRest
from chalicelib.crm.findings import Look
from chalicelib.crm.mapping import LONGEST_VALUE, FieldMapping
from chalicelib.model import Finding

NEEDED = {
    "prvCreateIncident": "create cases",
    "prvReadIncident": "read cases",
    "prvWriteIncident": "change cases",
    "prvCreateContact": "create contacts",
    "prvCreateActivity": "create activities",
    "prvReadActivity": "read activities",
    "prvCreateSocialProfile": "create social profiles",
    "prvAppendActivity": "append activities",
    "prvAppendToIncident": "append to cases",
}
NOTES = {"prvCreateNote": "create notes", "prvAppendNote": "append notes"}
RECOMMENDED: Mapping[str, Mapping[str, str]] = {
    "task": {**NOTES, "prvCreateActivity": "create tasks", "prvAppendToActivity": "append to tasks"},
    "lead": {
        **NOTES,
        "prvCreateLead": "create leads",
        "prvReadLead": "read leads",
        "prvAppendToLead": "add to leads",
    },
}
TEXTS = "Attributes/Microsoft.Dynamics.CRM.StringAttributeMetadata"


def looks(rest: DataverseRest, settings: Mapping[str, str], mapping: FieldMapping) -> Iterator[tuple[str, Look]]:
    """Each look with its name."""
    yield "the application user is let in", lambda: _rights(rest)
    if mapping.recommendation in RECOMMENDED:
        yield "the application user may write recommendations", lambda: _held(rest, RECOMMENDED[mapping.recommendation])
    if mapping.fields or mapping.always:
        yield "the columns of incident can be read", lambda: _columns(rest, mapping)
    if handle := settings["handle_field"]:
        yield "the columns of contact can be read", lambda: _handle(rest, handle)


def _rights(rest: DataverseRest) -> Iterator[Finding]:
    rest.ask("WhoAmI")
    yield Finding("the application user is let in", True)
    yield from _held(rest, NEEDED)


def _held(rest: DataverseRest, needed: Mapping[str, str]) -> Iterator[Finding]:
    us = rest.ask("WhoAmI")["UserId"]
    held = rest.ask(f"systemusers({us})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges")["RolePrivileges"]
    names = {str(one["PrivilegeName"]).lower() for one in held if one.get("PrivilegeName")}
    for privilege, what in needed.items() if names else ():  # before 9.1, they are told by number only
        remedy = f"give its security role {privilege}"
        yield Finding(f"the application user may {what}", privilege.lower() in names, remedy)


def _columns(rest: DataverseRest, mapping: FieldMapping) -> Iterator[Finding]:
    lengths = _texts(rest, "incident")
    for name in sorted({*mapping.fields, *mapping.always}):
        yield Finding(f"incident has the text column {name}", name in lengths, "add it, or correct crm.yml")
    for name in sorted(lengths.keys() & mapping.fields.keys()):
        is_long = lengths[name] >= LONGEST_VALUE
        yield Finding(f"{name} holds {LONGEST_VALUE} characters", is_long, "raise its maximum character count")


def _handle(rest: DataverseRest, handle: str) -> Iterator[Finding]:
    yield Finding(f"contact has the text column {handle}", handle in _texts(rest, "contact"), "add it")


def _texts(rest: DataverseRest, table: str) -> dict[str, int]:
    """The text columns of a table, and how long they are."""
    path = f"EntityDefinitions(LogicalName='{table}')/{TEXTS}"
    found = rest.ask(path, {"$select": "LogicalName,MaxLength"})["value"]
    return {one["LogicalName"]: int(one.get("MaxLength") or 0) for one in found}
