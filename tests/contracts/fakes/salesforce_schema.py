"""What the organisation of the Salesforce fake knows: kinds of record, their fields and how long these are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

KEY = "Earshot_Key__c"
PREFIXES = {
    "Case": "500",
    "CaseComment": "00a",
    "SocialPost": "0ST",
    "SocialPersona": "0SP",
    "Contact": "003",
    "Lead": "00Q",
    "Task": "00T",
}
STAMPS = {"SystemModstamp": 28, "CreatedDate": 28}
FIELDS: Mapping[str, Mapping[str, int]] = {
    "Case": {
        **STAMPS,
        KEY: 36,
        "Subject": 255,
        "Description": 32000,
        "Origin": 40,
        "Status": 40,
        "IsClosed": 0,
        "Priority": 40,
        "OwnerId": 18,
        "ContactId": 18,
        "Network__c": 255,
        "Short__c": 80,
    },
    "CaseComment": {**STAMPS, "ParentId": 18, "CommentBody": 4000, "IsPublished": 0},
    "SocialPost": {
        **STAMPS,
        KEY: 36,
        "Name": 80,
        "Content": 4000,
        "ParentId": 18,
        "WhoId": 18,
        "PersonaId": 18,
        "Provider": 40,
        "MessageType": 40,
        "ExternalPostId": 255,
        "PostUrl": 255,
        "Handle": 255,
        "Posted": 20,
    },
    "SocialPersona": {
        **STAMPS,
        KEY: 36,
        "Name": 80,
        "RealName": 80,
        "Provider": 40,
        "ExternalId": 255,
        "Followers": 0,
        "ParentId": 18,
    },
    "Contact": {**STAMPS, "Social__c": 255},
    "Lead": {**STAMPS, KEY: 36, "LastName": 80, "Company": 255, "Description": 32000, "OwnerId": 18},
    "Task": {
        **STAMPS,
        KEY: 36,
        "Subject": 255,
        "Description": 32000,
        "Status": 40,
        "Priority": 40,
        "OwnerId": 18,
        "WhoId": 18,
        "ActivityDate": 10,
    },
}
REFERENCES = {
    "ParentId": ("Case", "Contact"),
    "ContactId": ("Contact",),
    "WhoId": ("Contact", "Lead"),
    "PersonaId": ("SocialPersona",),
}
NEEDED: Mapping[str, tuple[str, ...]] = {"Lead": ("LastName", "Company")}
TASK_PICKED = {"Status": ("Not Started", "Completed"), "Priority": ("High", "Normal", "Low")}
PICKED = {"Origin": ("Phone", "Email", "Web", "Social"), "Status": ("New", "Working", "Closed")}


def described(kind: str, hidden: Collection[str], is_unique: bool) -> dict[str, Any]:
    """The answer to `describe`, without what is hidden from the user."""
    fields = [_field(name, length, is_unique) for name, length in FIELDS[kind].items() if name not in hidden]
    return {"name": kind, "createable": True, "updateable": True, "fields": fields}


def _field(name: str, length: int, is_unique: bool) -> dict[str, Any]:
    values = [{"value": value, "active": True} for value in PICKED.get(name, ())]
    is_key = name == KEY
    return {
        "name": name,
        "length": length,
        "externalId": is_key,
        "unique": is_key and is_unique,
        "filterable": name != "Description",
        "restrictedPicklist": name in PICKED,
        "picklistValues": values,
    }
