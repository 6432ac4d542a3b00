"""What the environment of the Dataverse fake knows: tables, what they need, their columns and how long these are."""

from __future__ import annotations

from collections.abc import Mapping

NEEDED: Mapping[str, set[str]] = {
    "incidents": {"title", "customerid_contact@odata.bind"},
    "socialprofiles": {"profilename", "profilefullname", "customerid_contact@odata.bind"},
    "socialactivities": {"postauthoraccount"},
    "contacts": {"lastname"},
    "leads": {"subject", "lastname"},
    "tasks": {"subject"},
    "annotations": set(),
    "queueitems": set(),
}
NUMBER = -1  # the length of what is no text
COLUMNS: Mapping[str, Mapping[str, int]] = {
    "incidents": {
        "title": 200,
        "description": 2000,
        "prioritycode": NUMBER,
        "caseorigincode": NUMBER,
        "statecode": NUMBER,
        "statuscode": NUMBER,
        "new_network": 250,
        "new_short": 100,
    },
    "socialprofiles": {"profilename": 100, "profilefullname": 160, "uniqueprofileid": 100, "community": NUMBER},
    "socialactivities": {
        "subject": 200,
        "description": 2000,
        "postid": 160,
        "threadid": 160,
        "inresponseto": 160,
        "posturl": 200,
        "postedon": 20,
        "postauthor": 200,
        "postauthoraccount": 200,
        "postmessagetype": NUMBER,
        "community": NUMBER,
    },
    "contacts": {"lastname": 50, "description": 2000, "new_social": 250},
    "leads": {"subject": 300, "lastname": 50, "description": 2000, "statecode": NUMBER, "statuscode": NUMBER},
    "tasks": {
        "subject": 200,
        "description": 2000,
        "prioritycode": NUMBER,
        "scheduledend": 20,
        "statecode": NUMBER,
        "statuscode": NUMBER,
    },
    "annotations": {"subject": 500, "notetext": 100_000},
}
BINDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "incidents": {"customerid_contact": ("contacts",), "ownerid": ("teams", "systemusers")},
    "socialprofiles": {"customerid_contact": ("contacts",)},
    "socialactivities": {
        "postfromprofileid": ("socialprofiles",),
        "regardingobjectid_incident": ("incidents",),
        "regardingobjectid_incident_socialactivity": ("incidents",),
    },
    "contacts": {},
    "leads": {"parentcontactid": ("contacts",), "ownerid": ("teams", "systemusers")},
    "tasks": {"ownerid": ("teams", "systemusers")},
    "annotations": {"objectid_task": ("tasks",), "objectid_lead": ("leads",)},
}
RIGHTS = (
    "prvCreateIncident",
    "prvReadIncident",
    "prvWriteIncident",
    "prvCreateContact",
    "prvCreateActivity",
    "prvReadActivity",
    "prvCreateSocialProfile",
    "prvAppendActivity",
    "prvAppendToIncident",
    "prvCreateNote",
    "prvAppendNote",
    "prvCreateLead",
    "prvReadLead",
    "prvAppendToLead",
    "prvAppendToActivity",
)
