"""How an entry is written onto a Salesforce Case: as a comment, or as the social post that it is.

https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_socialpost.htm
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any, Protocol

from chalicelib.crm.rendering import fitted, link, marker
from chalicelib.crm.salesforce_rest import SalesforceRest, quoted
from chalicelib.model import Entry, Kind, Profile
from chalicelib.plain import cut_utf16, one_line

# Their `Provider`, https://developer.salesforce.com/docs/atlas.en-us.apexcode.meta/apexcode/connectAPI_enums.htm
PROVIDERS = {
    "facebook": "Facebook",
    "instagram": "Instagram",
    "line": "Line",
    "linkedin": "LinkedIn",
    "messenger": "Messenger",
    "telegram": "Telegram",
    "whatsapp": "WhatsApp",
    "x": "Twitter",
    "youtube": "YouTube",
}
OTHER = "Other"
LONGEST_TEXT, LONGEST_NAME, LONGEST_VALUE = 4000, 80, 255


class Entries(Protocol):
    """What the adapter asks of either; both calls raise Unavailable, the second Refused, too."""

    def find(self, number: str, key: str) -> str | None:
        """The id of the entry with this key on the Case of that id."""

    def write(self, number: str, entry: Entry, text: str) -> str:
        """The new entry's id."""


class Comments:
    """CaseComments that end in the entry's mark: their text cannot be filtered by, the newest are looked at first."""

    def __init__(self, rest: SalesforceRest) -> None:
        self._rest = rest

    def find(self, number: str, key: str) -> str | None:
        where = f"ParentId = {quoted(number)} ORDER BY CreatedDate DESC"
        mark = marker(key)
        comments = self._rest.query("CaseComment", ("Id", "CommentBody"), where)
        return next((str(one["Id"]) for one in comments if str(one["CommentBody"]).rstrip().endswith(mark)), None)

    def write(self, number: str, entry: Entry, text: str) -> str:
        body = fitted(text, entry.key, LONGEST_TEXT)
        return self._rest.create("CaseComment", {"ParentId": number, "CommentBody": body, "IsPublished": False})


class SocialPosts:
    """SocialPosts upserted by the entry's key; with `persona_key`, their author as the SocialPersona of a customer."""

    def __init__(self, rest: SalesforceRest, key_field: str, persona_key: str) -> None:
        self._rest = rest
        self._key_field = key_field
        self._persona_key = persona_key

    def find(self, number: str, key: str) -> str | None:
        found = self._rest.find("SocialPost", self._key_field, key)
        return str(found["Id"]) if found else None

    def write(self, number: str, entry: Entry, text: str) -> str:
        values = {
            "Name": _line(entry.heading, LONGEST_NAME) or "Post",
            "Content": fitted(text, entry.key, LONGEST_TEXT),
            "ParentId": number,
            "WhoId": entry.customer,
            "PersonaId": self._persona(entry),
            **_said(entry),
        }
        return self._rest.upsert("SocialPost", self._key_field, entry.key, _known(values))

    def _persona(self, entry: Entry) -> str | None:
        """A persona must belong to somebody: an author who is linked to no customer has none."""
        profile = entry.profile
        if not self._persona_key or not entry.customer or not profile:
            return None
        found = self._rest.find("SocialPersona", self._persona_key, profile.key)
        if found:
            return str(found["Id"])
        values = {**_persona(profile), "ParentId": entry.customer}
        return self._rest.upsert("SocialPersona", self._persona_key, profile.key, _known(values))


def _said(entry: Entry) -> dict[str, Any]:
    post = entry.post
    if post is None:
        return {"Provider": OTHER}
    url = link(post.permalink)
    return {
        "Provider": PROVIDERS.get(post.platform, OTHER),
        "MessageType": "Direct" if post.kind is Kind.DM else None,
        "ExternalPostId": _line(post.native_id, LONGEST_VALUE),
        "PostUrl": url if url and len(url) <= LONGEST_VALUE else None,
        "Handle": _line(post.author.handle or "", LONGEST_VALUE),
        "Posted": post.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if post.at else None,
    }


def _persona(profile: Profile) -> dict[str, Any]:
    author = profile.author
    return {
        "Name": _line(author.handle or author.name or author.id or "", LONGEST_NAME),
        "RealName": _line(author.name or "", LONGEST_NAME),
        "Provider": PROVIDERS.get(profile.platform, OTHER),
        "ExternalId": _line(author.id or "", LONGEST_VALUE),
        "Followers": author.followers,
    }


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "")}


def _line(text: str, most: int) -> str:
    return cut_utf16(one_line(text, most), most)
