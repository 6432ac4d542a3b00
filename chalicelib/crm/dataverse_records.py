"""What is written into Dataverse: contacts, social profiles and activities, cut to the columns' lengths.

Columns: https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/socialactivity
"""

from __future__ import annotations

from datetime import UTC
from typing import Any

from chalicelib.crm.plain import cut, one_line
from chalicelib.crm.rendering import link
from chalicelib.model import Entry, Post, Profile

COMMUNITIES = {"facebook": 1, "x": 2, "line": 3, "telegram": 6, "whatsapp": 7}
LONGEST_TEXT, LONGEST_ID, LONGEST_NAME, LONGEST_LINK = 2000, 160, 100, 200


def contact(profile: Profile) -> dict[str, Any]:
    """Who stands for an author who is not linked to a customer: an incident must have one."""
    name = one_line(profile.author.name or profile.author.handle or profile.author.id or "unknown", 50)
    note = f"Author on {one_line(profile.platform, 40)}, not linked to a customer"
    return {"lastname": name, "description": note}


def social_profile(profile: Profile, contact_id: str) -> dict[str, Any]:
    """The author as the platform knows them."""
    author = profile.author
    name = one_line(author.handle or author.name or author.id or "unknown", LONGEST_NAME)
    return {
        "profilename": name,
        "profilefullname": one_line(author.name or name, LONGEST_NAME),
        "uniqueprofileid": one_line(author.id or name, LONGEST_NAME),
        "community": COMMUNITIES.get(profile.platform, 0),
        "customerid_contact@odata.bind": f"/contacts({contact_id})",
    }


def social_activity(case_id: str, entry: Entry, profile: Profile, body: str) -> dict[str, Any]:
    """One post on the incident's timeline."""
    return {
        "subject": one_line(entry.heading, LONGEST_LINK) or "Post",
        "description": cut(body, LONGEST_TEXT),
        "postauthor": one_line(profile.author.name or "", LONGEST_NAME),
        "postauthoraccount": one_line(profile.author.handle or profile.author.id or "unknown", LONGEST_NAME),
        "community": COMMUNITIES.get(profile.platform, 0),
        "postfromprofileid@odata.bind": f"/socialprofiles({profile.key})",
        "regardingobjectid_incident@odata.bind": f"/incidents({case_id})",
        **(_said(entry.post) if entry.post else {}),
    }


def _said(post: Post) -> dict[str, Any]:
    url = link(post.permalink)
    return {
        "postid": one_line(post.id, LONGEST_ID),
        "posturl": url if url and len(url) <= LONGEST_LINK else None,
        "postedon": post.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if post.at else None,
        "threadid": one_line(post.conversation_id, LONGEST_ID) if post.conversation_id else None,
        "inresponseto": one_line(post.in_reply_to, LONGEST_ID) if post.in_reply_to else None,
    }
